"""Who gets in: no token, no entry; and each route lets in exactly the roles that the table names."""

from uuid import uuid4

import pytest

from rightcall.actors import SYSTEM, Role
from rightcall.api.app import routes
from rightcall.staff.actions import create_token, revoke_token
from rightcall.staff.rules import TOKEN_ROLES
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse

# `/metrics` has a door of its own: test_figures.
PUBLIC = {
    "/health",
    "/metrics",
    "/ledger/checkpoint",
    "/ledger/tile/{path}",
    "/openapi.json",
    "/api/v1/public/overrides",
    "/api/v1/public/notice",
    "/api/v1/public/notice/page",
    "/api/v1/public/packages/{link}",
    "/api/v1/public/packages/{link}/file",
    "/api/v1/drp/v1/agent/{agent_id}",
    "/api/v1/opendsr/callbacks/{controller}",
    "/api/v1/drp/v1/data-rights-request",
    "/api/v1/drp/v1/data-rights-request/{drp_id}",
} | {f"/api/v1/public/concerns{rest}" for rest in ("", "/mine", "/mine/accept", "/mine/appeal", "/mine/consent", "/mine/forget")}

# What each role may do, route by route: written out, so that a change of the table in `staff.rules` shows here too.
ALL = "agent supervisor reviewer dpo auditor engineer"
STAFF = "agent supervisor reviewer dpo auditor engineer administrator"
ON_CALL = "agent supervisor dpo"
OVERSIGHT = "supervisor dpo auditor"
FIGURES = "supervisor reviewer dpo auditor"
SECOND = "supervisor reviewer dpo"
RUNNING = "engineer administrator"
MATRIX = {
    "GET /api/v1/calls": ALL,
    "GET /api/v1/calls/{call}": ALL,
    "POST /api/v1/calls/{call}/pause": ON_CALL,
    "POST /api/v1/calls/{call}/resume": ON_CALL,
    "GET /api/v1/calls/{call}/vcon": "supervisor dpo",
    "POST /api/v1/calls/{call}/card-data": ON_CALL,
    "POST /api/v1/calls/{call}/parties/{party}/marks": ON_CALL,
    "POST /api/v1/vcons": "dpo",
    "GET /api/v1/vcons/{vcon}": FIGURES,
    "POST /api/v1/systems/{system}/vcons": "conserver",
    "DELETE /api/v1/systems/{system}/vcons/{vcon}": "conserver",
    "POST /api/v1/calls/{call}/asks": ON_CALL,
    "POST /api/v1/calls/{call}/choices": ON_CALL,
    "GET /api/v1/calls/{call}/choices": ALL,
    "GET /api/v1/choices": FIGURES,
    "GET /api/v1/quality": FIGURES,
    "GET /api/v1/choices/{choice}": ALL,
    "GET /api/v1/choices/{choice}/weighings": ALL,
    "POST /api/v1/choices/{choice}/weighings": "dpo",
    "POST /api/v1/choices/{choice}/marks": ON_CALL,
    "POST /api/v1/choices/{choice}/marks/{mark}/aside": "dpo",
    "POST /api/v1/choices/{choice}/release": "dpo",
    "POST /api/v1/choices/{choice}/let-go": "dpo",
    "POST /api/v1/purposes/{purpose}/weighings": "dpo",
    "GET /api/v1/choices/{choice}/evidence": "dpo",
    "GET /api/v1/choices/{choice}/link": "agent supervisor dpo",
    "GET /api/v1/requests/{request}/wish": "dpo",
    "GET /api/v1/subjects": "agent supervisor dpo auditor",
    "GET /api/v1/subjects/{subject}": "agent supervisor dpo auditor",
    "POST /api/v1/subjects/{subject}/identifiers": "supervisor dpo",
    "POST /api/v1/subjects/{subject}/name": "agent supervisor dpo",
    "POST /api/v1/subjects/{subject}/split": "dpo",
    "POST /api/v1/calls/{call}/parties/{party}/subject": "agent supervisor dpo",
    "GET /api/v1/subjects/{subject}/holdings": FIGURES,
    "GET /api/v1/holdings/{holding}": FIGURES,
    "POST /api/v1/uses": ALL,
    "POST /api/v1/uses/batch": ALL,
    "GET /api/v1/subjects/{subject}/uses": OVERSIGHT,
    "POST /api/v1/holdings": "agent supervisor dpo engineer",
    "GET /api/v1/holdings/{holding}/provenance": FIGURES,
    "GET /api/v1/holdings/{holding}/provenance.svg": FIGURES,
    "POST /api/v1/holdings/{holding}/origins": "agent supervisor dpo engineer",
    "POST /api/v1/holdings/{holding}/falls": "dpo",
    "POST /api/v1/holdings/{holding}/falls/lift": "dpo",
    "GET /api/v1/subjects/{subject}/provenance": FIGURES,
    "GET /api/v1/subjects/{subject}/provenance.svg": FIGURES,
    "GET /api/v1/subjects/{subject}/provenance.html": FIGURES,
    "GET /api/v1/systems/{system}/provenance": FIGURES,
    "GET /api/v1/map": f"{FIGURES} {RUNNING}",
    "GET /api/v1/map/page.html": f"{FIGURES} {RUNNING}",
    "GET /api/v1/terms": f"{FIGURES} {RUNNING}",
    "GET /api/v1/terms/{purpose}/longer": f"{FIGURES} {RUNNING}",
    "POST /api/v1/terms/{purpose}/longer": "dpo",
    "POST /api/v1/terms/{purpose}/shorter": "dpo",
    "GET /api/v1/holds": FIGURES,
    "POST /api/v1/holds": "dpo",
    "GET /api/v1/holds/{hold}": FIGURES,
    "POST /api/v1/holds/{hold}/prolong": "dpo",
    "POST /api/v1/holds/{hold}/agree": SECOND,
    "GET /api/v1/holds/{hold}/letters/{subject}": "dpo",
    "POST /api/v1/holds/{hold}/told": "dpo",
    "GET /api/v1/holds/{hold}/takes/{holding}/audio": "agent supervisor dpo auditor",
    "POST /api/v1/holds/{hold}/lift": "dpo",
    "GET /api/v1/takes/{holding}/audio": "agent supervisor dpo auditor",
    "GET /api/v1/receipts/{choice}": "agent supervisor dpo",
    "GET /api/v1/receipts/{choice}/copy": "agent supervisor dpo auditor",
    "GET /api/v1/certificates/{certificate}": "agent supervisor dpo auditor",
    "GET /api/v1/certificates/{certificate}/page": "agent supervisor dpo auditor",
    "GET /api/v1/certificates/{certificate}/proof": "agent supervisor dpo auditor",
    "GET /api/v1/attestations/{attestation}": "agent supervisor dpo auditor",
    "GET /api/v1/subjects/{subject}/certificates": "agent supervisor dpo auditor",
    "POST /api/v1/verdicts": ALL,
    "GET /api/v1/verdicts": FIGURES,
    "GET /api/v1/verdicts/summary": FIGURES,
    "GET /api/v1/verdicts/{verdict}": ALL,
    "GET /api/v1/calls/{call}/verdicts": ALL,
    "GET /api/v1/purposes": STAFF,
    "POST /api/v1/purposes": "dpo",
    "GET /api/v1/purposes/{purpose}": STAFF,
    "POST /api/v1/purposes/{purpose}/end": "dpo",
    "GET /api/v1/purposes/{purpose}/notices": STAFF,
    "POST /api/v1/purposes/{purpose}/notices": "reviewer dpo",
    "GET /api/v1/purposes/{purpose}/translations": STAFF,
    "POST /api/v1/purposes/{purpose}/translations": "reviewer dpo",
    "POST /api/v1/purposes/{purpose}/translations/{language}/retire": "reviewer dpo",
    "POST /api/v1/notices/{notice}/retire": "reviewer dpo",
    "GET /api/v1/purposes/{purpose}/notice": STAFF,
    "GET /api/v1/purposes/{purpose}/reviews": STAFF,
    "POST /api/v1/purposes/{purpose}/reviews": SECOND,
    "GET /api/v1/reviews/{review}": STAFF,
    "GET /api/v1/reviews/{review}/{kind}": STAFF,
    "POST /api/v1/reviews/{review}/sign": "agent supervisor reviewer dpo engineer",
    "POST /api/v1/reviews/{review}/withdraw": "agent supervisor reviewer dpo engineer",
    "GET /api/v1/notices/{notice}": STAFF,
    "POST /api/v1/concerns": STAFF,
    "GET /api/v1/concerns": FIGURES,
    "GET /api/v1/concerns/mine": STAFF,
    "GET /api/v1/concerns/{concern}": FIGURES,
    "GET /api/v1/concerns/{concern}/mine": STAFF,
    "POST /api/v1/concerns/{concern}/own": SECOND,
    "POST /api/v1/concerns/{concern}/answer": SECOND,
    "POST /api/v1/concerns/{concern}/decide": SECOND,
    "POST /api/v1/concerns/{concern}/reveal": FIGURES,
    "POST /api/v1/concerns/{concern}/accept": STAFF,
    "POST /api/v1/concerns/{concern}/appeal": STAFF,
    "POST /api/v1/concerns/{concern}/consent": STAFF,
    "POST /api/v1/concerns/{concern}/forget": STAFF,
    "POST /api/v1/calls/{call}/outcome": ON_CALL + " engineer",
    "GET /api/v1/calls/{call}/outcome": ALL,
    "POST /api/v1/outcomes": ON_CALL + " engineer",
    "GET /api/v1/parity": FIGURES,
    "GET /api/v1/parity/plot": FIGURES,
    "GET /api/v1/parity/page": FIGURES,
    "POST /api/v1/parity/looks": "dpo",
    "POST /api/v1/parity/flags/{flag}/answers": "supervisor dpo",
    "GET /api/v1/minimisation": FIGURES,
    "GET /api/v1/minimisation/plot": FIGURES,
    "GET /api/v1/minimisation/page": FIGURES,
    "GET /api/v1/minimisation/proposals/{proposal}": FIGURES,
    "GET /api/v1/minimisation/proposals/{proposal}/figures": FIGURES,
    "POST /api/v1/minimisation/looks": "dpo",
    "POST /api/v1/minimisation/proposals/{proposal}/answer": "supervisor dpo",
    "GET /api/v1/rules": STAFF,
    "POST /api/v1/rules/check": SECOND,
    "GET /api/v1/rules/history": STAFF,
    "GET /api/v1/rules/drafts": STAFF,
    "POST /api/v1/rules/drafts": SECOND,
    "GET /api/v1/rules/drafts/{draft}": STAFF,
    "POST /api/v1/rules/drafts/{draft}/replay": SECOND,
    "POST /api/v1/rules/drafts/{draft}/adopt": SECOND,
    "POST /api/v1/rules/drafts/{draft}/withdraw": SECOND,
    "GET /api/v1/overrides": FIGURES,
    "POST /api/v1/overrides": "dpo",
    "GET /api/v1/overrides/{override}": FIGURES,
    "POST /api/v1/overrides/{override}/end": "dpo",
    "POST /api/v1/overrides/{override}/forget": "dpo",
    "GET /api/v1/controllers": STAFF,
    "GET /api/v1/safety": f"{FIGURES} {RUNNING}",
    "POST /api/v1/safety/{weakness}/accept": "dpo engineer",
    "POST /api/v1/systems/{system}/safety": "dpo engineer",
    "POST /api/v1/breaches/rehearsals": "dpo auditor engineer",
    "GET /api/v1/breaches/rehearsals/{rehearsal}": "dpo auditor engineer",
    "GET /api/v1/breaches": "dpo auditor engineer",
    "POST /api/v1/breaches": "dpo engineer",
    "GET /api/v1/breaches/{breach}": "dpo auditor engineer",
    "POST /api/v1/breaches/{breach}/circumstances": "dpo engineer",
    "GET /api/v1/breaches/{breach}/people": "dpo auditor",
    "GET /api/v1/breaches/{breach}/drafts/authority": "dpo auditor",
    "GET /api/v1/breaches/{breach}/drafts/people/{subject}": "dpo auditor",
    "POST /api/v1/breaches/{breach}/authority-told": "dpo",
    "POST /api/v1/breaches/{breach}/people-told": "dpo",
    "POST /api/v1/breaches/{breach}/weigh": "dpo engineer",
    "POST /api/v1/breaches/{breach}/close": "dpo",
    "GET /api/v1/activities": FIGURES,
    "GET /api/v1/activities/page": FIGURES,
    "GET /api/v1/activities/table": FIGURES,
    "GET /api/v1/recipients": FIGURES,
    "POST /api/v1/recipients": "dpo",
    "POST /api/v1/recipients/{recipient}/end": "dpo",
    "GET /api/v1/responsibles": FIGURES,
    "POST /api/v1/responsibles": "dpo",
    "POST /api/v1/responsibles/{responsible}/end": "dpo",
    "GET /api/v1/trunks": f"{OVERSIGHT} {RUNNING}",
    "POST /api/v1/trunks": RUNNING,
    "GET /api/v1/trunks/{trunk}": f"{OVERSIGHT} {RUNNING}",
    "DELETE /api/v1/trunks/{trunk}": RUNNING,
    "GET /api/v1/links": OVERSIGHT,
    "GET /api/v1/links/waiting": OVERSIGHT,
    "GET /api/v1/links/{link}": OVERSIGHT,
    "GET /api/v1/links/{link}/values": "supervisor dpo",
    "POST /api/v1/links/{link}/accept": "supervisor dpo",
    "POST /api/v1/links/{link}/refuse": "supervisor dpo",
    "POST /api/v1/links/{link}/accept-alike": "supervisor dpo",
    "POST /api/v1/links/{link}/refuse-alike": "supervisor dpo",
    "POST /api/v1/links/{link}/undo": "supervisor dpo",
    "POST /api/v1/links/{link}/undo-alike": "supervisor dpo",
    "POST /api/v1/links/{link}/reopen": "supervisor dpo",
    "GET /api/v1/join-proposals": OVERSIGHT,
    "GET /api/v1/join-proposals/{proposal}": OVERSIGHT,
    "POST /api/v1/join-proposals/{proposal}/accept": "dpo",
    "POST /api/v1/join-proposals/{proposal}/refuse": "dpo",
    "GET /api/v1/subjects/{subject}/person": "agent supervisor dpo auditor",
    "POST /api/v1/subjects/{subject}/join": "dpo",
    "POST /api/v1/joins/{join}/undo": "dpo",
    "GET /api/v1/subjects/{subject}/wishes": OVERSIGHT,
    "POST /api/v1/subjects/{subject}/wishes/{limit}/lift": "dpo",
    "GET /api/v1/systems": f"{OVERSIGHT} {RUNNING}",
    "POST /api/v1/systems": f"dpo {RUNNING}",
    "GET /api/v1/systems/{system}": f"{OVERSIGHT} {RUNNING}",
    "POST /api/v1/systems/{system}/check": f"dpo {RUNNING}",
    "POST /api/v1/systems/{system}/words": f"dpo {RUNNING}",
    "POST /api/v1/systems/{system}/retire": f"dpo {RUNNING}",
    "POST /api/v1/systems/{system}/scans": f"dpo {RUNNING}",
    "GET /api/v1/systems/{system}/scans": f"{OVERSIGHT} {RUNNING}",
    "GET /api/v1/systems/{system}/findings": "dpo auditor",
    "GET /api/v1/scans/{scan}": f"{OVERSIGHT} {RUNNING}",
    "GET /api/v1/scans/{scan}/skipped": "dpo auditor",
    "POST /api/v1/scans/{scan}/cancel": f"dpo {RUNNING}",
    "POST /api/v1/requests": ON_CALL,
    "GET /api/v1/requests": OVERSIGHT,
    "GET /api/v1/requests/waiting": OVERSIGHT,
    "GET /api/v1/requests/{request}": OVERSIGHT,
    "GET /api/v1/procedures": f"{OVERSIGHT} {RUNNING}",
    "GET /api/v1/procedures/{procedure}": f"{OVERSIGHT} {RUNNING}",
    "POST /api/v1/procedures/{procedure}/retry": f"dpo {RUNNING}",
    "POST /api/v1/procedures/{procedure}/cancel": f"dpo {RUNNING}",
    "GET /api/v1/escalations": f"{OVERSIGHT} {RUNNING}",
    "GET /api/v1/schedules": f"{OVERSIGHT} {RUNNING}",
    "GET /api/v1/erasures": OVERSIGHT,
    "GET /api/v1/erasures/{erasure}": OVERSIGHT,
    "GET /api/v1/erasures/{erasure}/systems/{system}/letter": "dpo",
    "GET /api/v1/erasures/{erasure}/systems/{system}/places": "dpo",
    "POST /api/v1/erasures/{erasure}/systems/{system}/retry": "dpo",
    "POST /api/v1/erasures/{erasure}/systems/{system}/told": "dpo",
    "POST /api/v1/erasures/{erasure}/systems/{system}/answer": "dpo",
    "GET /api/v1/erasures/{erasure}/recipients/{recipient}/letter": "dpo",
    "GET /api/v1/erasures/{erasure}/recipients/{recipient}/question": "dpo",
    "POST /api/v1/erasures/{erasure}/recipients/{recipient}/word": "dpo",
    "POST /api/v1/erasures/{erasure}/recipients/{recipient}/told": "dpo",
    "POST /api/v1/erasures/{erasure}/recipients/{recipient}/answer": "dpo",
    "POST /api/v1/processors": "dpo",
    "GET /api/v1/processors": FIGURES,
    "POST /api/v1/processors/{recipient}/retire": "dpo",
    "GET /api/v1/processors/orders": OVERSIGHT,
    "POST /api/v1/processors/orders/{order}/retry": "dpo",
    "GET /api/v1/processors/orders/{order}/results": "dpo",
    "POST /api/v1/mails": ON_CALL,
    "GET /api/v1/mails": ON_CALL,
    "GET /api/v1/mails/{mail}": ON_CALL,
    "POST /api/v1/mails/{mail}/enter": ON_CALL,
    "POST /api/v1/mails/{mail}/dismiss": ON_CALL,
    "POST /api/v1/drp/agents": "dpo",
    "POST /api/v1/drp/requests/{drp_id}/code": ON_CALL,
    "GET /api/v1/drp/agents": OVERSIGHT,
    "POST /api/v1/drp/agents/{agent}/retire": "dpo",
    "POST /api/v1/requests/codes": ON_CALL,
    "POST /api/v1/attestations/codes": ON_CALL,
    "POST /api/v1/attestations/codes/{code}": ON_CALL,
    "POST /api/v1/attestations": "dpo",
    "POST /api/v1/requests/codes/{code}": ON_CALL,
    "POST /api/v1/requests/{request}/code": ON_CALL,
    "POST /api/v1/requests/{request}/acknowledge": ON_CALL,
    "POST /api/v1/requests/{request}/proof": ON_CALL,
    "POST /api/v1/requests/{request}/receipt": ON_CALL,
    "POST /api/v1/requests/{request}/mandate": ON_CALL,
    "POST /api/v1/requests/{request}/extend": "dpo",
    "GET /api/v1/requests/{request}/counted": OVERSIGHT,
    "POST /api/v1/requests/{request}/corrections": "dpo",
    "GET /api/v1/requests/{request}/corrections": "dpo",
    "POST /api/v1/requests/{request}/corrections/{correction}/systems/{system}": "dpo",
    "GET /api/v1/requests/{request}/corrections/{correction}/systems/{system}/letter": "dpo",
    "POST /api/v1/requests/{request}/corrections/{correction}/take-back": "dpo",
    "POST /api/v1/requests/{request}/corrections/{correction}/systems/{system}/told": "dpo",
    "POST /api/v1/requests/{request}/corrections/{correction}/systems/{system}/answer": "dpo",
    "GET /api/v1/requests/{request}/corrections/{correction}/recipients/{recipient}/letter": "dpo",
    "POST /api/v1/requests/{request}/corrections/{correction}/recipients/{recipient}/told": "dpo",
    "POST /api/v1/requests/{request}/corrections/{correction}/recipients/{recipient}/answer": "dpo",
    "GET /api/v1/holdings/{holding}/corrections": "dpo",
    "GET /api/v1/requests/{request}/letters/{letter}": ON_CALL,
    "GET /api/v1/requests/{request}/page": OVERSIGHT,
    "POST /api/v1/requests/{request}/appeal": ON_CALL,
    "POST /api/v1/requests/{request}/appeal/decision": SECOND,
    "POST /api/v1/requests/{request}/tell-before-lifting": "dpo",
    "POST /api/v1/requests/{request}/lift": "dpo",
    "POST /api/v1/requests/{request}/fulfil": "dpo",
    "POST /api/v1/requests/{request}/go-on-without": "dpo",
    "POST /api/v1/requests/{request}/deny": "dpo",
    "POST /api/v1/requests/{request}/package": "dpo",
    "GET /api/v1/requests/{request}/package": OVERSIGHT,
    "POST /api/v1/requests/{request}/package/things/{holding}": "dpo",
    "POST /api/v1/requests/{request}/package/hand-over": "dpo",
    "POST /api/v1/requests/{request}/package/let-go": "dpo",
}


