"""A vCon conserver sends what comes about there: as its webhook link does, with a role that may nothing else."""

import json
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from rightcall.actors import SYSTEM, Role
from rightcall.canonical import Json, canonical_json
from rightcall.controllers.model import Controller
from rightcall.database.connection import Transaction
from rightcall.discovery.findings import actions as findings
from rightcall.discovery.findings.model import Wanted
from rightcall.discovery.scans import actions as scans
from rightcall.discovery.scans.model import How, Outcome
from rightcall.discovery.scans.procedure import Scanning
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import NewSystem, RegisteredSystem, SystemName
from rightcall.personal import Personal
from rightcall.recordings.envelope import sign
from tests.adapters.systems.test_vcons import SOUND, VCON
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.procedures.fakes import InlineSteps

PATH = "/api/v1/systems/conserver/vcons"
ID = str(VCON["uuid"])


@pytest.fixture
def system(house: RealHouse, company: Controller) -> RegisteredSystem:
    return registered(house, company, "conserver", "conserver://energy")


def registered(house: RealHouse, company: Controller, name: str, address: str) -> RegisteredSystem:
    new = NewSystem(name=SystemName(text=name), address=Personal(address), regions=("DK",))
    abilities = systems.abilities_of(house.open_system, new.address) if name == "conserver" else frozenset()
    with house.database.transaction(company.id) as tx:
        return systems.register(tx, house.vault, house.clock, new, abilities=abilities, by=SYSTEM)


Places = set[tuple[str, str | None, str]]


def scanned(house: RealHouse, company: Controller, system: RegisteredSystem) -> tuple[Outcome | None, Places]:
    with house.database.transaction(company.id) as tx:
        scan = scans.start(tx, house.clock, system, How(), by=SYSTEM)
    work = Scanning(
        database=house.database, vault=house.vault, clock=house.clock, open_system=house.open_system, wait=lambda _: None
    )
    work(InlineSteps(), str(company.id), str(scan.id))
    with house.database.transaction(company.id) as tx:
        found = findings.page(tx, house.vault, system, Wanted(system=system.id), after=None, limit=100)
        outcome = scans.get(tx, scan.id).outcome
    return outcome, {(each.spot.object, each.spot.row, each.type) for each in found if each.spot is not None}


def everything(tx: Transaction) -> str:
    names = tx.connection.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name IN"
        " ('system_vcons', 'statements', 'findings', 'system_objects', 'scan_objects', 'scan_passed_over', 'systems')"
    ).fetchall()
    tables = [sql.Identifier(row["table_name"]) for row in names]
    assert len(tables) == 7
    return repr([tx.connection.execute(sql.SQL("SELECT * FROM {}").format(each)).fetchall() for each in tables])


def test_what_is_sent_is_looked_through_sealed_and_goes_when_the_conserver_says_so(
    clients: Clients, house: RealHouse, company: Controller, system: RegisteredSystem, caplog: pytest.LogCaptureFixture
) -> None:
    conserver = clients.of(Role.CONSERVER)
    sent = conserver.post(PATH, json=VCON)
    assert (sent.status_code, sent.json()) == (202, {"vcon": ID, "outcome": "new"})
    assert conserver.post(PATH, json=VCON).json()["outcome"] == "again"
    outcome, found = scanned(house, company, system)
    assert outcome is Outcome.DONE
    assert {(ID, "parties/0", "phone"), (ID, "parties/1", "email")} <= found
    with house.database.transaction(company.id) as tx:
        kept = everything(tx)
    for planted in ("20123456", "seven@energy", "Broken meter", SOUND[:12], "Copenhagen", ID):
        assert planted not in kept.replace(repr(UUID(ID)), "")
        assert planted not in caplog.text
    assert conserver.request("DELETE", f"{PATH}/{ID}").status_code == 204
    assert conserver.request("DELETE", f"{PATH}/{ID}").status_code == 204
    conserver.post(PATH, json={**VCON, "uuid": "01a21237-7600-85b8-9dd8-dd37220d739d", "parties": []})
    _, found = scanned(house, company, system)
    assert ID not in {object for object, _, _ in found}


def test_a_newer_one_takes_the_place_of_an_older_in_whatever_form_it_comes(
    clients: Clients, house: RealHouse, company: Controller, system: RegisteredSystem
) -> None:
    conserver = clients.of(Role.CONSERVER)
    newer: dict[str, Json] = {**VCON, "subject": "ring 32 99 88 77"}
    signed = canonical_json(sign(newer, house.vcon_signer))
    assert conserver.post(PATH, json=VCON).json()["outcome"] == "new"
    assert conserver.post(PATH, content=signed).json() == {"vcon": ID, "outcome": "changed"}
    assert conserver.post(PATH, json=json.dumps(newer)).json()["outcome"] == "again"
    _, found = scanned(house, company, system)
    assert (ID, None, "phone") in found


def test_it_may_do_nothing_else_and_nobody_else_may_do_this(clients: Clients, system: RegisteredSystem) -> None:
    conserver = clients.of(Role.CONSERVER)
    for path in ("calls", "subjects?tel=%2B4520123456", "systems", "purposes", "concerns", "trunks", "controllers"):
        assert conserver.get(f"/api/v1/{path}").status_code == 403
    for other in (clients.agent, clients.supervisor, clients.dpo, clients.auditor, clients.engineer):
        assert other.post(PATH, json=VCON).status_code == 403
    assert clients.stranger.post(PATH, json=VCON).status_code == 401


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'"x"', b'{"uuid": "Ada Planted"}', b'{"ciphertext": "x"}', b"\xff", b'{"parties": []}']
)
def test_what_is_no_vcon_is_refused_without_repeating_it(clients: Clients, system: RegisteredSystem, content: bytes) -> None:
    answer = clients.of(Role.CONSERVER).post(PATH, content=content)
    assert answer.status_code == 400
    assert "Ada Planted" not in answer.text


def test_only_a_conserver_is_sent_to(clients: Clients, house: RealHouse, company: Controller, system: RegisteredSystem) -> None:
    registered(house, company, "crm", "postgresql://x/y")
    conserver = clients.of(Role.CONSERVER)
    assert conserver.post("/api/v1/systems/crm/vcons", json=VCON).status_code == 409
    assert conserver.post("/api/v1/systems/nowhere/vcons", json=VCON).status_code == 404
    with house.database.transaction(company.id) as tx:
        systems.retire(tx, house.vault, house.clock, system, by=SYSTEM)
    assert conserver.post(PATH, json=VCON).status_code == 409


def test_a_large_one_is_taken_for_its_words(clients: Clients, house: RealHouse, system: RegisteredSystem) -> None:
    sound: Json = {"type": "recording", "parties": [0], "body": "A" * (3 << 20), "encoding": "base64url"}
    large = {**VCON, "dialog": [sound]}
    assert clients.of(Role.CONSERVER).post(PATH, json=large).status_code == 202
    with psycopg.connect(house.database.url) as connection:
        size = connection.execute("SELECT max(octet_length(sealed)) FROM system_vcons").fetchone()
    assert size is not None
    assert size[0] < 10_000
