"""A call through the API: asked, chosen, paused, withdrawn; and nothing is said to hold that nobody confirmed."""

import json
from typing import Any
from uuid import UUID

import psycopg
import pytest

from rightcall.errors import KeysGone, Tampered
from rightcall.evidence.model import Verified
from rightcall.evidence.verify import verify
from rightcall.ids import CallId
from rightcall.ledger.checkpoint import key_of
from rightcall.recordings import actions as recordings
from rightcall.vault.model import Dark, DarkReason
from tests.api.conftest import Clients
from tests.api.fakes import Fault, RealHouse
from tests.api.scene import Scene, done, review, ring, signing
from tests.standing import SetClock

FAULTS = list(Fault)


@pytest.fixture
def scene(house: RealHouse, clients: Clients) -> Scene:
    return ring(house, clients)


def test_a_call_that_goes_on_is_listed_with_its_parties(scene: Scene) -> None:
    listed = done(scene.clients.agent.get("/api/v1/calls?active=true"))
    assert [call["id"] for call in listed["items"]] == [scene.call]
    assert {party["role"] for party in listed["items"][0]["parties"]} == {"customer", "agent"}
    assert listed["next"] is None
    scene.hang_up()
    assert done(scene.clients.agent.get("/api/v1/calls?active=true"))["items"] == []
    assert len(done(scene.clients.agent.get("/api/v1/calls"))["items"]) == 1


def test_lists_go_on_where_they_stopped(scene: Scene) -> None:
    first = done(scene.clients.agent.get("/api/v1/calls?limit=1"))
    assert first["next"] == scene.call
    assert done(scene.clients.agent.get(f"/api/v1/calls?limit=1&after={first['next']}"))["items"] == []


def test_nothing_is_kept_before_a_yes_and_everything_is_said(scene: Scene) -> None:
    assert scene.hear() == 0
    detail = scene.detail()
    assert detail["state"]["waiting_for"] == "a_yes"
    assert {stream["why"] for stream in detail["streams"]} == {"no_yes"}
    assert detail["takes"] == []
    assert {"arrived", "joined"} <= {entry["kind"] for entry in detail["timeline"]}


def test_a_yes_opens_once_the_recorder_confirms(scene: Scene) -> None:
    asked = done(
        scene.clients.agent.post(f"/api/v1/calls/{scene.call}/asks", json={"party": scene.ada, "notice": scene.notice}), 201
    )
    choice = done(scene.choose("granted", ask=asked["id"]), 201)
    assert choice["answer"] == "granted"
    assert choice["held"]["held_at"]
    assert choice["evidence_kind"] == "key_pressed"
    assert "evidence" not in choice
    assert scene.hear() == 50
    ours = [where for where in scene.detail()["standing"] if where["party"] == scene.ada]
    assert [(where["answer"], where["may_be_kept"]) for where in ours] == [("granted", True)]


def test_in_germany_the_agent_is_asked_too(scene: Scene, house: RealHouse) -> None:
    """Elsewhere that is a conflict, since an agent's yes is seldom free."""
    ask = {"party": scene.seven, "notice": scene.notice}
    assert scene.clients.agent.post(f"/api/v1/calls/{scene.call}/asks", json=ask).status_code == 409
    assert scene.choose("granted", party=scene.seven).status_code == 409
    with psycopg.connect(house.database.url) as connection:
        connection.execute("UPDATE controllers SET jurisdictions = '{EU,DE}' WHERE controller = %s", (scene.controller,))
    review(scene.clients)
    done(scene.choose("granted"), 201)
    assert scene.hear() == 0
    assert {stream["why"] for stream in scene.detail()["streams"]} == {"rules"}
    assert done(scene.clients.agent.post(f"/api/v1/calls/{scene.call}/asks", json=ask), 201)["party"] == scene.seven
    assert done(scene.choose("granted", party=scene.seven), 201)["held"]["held_at"]
    assert scene.hear() == 50
    assert done(scene.choose("withdrawn", party=scene.seven), 201)["held"]["held_at"]
    assert scene.hear() == 0


