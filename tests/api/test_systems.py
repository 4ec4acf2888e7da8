"""Other systems through the API: registered, scanned by a worker, seen by those with the right; never their address."""

from pathlib import Path
from typing import Any

import pytest

from rightcall.cli.scanned import show_system
from rightcall.database.walk import Walk
from rightcall.discovery.scans.procedure import Scanning
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.statements import SystemWorded
from rightcall.ledger import actions as ledger
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import PURPOSE, done
from tests.cast import ADA_EMAIL, PLANTED_CARD
from tests.procedures.fakes import InlineSteps


@pytest.fixture
def share(tmp_path: Path) -> Path:
    share = tmp_path / "planted-share"
    share.mkdir()
    (share / "customers.csv").write_text(f"id,email,card\n1,{ADA_EMAIL},{PLANTED_CARD}\n")
    (share / "link").symlink_to(share / "customers.csv")
    return share


def registered(clients: Clients, share: Path, **more: Any) -> dict[str, Any]:
    done(clients.dpo.post("/api/v1/purposes", json=PURPOSE), 201)
    form = {"name": "share", "address": str(share), "uses": [{"purpose": "training", "objects": "cust*"}]} | more
    return done(clients.engineer.post("/api/v1/systems", json=form), 201)


def scanned(house: RealHouse, clients: Clients, **how: Any) -> dict[str, Any]:
    """As a worker does it."""
    started = done(clients.dpo.post("/api/v1/systems/share/scans", json=how), 201)
    scanning = Scanning(database=house.database, vault=house.vault, clock=house.clock, open_system=house.open_system)
    scanning(InlineSteps(), str(clients.controller), started["id"])
    return done(clients.engineer.get(f"/api/v1/scans/{started['id']}"))


