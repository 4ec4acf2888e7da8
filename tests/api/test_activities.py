"""The record of processing through the API: as JSON, as a page, as a table; and declaring what no system can know."""

import csv
import io

import pytest

from rightcall.purposes import actions as purposes
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.purposes.examples import DPO, TRAINING, a_notice

HOSTILE = '=HYPERLINK("x")<script>alert(1)</script>'


@pytest.fixture(autouse=True)
def purpose(house: RealHouse, clients: Clients) -> str:
    with house.database.transaction(clients.controller) as tx:
        made = purposes.create_purpose(tx, house.clock, TRAINING, by=DPO)
        purposes.publish_notice(tx, house.clock, a_notice(made.id), by=DPO)
    return str(made.id)


def test_the_record_is_the_same_as_json_page_and_table(clients: Clients) -> None:
    answer = clients.dpo.post(
        "/api/v1/recipients", json={"name": HOSTILE, "kind": "processor", "country": "US", "purposes": ["training"]}
    )
    assert answer.status_code == 201
    officer = {"capacity": "dpo", "name": "Privacy office", "contact": "privacy@energy.example"}
    assert clients.dpo.post("/api/v1/responsibles", json=officer).status_code == 201
    record = clients.auditor.get("/api/v1/activities").json()
    (activity,) = record["activities"]
    assert (activity["purpose_key"], activity["standing"], activity["term_days"]) == ("training", "rests", 180)
    assert [each["missing"] for each in activity["gaps"]] == ["no_safeguard"]
    assert record["gaps"] == []
    assert record["measures"]["tokens"]["auditor"] == 1
    assert record["measures"]["people"] == {}
    page = clients.auditor.get("/api/v1/activities/page").text
    assert record["digest"] in page
    assert "<script>" not in page
    assert "Improve how we train agents" in page
    table = clients.auditor.get("/api/v1/activities/table")
    assert table.headers["content-type"].startswith("text/csv")
    (line,) = csv.DictReader(io.StringIO(table.text))
    assert line["purpose"] == "training"
    assert line["recipients"].startswith("'=HYPERLINK"), "a spreadsheet would compute it"
    assert line["third_countries"] == "US (nothing declared that lets it)"


def test_what_has_ended_is_no_longer_in_the_record(clients: Clients, purpose: str) -> None:
    form = {"name": "Regulator", "kind": "authority", "country": "DK", "purposes": [purpose]}
    made = clients.dpo.post("/api/v1/recipients", json=form).json()
    assert clients.dpo.get("/api/v1/activities").json()["activities"][0]["recipients"] == [made]
    ended = clients.dpo.post(f"/api/v1/recipients/{made['id']}/end").json()
    assert ended["ended_at"] is not None
    assert clients.dpo.get("/api/v1/recipients").json()["items"] == [ended]
    assert clients.dpo.get("/api/v1/activities").json()["activities"][0]["recipients"] == []
    officer = {"capacity": "representative", "name": "Office", "contact": "o@x.example"}
    named = clients.dpo.post("/api/v1/responsibles", json=officer).json()
    gone = clients.dpo.post(f"/api/v1/responsibles/{named['id']}/end").json()
    assert clients.dpo.get("/api/v1/responsibles").json()["items"] == [gone]
    assert clients.dpo.get("/api/v1/activities").json()["responsible"] == []


def test_only_the_dpo_declares_and_oversight_reads(clients: Clients) -> None:
    form = {"name": "Cloud", "kind": "processor", "country": "DK", "purposes": ["training"]}
    assert clients.auditor.post("/api/v1/recipients", json=form).status_code == 403
    assert clients.agent.get("/api/v1/activities").status_code == 403
    assert clients.dpo.post("/api/v1/recipients", json=form | {"country": "Denmark"}).status_code == 422
    assert clients.dpo.post("/api/v1/recipients", json=form | {"purposes": ["unheard-of"]}).status_code == 404
