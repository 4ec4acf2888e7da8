"""What people ask, through the API: the clock, who asks, the answer."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from rightcall.ids import CallId, SubjectId
from rightcall.ledger.actions import Sequencer
from rightcall.personal import Personal
from rightcall.recordings.confirming import live_version
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import PURPOSE, Scene, done, ring
from tests.cast import ADA_NAME, ADA_TEL, BEN_TEL
from tests.requests.read_only import look, number_in_crm


def ada_of(scene: Scene) -> str:
    return next(str(party["subject"]) for party in scene.detail()["parties"] if party["id"] == scene.ada)


def test_a_request_has_a_clock_and_an_erasure_is_never_answered_by_hand(house: RealHouse, clients: Clients) -> None:
    scene = ring(house, clients)
    subject = ada_of(scene)
    called = {"subject": subject, "kind": "access", "channel": "phone", "proof": "call_back"}
    asked = done(clients.agent.post("/api/v1/requests", json=called), 201)
    assert asked["stage"] == "open"
    assert asked["due_on"] > asked["received_at"]
    refused = clients.dpo.post(f"/api/v1/requests/{asked['id']}/fulfil")
    assert (refused.status_code, "hand it over" in refused.json()["detail"]) == (409, True)
    denied = done(clients.agent.post("/api/v1/requests", json={"subject": subject, "kind": "objection"}), 201)
    path = f"/api/v1/requests/{denied['id']}/deny"
    told = clients.dpo.post(path, json={"ground": "legal_claims"})
    assert (told.status_code, "something of this person is held" in told.json()["detail"]) == (409, True)
    assert done(clients.dpo.post(path, json={"ground": "identity_in_doubt"}))["ground"] == "identity_in_doubt"
    assert clients.dpo.post(path, json={"ground": "identity_in_doubt"}).status_code == 409
    erasure = done(clients.dpo.post("/api/v1/requests", json={"subject": subject, "kind": "erasure"}), 201)
    assert clients.dpo.post(f"/api/v1/requests/{erasure['id']}/fulfil").status_code == 409
    assert len(done(clients.dpo.get("/api/v1/requests"))["items"]) == 3
    assert clients.agent.post("/api/v1/requests", json={"subject": str(uuid4()), "kind": "access"}).status_code == 404


def test_what_is_carried_out_by_itself_is_denied_only_while_nobody_has_shown_who_asks(house: RealHouse, clients: Clients) -> None:
    form = {"subject": ada_of(ring(house, clients)), "kind": "erasure", "channel": "phone"}
    unproved = done(clients.agent.post("/api/v1/requests", json=form), 201)
    denied = done(clients.dpo.post(f"/api/v1/requests/{unproved['id']}/deny", json={"ground": "identity_in_doubt"}))
    assert (denied["outcome"], denied["ground"]) == ("denied", "identity_in_doubt")
    proved = done(clients.dpo.post("/api/v1/requests", json=form | {"proof": "vouched"}), 201)
    assert proved["waits_for"] == []
    assert clients.dpo.post(f"/api/v1/requests/{proved['id']}/deny", json={"ground": "legal_claims"}).status_code == 409


def test_a_request_is_told_extended_and_shown_step_by_step(house: RealHouse, clients: Clients) -> None:
    scene = ring(house, clients)
    subject = ada_of(scene)
    form = {"subject": subject, "kind": "access", "channel": "email", "language": "da", "lives_in": "US-CA"}
    form |= {"proof": "call_back"}
    asked = done(clients.agent.post("/api/v1/requests", json=form), 201)
    assert (asked["channel"], asked["language"], asked["acknowledged_at"]) == ("email", "da", None)
    assert asked["acknowledge_by"] < asked["due_on"]
    path = f"/api/v1/requests/{asked['id']}"
    assert done(clients.agent.post(f"{path}/acknowledge"))["acknowledged_at"] is not None
    assert clients.agent.post(f"{path}/extend", json={"reason": "complex"}).status_code == 403
    assert clients.dpo.post(f"{path}/extend", json={"reason": "a holiday"}).status_code == 422
    extended = done(clients.dpo.post(f"{path}/extend", json={"reason": "complex"}))
    assert extended["due_on"] == asked["longest_on"] > asked["due_on"]
    assert clients.dpo.post(f"{path}/extend", json={"reason": "complex"}).status_code == 409
    assert [each["id"] for each in done(clients.dpo.get("/api/v1/requests/waiting"))["items"]] == [asked["id"]]
    done(clients.dpo.post(f"{path}/deny", json={"ground": "legal_claims"}))
    assert done(clients.dpo.get("/api/v1/requests/waiting"))["items"] == []
    steps = done(clients.dpo.get(path))["steps"]
    assert [each["step"] for each in steps] == ["received", "proved", "ready", "acknowledged", "extended", "denied"]
    assert [each["by"]["role"] for each in steps] == ["agent", "agent", "system", "agent", "dpo", "dpo"]
    assert [each["detail"] for each in steps] == [None, "call_back", None, None, "complex", "legal_claims"]
    assert clients.agent.post("/api/v1/requests", json=form | {"lives_in": "US-CAL"}).status_code == 400


def test_nobody_starts_an_erasure_by_one_word_but_the_dpo(house: RealHouse, clients: Clients) -> None:
    """It is carried out at once, and nothing brings back what it destroyed: an agent's word enters it, and does not start it."""
    scene = ring(house, clients)
    subject = ada_of(scene)
    for hasty in (clients.agent, clients.supervisor):
        asked = done(hasty.post("/api/v1/requests", json={"subject": subject, "kind": "erasure", "proof": "call_back"}), 201)
        assert (asked["ready_at"], asked["waits_for"]) == (None, ["identity"])
        problem = done(hasty.post(f"/api/v1/requests/{asked['id']}/proof", json={"proof": "signed_in"}), 403)
        assert (problem["type"], problem["why"]) == ("urn:rightcall:problem:proof-refused", "not_your_word")
        assert done(hasty.post(f"/api/v1/requests/{asked['id']}/proof", json={"proof": "vouched"}), 403)["why"] == "not_your_word"
        steps = done(clients.dpo.get(f"/api/v1/requests/{asked['id']}"))["steps"]
        assert [each["detail"] for each in steps if each["step"] == "proof_refused"] == ["not_your_word"] * 3
    vouched = done(clients.dpo.post(f"/api/v1/requests/{asked['id']}/proof", json={"proof": "vouched"}))
    assert (vouched["proof"], vouched["waits_for"]) == ("vouched", [])
    by_dpo = done(clients.dpo.post("/api/v1/requests", json={"subject": subject, "kind": "erasure"}), 201)
    assert (by_dpo["proof"], by_dpo["waits_for"]) == ("vouched", ["erasure_first"]), "one at a time"