def test_a_system_is_registered_scanned_and_seen(
    house: RealHouse, clients: Clients, share: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    uses = [{"purpose": "training", "objects": shape} for shape in ("custumers.csv", "cust*")]
    made = registered(clients, share, uses=uses)
    assert (made["kind"], made["erasable"]) == ("folder", False)
    assert "find" in made["abilities"]
    scan = scanned(house, clients)
    assert (scan["outcome"], scan["skipped"], scan["amounts"]["read"]["objects"]) == ("done", {"symbolic link": 1}, 1)
    detail = done(clients.auditor.get("/api/v1/systems/share"))
    assert {each["type"] for each in detail["found"]} == {"email", "payment_card"}
    assert [each["objects"] for each in detail["misfits"]] == ["custumers.csv"]
    told = "custumers.csv fits nothing that lies there"
    assert told in detail["misfits"][0]["says"]
    with house.database.transaction(clients.controller) as tx:
        show_system(tx, house.vault, systems.get(tx, "share"))
    assert f"--use: {told}" in capsys.readouterr().out
    found = done(clients.dpo.get("/api/v1/systems/share/findings"))["items"]
    assert {(each["whose"], each["field"], each["category"]) for each in found} == {
        ("somebody", "card", "pd:PaymentCardNumber"),
        ("somebody", "email", "pd:EmailAddress"),
    }
    [skipped] = done(clients.dpo.get(f"/api/v1/scans/{scan['id']}/skipped"))["items"]
    assert (skipped["name"], skipped["reason"]) == ("link", "symbolic link")
    shown = str([made, scan, detail, found, done(clients.supervisor.get("/api/v1/systems"))])
    assert PLANTED_CARD not in shown
    assert ADA_EMAIL not in shown
    assert "planted-share" not in shown
    assert done(clients.dpo.get("/api/v1/systems/share/scans"))["items"][0]["id"] == scan["id"]


def test_a_limit_is_set_with_the_system_and_no_scan_goes_beyond_it(house: RealHouse, clients: Clients, share: Path) -> None:
    made = registered(clients, share, load={"bytes": 10_000_000})
    assert made["load"] == {"bytes": 10_000_000, "rows": None}
    scan = scanned(house, clients, pace=20_000_000, rows=5000)
    assert (scan["outcome"], scan["pace"], scan["rows"]) == ("done", 10_000_000, 5000)
    assert scan["followed_at"] is not None
    changed = done(clients.engineer.post("/api/v1/systems/share/check", json={"load": {"rows": 7}}))
    assert changed["load"] == {"bytes": None, "rows": 7}
    assert done(clients.engineer.post("/api/v1/systems/share/check", json={}))["load"] == {"bytes": None, "rows": 7}
    assert clients.dpo.post("/api/v1/systems/share/scans", json={"rows": 0}).status_code == 400


def test_findings_come_in_pages_and_by_type(house: RealHouse, clients: Clients, share: Path) -> None:
    registered(clients, share)
    scanned(house, clients)
    first = done(clients.dpo.get("/api/v1/systems/share/findings?limit=1"))
    second = done(clients.dpo.get(f"/api/v1/systems/share/findings?limit=1&after={first['next']}"))
    assert {each["type"] for each in [*first["items"], *second["items"]]} == {"email", "payment_card"}
    by_type = done(clients.auditor.get("/api/v1/systems/share/findings?type=email"))["items"]
    assert [each["type"] for each in by_type] == ["email"]


def test_who_may_not_does_not_and_a_mistake_says_what_to_do(clients: Clients, share: Path) -> None:
    assert clients.agent.get("/api/v1/systems").status_code == 403
    assert clients.supervisor.post("/api/v1/systems", json={"name": "crm", "address": str(share)}).status_code == 403
    registered(clients, share)
    assert clients.engineer.get("/api/v1/systems/share/findings").status_code == 403
    for wrong, status in (
        ({"name": "share", "address": str(share)}, 409),
        ({"name": "Ada Lovelace", "address": str(share)}, 400),
        ({"name": "other", "address": "/nowhere/planted"}, 404),
        ({"name": "other", "address": "planted://x"}, 400),
        ({"name": "other", "address": str(share), "uses": [{"purpose": "none"}]}, 404),
    ):
        answer = clients.engineer.post("/api/v1/systems", json=wrong)
        assert answer.status_code == status, answer.text
        assert "planted" not in answer.text
    assert clients.dpo.post("/api/v1/systems/share/scans", json={"sample": 2}).status_code == 400


def test_a_system_is_checked_changed_and_retired(house: RealHouse, clients: Clients, share: Path) -> None:
    registered(clients, share)
    changed = done(clients.engineer.post("/api/v1/systems/share/check", json={"regions": ["DK"], "uses": []}))
    assert (changed["regions"], changed["uses"]) == (["DK"], [])
    started = done(clients.dpo.post("/api/v1/systems/share/scans", json={}), 201)
    assert clients.dpo.post("/api/v1/systems/share/scans", json={}).status_code == 409
    assert done(clients.dpo.post(f"/api/v1/scans/{started['id']}/cancel"))["outcome"] == "cancelled"
    scanned(house, clients)
    assert done(clients.engineer.post("/api/v1/systems/share/retire"))["retired_at"]
    dark = done(clients.dpo.get("/api/v1/systems/share/findings"))["items"]
    assert {(each["name"], each["row"], each["start"]) for each in dark} == {(None, None, None)}
    assert clients.engineer.post("/api/v1/systems/share/check", json={}).status_code == 409


def test_what_customers_read_of_a_system_is_said_in_their_languages(house: RealHouse, clients: Clients, share: Path) -> None:
    made = registered(clients, share)
    assert (made["labels"], made["keepers_language"]) == ({}, None)
    place = "/api/v1/systems/share/words"
    words = {"labels": {"DA": " kundemappe ", "en": "shared folder"}, "keepers_language": "da"}
    assert clients.supervisor.post(place, json=words).status_code == 403
    for _ in range(2):
        now = done(clients.dpo.post(place, json=words))
    assert (now["labels"], now["keepers_language"]) == ({"da": "kundemappe", "en": "shared folder"}, "da")
    done(clients.engineer.post("/api/v1/systems/share/retire"))
    now = done(clients.dpo.post(place, json={"labels": {"en": ""}, "keepers_language": ""}))
    assert (now["labels"], now["keepers_language"]) == ({"da": "kundemappe"}, None)
    with house.database.transaction(clients.controller) as tx:
        said = ledger.page(tx, Walk(), kind=SystemWorded.KIND)
    assert len(said) == 2, "the same again is no news"
    for labels in ({"danish": "x"}, {"da": "x" * 81}, {"da": "a\tb"}):
        assert clients.dpo.post(place, json={"labels": labels}).status_code in (400, 422), labels
