"""What a yes is worth, over the API, with its reasons. Pressure noted in a live call closes the gate before the answer comes."""

from typing import Any
from uuid import UUID

import pytest

from rightcall.ids import CallId
from rightcall.recordings import actions as recordings
from tests.api.conftest import Clients
from tests.api.fakes import Fault, RealHouse
from tests.api.scene import Scene, done, ring
from tests.cast import ADA_NAME, ADA_TEL


@pytest.fixture
def scene(house: RealHouse, clients: Clients) -> Scene:
    return ring(house, clients)


def yes(scene: Scene) -> str:
    return str(done(scene.choose("granted"), 201)["id"])


def rules(shown: dict[str, Any]) -> set[str]:
    return {finding["rule"] for finding in shown["findings"]}


def note(scene: Scene, choice: str, **body: Any) -> Any:
    return scene.clients.agent.post(f"/api/v1/choices/{choice}/marks", json=body)


def test_a_choice_shows_what_it_is_worth_and_why(scene: Scene) -> None:
    made = done(scene.choose("granted"), 201)
    assert made["quality"]["quality"] == "doubtful"
    assert "time_not_known" in rules(made["quality"])
    for finding in made["quality"]["findings"]:
        assert finding["says"].endswith(".")
        assert "GDPR" in finding["cite"]
        assert finding["weight"] in ("doubtful", "void")
    assert made["quality"]["faults"]
    assert all(fault["instead"] for fault in made["quality"]["faults"])
    (listed,) = done(scene.clients.agent.get(f"/api/v1/calls/{scene.call}/choices"))["items"]
    assert listed["quality"] == made["quality"]
    assert listed["quality"]["quarantined_at"] is None


def test_a_no_has_no_quality(scene: Scene) -> None:
    made = done(scene.choose("refused"), 201)
    assert made["quality"] is None
    assert scene.clients.agent.get(f"/api/v1/choices/{made['id']}/weighings").status_code == 409
    assert note(scene, made["id"]).status_code == 409


def test_what_is_told_with_the_ask_is_weighed(scene: Scene) -> None:
    asked = scene.ask(
        language="da", spoken_from="2026-01-01T10:00:00Z", spoken_until="2026-01-01T10:00:09Z", steps_yes=1, steps_no=2
    )
    assert asked.status_code == 201, asked.text
    made = done(scene.choose("granted", ask=asked.json()["id"]), 201)
    assert {"about_the_person", "no_is_harder"} <= rules(made["quality"])
    assert made["quality"]["quality"] == "void"
    assert scene.hear() == 0


@pytest.mark.parametrize(
    "told",
    [
        {"spoken_from": "2026-01-01T10:00:00Z"},
        {"spoken_from": "2999-01-01T10:00:00Z", "spoken_until": "2999-01-01T10:00:09Z"},
        {"steps_yes": 1},
        {"steps_yes": 0, "steps_no": 1},
        {"spoken_from": "10 o'clock", "spoken_until": "then"},
    ],
)
def test_what_cannot_be_so_is_turned_away(scene: Scene, told: dict[str, Any]) -> None:
    assert scene.ask(**told).status_code in (400, 422)


def test_pressure_noted_in_a_live_call_closes_the_gate_and_shuts_what_was_kept(scene: Scene) -> None:
    choice = yes(scene)
    assert scene.hear(10) == 10
    noted = done(note(scene, choice, word_of="person"), 201)
    assert noted["held"] is not None
    assert scene.hear(10) == 0
    assert (noted["quality"]["quality"], rules(noted["quality"]) & {"pressure_noted"}) == ("void", {"pressure_noted"})
    assert noted["quality"]["quarantined_at"] is not None
    (mark,) = noted["marks"]
    assert (mark["word_of"], mark["by"]["role"]) == ("person", "agent")
    assert [each["quality"] for each in noted["before"]] == ["doubtful"]
    (standing,) = (each for each in scene.detail()["standing"] if each["choice"] == choice)
    assert (standing["answer"], standing["quality"], standing["may_be_kept"]) == ("granted", "void", False)
    scene.hang_up()
    subject = done(scene.clients.dpo.get(f"/api/v1/choices/{choice}"))["subject"]
    (held,) = done(scene.clients.dpo.get(f"/api/v1/subjects/{subject}/holdings"))["items"]
    assert (held["quarantined"], held["readable"]) == (True, False)
    assert [(each["quarantined"], each["dark"]) for each in held["purposes"]] == [(True, "withheld")]
    body = {"purpose": "training", "reason": "train a new agent", "case": "case-7"}
    played = scene.clients.supervisor.get(f"/api/v1/takes/{held['id']}/audio", params=body)
    assert played.status_code in (403, 409)