def test_nothing_is_answered_before_it_is_shown_who_asks(house: RealHouse, clients: Clients) -> None:
    scene = ring(house, clients)
    subject = ada_of(scene)
    asked = done(clients.agent.post("/api/v1/requests", json={"subject": subject, "kind": "access"}), 201)
    path = f"/api/v1/requests/{asked['id']}"
    assert "Ring the number on file" in done(clients.dpo.post(f"{path}/fulfil"), 409)["detail"]
    assert done(clients.agent.post(f"{path}/proof", json={"proof": "recognised"}), 403)["why"] == "too_weak"
    assert clients.agent.post(f"{path}/proof", json={"proof": "receipt"}).status_code == 422
    assert done(clients.agent.post(f"{path}/receipt", json={"file": "{}"}), 403)["why"] == "not_genuine"
    done(clients.agent.post(f"{path}/proof", json={"proof": "call_back"}))
    assert "hand it over" in done(clients.dpo.post(f"{path}/fulfil"), 409)["detail"]


def test_a_receipt_shows_whose_it_is_and_nobody_else(house: RealHouse, clients: Clients) -> None:
    scene = ring(house, clients)
    with house.database.transaction(clients.controller) as tx:
        ben = subjects.identify(tx, house.vault, house.clock, [normalise(IdentifierKind.TEL, Personal(BEN_TEL), "DK")])
    ada = ada_of(scene)
    choice = done(scene.choose("granted"), 201)["id"]
    sequencer = Sequencer(house.database, house.signer, house.signer.name, house.clock)
    assert clients.agent.get(f"/api/v1/receipts/{choice}").status_code == 503
    while sequencer.run_once():
        pass
    receipt = clients.agent.get(f"/api/v1/receipts/{choice}").text
    asked = {}
    for name, subject in (("ada", ada), ("ben", str(ben))):
        form = {"subject": subject, "kind": "erasure"}
        asked[name] = "/api/v1/requests/" + done(clients.agent.post("/api/v1/requests", json=form), 201)["id"]
    assert done(clients.agent.post(f"{asked['ben']}/receipt", json={"file": receipt}), 403)["why"] == "not_theirs"
    forged = receipt.replace('"opening":"', '"opening":"0')
    assert done(clients.agent.post(f"{asked['ada']}/receipt", json={"file": forged}), 403)["why"] == "not_genuine"
    shown = done(clients.agent.post(f"{asked['ada']}/receipt", json={"file": receipt}))
    assert (shown["proof"], shown["waits_for"]) == ("receipt", [])


