"""Asking before doing, for any act of a contact centre: what is answered, what would turn it, and what is a mistake."""

from typing import Any

import pytest

from rightcall.actors import Role
from rightcall.policy.actions import keep_rules
from rightcall.policy.model import Act
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import Scene, done, ring

CUSTOMER = {"role": "customer", "answer": "granted"}
CONTACT = {"consent": "express_written", "artificial_voice": False, "marketing": True, "objected": False, "urgent": False}
REQUEST = {
    "wish": "access",
    "days_open": 5,
    "extended": False,
    "reasons_given": False,
    "complete": True,
    "charged": False,
    "recipients_told": True,
    "ground_named": False,
}
BREACH = {"hours_known": 5, "risk": True, "high_risk": False, "authority_told": True, "people_told": True}


@pytest.fixture
def scene(house: RealHouse, clients: Clients) -> Scene:
    return ring(house, clients)


def ask(scene: Scene, **question: Any) -> dict[str, Any]:
    answer: dict[str, Any] = done(scene.clients.dpo.post("/api/v1/verdicts", json=question))
    return answer


def changes(verdict: dict[str, Any]) -> set[tuple[str, str]]:
    return {(change["fact"], change["would_be"]) for each in verdict["counterfactuals"] for change in each["changes"]}


def test_a_no_says_the_smallest_change_that_would_turn_it_in_plain_words(scene: Scene) -> None:
    what_if = {"parties": [{"role": "customer", "answer": "unasked"}], "carries_card_data": False}
    verdict = ask(scene, act="capture", purpose="training", what_if={**what_if, "carries_authentication_data": False})
    assert verdict["outcome"] == "unlawful"
    assert changes(verdict) == {("outsiders.answer", "granted")}
    assert verdict["counterfactuals"][0]["changes"][0]["says"].startswith("the answer of customers")


def test_what_would_turn_a_no_names_the_duties_that_would_come_with_it(scene: Scene) -> None:
    party = {"role": "customer", "answer": "unasked", "number": "+33170189900"}
    cards = {"carries_card_data": False, "carries_authentication_data": False}
    verdict = ask(scene, act="capture", purpose="training", what_if={"parties": [party], **cards})
    (turned,) = verdict["counterfactuals"]
    assert turned["outcome"] == "proceed_with_duties"
    assert turned["duties"] == [{"kind": "keep_at_most_days", "rule": "recording.fr_training_retention", "days": 181}]


@pytest.mark.parametrize(
    ("act", "fact"),
    [
        ("ask", {"last_day": "2026-12-01"}),
        ("ask", {"collected_for": ["nonsense"]}),
        ("ask", {"carries_card_data": True}),
        ("play", {"pauses": ["card_data"]}),
    ],
)
def test_a_fact_that_the_act_does_not_bring_is_a_mistake(scene: Scene, act: str, fact: dict[str, Any]) -> None:
    question = {"act": act, "purpose": "training", "what_if": {"parties": [CUSTOMER], **fact}}
    assert f"{act} brings no {next(iter(fact))}" in done(scene.clients.dpo.post("/api/v1/verdicts", json=question), 400)["detail"]


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ("answer_request", {"request": {**REQUEST, "days_open": -5}}),
        ("close_breach", {"breach": {**BREACH, "hours_known": -1}}),
        ("close_breach", {"breach": {**BREACH, "risk": False, "high_risk": True}}),
    ],
)
def test_a_fact_that_cannot_be_is_a_mistake(scene: Scene, act: str, told: dict[str, Any]) -> None:
    answer = done(scene.clients.dpo.post("/api/v1/verdicts", json={"act": act, "told": told}), 400)
    assert "never below" in answer["detail"] or "A high risk is a risk" in answer["detail"]


def test_what_is_not_known_is_said_in_words(scene: Scene) -> None:
    party = {**CUSTOMER, "residence": "JP"}
    answer = ask(scene, act="capture", purpose="training", what_if={"parties": [party]})
    assert "No law pack for JP" in " ".join(answer["not_known"])
    assert "whether it carries card data" in " ".join(answer["not_known"])
    assert len(answer["not_known"]) == len(answer["missing"])


def test_it_is_the_same_when_it_is_read_later(scene: Scene, house: RealHouse) -> None:
    with house.database.system() as tx:
        keep_rules(tx, house.clock, house.rules)
    asked = ask(scene, act="capture", purpose="training", what_if={"parties": [CUSTOMER]})
    assert asked["outcome"] == "cannot_tell"
    later = done(scene.clients.dpo.get(f"/api/v1/verdicts/{asked['id']}"))
    assert later["counterfactuals"] == asked["counterfactuals"] != []


def test_a_reason_names_the_place_by_which_it_counts(scene: Scene) -> None:
    party = {**CUSTOMER, "number": "+493012345678"}
    agent = {"role": "agent", "answer": "unasked"}
    cards = {"carries_card_data": False, "carries_authentication_data": False}
    verdict = ask(scene, act="capture", purpose="training", what_if={"parties": [party, agent], **cards})
    assert {"DE"} in [set(reason["places"]) for reason in verdict["reasons"]]
    assert verdict["outcome"] == "unlawful"


def test_a_number_is_kept_nowhere(scene: Scene, house: RealHouse) -> None:
    ask(scene, act="capture", purpose="training", what_if={"parties": [{**CUSTOMER, "number": "+493012345678"}]})
    with house.database.transaction(scene.controller) as tx:
        rows = tx.connection.execute("SELECT facts::text FROM verdicts").fetchall()
    assert rows
    assert "493012345678" not in str(rows)


