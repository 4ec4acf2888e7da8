"""Is anything held under this number? Who has it in hand is told, and nobody else; the answer is signed, and binds to the
number."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest

from rightcall.canonical import canonical_json, parse_json
from rightcall.evidence.model import Asked, Refuted, Verified
from rightcall.evidence.verify import verify
from rightcall.ids import SubjectId
from rightcall.ledger.checkpoint import key_of
from rightcall.personal import Personal
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import Identifier, IdentifierKind
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import done, signing
from tests.api.test_codes import ADA, NOBODY, known
from tests.cast import ADA_TEL
from tests.standing import SetClock


@pytest.fixture
def ada(house: RealHouse, clients: Clients) -> SubjectId:
    return known(house, clients, ("tel", ADA_TEL))


def code(clients: Clients, identifier: dict[str, str]) -> dict[str, Any]:
    return done(clients.agent.post("/api/v1/attestations/codes", json={"identifier": identifier}), 202)


def ask(clients: Clients, made: dict[str, Any], digits: str, identifier: dict[str, str]) -> Any:
    return clients.agent.post(f"/api/v1/attestations/codes/{made['id']}", json={"digits": digits, "identifier": identifier})


def file_of(house: RealHouse, clients: Clients, made: dict[str, Any]) -> bytes:
    with signing(house, SetClock()):
        found = clients.dpo.get(made["file"])
    assert found.status_code == 200
    return bytes(found.content)


def asked(made: dict[str, Any], tel: str) -> Asked:
    return Asked(identifier=Identifier(kind=IdentifierKind.TEL, value=Personal(tel)), opening=made["opening"])


def test_who_has_the_number_in_hand_is_told_whether_anything_is_held(house: RealHouse, clients: Clients, ada: SubjectId) -> None:
    key = key_of(house.signer).text
    for identifier, is_held in ((ADA, True), (NOBODY, False)):
        sent = code(clients, identifier)
        made = done(ask(clients, sent, house.codes.digits(), identifier), 201)
        assert made["is_held"] is is_held
        file = file_of(house, clients, made)
        found = verify(file, key, asked=asked(made, identifier["value"]))
        assert isinstance(found, Verified), found
        assert found.says[0].startswith(f"{'Something' if is_held else 'Nothing'} is held under the identifier that you gave")
        assert "does not say whether anything ever was" in found.says[1]
        other = asked(made, "+4532111111")
        assert isinstance(verify(file, key, asked=other), Refuted)
        assert identifier["value"].encode() not in file
        assert made["opening"].encode() not in file


@pytest.mark.parametrize(
    ("written", "is_held"),
    [("KV-880020", True), ("kv-880020", True), ("KV 880020", True), ("kv 880020", True), ("KV-880021", False), ("880020", False)],
)
def test_a_customer_id_is_held_in_whichever_form_it_is_asked_for(
    house: RealHouse, clients: Clients, written: str, is_held: bool
) -> None:
    known(house, clients, ("customer_id", "KV-880020"))
    form = {"identifier": {"kind": "customer_id", "value": written}, "shown_by": "vouched"}
    assert done(clients.dpo.post("/api/v1/attestations", json=form), 201)["is_held"] is is_held


def test_answers_look_the_same_whatever_they_say(house: RealHouse, clients: Clients, ada: SubjectId) -> None:
    files = []
    for identifier in (ADA, NOBODY):
        sent = code(clients, identifier)
        made = done(ask(clients, sent, house.codes.digits(), identifier), 201)
        files.append(parse_json(file_of(house, clients, made)))
    one, other = files
    assert isinstance(one, dict)
    assert isinstance(other, dict)
    assert one.keys() == other.keys()


def test_a_stranger_learns_nothing(house: RealHouse, clients: Clients, ada: SubjectId) -> None:
    """A code goes to both numbers, and opens the statement about its own alone; it opens no request."""
    there, away = code(clients, ADA), code(clients, NOBODY)
    assert there.keys() == away.keys()
    assert [to.value.reveal("test") for to, _, _ in house.codes.sent[-2:]] == [ADA_TEL, NOBODY["value"]]
    digits = house.codes.digits()
    refused = [ask(clients, away, digits, ADA), ask(clients, there, digits, ADA), ask(clients, {"id": str(uuid4())}, digits, ADA)]
    assert [each.status_code for each in refused] == [403, 403, 403]
    assert refused[0].json() == refused[1].json() == refused[2].json()
    path = f"/api/v1/requests/codes/{away['id']}"
    assert clients.agent.post(path, json={"digits": digits, "kind": "access"}).status_code == 403
    done(ask(clients, away, digits, NOBODY), 201)
    assert ask(clients, away, digits, NOBODY).status_code == 403, "a code works once"


def test_the_dpo_answers_for_an_audit_and_an_agent_does_not(house: RealHouse, clients: Clients, ada: SubjectId) -> None:
    form = {"identifier": ADA, "shown_by": "audit"}
    assert clients.agent.post("/api/v1/attestations", json=form).status_code == 403
    assert done(clients.dpo.post("/api/v1/attestations", json=form), 201)["is_held"] is True
    with house.database.transaction(clients.controller) as tx:
        leaf = tx.connection.execute("SELECT leaf FROM statements WHERE kind = 'evidence.attestation'").fetchone()
    assert leaf is not None
    assert re.search(rb'"role":"dpo".*"shown_by":"audit"', bytes(leaf["leaf"]))
    assert ADA_TEL.encode() not in bytes(leaf["leaf"])


def test_nobody_says_that_a_code_was_read_back_in_its_stead(clients: Clients, ada: SubjectId) -> None:
    answer = clients.dpo.post("/api/v1/attestations", json={"identifier": ADA, "shown_by": "code"})
    assert answer.status_code == 422
    assert "shown_by" in answer.text


def test_once_forgotten_nothing_is_held(house: RealHouse, clients: Clients, ada: SubjectId) -> None:
    with house.database.transaction(clients.controller) as tx:
        subjects.forget_identifiers(tx, ada)
    made = done(clients.dpo.post("/api/v1/attestations", json={"identifier": ADA, "shown_by": "vouched"}), 201)
    assert made["is_held"] is False


def test_no_certificate_is_tied_to_an_identifier(clients: Clients, ada: SubjectId) -> None:
    """By whom it was had is forgotten: it would give anybody's number a day."""
    form = {"identifier": ADA, "shown_by": "vouched", "certificate": str(UUID(int=7))}
    assert clients.dpo.post("/api/v1/attestations", json=form).status_code == 422


@pytest.mark.parametrize(
    "change", [{"rightcall:isHeld": True}, {"rightcall:shownBy": "code"}, {"rightcall:identifierCommitment": "00" * 32}]
)
def test_what_was_changed_is_found(house: RealHouse, clients: Clients, change: dict[str, Any]) -> None:
    made = done(clients.dpo.post("/api/v1/attestations", json={"identifier": NOBODY, "shown_by": "vouched"}), 201)
    document = parse_json(file_of(house, clients, made))
    assert isinstance(document, dict)
    assert isinstance(verify(canonical_json({**document, **change}), key_of(house.signer).text), Refuted)


def test_which_words_may_be_said_is_told_in_words_of_the_form(clients: Clients) -> None:
    form = {"identifier": {"kind": "tel", "value": "+4532123456"}, "shown_by": "call_back"}
    refused = clients.dpo.post("/api/v1/attestations", json=form)
    [error] = [each for each in refused.json()["errors"] if each["where"] == "body.shown_by"]
    assert error["what"] == "must be 'vouched', 'audit' or 'authority'"