def test_a_withdrawal_is_answered_when_the_gate_is_shut(scene: Scene) -> None:
    done(scene.choose("granted"), 201)
    assert scene.hear() == 50
    choice = done(scene.choose("withdrawn", evidence=None), 201)
    assert choice["held"]["last_packet_at"]
    assert scene.hear() == 0
    assert [each["answer"] for each in done(scene.clients.agent.get(f"/api/v1/calls/{scene.call}/choices"))["items"]] == [
        "granted",
        "withdrawn",
    ]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("answer", ["refused", "withdrawn"])
def test_a_no_that_nobody_confirmed_never_looks_like_success(scene: Scene, fault: Fault, answer: str) -> None:
    if answer == "withdrawn":
        done(scene.choose("granted"), 201)
    scene.house.gates.fault = fault
    problem = done(scene.choose(answer, evidence=None, idempotency="key-1"), 503)
    assert problem["type"] == "urn:rightcall:problem:not-confirmed"
    assert "may still be running" in problem["detail"]
    assert "Idempotency-Key" in problem["detail"]
    scene.house.gates.fault = None
    again = done(scene.choose(answer, evidence=None, idempotency="key-1"), 201)
    assert again["id"] == problem["choice"]
    assert again["held"]["held_at"]
    assert scene.hear() == 0


def test_a_pause_holds_when_it_is_answered(scene: Scene) -> None:
    done(scene.choose("granted"), 201)
    assert scene.hear() == 50
    paused = done(scene.clients.agent.post(f"/api/v1/calls/{scene.call}/pause", json={"reason": "card_data"}))
    assert paused["held_at"]
    assert paused["last_packet_at"]
    assert paused["state"]["pause"] == "card_data"
    assert paused["state"]["pause_held_at"]
    assert scene.hear() == 0
    assert {"paused", "pause_held"} <= set(scene.kinds())
    resumed = done(scene.clients.agent.post(f"/api/v1/calls/{scene.call}/resume"))
    assert resumed["state"]["pause"] is None
    assert scene.hear() == 50


def test_during_a_pause_nobody_is_asked_and_the_desk_is_told_why(scene: Scene) -> None:
    done(scene.clients.agent.post(f"/api/v1/calls/{scene.call}/pause", json={"reason": "vulnerable"}))
    problem = done(scene.ask(), 409)
    assert "nobody is asked for a yes" in problem["detail"]
    assert "after the pause has ended" in problem["detail"]
    done(scene.choose("refused", evidence=None), 201)
    done(scene.clients.agent.post(f"/api/v1/calls/{scene.call}/resume"))
    done(scene.ask(), 201)


def test_a_desk_cannot_turn_a_no_into_a_yes(scene: Scene) -> None:
    asked = done(scene.ask(), 201)["id"]
    done(scene.choose("refused"), 201)
    for lie in (
        {"evidence": "1"},
        {"evidence": "2"},
        {"evidence": {"kind": "form_sent", "detail": "1"}},
        {"channel": "api", "evidence": "."},
        {"channel": "api", "evidence": "ticket 17"},
        {"channel": "web", "evidence": "form 17"},
        {"channel": "voice_heard_by_agent", "evidence": "she said yes"},
    ):
        for ask in (asked, None):
            problem = done(scene.choose("granted", ask=ask, **lie), 409)
            assert problem["detail"]
    assert scene.hear() == 0
    done(scene.ask(), 201)
    assert "Record a refusal" in done(scene.choose("granted", ask=None, evidence="2"), 409)["detail"]
    done(scene.choose("granted", ask=None), 201)
    assert scene.hear() == 50


def test_a_no_lands_whatever_comes_with_it(scene: Scene) -> None:
    done(scene.choose("granted"), 201)
    odd = {"notice": scene.purpose, "language": "da", "ask": scene.call, "channel": "siprec_preference", "evidence": "."}
    choice = done(scene.choose("withdrawn", **odd), 201)
    assert (choice["answer"], choice["notice"], choice["ask"]) == ("withdrawn", scene.notice, None)
    assert done(scene.choose("withdrawn", **odd), 201)["answer"] == "refused"
    assert scene.hear() == 0


