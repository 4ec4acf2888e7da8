"""No personal data in any log line, whatever is asked, also where it goes wrong: Ada is planted in every kind of request."""

import io
import logging
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from rightcall.database.connection import Database
from rightcall.personal import Personal
from rightcall.telemetry import JsonLines
from tests.api.conftest import Clients
from tests.api.fakes import Fault, RealHouse
from tests.api.scene import PURPOSE, done, ring
from tests.cast import ADA_EMAIL, ADA_NAME, ADA_SIP, ADA_TEL, PLANTED_CARD

PLANTED = (ADA_TEL, ADA_TEL[1:], "32123456", ADA_EMAIL, ADA_SIP, ADA_NAME, "Lovelace", PLANTED_CARD, "words of Ada")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Every line that any logger writes, as it is written in life, at the most talkative level."""
    stream = io.StringIO()
    output = logging.StreamHandler(stream)
    output.setFormatter(JsonLines("web"))
    root, ours = logging.getLogger(), logging.getLogger("rightcall")
    before = root.level, ours.level
    root.addHandler(output)
    root.setLevel(logging.DEBUG)
    ours.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(output)
    root.setLevel(before[0])
    ours.setLevel(before[1])


def ask_everything(clients: Clients, call: str, party: str, notice: str) -> None:
    """Every kind of request with Ada in it: in queries, bodies, paths, headers and methods; well formed and not."""
    planted = {"detail": "words of Ada " + PLANTED_CARD, "kind": "words_heard"}
    body = {"party": party, "purpose": "training", "notice": notice, "language": "en", "channel": "voice_heard_by_agent"}
    choices = f"/api/v1/calls/{call}/choices"
    clients.agent.post(f"/api/v1/calls/{call}/asks", json={"party": party, "notice": notice})
    for answer in ("granted", "refused", "withdrawn", "granted", ADA_NAME):
        clients.agent.post(choices, json=body | {"answer": answer, "evidence": planted})
    clients.agent.post(choices, json={ADA_EMAIL: ADA_NAME, "party": ADA_TEL, "evidence": PLANTED_CARD})
    clients.agent.post(choices, content=f'{{"party": "{ADA_TEL}'.encode())
    clients.agent.post(choices, json=body | {"answer": "granted", "purpose": ADA_NAME}, headers={"Idempotency-Key": ADA_TEL})
    for query in ("tel", "email", "sip", "id", "subject", "nonsense"):
        for value in (ADA_TEL, ADA_EMAIL, ADA_SIP, ADA_NAME, PLANTED_CARD):
            clients.agent.get(f"/api/v1/subjects?{query}={quote(value)}")
    clients.agent.get(f"/api/v1/subjects/{quote(ADA_TEL)}")
    clients.agent.get(f"/{quote(ADA_NAME)}/{quote(ADA_EMAIL)}?tel={quote(ADA_TEL)}")
    clients.agent.request(PLANTED_CARD, "/api/v1/calls")
    clients.stranger.get("/api/v1/calls", headers={"Authorization": f"Bearer {ADA_EMAIL}"})
    clients.dpo.post("/api/v1/purposes", json=PURPOSE | {"key": ADA_NAME, "title": ADA_TEL, "term_days": PLANTED_CARD})
    clients.supervisor.get(f"/api/v1/takes/{call}/audio?purpose={quote(ADA_NAME)}&reason={quote(ADA_TEL)}&case={PLANTED_CARD}")
    clients.dpo.post("/api/v1/verdicts", json={"act": ADA_TEL, "purpose": ADA_NAME, "reason": ADA_EMAIL})
    clients.engineer.post("/api/v1/trunks", json={"name": ADA_NAME, "sources": [ADA_TEL], "default_region": ADA_EMAIL})
    clients.stranger.get(f"/ledger/tile/{quote(ADA_TEL)}")


def test_no_log_line_is_about_ada(house: RealHouse, clients: Clients, log: io.StringIO) -> None:
    scene = ring(house, clients)
    ask_everything(clients, scene.call, scene.ada, scene.notice)
    house.gates.fault = Fault.NOT_DONE
    ask_everything(clients, scene.call, scene.ada, scene.notice)
    written = log.getvalue()
    assert "/api/v1/subjects answered 200" in written
    assert "did not confirm" in written
    assert done(clients.agent.get(f"/api/v1/calls/{scene.call}/choices"))["items"][0]["answer"] == "granted"
    assert [value for value in PLANTED if value in written] == []


def test_no_log_line_of_an_unexpected_error_is_about_ada(
    house: RealHouse, clients: Clients, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = ring(house, clients)
    for client in (clients.agent, clients.dpo, clients.supervisor, clients.engineer):
        done(client.get("/api/v1/purposes"))

    def fail(*_: object) -> None:
        raise RuntimeError(f"{ADA_NAME} {ADA_TEL} {PLANTED_CARD}")

    monkeypatch.setattr(Database, "run", fail)
    ask_everything(clients, scene.call, scene.ada, scene.notice)
    written = log.getvalue()
    assert "builtins.RuntimeError" in written
    assert [value for value in PLANTED if value in written] == []


def test_a_planted_leak_is_found(log: io.StringIO) -> None:
    logging.getLogger("rightcall.api.leaky").warning("asked for %s", ADA_TEL)
    logging.getLogger("rightcall.api.tight").warning("asked for %s", Personal(ADA_EMAIL))
    assert [value for value in PLANTED if value in log.getvalue()] == [ADA_TEL, ADA_TEL[1:], "32123456"]


def test_no_problem_repeats_what_was_asked(house: RealHouse, clients: Clients) -> None:
    ring(house, clients)
    for query in ("tel", "email", "sip"):
        answer = clients.agent.get(f"/api/v1/subjects?{query}={quote(ADA_NAME)}")
        assert answer.status_code == 400
        assert ADA_NAME not in answer.text
