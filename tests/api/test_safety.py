"""What is wrong with how systems keep data, through the API: seen, accepted until a day, mended when it no longer shows."""

from datetime import UTC, datetime

import pytest

from rightcall.discovery.ports import Ability, SafetyFact, Seen
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import NewSystem, RegisteredSystem, SystemName
from rightcall.personal import Personal
from rightcall.safety import actions as safety
from tests.api.conftest import Clients, SetClock
from tests.api.fakes import RealHouse
from tests.purposes.examples import DPO

NO_TLS = Seen(fact=SafetyFact.NO_TLS, object=None, evidence="The connection is not encrypted.")


@pytest.fixture
def crm(house: RealHouse, clients: Clients, set_clock: SetClock) -> RegisteredSystem:
    set_clock.at = datetime(2026, 11, 25, 12, tzinfo=UTC)
    with house.database.transaction(clients.controller) as tx:
        new = NewSystem(name=SystemName(text="crm"), address=Personal("postgresql://someone:secret@crm/db"))
        return systems.register(tx, house.vault, house.clock, new, abilities=frozenset({Ability.FIND}), by=DPO)


def look(house: RealHouse, clients: Clients, crm: RegisteredSystem, *seen: Seen) -> None:
    with house.database.transaction(clients.controller) as tx:
        safety.look(tx, house.vault, house.clock, crm, seen, by=DPO)


def test_seen_accepted_mended(house: RealHouse, clients: Clients, crm: RegisteredSystem) -> None:
    assert clients.auditor.get("/api/v1/safety").json()["items"] == []
    look(house, clients, crm, NO_TLS)
    (weakness,) = clients.auditor.get("/api/v1/safety?system=crm").json()["items"]
    assert (weakness["kind"], weakness["state"], weakness["evidence"]) == ("no_tls", "open", NO_TLS.evidence)
    assert weakness["advice"]
    path = f"/api/v1/safety/{weakness['id']}/accept"
    late = {"reason": "being_mended", "until": "2026-11-25"}
    assert clients.engineer.post(path, json=late).status_code == 400
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
