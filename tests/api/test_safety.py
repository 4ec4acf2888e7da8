"""What is wrong with how systems keep data, through the API: seen, accepted until a day, mended when it no longer shows."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rightcall.adapters.systems.opening import open_system
from rightcall.discovery.ports import Ability, SafetyFact, Seen
from rightcall.discovery.scans.procedure import Scanning
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import NewSystem, RegisteredSystem, SystemName
from rightcall.personal import Personal
from rightcall.safety import actions as safety
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import PURPOSE, done
from tests.cast import ADA_EMAIL
from tests.procedures.fakes import InlineSteps
from tests.purposes.examples import DPO
from tests.standing import SetClock

NO_TLS = Seen(fact=SafetyFact.NO_TLS, object=None, evidence="The connection is not encrypted.")


@pytest.fixture
def crm(house: RealHouse, clients: Clients, set_clock: SetClock) -> RegisteredSystem:
    set_clock.at = datetime(2026, 11, 25, 12, tzinfo=UTC)
    with house.database.transaction(clients.controller) as tx:
        new = NewSystem(name=SystemName(text="crm"), address=Personal("postgresql://someone:secret@crm/db"))
        return systems.register(tx, house.vault, house.clock, new, abilities=frozenset({Ability.FIND}), by=DPO)


def look(house: RealHouse, clients: Clients, crm: RegisteredSystem, *seen: Seen) -> None:
    with house.database.transaction(clients.controller) as tx:
        safety.look(tx, house.vault, house.clock, crm, seen, unread_days=90, by=DPO)


def test_seen_accepted_mended(house: RealHouse, clients: Clients, crm: RegisteredSystem) -> None:
    assert clients.auditor.get("/api/v1/safety").json()["items"] == []
    look(house, clients, crm, NO_TLS)
    (weakness,) = clients.auditor.get("/api/v1/safety?system=crm").json()["items"]
    assert (weakness["kind"], weakness["state"], weakness["evidence"]) == ("no_tls", "open", NO_TLS.evidence)
    assert weakness["advice"]
    path = f"/api/v1/safety/{weakness['id']}/accept"
    late = {"reason": "being_mended", "until": "2026-11-25"}
    assert clients.engineer.post(path, json=late).status_code == 400
    assert "at most 365 days" in clients.engineer.post(path, json=late | {"until": "2027-11-26"}).json()["detail"]
    accepted = clients.engineer.post(path, json=late | {"until": "2026-12-24"}).json()
    assert (accepted["state"], accepted["accepted_until"]) == ("accepted", "2026-12-24")
    assert clients.engineer.post(path, json=late | {"until": "2026-12-24"}).status_code == 409
    look(house, clients, crm)
    (mended,) = clients.auditor.get("/api/v1/safety").json()["items"]
    assert mended["state"] == "mended"
    look(house, clients, crm, NO_TLS)
    (again,) = clients.auditor.get("/api/v1/safety").json()["items"]
    assert again["state"] == "open", "what comes back is open again"


def test_what_is_not_there_is_said(clients: Clients, crm: RegisteredSystem) -> None:
    assert clients.dpo.get("/api/v1/safety?system=unheard-of").status_code == 404
    form = {"reason": "not_so", "until": "2026-12-24"}
    assert clients.dpo.post(f"/api/v1/safety/{crm.id}/accept", json=form).status_code == 404


def test_what_is_nobodys_and_serves_no_purpose_shows_until_somebody_says_one(
    house: RealHouse, clients: Clients, tmp_path: Path
) -> None:
    (tmp_path / "share").mkdir(mode=0o700)
    (tmp_path / "share" / "note.txt").write_text(f"Write to {ADA_EMAIL}, and her IP address is 203.0.113.7.\n")
    (tmp_path / "share" / "note.txt").chmod(0o600)
    done(clients.dpo.post("/api/v1/systems", json={"name": "share", "address": str(tmp_path / "share")}), 201)
    started = done(clients.dpo.post("/api/v1/systems/share/scans", json={}), 201)
    scanning = Scanning(database=house.database, vault=house.vault, clock=house.clock, open_system=open_system)
    scanning(InlineSteps(), str(clients.controller), started["id"])
    [weakness] = done(clients.engineer.post("/api/v1/systems/share/safety"))["items"]
    assert weakness["kind"] == "without_purpose"
    assert weakness["evidence"] == "2 things about people serve no purpose that was named, 2 of them linked to nobody."
    done(clients.dpo.post("/api/v1/purposes", json=PURPOSE), 201)
    done(clients.dpo.post("/api/v1/systems/share/check", json={"uses": [{"purpose": "training", "objects": "other*"}]}))
    [still] = done(clients.engineer.post("/api/v1/systems/share/safety"))["items"]
    assert still["state"] == "open"
    done(clients.dpo.post("/api/v1/systems/share/check", json={"uses": [{"purpose": "training"}]}))
    assert [each["state"] for each in done(clients.engineer.post("/api/v1/systems/share/safety"))["items"]] == ["mended"]


def test_a_system_is_looked_at(house: RealHouse, clients: Clients, set_clock: SetClock, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir(mode=0o700)
    (share / "note.txt").write_text("nothing\n", encoding="utf-8")
    (share / "note.txt").chmod(0o644)
    made = clients.dpo.post("/api/v1/systems", json={"name": "share", "address": str(share)}).json()
    (weakness,) = clients.engineer.post("/api/v1/systems/share/safety").json()["items"]
    assert (weakness["kind"], weakness["state"], weakness["system"]) == ("world_readable", "open", made["id"])
    assert clients.auditor.post("/api/v1/systems/share/safety").status_code == 403
    assert clients.dpo.post("/api/v1/systems/unheard-of/safety").status_code == 404
    registered = clients.dpo.post("/api/v1/systems", json={"name": "again", "address": str(share), "copy_of": ["share"]}).json()
    assert registered["copy_of"] == [made["id"]]
    unknown = clients.dpo.post("/api/v1/systems/again/check", json={"copy_of": ["unheard-of"]})
    assert unknown.status_code == 404
    assert clients.dpo.post("/api/v1/systems/again/check", json={"copy_of": []}).json()["copy_of"] == []