def closed_routes() -> list[tuple[str, str]]:
    """Every route that is not public, as the API describes itself."""
    paths = routes().openapi()["paths"]
    found = [(method.upper(), path) for path, methods in paths.items() for method in methods if path not in PUBLIC]
    assert len(found) > 20
    return found


def filled(path: str) -> str:
    while "{" in path:
        before, _, rest = path.partition("{")
        path = before + str(uuid4()) + rest.partition("}")[2]
    return path


def test_the_matrix_names_every_route() -> None:
    assert {f"{method} {path}" for method, path in closed_routes()} == set(MATRIX)


def test_no_route_opens_without_a_token(clients: Clients) -> None:
    for method, path in closed_routes():
        for headers in (None, {"Authorization": "Bearer rightcall_" + "A" * 43}, {"Authorization": "Basic YTpi"}):
            answer = clients.stranger.request(method, filled(path), headers=headers, json={})
            assert answer.status_code == 401, (method, path)
            assert answer.headers["www-authenticate"].startswith("Bearer")
            assert answer.json()["type"] == "urn:rightcall:problem:not-signed-in"


@pytest.mark.parametrize("role", sorted(TOKEN_ROLES))
def test_each_role_gets_in_exactly_where_the_matrix_says(clients: Clients, role: Role) -> None:
    for method, path in closed_routes():
        answer = clients.of(role).request(method, filled(path), json={})
        refused = answer.status_code == 403
        assert refused == (role not in MATRIX[f"{method} {path}"].split()), (method, path, answer.status_code)
        assert answer.status_code < 500, (method, path, answer.text)


def test_a_revoked_token_gets_nowhere(house: RealHouse, clients: Clients) -> None:
    controller = clients.controller
    with house.database.transaction(controller) as tx:
        made = create_token(tx, house.clock, role=Role.DPO, by=SYSTEM)
    headers = {"Authorization": f"Bearer {made.secret}"}
    assert clients.stranger.get("/api/v1/purposes", headers=headers).status_code == 200
    with house.database.transaction(controller) as tx:
        revoke_token(tx, house.clock, token=made.token.id, by=SYSTEM)
    assert clients.stranger.get("/api/v1/purposes", headers=headers).status_code == 401