def test_who_asks_for_another_shows_a_mandate_that_nobody_reads_in_the_database(house: RealHouse, clients: Clients) -> None:
    scene = ring(house, clients)
    subject = ada_of(scene)
    form = {"subject": subject, "kind": "access", "behalf": "parent"}
    asked = done(clients.dpo.post("/api/v1/requests", json=form), 201)
    assert asked["waits_for"] == ["identity", "mandate"]
    path = f"/api/v1/requests/{asked['id']}"
    shown = {"who": "Planted-Parent", "evidence": "birth_record", "until": "2031-01-01"}
    assert clients.agent.post(f"{path}/mandate", json=shown | {"until": "2020-01-01"}).status_code == 400
    assert clients.agent.post(f"{path}/mandate", json=shown | {"evidence": "power_of_attorney"}).status_code == 409
    assert done(clients.agent.post(f"{path}/mandate", json=shown))["waits_for"] == ["identity"]
    assert done(clients.dpo.post(f"{path}/proof", json={"proof": "vouched"}))["waits_for"] == []
    with house.database.transaction(clients.controller) as tx:
        kept = tx.connection.execute("SELECT requests::text AS row FROM requests WHERE request = %s", (asked["id"],)).fetchone()
    assert kept is not None
    assert "Planted" not in kept["row"]
    assert b"Planted".hex() not in kept["row"]


def verdict(scene: Scene, act: str = "play", **more: object) -> dict[str, Any]:
    asked = {"act": act, "purpose": "training", "call": scene.call, "party": scene.ada, "reason": "to train new agents"}
    return done(scene.clients.dpo.post("/api/v1/verdicts", json=asked | more))


def rules_of(answer: dict[str, Any]) -> list[str]:
    return [reason["rule"] for reason in answer["reasons"]]


def test_every_verdict_sees_a_restriction_at_once_and_a_new_yes_too(house: RealHouse, clients: Clients) -> None:
    scene = ring(house, clients)
    done(scene.choose("granted"), 201)
    subject = ada_of(scene)
    before = rules_of(verdict(scene, "export"))
    assert "right.restriction" not in before
    form = {"subject": subject, "kind": "restriction", "proof": "recognised"}
    with house.database.transaction(clients.controller) as tx:
        version = live_version(tx, CallId(UUID(scene.call)))
    asked = done(clients.agent.post("/api/v1/requests", json=form), 201)
    for act in ("play", "export"):
        answer = verdict(scene, act)
        assert "right.restriction" in rules_of(answer), act
        assert answer["lawful"] is False
    with house.database.transaction(clients.controller) as tx:
        assert (live_version(tx, CallId(UUID(scene.call))) or 0) > (version or 0)
    number = {"parties": [{"role": "customer", "answer": "granted", "number": ADA_TEL}]}
    told = {"contact": {"consent": "express", "artificial_voice": False, "marketing": False, "objected": False, "urgent": False}}
    ringing = {"act": "call_out", "purpose": "training", "what_if": number, "told": told}
    assert "right.restriction" in rules_of(done(clients.agent.post("/api/v1/verdicts", json=ringing)))
    path = f"/api/v1/requests/{asked['id']}"
    assert clients.dpo.post(f"{path}/lift").status_code == 409
    done(scene.choose("refused"), 201)
    done(scene.choose("granted"), 201)
    assert "right.restriction" not in rules_of(verdict(scene, "export"))
    done(clients.dpo.post(f"{path}/tell-before-lifting"))
    done(clients.dpo.post(f"{path}/lift"))
    assert "right.restriction" not in rules_of(done(clients.agent.post("/api/v1/verdicts", json=ringing)))


def test_who_objected_has_said_no_to_what_rests_on_an_interest(house: RealHouse, clients: Clients) -> None:
    scene = ring(house, clients)
    survey = PURPOSE | {"key": "survey", "lawful_basis": "legitimate_interests"}
    done(clients.dpo.post("/api/v1/purposes", json=survey), 201)
    form = {"subject": ada_of(scene), "kind": "objection", "proof": "recognised"}
    assert not {"right.object", "right.object_words"} & set(rules_of(verdict(scene, purpose="survey")))
    asked = done(clients.agent.post("/api/v1/requests", json=form), 201)
    assert "right.object_words" in rules_of(verdict(scene, purpose="survey"))
    assert "right.object_words" not in rules_of(verdict(scene))
    denied = clients.dpo.post(f"/api/v1/requests/{asked['id']}/deny", json={"ground": "compelling_grounds"})
    assert done(denied)["outcome"] == "denied"
    assert "right.object_words" not in rules_of(verdict(scene, purpose="survey"))


