"""Reviews through the API: written by one, signed by two others, in force; and what a purpose says of itself meanwhile."""

import copy
import json
from typing import Any

import pytest

from rightcall.actors import Role
from rightcall.ids import new_id
from tests.api.conftest import Clients, SetClock
from tests.api.fakes import RealHouse
from tests.api.scene import NOTICE, PURPOSE, done
from tests.cast import ADA_EMAIL, ADA_TEL
from tests.reviews.words import FORM


def register(clients: Clients) -> str:
    purpose = done(clients.dpo.post("/api/v1/purposes", json=PURPOSE), 201)["id"]
    done(clients.dpo.post(f"/api/v1/purposes/{purpose}/notices", json=NOTICE), 201)
    return str(purpose)


def draft(clients: Clients, **otherwise: Any) -> dict[str, Any]:
    return done(clients.dpo.post("/api/v1/purposes/training/reviews", json=FORM | otherwise), 201)


def sign(clients: Clients, review: str, role: Role, capacity: str, status: int = 200) -> dict[str, Any]:
    return done(clients.of(role).post(f"/api/v1/reviews/{review}/sign", json={"capacity": capacity}), status)


def test_from_the_draft_to_what_the_purpose_says_of_itself(clients: Clients) -> None:
    register(clients)
    before = done(clients.agent.get("/api/v1/purposes/training"))["review"]
    assert (before["in_force"], [why["why"] for why in before["why_not"]]) == (False, ["none"])
    review = draft(clients)
    assert (review["stage"], review["version"], review["purpose_key"]) == ("draft", 1, "training")
    assert review["content"] == FORM
    assert "one of them for customers or for agents" in review["needed"]
    sign(clients, review["id"], Role.SUPERVISOR, "for_the_house")
    signed = sign(clients, review["id"], Role.AGENT, "for_agents")
    assert (signed["stage"], signed["needed"], signed["why_not"]) == ("in_force", "", [])
    assert [each["capacity"] for each in signed["signatures"]] == ["for_the_house", "for_agents"]
    now = done(clients.agent.get("/api/v1/purposes/training"))["review"]
    assert now == {"in_force": True, "review": review["id"], "until": signed["expires_on"], "why_not": []}
    assert done(clients.agent.get("/api/v1/purposes"))["items"][0]["review"] == now
    verdict = done(clients.dpo.get(f"/api/v1/verdicts/{signed['verdict']}"))
    assert (verdict["act"], verdict["purpose_key"]) == ("activate", "training")


def test_another_notice_and_the_purpose_says_why_it_does_not_run(clients: Clients) -> None:
    purpose = register(clients)
    review = draft(clients)
    sign(clients, review["id"], Role.AUDITOR, "for_customers")
    sign(clients, review["id"], Role.SUPERVISOR, "for_the_house")
    done(clients.dpo.post(f"/api/v1/purposes/{purpose}/notices", json=NOTICE | {"text": f"{NOTICE['text']} Thanks."}), 201)
    now = done(clients.agent.get("/api/v1/purposes/training"))["review"]
    assert [why["why"] for why in now["why_not"]] == ["notice_changed"]
    assert done(clients.agent.get(f"/api/v1/reviews/{review['id']}"))["stage"] == "lapsed"
    again = draft(clients)
    assert again["version"] == 2
    assert [each["version"] for each in done(clients.agent.get("/api/v1/purposes/training/reviews"))["items"]] == [2, 1]


def test_who_may_not_sign_is_told_who_may(clients: Clients) -> None:
    register(clients)
    review = draft(clients)
    assert "Whoever wrote" in sign(clients, review["id"], Role.DPO, "for_customers", 409)["detail"]
    assert "agent" in sign(clients, review["id"], Role.SUPERVISOR, "for_agents", 403)["detail"]
    sign(clients, review["id"], Role.AGENT, "for_agents")
    assert "already" in sign(clients, review["id"], Role.AGENT, "for_agents", 409)["detail"]
    assert clients.agent.post("/api/v1/purposes/training/reviews", json=FORM).status_code == 403
    assert done(clients.agent.post(f"/api/v1/reviews/{review['id']}/withdraw"))["stage"] == "withdrawn"
    assert clients.dpo.get(f"/api/v1/reviews/{new_id()}").status_code == 404


def test_a_review_is_over_when_its_last_day_is(clients: Clients, set_clock: SetClock) -> None:
    register(clients)
    day = set_clock.now().date()
    refused = clients.dpo.post("/api/v1/purposes/training/reviews", json=FORM | {"expires_on": day.isoformat()})
    assert "a day to come" in done(refused, 400)["detail"]
    year = day.replace(year=day.year + 2).isoformat()
    assert (
        "a year at most"
        in done(clients.dpo.post("/api/v1/purposes/training/reviews", json=FORM | {"expires_on": year}), 400)["detail"]
    )


@pytest.mark.parametrize("planted", [ADA_TEL, ADA_EMAIL, "+45 32 12 34 56"])
def test_nobody_is_named_in_it_and_what_was_written_is_not_repeated(
    clients: Clients, planted: str, caplog: pytest.LogCaptureFixture
) -> None:
    register(clients)
    form = copy.deepcopy(FORM)
    form["answers"]["right_thing"] = f"We asked one customer, {planted}, and they said it was right for them."
    answer = clients.dpo.post("/api/v1/purposes/training/reviews", json=form)
    assert "name nobody" in done(answer, 400)["detail"]
    assert planted not in answer.text
    assert planted not in caplog.text


def test_no_words_of_it_are_in_the_ledger(clients: Clients, house: RealHouse) -> None:
    register(clients)
    review = draft(clients)
    sign(clients, review["id"], Role.AGENT, "for_agents")
    sign(clients, review["id"], Role.SUPERVISOR, "for_the_house")
    done(clients.dpo.post(f"/api/v1/reviews/{review['id']}/withdraw"))
    with house.database.transaction(clients.controller) as tx:
        rows = tx.connection.execute(
            "SELECT kind, leaf FROM statements WHERE kind LIKE 'reviews.%' ORDER BY statement"
        ).fetchall()
    assert [row["kind"] for row in rows] == [
        "reviews.drafted",
        "reviews.signed",
        "reviews.signed",
        "reviews.opened",
        "reviews.ended",
    ]
    said = b" ".join(bytes(row["leaf"]) for row in rows).decode()
    for part in (FORM["answers"], *FORM["harms"], *FORM["alternatives"]):
        assert not [text for text in part.values() if " " in text and text in said]
    assert json.loads(bytes(rows[3]["leaf"]))["digest"] == review["digest"]
