"""Whose records are, through the API: shown in words, decided with a reason, undone; two subjects that are one person."""

from typing import Any

import pytest

from rightcall.database.connection import Transaction
from rightcall.discovery.detection.model import Kind
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import Tally
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import done
from tests.cast import ADA_NAME, BEN_TEL
from tests.discovery.linking.scene import NAME, estate


@pytest.fixture
def waiting(house: RealHouse, clients: Clients) -> dict[str, Any]:
    """A record that may be about a customer, or about their namesake."""

    def deed(tx: Transaction) -> None:
        crm = estate(tx, house.vault, house.clock)
        crm.record(("customer_id", "C-1"), (NAME, ADA_NAME), (Kind.PHONE, BEN_TEL))
        linking.link_next(tx, house.vault, house.clock, Tally())
        crm.record((NAME, ADA_NAME), (Kind.PHONE, BEN_TEL))
        linking.link_next(tx, house.vault, house.clock, Tally())

    house.database.run(clients.controller, deed)
    [link] = done(clients.dpo.get("/api/v1/links?state=doubtful"))["items"]
    return dict(link)


def test_a_link_says_what_speaks_for_it_and_shows_no_value(clients: Clients, waiting: dict[str, Any]) -> None:
    detail = done(clients.auditor.get(f"/api/v1/links/{waiting['id']}"))
    assert "the same telephone number: speaks for it, much, but people of one household share it" in detail["says"]
    assert {each["type"] for each in detail["findings"]} == {"person_name", "phone"}
    assert BEN_TEL not in str(detail)
    assert "ovelace" not in str(detail)


def test_it_is_accepted_and_undone_with_a_reason(clients: Clients, waiting: dict[str, Any]) -> None:
    link = f"/api/v1/links/{waiting['id']}"
    assert clients.auditor.post(f"{link}/accept", json={"reason": "other"}).status_code == 403
    accepted = done(clients.supervisor.post(f"{link}/accept", json={"reason": "seen_in_source"}))
    assert (accepted["state"], accepted["reason"], accepted["decided_by"]["role"]) == ("certain", "seen_in_source", "supervisor")
    assert clients.dpo.post(f"{link}/refuse", json={"reason": "other"}).status_code == 409
    undone = done(clients.dpo.post(f"{link}/undo", json={"reason": "same_name"}))
    assert undone["state"] == "undone"
    of_subject = done(clients.dpo.get(f"/api/v1/links?subject={waiting['subject']}&limit=1"))
    assert of_subject["next"] == of_subject["items"][0]["id"]


def test_a_refused_link_waits_no_more(clients: Clients, waiting: dict[str, Any]) -> None:
    done(clients.dpo.post(f"/api/v1/links/{waiting['id']}/refuse", json={"reason": "same_name"}))
    assert done(clients.dpo.get("/api/v1/links?state=doubtful"))["items"] == []


def test_two_subjects_are_joined_and_two_again(house: RealHouse, clients: Clients, waiting: dict[str, Any]) -> None:
    def deed(tx: Transaction) -> None:
        estate(tx, house.vault, house.clock).record(("customer_id", "C-2"), (NAME, "Ada Jensen"))
        linking.link_next(tx, house.vault, house.clock, Tally())

    house.database.run(clients.controller, deed)
    one = waiting["subject"]
    [other] = [each["id"] for each in done(clients.dpo.get("/api/v1/subjects?id=C-2"))["items"]]
    join = {"into": one, "reason": "person_said_so"}
    assert clients.supervisor.post(f"/api/v1/subjects/{other}/join", json=join).status_code == 403
    made = done(clients.dpo.post(f"/api/v1/subjects/{other}/join", json=join), 201)
    person = done(clients.dpo.get(f"/api/v1/subjects/{other}/person"))
    assert (person["subjects"], [each["id"] for each in person["joins"]]) == ([one, other], [made["id"]])
    assert clients.dpo.post(f"/api/v1/subjects/{other}/join", json=join).status_code == 409
    assert done(clients.dpo.post(f"/api/v1/joins/{made['id']}/undo"))["undone_at"] is not None
    assert done(clients.dpo.get(f"/api/v1/subjects/{other}/person"))["subjects"] == [other]