def test_a_denial_is_counted_appealed_and_opened_again(house: RealHouse, clients: Clients) -> None:
    scene = ring(house, clients)
    asked = done(
        clients.dpo.post("/api/v1/requests", json={"subject": ada_of(scene), "kind": "rectification", "proof": "vouched"}), 201
    )
    path = f"/api/v1/requests/{asked['id']}"
    assert (
        "neither unfounded nor excessive"
        in done(clients.dpo.post(f"{path}/deny", json={"ground": "manifestly_unfounded"}), 409)["detail"]
    )
    assert done(clients.dpo.get(f"{path}/counted"))["is_excessive"] is False
    done(clients.dpo.post(f"{path}/deny", json={"ground": "legal_claims"}))
    assert done(clients.agent.post(f"{path}/appeal"))["appealed_at"] is not None
    assert clients.agent.post(f"{path}/appeal/decision", json={"stands": False}).status_code == 403
    assert clients.dpo.post(f"{path}/appeal/decision", json={"stands": False}).status_code == 409
    again = done(clients.supervisor.post(f"{path}/appeal/decision", json={"stands": False}))
    assert (again["stage"], again["ground"]) == ("open", None)


def test_what_the_person_is_told_is_in_their_language_and_the_page_brings_its_own_styles(
    house: RealHouse, clients: Clients
) -> None:
    scene = ring(house, clients)
    form = {"subject": ada_of(scene), "kind": "access", "language": "sv-SE"}
    path = f"/api/v1/requests/{done(clients.dpo.post('/api/v1/requests', json=form), 201)['id']}"
    letter = done(clients.agent.get(f"{path}/letters/acknowledgement"))
    assert (letter["language"], letter["asked_language"]) == ("sv", "sv-SE")
    assert letter["paragraphs"][0] == "Du har begärt en kopia av det vi har om dig."
    assert clients.agent.get(f"{path}/letters/answer").status_code == 409
    assert clients.agent.get(f"{path}/letters/poem").status_code == 422
    shown = clients.dpo.get(f"{path}/page")
    assert shown.headers["content-type"].startswith("text/html")
    assert "sha256-" in shown.headers["content-security-policy"]
    assert ADA_TEL not in shown.text
    assert ADA_NAME not in shown.text


def test_a_correction_through_the_api(house: RealHouse, clients: Clients, tmp_path: Path) -> None:
    """In a system that is only read, those who look after it are told, and what stands there is looked at again."""
    scene = ring(house, clients)
    subject = ada_of(scene)
    with house.database.transaction(clients.controller) as tx:
        holding = number_in_crm(tx, house, SubjectId(UUID(subject)), tmp_path)
    asked = done(clients.dpo.post("/api/v1/requests", json={"subject": subject, "kind": "rectification"}), 201)
    path = f"/api/v1/requests/{asked['id']}"
    made = done(clients.dpo.post(f"{path}/corrections", json={"holding": str(holding), "value": "+45 32 12 34 57"}), 201)
    assert (made["value"], made["replaces"], made["by"]["role"]) == ("+45 32 12 34 57", None, "dpo")
    assert done(clients.dpo.get(f"/api/v1/holdings/{holding}/corrections"))["items"] == [made]
    assert "1 open in other systems" in done(clients.dpo.post(f"{path}/fulfil"), 409)["detail"]
    there = f"{path}/corrections/{made['id']}/systems/{made['tasks'][0]['system']}"
    assert "send them the letter" in done(clients.dpo.post(there), 409)["detail"]
    look(house, clients.controller, made["id"])
    letter = clients.dpo.get(f"{there}/letter")
    assert (letter.status_code, letter.headers["content-language"]) == (200, "en")
    assert "This is right: +45 32 12 34 57" in letter.text
    assert done(clients.dpo.post(f"{there}/answer", json={"answer": "corrected"}), 409)
    for place, form in (("told", None), ("answer", {"answer": "corrected"})):
        assert clients.dpo.post(f"{there}/{place}", json=form).status_code == 204
    look(house, clients.controller, made["id"])
    assert clients.dpo.post(there).status_code == 204
    [found] = done(clients.dpo.get(f"{path}/corrections"))["items"]
    [task] = found["tasks"]
    assert (task["done_by"]["role"], task["answer"], task["told_by"]["role"]) == ("dpo", "corrected", "dpo")
    assert done(clients.dpo.post(f"{path}/fulfil"))["outcome"] == "fulfilled"
