"""Minimisation through the API: what was found, its picture, and what people answer."""

import pytest

from rightcall.ethics.minimisation import actions
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import PURPOSE, barely_read, done

REASON = "Coaches come back to old calls each spring."


@pytest.fixture
def purpose(house: RealHouse, clients: Clients) -> str:
    return barely_read(house, clients)


def test_what_was_found_is_told_and_drawn(clients: Clients, purpose: str) -> None:
    found = done(clients.auditor.get("/api/v1/minimisation?purpose=training"))
    [item], [proposal] = found["items"], found["proposals"]
    assert (item["purpose"], item["term"]["finding"], item["term"]["enough_days"]) == (purpose, "shorter", 2)
    assert (proposal["kind"], proposal["term_days"], proposal["was_days"], proposal["state"]) == ("shorten_term", 2, 90, "open")
    figures = done(clients.dpo.get(f"/api/v1/minimisation/proposals/{proposal['id']}/figures"))
    assert figures["term"] == item["term"]
    picture = clients.dpo.get("/api/v1/minimisation/plot?purpose=training")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert "sha256-" in picture.headers["content-security-policy"]
    page = clients.dpo.get("/api/v1/minimisation/page")
    assert picture.text in page.text


def test_accepted_it_is_a_review_that_shows_what_it_changes(clients: Clients, purpose: str) -> None:
    [proposal] = done(clients.dpo.get("/api/v1/minimisation"))["proposals"]
    path = f"/api/v1/minimisation/proposals/{proposal['id']}"
    accepted = done(clients.dpo.post(f"{path}/answer", json={"answer": "accept"}), 201)
    shown = done(clients.agent.get(f"/api/v1/reviews/{accepted['review']}"))
    assert shown["change"] == {"term_days": 2, "dropped": [], "proposal": proposal["id"], "figures": proposal["figures"]}
    for client, capacity in ((clients.supervisor, "for_the_house"), (clients.agent, "for_agents")):
        signed = done(client.post(f"/api/v1/reviews/{accepted['review']}/sign", json={"capacity": capacity}))
    assert signed["stage"] == "in_force", signed["why_not"]
    assert done(clients.dpo.get(f"/api/v1/purposes/{purpose}"))["term_days"] == 2
    assert done(clients.dpo.get(path))["state"] == "adopted"
    assert clients.dpo.post(f"{path}/answer", json={"answer": "accept"}).status_code == 409


def test_rejected_it_keeps_its_reason(clients: Clients, purpose: str) -> None:
    [proposal] = done(clients.dpo.get("/api/v1/minimisation"))["proposals"]
    path = f"/api/v1/minimisation/proposals/{proposal['id']}/answer"
    assert clients.supervisor.post(path, json={"answer": "reject"}).status_code == 400
    form = {"answer": "reject", "why": "late_uses_matter", "reason": REASON}
    assert done(clients.supervisor.post(path, json=form), 201)["reason"] == REASON


def test_before_a_look_there_is_nothing_to_draw(house: RealHouse, clients: Clients) -> None:
    done(clients.dpo.post("/api/v1/purposes", json=PURPOSE), 201)
    assert done(clients.dpo.get("/api/v1/minimisation")) == {
        "items": [],
        "next": None,
        "looked_at": None,
        "proposals": [],
        "access": [],
    }
    assert "looks" in done(clients.dpo.get("/api/v1/minimisation/plot?purpose=training"), 404)["detail"]
    assert done(clients.dpo.post("/api/v1/minimisation/looks"), 202)["statement"]
    with house.database.transaction(clients.controller) as tx:
        assert actions.figures(tx) == []