@pytest.mark.parametrize("deed", ["marks", "weighings"])
def test_where_the_recorder_does_not_answer_it_says_so_and_the_recorder_will_see_it_by_itself(scene: Scene, deed: str) -> None:
    """The version that the recorder reads every second has moved, and what was found stands."""
    choice = yes(scene)
    before = version(scene)
    scene.house.gates.fault = Fault.NOT_DONE
    answer = scene.clients.dpo.post(f"/api/v1/choices/{choice}/{deed}", json={} if deed == "marks" else None)
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:rightcall:problem:not-confirmed")
    assert answer.json()["choice"] == choice
    assert version(scene) > before
    shown = done(scene.clients.dpo.get(f"/api/v1/choices/{choice}/weighings"))
    assert shown["quality"]["quality"] == ("void" if deed == "marks" else "doubtful")


def version(scene: Scene) -> int:
    with scene.house.database.transaction(scene.controller) as tx:
        return recordings.call_state(tx, CallId(UUID(scene.call))).session.version


def test_the_dpo_sets_aside_and_releases_and_it_is_readable_again(scene: Scene) -> None:
    choice = yes(scene)
    scene.hear()
    mark = done(note(scene, choice), 201)["marks"][0]["id"]
    scene.hang_up()
    dpo = scene.clients.dpo
    release = {"reason": "mark_was_wrong"}
    assert dpo.post(f"/api/v1/choices/{choice}/release", json=release).status_code == 409
    aside = done(dpo.post(f"/api/v1/choices/{choice}/marks/{mark}/aside", json={"reason": "not_so"}))
    assert (aside["quality"]["quality"], aside["quality"]["quarantined_at"] is not None) == ("doubtful", True)
    assert done(dpo.post(f"/api/v1/choices/{choice}/release", json=release))["quality"]["quarantined_at"] is None
    subject = done(dpo.get(f"/api/v1/choices/{choice}"))["subject"]
    (held,) = done(dpo.get(f"/api/v1/subjects/{subject}/holdings"))["items"]
    assert (held["quarantined"], held["readable"]) == (False, True)
    assert dpo.post(f"/api/v1/choices/{choice}/release", json={"reason": "because"}).status_code == 422


def test_the_dpo_lets_go_and_nobody_else_may(scene: Scene) -> None:
    choice = yes(scene)
    note(scene, choice)
    for role in ("agent", "supervisor", "auditor"):
        assert getattr(scene.clients, role).post(f"/api/v1/choices/{choice}/let-go").status_code == 403
    gone = done(scene.clients.dpo.post(f"/api/v1/choices/{choice}/let-go"))
    assert gone["quality"]["quarantined_at"] is None
    assert scene.clients.dpo.post(f"/api/v1/choices/{choice}/let-go").status_code == 409


def test_counts_and_lists_name_nobody(scene: Scene) -> None:
    choice = yes(scene)
    note(scene, choice)
    dpo = scene.clients.dpo
    counted, listed = dpo.get("/api/v1/quality", params={"days": 1}), dpo.get("/api/v1/choices", params={"quality": "void"})
    (tally,) = done(counted)["items"]
    assert (tally["purpose_key"], tally["version"], tally["void"], tally["valid"]) == ("training", 1, 1, 0)
    assert tally["findings"]["pressure_noted"] == 1
    assert [each["choice"] for each in done(listed)["items"]] == [choice]
    assert done(dpo.get("/api/v1/choices", params={"quality": "valid", "purpose": "training"}))["items"] == []
    subject = done(dpo.get(f"/api/v1/choices/{choice}"))["subject"]
    for answer in (counted, listed):
        for planted in (ADA_NAME, ADA_TEL, subject):
            assert planted not in answer.text
    assert [each["choice"] for each in done(dpo.get("/api/v1/choices", params={"quarantined": "true"}))["items"]] == [choice]
    assert dpo.get("/api/v1/choices", params={"quality": "good"}).status_code == 422


def test_every_yes_to_a_purpose_can_be_weighed_anew(scene: Scene) -> None:
    choice = yes(scene)
    dpo = scene.clients.dpo
    assert done(dpo.post("/api/v1/purposes/training/weighings"), 202)["purpose"] == scene.purpose
    again = done(dpo.post(f"/api/v1/choices/{choice}/weighings"))
    assert again["before"] == []
    assert dpo.post("/api/v1/purposes/no-such-purpose/weighings").status_code == 404