@pytest.mark.parametrize("act", [Act.ANSWER_REQUEST, Act.CLOSE_BREACH, Act.CERTIFY, Act.RESTORE, Act.ERASE])
def test_an_act_that_is_about_no_purpose_needs_none(scene: Scene, act: Act) -> None:
    assert ask(scene, act=act)["outcome"] in ("cannot_tell", "proceed", "proceed_with_duties", "unlawful")


def test_what_only_the_asker_knows_is_weighed(scene: Scene) -> None:
    verdict = ask(scene, act="close_breach", told={"breach": {**BREACH, "hours_known": 100, "authority_told": False}})
    assert verdict["outcome"] == "unlawful"
    assert ask(scene, act="close_breach", told={"breach": BREACH})["outcome"] in ("proceed", "proceed_with_duties")


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ({"act": "play", "purpose": "training", "what_if": {"parties": [CUSTOMER]}, "told": {"contact": CONTACT}}, "contact"),
        ({"act": "capture", "purpose": "training"}, "one thing"),
        ({"act": "capture", "what_if": {"parties": [CUSTOMER]}}, "Name it"),
        ({"act": "close_breach", "told": {"breach": {"hours_known": 3}}}, "breach"),
        ({"act": "close_breach", "told": {"breach": {**BREACH, "who": "x"}}}, "breach"),
        ({"act": "certify", "what_if": {"parties": [CUSTOMER]}}, "purpose"),
    ],
)
def test_what_does_not_belong_is_a_mistake_that_says_so(scene: Scene, question: dict[str, Any], says: str) -> None:
    answer = scene.clients.dpo.post("/api/v1/verdicts", json=question)
    assert answer.status_code in (400, 422), answer.text
    assert says in answer.text


def test_a_number_that_is_wrong_is_not_repeated(scene: Scene) -> None:
    party = {**CUSTOMER, "number": "+45 32 12 34 56 Ada"}
    question = {"act": "play", "purpose": "training", "what_if": {"parties": [party]}}
    answer = scene.clients.dpo.post("/api/v1/verdicts", json=question)
    assert answer.status_code == 422
    assert "Ada" not in answer.text


def test_what_was_decided_is_counted_and_listed(scene: Scene) -> None:
    ask(scene, act="capture", purpose="training", call=scene.call, party=scene.ada)
    ask(scene, act="capture", purpose="training", what_if={"parties": [{**CUSTOMER, "answer": "refused"}]})
    summary = done(scene.clients.dpo.get("/api/v1/verdicts/summary?days=1&purpose=training"))
    lines = [each for each in summary["lines"] if (each["act"], each["outcome"]) == ("capture", "unlawful")]
    line, to_see = lines
    assert (line["about"], line["is_on_record"], line["calls"]) == ("customer", True, 1)
    assert (to_see["about"], to_see["is_on_record"], to_see["calls"], to_see["verdicts"]) == ("customer", False, 0, 1)
    assert "consent.unambiguous" in {behind["rule"] for behind in line["behind"]}
    listed = done(scene.clients.dpo.get("/api/v1/verdicts?rule=consent.unambiguous&outcome=unlawful&limit=1"))
    assert listed["items"][0]["id"] in next(each for each in line["behind"] if each["rule"] == "consent.unambiguous")["examples"]
    assert listed["next"] == listed["items"][0]["id"]
    assert done(scene.clients.dpo.get(f"/api/v1/verdicts?after={listed['next']}&rule=consent.unambiguous"))["items"] == []
    assert scene.clients.agent.get("/api/v1/verdicts").status_code == 403


OFFER = {"consent": "express_written", "artificial_voice": False, "marketing": False, "objected": False, "urgent": False}


@pytest.mark.parametrize("by", ["number", "subject"])
def test_a_no_that_is_on_record_counts_whatever_a_dialler_was_told(scene: Scene, by: str) -> None:
    party = next(each for each in scene.detail()["parties"] if each["id"] == scene.ada)
    known = {"number": "+4532123456", "subject": party["subject"]}[by]
    question = {
        "act": "call_out",
        "purpose": "training",
        "what_if": {"parties": [{**CUSTOMER, "quality": "valid", by: known}]},
        "told": {"contact": OFFER},
    }
    before = ask(scene, **question)
    done(scene.choose("refused"), 201)
    after = ask(scene, **question)
    assert "consent.refused" not in {reason["rule"] for reason in before["reasons"]}
    assert after["id"] != before["id"]
    assert {change["was"] for each in after["counterfactuals"] for change in each["changes"]} | {after["outcome"]} >= {"unlawful"}


def test_who_may_not_find_people_learns_nothing_of_their_answers(scene: Scene) -> None:
    what_if = {"parties": [{**CUSTOMER, "number": "+4532123456"}]}
    question = {"act": "capture", "purpose": "training", "what_if": what_if}
    assert scene.clients.of(Role.ENGINEER).post("/api/v1/verdicts", json=question).status_code == 403


@pytest.mark.parametrize("act", [Act.ERASE, Act.PLAY_HELD, Act.ANSWER_REQUEST])
def test_what_was_named_is_never_dropped_in_silence(scene: Scene, act: Act) -> None:
    answer = scene.clients.dpo.post("/api/v1/verdicts", json={"act": act, "call": scene.call, "party": scene.ada})
    assert answer.status_code in (400, 422)
    assert "seen from a purpose" in answer.text
