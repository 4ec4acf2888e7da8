"""House rules and overrides over the API: drafted by one, signed by two, told to everybody."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from rightcall.actors import Role
from rightcall.calls import actions as calls
from rightcall.clock import SystemClock
from rightcall.ids import new_id
from rightcall.policy import in_force as in_force_now
from rightcall.policy.loading import corpus
from tests.api.conftest import Client, Clients
from tests.api.fakes import RealHouse
from tests.api.scene import done
from tests.policy.proposals import MARKETING, changed, example
from tests.policy.test_drift import without_its_text
from tests.standing import SetClock

NAME = "Grace Hopper"


def as_form(proposal: Any = None) -> dict[str, Any]:
    proposal = proposal or example()
    return {kind: [{"file": each.file, "text": each.text} for each in getattr(proposal, kind)] for kind in ("files", "scenarios")}


def adopted(clients: Clients, **more: Any) -> dict[str, Any]:
    draft = done(clients.reviewer.post("/api/v1/rules/drafts", json=as_form() | more), 201)["id"]
    done(clients.dpo.post(f"/api/v1/rules/drafts/{draft}/replay", json={"days": 7}))
    done(clients.dpo.post(f"/api/v1/rules/drafts/{draft}/adopt"))
    return done(clients.supervisor.post(f"/api/v1/rules/drafts/{draft}/adopt"))


def in_force(client: Client) -> dict[str, Any]:
    items: list[dict[str, Any]] = done(client.get("/api/v1/rules", params={"axis": "house"}))["items"]
    return {each["rule"]: each for each in items}


def override(**changes: Any) -> dict[str, Any]:
    until = (SystemClock().now() + timedelta(days=1)).isoformat()
    reason = "A regulator listens with us."
    return {"rule": MARKETING, "category": "inquiry", "name": NAME, "reason": reason, "until": until} | changes


def test_from_a_draft_into_force(clients: Clients) -> None:
    before = in_force(clients.agent)
    assert "house.listening_needs_a_reason" in before
    draft = done(clients.reviewer.post("/api/v1/rules/drafts", json=as_form()), 201)
    assert {"added"} == {each["kind"] for each in draft["changes"] if each["rule"] == MARKETING}
    assert {"removed"} == {each["kind"] for each in draft["changes"] if each["rule"] == "house.listening_needs_a_reason"}
    path = f"/api/v1/rules/drafts/{draft['id']}"
    assert done(clients.dpo.post(f"{path}/adopt"), 409)["detail"].startswith("This draft was not replayed")
    replay = done(clients.supervisor.post(f"{path}/replay", json={"days": 7}))
    assert (replay["verdicts"], replay["changed"], replay["report"]["changes"]) == (0, 0, [])
    assert len(done(clients.dpo.post(f"{path}/adopt"))["signatures"]) == 1
    assert done(clients.dpo.post(f"{path}/adopt"), 409)
    assert in_force(clients.agent) == before
    adopted = done(clients.supervisor.post(f"{path}/adopt"))
    assert adopted["adoption"] is not None
    (shown,) = [each for each in in_force(clients.agent).values() if not each["charter"]]
    assert shown["rule"] == MARKETING
    assert [each["file"] for each in shown["stops"]] == ["0.toml"]
    assert "1.toml" in [each["file"] for each in shown["lets_through"]]
    (entry,) = done(clients.engineer.get("/api/v1/rules/history"))["items"]
    assert (entry["id"], entry["first"]["role"], entry["second"]["role"]) == (adopted["adoption"], "dpo", "supervisor")
    assert done(clients.agent.get(path))["replays"][0]["id"] == replay["id"]


def test_a_draft_tells_which_situations_come_out_otherwise(clients: Clients) -> None:
    lost = "house.no_emotion_scores"
    drafted = done(clients.dpo.post("/api/v1/rules/drafts", json=as_form(without_its_text(lost))), 201)
    told = drafted["drift"]
    assert told["tried"] == len(corpus())
    for side in (told["from_in_force"], told["from_expected"]):
        assert side["by_rule"] == {lost: side["count"]}
        assert 0 < side["turned"] <= side["count"]
        assert len(side["first"]) == min(20, side["count"])
        assert side["first"][0]["lines"][:3] == ["- outcome not_right", "+ outcome proceed", f"- rule {lost}"]
    path = f"/api/v1/rules/drafts/{drafted['id']}"
    assert done(clients.supervisor.get(path))["drift"] == told
    assert [each["drift"] for each in done(clients.agent.get("/api/v1/rules/drafts"))["items"]] == [None]
    done(clients.dpo.post(f"{path}/replay", json={"days": 7}))
    assert done(clients.dpo.post(f"{path}/adopt"))["drift"] == told
    assert done(clients.supervisor.post(f"{path}/adopt"))["drift"] == told
    assert done(clients.agent.get(path))["drift"]["from_in_force"]["count"] == 0


def test_a_rule_is_answered_with_five_situations_where_it_counts(clients: Clients) -> None:
    (shown,) = done(clients.agent.get("/api/v1/rules", params={"rule": "us.all_party"}))["items"]
    assert len(shown["stops"]) == len(shown["lets_through"]) == 5
    assert shown["stops_in_all"] > 5
    places = {each.file: each.question.jurisdictions or frozenset() for each in corpus()}
    assert all(any(place.startswith("US") for place in places[each["file"]]) for each in shown["lets_through"])


def test_going_back_is_the_same_way_again(clients: Clients) -> None:
    first = adopted(clients)["adoption"]
    adopted(clients, **as_form(changed(MARKETING, "house.another", also_scenarios=True)))
    body = {"again": first}
    draft = done(clients.dpo.post("/api/v1/rules/drafts", json=body), 201)
    assert [(each["kind"], each["rule"]) for each in draft["changes"]] == [("removed", "house.another"), ("added", MARKETING)]
    assert done(clients.dpo.post(f"/api/v1/rules/drafts/{draft['id']}/withdraw"))["withdrawn_at"] is not None
    done(clients.dpo.post(f"/api/v1/rules/drafts/{draft['id']}/adopt"), 409)


def test_back_to_where_it_began(clients: Clients) -> None:
    adopted(clients)
    draft = done(clients.dpo.post("/api/v1/rules/drafts", json={"again": "deployment"}), 201)
    changes = {(each["kind"], each["rule"]) for each in draft["changes"]}
    assert {("removed", MARKETING), ("added", "house.listening_needs_a_reason")} <= changes
    done(clients.dpo.post("/api/v1/rules/drafts", json={"again": "shipped"}), 422)


def test_a_fault_is_told_with_file_line_and_advice(clients: Clients) -> None:
    broken = as_form(changed("context.actor.role", "context.actor.rank"))
    (finding,) = done(clients.dpo.post("/api/v1/rules/check", json=broken))["items"]
    assert (finding["file"], finding["line"], finding["rule"]) == ("mine.cedar", 16, MARKETING)
    assert "docs/reference/rules.md" in finding["advice"]
    assert "mine.cedar:16" in done(clients.dpo.post("/api/v1/rules/drafts", json=broken), 400)["detail"]
    assert done(clients.dpo.post("/api/v1/rules/check", json=as_form()))["items"] == []
    done(clients.dpo.post("/api/v1/rules/drafts", json=as_form() | {"again": str(new_id())}), 422)
    done(clients.dpo.post("/api/v1/rules/drafts", json={}), 422)
    done(clients.dpo.get("/api/v1/rules", params={"rule": "house.unheard_of"}), 404)


@pytest.mark.parametrize("role", [Role.AGENT, Role.ENGINEER])
def test_who_may_not_draft_sign_or_override(clients: Clients, role: Role) -> None:
    client, any_id = clients.of(role), new_id()
    for path, body in (
        ("rules/drafts", as_form()),
        ("rules/check", as_form()),
        (f"rules/drafts/{any_id}/replay", {"days": 1}),
        (f"rules/drafts/{any_id}/adopt", None),
        (f"rules/drafts/{any_id}/withdraw", None),
        ("overrides", override()),
        (f"overrides/{any_id}/end", None),
    ):
        done(client.post(f"/api/v1/{path}", json=body), 403)
    done(client.get("/api/v1/overrides"), 403)
    done(client.get(f"/api/v1/overrides/{any_id}"), 403)


def test_an_override_is_given_seen_public_and_ended(clients: Clients) -> None:
    adopted(clients)
    given = done(clients.dpo.post("/api/v1/overrides", json=override()), 201)
    assert (given["in_force"], given["uses"], given["value"].split(":")[0]) == (True, 0, "respect")
    assert "name" not in given
    assert done(clients.auditor.get(f"/api/v1/overrides/{given['id']}"))["name"] == NAME
    assert [each["id"] for each in done(clients.supervisor.get("/api/v1/overrides"))["items"]] == [given["id"]]
    path, asks = "/api/v1/public/overrides", {"controller": str(clients.controller)}
    answer = clients.stranger.get(path, params=asks)
    (public,) = done(answer)["items"]
    assert (public["rule"], public["role"], public["in_force"], public["uses"]["says"]) == (
        MARKETING, "dpo", True, "fewer than 5",
    )  # fmt: skip
    assert NAME not in answer.text
    assert set(public) == {
        "rule", "value", "role", "category", "narrowed_to", "first", "last", "in_force", "uses", "past",
    }  # fmt: skip
    ended = done(clients.dpo.post(f"/api/v1/overrides/{given['id']}/end"))
    assert (ended["in_force"], ended["ended_by"]["role"]) == (False, "dpo")
    (public,) = done(clients.stranger.get(path, params=asks))["items"]
    assert (public["in_force"], public["last"]) == (False, ended["ended_at"][:7])
    assert public["past"] == given["past"] == {"days_of_90": 1, "times_in_a_year": 1}
    done(clients.stranger.get(path, params={"controller": str(new_id())}), 404)
    done(clients.stranger.get(path), 422)
    again = done(clients.dpo.post("/api/v1/overrides", json=override()), 201)
    assert done(clients.dpo.post("/api/v1/overrides", json=override()), 409)["detail"].endswith("end that override first.")
    done(clients.dpo.post(f"/api/v1/overrides/{again['id']}/forget"), 409)
    done(clients.auditor.post(f"/api/v1/overrides/{given['id']}/forget"), 403)
    for _ in range(2):
        forgotten = done(clients.dpo.post(f"/api/v1/overrides/{given['id']}/forget"))
        assert (forgotten["name"], forgotten["reason"], forgotten["uses"]) == (None, None, 0)
    assert done(clients.auditor.get(f"/api/v1/overrides/{again['id']}"))["name"] == NAME


def test_what_was_set_aside_for_one_call_is_told_when_its_month_is_over(
    house: RealHouse, clients: Clients, set_clock: SetClock
) -> None:
    """Whoever asks every minute learns neither that there is such a call nor when."""
    adopted(clients)

    def told() -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = done(
            clients.stranger.get("/api/v1/public/overrides", params={"controller": str(clients.controller)})
        )["items"]
        return items

    with house.database.transaction(clients.controller) as tx:
        call = calls.begin(tx, house.clock)
    until = (set_clock.now() + timedelta(days=1)).isoformat()
    given = done(clients.dpo.post("/api/v1/overrides", json=override(call=str(call.id), until=until)), 201)
    assert told() == []
    done(clients.dpo.post(f"/api/v1/overrides/{given['id']}/end"))
    assert told() == []
    set_clock.at = (set_clock.now().replace(day=1, hour=0, minute=0) + timedelta(days=32)).replace(day=1)
    [public] = told()
    assert (public["narrowed_to"], public["in_force"], public["past"]["times_in_a_year"]) == ("one_call", False, 1)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"rule": "consent.withdrawal"}, 403),
        ({"rule": "house.unheard_of"}, 404),
        ({"until": "2020-01-01T00:00:00Z"}, 400),
        ({"until": "2026-12-01T00:00:00"}, 422),
        ({"reason": "why"}, 400),
        ({"category": "whim"}, 422),
        ({"purpose": "unheard-of"}, 404),
    ],
)
def test_what_is_no_override_is_refused(clients: Clients, changes: dict[str, Any], status: int) -> None:
    answer = clients.dpo.post("/api/v1/overrides", json=override(rule="house.listening_needs_a_reason") | changes)
    done(answer, status)
    assert NAME not in answer.text


def test_health_says_where_adopted_rules_cannot_be_read(
    house: RealHouse, clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert done(clients.stranger.get("/health"), 503)["rules"] == "well"
    draft = adopted(clients, **as_form(changed(MARKETING, "house.read_by_nobody", also_scenarios=True)))["id"]
    with psycopg.connect(house.database.url) as connection:
        connection.execute('UPDATE rule_drafts SET files = \'[{"file": "x", "text": "forbid"}]\' WHERE draft = %s', (draft,))
    monkeypatch.setattr(in_force_now, "_SHELF", in_force_now.Shelf())
    found = done(clients.stranger.get("/health"), 503)
    assert (found["rules"], found["houses_unread"]) == ("unwell", 1)
    done(clients.dpo.post("/api/v1/overrides", json=override(rule="house.read_by_nobody")), 409)
    adopted(clients)
    assert done(clients.stranger.get("/health"), 503)["rules"] == "well"