def test_a_second_pause_has_to_be_ended_too(scene: Scene) -> None:
    done(scene.choose("granted"), 201)
    for reason in ("vulnerable", "card_data"):
        state = done(scene.clients.agent.post(f"/api/v1/calls/{scene.call}/pause", json={"reason": reason}))["state"]
    assert (state["pause"], state["pauses"]) == ("card_data", ["card_data", "vulnerable"])
    problem = done(scene.clients.agent.post(f"/api/v1/calls/{scene.call}/resume", json={}), 409)
    assert "card_data, vulnerable" in problem["detail"]
    state = done(scene.clients.agent.post(f"/api/v1/calls/{scene.call}/resume", json={"reason": "card_data"}))["state"]
    assert state["pauses"] == ["vulnerable"]
    assert scene.hear() == 0
    done(scene.clients.agent.post(f"/api/v1/calls/{scene.call}/resume"))
    assert scene.hear() == 50


def test_the_end_of_a_card_pause_does_not_undo_a_no_that_could_not_be_written_down(
    scene: Scene, house: RealHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    done(scene.choose("granted"), 201)
    done(scene.clients.agent.post(f"/api/v1/calls/{scene.call}/pause", json={"reason": "card_data"}))
    with monkeypatch.context() as patched:
        keys_wrong(house, patched)
        done(scene.choose("withdrawn", evidence=None), 503)
    done(scene.clients.agent.post(f"/api/v1/calls/{scene.call}/resume"), 409)
    done(scene.clients.agent.post(f"/api/v1/calls/{scene.call}/resume", json={"reason": "card_data"}))
    assert scene.hear() == 0


@pytest.mark.parametrize("fault", FAULTS)
def test_a_pause_that_nobody_confirmed_never_looks_like_success(scene: Scene, fault: Fault) -> None:
    done(scene.choose("granted"), 201)
    scene.house.gates.fault = fault
    problem = done(scene.clients.agent.post(f"/api/v1/calls/{scene.call}/pause", json={"reason": "card_data"}), 503)
    assert "recording may still be running" in problem["detail"]
    assert "held_at" not in json.dumps(problem)
    assert "paused" in scene.kinds()
    assert "pause_held" not in scene.kinds()
    scene.house.gates.fault = None
    again = done(scene.clients.agent.post(f"/api/v1/calls/{scene.call}/pause", json={"reason": "card_data"}))
    assert again["state"]["pause_held_at"]
    assert scene.hear() == 0


def keys_away(house: RealHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> bytes:
        raise KeysGone("The key service does not answer.")

    for deed in ("wrap", "unwrap"):
        monkeypatch.setattr(house.keys, deed, away)


@pytest.mark.parametrize("answer", ["refused", "withdrawn"])
def test_a_no_while_the_keys_are_away_is_written_down_and_destroys(
    scene: Scene, house: RealHouse, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    """Nothing is left to finish when they are back. Only the evidence could not be sealed, and is not kept."""
    done(scene.choose("granted"), 201)
    assert scene.hear() == 50
    with monkeypatch.context() as patched:
        keys_away(house, patched)
        choice = done(scene.choose(answer, evidence="she said: stop", idempotency="key-1"), 201)
        assert (choice["answer"], choice["evidence_kind"]) == ("withdrawn", "word_of_actor")
        assert choice["held"]["held_at"]
        assert scene.hear() == 0
        assert done(scene.choose(answer, evidence="she said: stop", idempotency="key-1"), 201)["id"] == choice["id"]
    assert {"paused", "resumed"}.isdisjoint(scene.kinds())
    assert "went_dark" in scene.kinds()
    with house.database.transaction(scene.controller) as tx:
        (first, *_) = recordings.call_state(tx, CallId(UUID(scene.call))).takes
        key = house.vault.unlock_content(tx, holding=first.id, purpose=first.purposes[0])
    assert key == Dark(reason=DarkReason.GRANT_DESTROYED)


def keys_wrong(house: RealHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is in the database is not what was wrapped: nothing can be written for this person, a no neither."""

    def wrong(*_: object) -> bytes:
        raise Tampered("A wrapped key is not the one that was put there.")

    monkeypatch.setattr(house.keys, "unwrap", wrong)


def test_a_no_that_cannot_be_written_down_pauses_the_call_and_the_timeline_says_why(
    scene: Scene, house: RealHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    done(scene.choose("granted"), 201)
    assert scene.hear() == 50
    with monkeypatch.context() as patched:
        keys_wrong(house, patched)
        problem = done(scene.choose("refused", evidence=None, idempotency="key-1"), 503)
        assert problem["type"] == "urn:rightcall:problem:not-written-down"
        assert problem["held_at"]
        assert "nothing is destroyed yet" in problem["detail"]
        assert scene.hear() == 0
        assert done(scene.choose("refused", evidence=None, idempotency="key-1"), 503)["held_at"]
    assert [entry["reason"] for entry in scene.detail()["timeline"] if entry["kind"] == "paused"] == ["not_written"]
    assert [each["answer"] for each in done(scene.clients.agent.get(f"/api/v1/calls/{scene.call}/choices"))["items"]] == [
        "granted"
    ]
    done(scene.choose("refused", evidence=None, idempotency="key-1"), 201)
    done(scene.clients.agent.post(f"/api/v1/calls/{scene.call}/resume", json={"reason": "not_written"}))
    assert scene.hear() == 0


def test_a_yes_while_the_keys_are_away_changes_nothing(scene: Scene, house: RealHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        keys_away(house, patched)
        assert done(scene.choose("granted"), 503)["type"] == "urn:rightcall:problem:outage"
    assert "paused" not in scene.kinds()
    assert scene.hear() == 0


@pytest.mark.parametrize("fault", FAULTS)
def test_a_no_that_cannot_be_written_down_nor_held_never_looks_like_success(
    scene: Scene, house: RealHouse, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    done(scene.choose("granted"), 201)
    scene.house.gates.fault = fault
    keys_wrong(house, monkeypatch)
    problem = done(scene.choose("withdrawn", evidence=None), 503)
    assert "recording may still be running" in problem["detail"]
    assert "not written down" in problem["detail"]
    assert "held_at" not in json.dumps(problem)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_no_without_keys_and_without_a_recorder_is_written_down_and_not_said_to_hold(
    scene: Scene, house: RealHouse, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    done(scene.choose("granted"), 201)
    scene.house.gates.fault = fault
    keys_away(house, monkeypatch)
    problem = done(scene.choose("withdrawn", evidence=None), 503)
    assert "recording may still be running" in problem["detail"]
    assert "is written down and counts (withdrawn)" in problem["detail"]
    assert "held_at" not in json.dumps(problem)


def test_a_no_after_the_call_that_cannot_be_written_down_is_to_be_sent_again(
    scene: Scene, house: RealHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    done(scene.choose("granted"), 201)
    scene.hang_up()
    keys_wrong(house, monkeypatch)
    problem = done(scene.choose("withdrawn", evidence=None), 503)
    assert problem["type"] == "urn:rightcall:problem:not-written-down"
    assert "paused" not in problem["detail"]


def test_the_end_of_a_purpose_reaches_calls_that_go_on(scene: Scene) -> None:
    done(scene.choose("granted"), 201)
    assert scene.hear() == 50
    before = scene.detail()["state"]["version"]
    done(scene.clients.dpo.post(f"/api/v1/purposes/{scene.purpose}/end"))
    assert scene.detail()["state"]["version"] > before
    scene.house.gates.settle(scene.controller, CallId(UUID(scene.call)))
    assert scene.hear() == 0


def test_an_end_of_a_pause_without_a_pause_is_a_conflict(scene: Scene) -> None:
    assert scene.clients.agent.post(f"/api/v1/calls/{scene.call}/resume").status_code == 409


def test_after_the_call_a_withdrawal_needs_no_recorder(scene: Scene) -> None:
    done(scene.choose("granted"), 201)
    scene.hear()
    scene.hang_up()
    scene.house.gates.fault = Fault.NOT_DONE
    choice = done(scene.choose("withdrawn", evidence=None), 201)
    assert choice["held"] is None


def test_a_choice_about_another_calls_party_is_refused(scene: Scene, house: RealHouse) -> None:
    body = {"party": scene.ada, "purpose": "training", "answer": "refused", "channel": "api"}
    answer = scene.clients.agent.post(f"/api/v1/calls/{scene.purpose}/choices", json=body)
    assert answer.status_code in (404, 409)


def test_a_yes_without_evidence_is_none(scene: Scene) -> None:
    answer = scene.choose("granted", evidence=None)
    assert 400 <= answer.status_code < 500
    assert scene.hear() == 0


def play(scene: Scene, client: Any, take: str, query: str = "", **more: Any) -> Any:
    return client.get(f"/api/v1/takes/{take}/audio?purpose=training{query}", **more)


def kept(scene: Scene) -> str:
    done(scene.choose("granted"), 201)
    scene.hear()
    scene.hang_up()
    takes = [take for take in scene.detail()["takes"] if take["party"] == scene.ada and take["packets"]]
    return str(takes[0]["id"])


def test_what_was_kept_plays_for_its_purpose_and_the_use_is_logged(scene: Scene) -> None:
    take = kept(scene)
    whole = play(scene, scene.clients.supervisor, take, "&reason=coaching+an+agent&case=T-1")
    assert whole.status_code == 200, whole.text
    assert whole.headers["content-type"] == "audio/x-wav"
    assert whole.headers["cache-control"] == "no-store"
    assert whole.content[:4] == b"RIFF"
    part = play(scene, scene.clients.supervisor, take, "&reason=coaching+an+agent&case=T-1", headers={"Range": "bytes=4-11"})
    assert (part.status_code, part.content) == (206, whole.content[4:12])
    assert part.headers["content-range"] == f"bytes 4-11/{len(whole.content)}"
    beyond = play(scene, scene.clients.supervisor, take, "&reason=coaching+an+agent&case=T-1", headers={"Range": "bytes=999999-"})
    assert beyond.status_code == 416
    short = play(scene, scene.clients.supervisor, take, "&reason=coaching+an+agent&case=T-1&start_ms=200&length_ms=100")
    assert len(short.content) < len(whole.content)
    subject = next(party["subject"] for party in scene.detail()["parties"] if party["id"] == scene.ada)
    held = done(scene.clients.dpo.get(f"/api/v1/subjects/{subject}/holdings"))["items"]
    [holding] = [each for each in held if each["id"] == take]
    assert holding["readable"]
    assert holding["provenance"]["source"] == "siprec"
    [use] = holding["uses"]
    assert use["act"] == "play", "what a player asks for again and again is one listening"
    assert play(scene, scene.clients.dpo, take, "&reason=settling+a+dispute&case=T-2").status_code == 200
    again = done(scene.clients.dpo.get(f"/api/v1/holdings/{take}"))
    assert len(again["uses"]) == 2, "another listener is another"


def test_a_role_that_the_purpose_does_not_name_hears_nothing(scene: Scene) -> None:
    take = kept(scene)
    answer = play(scene, scene.clients.auditor, take, "&reason=simply+curious")
    problem = done(answer, 403)
    assert problem["type"] == "urn:rightcall:problem:verdict-no"
    assert problem["verdict"]["outcome"] in ("not_right", "unlawful", "cannot_tell")
    assert problem["verdict"]["reasons"]
    stored = done(scene.clients.auditor.get(f"/api/v1/verdicts/{problem['verdict']['id']}"))
    assert (stored["act"], stored["holding"], stored["outcome"]) == ("play", take, problem["verdict"]["outcome"])


def test_what_was_withdrawn_is_gone(scene: Scene) -> None:
    take = kept(scene)
    done(scene.choose("withdrawn", evidence=None), 201)
    answer = play(scene, scene.clients.supervisor, take, "&reason=coaching+an+agent&case=T-1")
    assert answer.status_code in (403, 410)
    subject = next(party["subject"] for party in scene.detail()["parties"] if party["id"] == scene.ada)
    held = done(scene.clients.dpo.get(f"/api/v1/subjects/{subject}/holdings"))["items"]
    mine = [each for each in held if each["id"] == take]
    assert [(each["readable"], each["purposes"][0]["dark"]) for each in mine] == [(False, "grant_destroyed")]


def test_a_verdict_is_an_answer_with_its_reasons(scene: Scene) -> None:
    question = {"act": "capture", "purpose": "training", "call": scene.call, "party": scene.ada}
    before = done(scene.clients.agent.post("/api/v1/verdicts", json=question))
    assert before["outcome"] not in ("proceed", "proceed_with_duties")
    done(scene.choose("granted"), 201)
    after = done(scene.clients.agent.post("/api/v1/verdicts", json=question))
    assert after["outcome"] in ("proceed", "proceed_with_duties")
    assert done(scene.clients.agent.get(f"/api/v1/verdicts/{after['id']}"))["outcome"] == after["outcome"]
    assert len(done(scene.clients.agent.get(f"/api/v1/calls/{scene.call}/verdicts"))["items"]) >= 2


def test_a_verdict_on_facts_that_are_missing_is_no(scene: Scene) -> None:
    question = {
        "act": "play",
        "purpose": "training",
        "what_if": {"parties": [{"role": "customer", "answer": "granted"}]},
    }
    verdict = done(scene.clients.supervisor.post("/api/v1/verdicts", json=question))
    assert verdict["outcome"] not in ("proceed", "proceed_with_duties")
    assert verdict["missing"]


def test_a_question_is_about_one_thing(scene: Scene) -> None:
    both = {"act": "play", "purpose": "training", "call": scene.call, "holding": scene.call}
    assert scene.clients.agent.post("/api/v1/verdicts", json=both).status_code == 400
    assert scene.clients.agent.post("/api/v1/verdicts", json={"act": "play", "purpose": "training"}).status_code == 400


def test_a_verdict_on_a_holding_reads_its_facts_from_the_records(scene: Scene) -> None:
    take = kept(scene)
    question = {"act": "play", "purpose": "training", "holding": take, "reason": "coaching an agent", "case": "T-1"}
    assert done(scene.clients.supervisor.post("/api/v1/verdicts", json=question))["outcome"].startswith("proceed")
    assert not done(scene.clients.auditor.post("/api/v1/verdicts", json=question))["outcome"].startswith("proceed")


def test_a_receipt_that_the_ledger_does_not_sign_waits_and_is_no_outage(scene: Scene) -> None:
    choice = done(scene.choose("granted"), 201)
    waiting = scene.clients.agent.get(choice["receipt"])
    assert waiting.headers["retry-after"] == "1"
    problem = done(waiting, 503)
    assert problem["type"] == "urn:rightcall:problem:still-working"
    assert "away" not in problem["title"]
    assert "waits for the ledger's signature" in problem["detail"]


@pytest.mark.parametrize("answer", ["granted", "refused"])
def test_every_choice_has_a_receipt_that_a_stranger_can_check(scene: Scene, answer: str, set_clock: SetClock) -> None:
    choice, house = done(scene.choose(answer), 201), scene.house
    with signing(house, set_clock):
        answered = scene.clients.agent.get(choice["receipt"])
    assert answered.status_code == 200, answered.text
    assert answered.headers["content-type"].startswith("application/ld+json")
    checked = verify(answered.content, key=key_of(house.signer).text)
    assert isinstance(checked, Verified), checked


@pytest.mark.parametrize(
    ("query", "place", "wanted"),
    [
        ("&reason=x&case=T-1", "query.reason", "two words"),
        ("&reason=because&case=T-1", "query.reason", "two words"),
        ("&reason=coaching+an+agent&case=x", "query.case", "a reference"),
        ("&reason=coaching+an+agent&case=case", "query.case", "a reference"),
    ],
)
def test_a_letter_is_no_reason_and_a_word_no_case(scene: Scene, query: str, place: str, wanted: str) -> None:
    take = kept(scene)
    for address in (f"takes/{take}/audio", f"holds/{take}/takes/{take}/audio", f"calls/{scene.call}/vcon"):
        purpose = "" if address.startswith("holds") else "purpose=training"
        problem = done(scene.clients.dpo.get(f"/api/v1/{address}?{purpose}{query}"), 422)
        [error] = problem["errors"]
        assert error["where"] == place
        assert wanted in error["what"]


def test_a_question_with_a_letter_for_a_reason_does_not_fit(scene: Scene) -> None:
    question = {"act": "play", "purpose": "training", "holding": kept(scene), "reason": "x", "case": "x"}
    problem = done(scene.clients.supervisor.post("/api/v1/verdicts", json=question), 422)
    assert {error["where"] for error in problem["errors"]} == {"body.reason", "body.case"}
