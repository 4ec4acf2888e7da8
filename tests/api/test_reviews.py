"""Reviews through the API: written by one, signed by two others, in force; and what a purpose says of itself meanwhile."""

import copy
import json
import re
from base64 import b64encode
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from rightcall.actors import Role
from rightcall.canonical import canonical_json
from rightcall.clock import SystemClock
from rightcall.ids import new_id
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import NOTICE, PURPOSE, done
from tests.cast import ADA_EMAIL, ADA_TEL
from tests.reviews.words import FORM
from tests.standing import SetClock


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


def test_anybody_can_make_its_digest_again(clients: Clients) -> None:
    """As docs/reference/reviews.md says, from what the API shows."""
    register(clients)
    review = draft(clients)
    signed = {name: review[name] for name in ("purpose", "version", "expires_on", "content")}
    again = canonical_json({"controller": str(clients.controller), **signed, **review["bound"]})
    assert sha256(again).hexdigest() == review["digest"]


def test_an_override_makes_it_wait_and_is_signed_with_the_next(clients: Clients) -> None:
    purpose, review = register(clients), draft(clients)["id"]
    bring_into_force(clients, review)
    override = give(clients, purpose)
    now = done(clients.agent.get("/api/v1/purposes/training"))["review"]
    assert (now["in_force"], [why["why"] for why in now["why_not"]]) == (False, ["set_aside"])
    assert done(clients.agent.get(f"/api/v1/reviews/{review}"))["stage"] == "waiting"
    following = draft(clients)
    assert following["bound"]["set_aside"] == [override]
    signed = {name: following[name] for name in ("purpose", "version", "expires_on", "content")}
    again = canonical_json({"controller": str(clients.controller), **signed, **following["bound"]})
    assert sha256(again).hexdigest() == following["digest"]
    assert override in clients.agent.get(f"/api/v1/reviews/{following['id']}/lia").text
    bring_into_force(clients, following["id"])
    assert done(clients.agent.get("/api/v1/purposes/training"))["review"]["in_force"]


def test_faults_of_form_and_of_wording_are_told_in_one_round(clients: Clients) -> None:
    register(clients)
    wrong = copy.deepcopy(FORM)
    wrong["answers"] |= {"what_for": "", "need_all": "Yes.", "kept_safe": "Call 07700_900_123 and ask them about it."}
    wrong["harms"][1] |= {"severity": "plantedseverity", "done": "x1 aa bb cc dd ee"}
    refused = clients.dpo.post("/api/v1/purposes/training/reviews", json=wrong)
    told = {each["where"]: each["what"] for each in done(refused, 422)["errors"]}
    assert set(told) == {
        "body.answers.what_for",
        "body.answers.need_all",
        "body.answers.kept_safe",
        "body.harms.1.severity",
        "body.harms.1.done",
    }
    assert told["body.answers.need_all"].startswith("says too little")
    assert told["body.answers.kept_safe"].startswith("holds an address or a number")
    assert "grave" in told["body.harms.1.severity"]
    assert not any(written in refused.text for written in ("07700", "plantedseverity", "x1 aa"))


def bring_into_force(clients: Clients, review: str) -> None:
    sign(clients, review, Role.REVIEWER, "for_customers")
    sign(clients, review, Role.SUPERVISOR, "for_the_house")


def give(clients: Clients, purpose: str) -> str:
    wanted = {
        "rule": "house.agents_have_an_unrecorded_line",
        "purpose": purpose,
        "category": "technical",
        "name": "Grace Hopper",
        "reason": "The second telephones come at the end of the week.",
        "until": (SystemClock().now() + timedelta(days=1)).isoformat(),
    }
    return str(done(clients.dpo.post("/api/v1/overrides", json=wanted), 201)["id"])


def test_another_notice_and_the_purpose_says_why_it_does_not_run(clients: Clients) -> None:
    purpose = register(clients)
    review = draft(clients)
    sign(clients, review["id"], Role.REVIEWER, "for_customers")
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


def test_the_two_documents_as_a_page_and_as_json(clients: Clients) -> None:
    register(clients)
    review = draft(clients)["id"]
    for kind in ("dpia", "lia"):
        page = clients.agent.get(f"/api/v1/reviews/{review}/{kind}")
        assert page.status_code == 200
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        policy = page.headers["content-security-policy"]
        (style,) = re.findall(r"<style>(.*?)</style>", page.text, re.DOTALL)
        assert f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" in policy
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        document = done(clients.agent.get(f"/api/v1/reviews/{review}/{kind}", params={"format": "json"}))
        assert document["format"] == f"rightcall-{kind}/1"
        assert document["review"]["stage"] == "draft"
    assert clients.agent.get(f"/api/v1/reviews/{review}/ropa").status_code == 422
    assert clients.stranger.get(f"/api/v1/reviews/{review}/dpia").status_code == 401


def test_a_purpose_that_the_house_does_not_want_is_signed_and_stays_shut(clients: Clients) -> None:
    """With the reason of the rule that says so, where the purpose is shown."""
    register(clients)
    review = draft(clients, declared=FORM["declared"] | {"unrecorded_line": None})["id"]
    sign(clients, review, Role.SUPERVISOR, "for_the_house")
    assert sign(clients, review, Role.AGENT, "for_agents")["stage"] == "not_activated"
    shown = done(clients.dpo.get("/api/v1/purposes/training"))["review"]
    assert not shown["in_force"]
    assert [why["rule"] for why in shown["why_not"]] == [None, "house.agents_have_an_unrecorded_line"]


def test_without_a_balancing_test_it_is_unlawful(clients: Clients) -> None:
    register(clients)
    review = draft(clients, balancing=None)["id"]
    sign(clients, review, Role.SUPERVISOR, "for_the_house")
    signed = sign(clients, review, Role.AGENT, "for_agents")
    assert done(clients.dpo.get(f"/api/v1/verdicts/{signed['verdict']}"))["outcome"] == "unlawful"
    assert "basis.balanced" in [why["rule"] for why in signed["why_not"]]
