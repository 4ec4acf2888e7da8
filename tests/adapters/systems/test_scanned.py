"""Databases of a contact centre, registered and scanned as in life: what lies where is found, and what it is stays there."""

import logging

import pytest
from psycopg import sql

from rightcall.actors import SYSTEM
from rightcall.adapters.systems.opening import open_system
from rightcall.adapters.systems.pace import pace_of
from rightcall.database.connection import Database
from rightcall.discovery.findings import actions as findings
from rightcall.discovery.findings.model import Wanted
from rightcall.discovery.ports import UNLIMITED, Ability, Load, System
from rightcall.discovery.scans import actions as scans
from rightcall.discovery.scans.model import How, ObjectState, Outcome, Scan
from rightcall.discovery.scans.procedure import Scanning
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import NewSystem, RegisteredSystem, SystemName
from rightcall.ids import ControllerId
from rightcall.personal import Personal
from rightcall.vault.actions import Vault
from tests.adapters.systems.estate import Estate
from tests.conftest import FixedClock
from tests.procedures.fakes import InlineSteps

OURS = ("systems", "system_objects", "findings", "scans", "scan_objects", "scan_passed_over", "statements", "holdings")
PLANTED = ("4571992077", "astrid.planted", "Planted Street")


@pytest.fixture(params=["postgresql", "mariadb"])
def address(request: pytest.FixtureRequest) -> str:
    """Of a database with a customer in it, whose e-mail address is the key of another table."""
    estate: Estate = request.getfixturevalue(request.param)
    estate.ask(
        "CREATE TABLE customers (id int PRIMARY KEY, full_name varchar(80), phone varchar(40), photo varchar(10))",
        "CREATE TABLE logins (email varchar(80) PRIMARY KEY, note text)",
        f"INSERT INTO customers VALUES (1, 'Astrid Planted', '+{PLANTED[0]}', NULL)",
        f"INSERT INTO logins VALUES ('{PLANTED[1]}@example.com', 'moved to {PLANTED[2]} 5')",
        "CREATE VIEW everybody AS SELECT * FROM customers",
    )
    url = str(request.getfixturevalue(f"{request.param}_url"))
    if request.param == "postgresql":
        pairs = dict(part.split("=", 1) for part in url.split())
        url = f"postgresql://{pairs['user']}:{pairs['password']}@/{pairs['dbname']}?host={pairs['host'].replace('/', '%2F')}"
    return url


def scanned(database: Database, controller: ControllerId, vault: Vault, clock: FixedClock, system: RegisteredSystem) -> Scan:
    with database.transaction(controller) as tx:
        scan = scans.start(tx, clock, system, How(), by=SYSTEM)
    work = Scanning(database=database, vault=vault, clock=clock, open_system=open_system, wait=lambda _: None)
    work(InlineSteps(), str(controller), str(scan.id))
    with database.transaction(controller) as tx:
        return scans.get(tx, scan.id)


def test_what_lies_in_a_database_is_found_and_stays_there(
    database: Database, controller: ControllerId, vault: Vault, clock: FixedClock, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    new = NewSystem(name=SystemName(text="crm"), address=Personal(address), regions=("DK",))
    abilities = systems.abilities_of(open_system, new.address)
    with database.transaction(controller) as tx:
        system = systems.register(tx, vault, clock, new, abilities=abilities, by=SYSTEM)
    assert scanned(database, controller, vault, clock, system).outcome is Outcome.DONE
    with database.transaction(controller) as tx:
        found = findings.page(tx, vault, system, Wanted(system=system.id), after=None, limit=100)
        kept = repr([tx.connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(each))).fetchall() for each in OURS])
    places = {(each.spot.object.rpartition(".")[2], each.spot.row, each.spot.field, each.type) for each in found if each.spot}
    email = f"{PLANTED[1]}@example.com"
    assert {("customers", "1", "phone", "phone"), ("logins", email, "email", "email")} <= places
    for planted in PLANTED:
        assert planted not in kept
        assert planted not in caplog.text


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_a_table_that_did_not_change_is_not_read_again_and_one_that_did_is(
    database: Database, controller: ControllerId, vault: Vault, clock: FixedClock, kind: str, request: pytest.FixtureRequest
) -> None:
    estate: Estate = request.getfixturevalue(kind)
    estate.ask(
        "CREATE TABLE customers (id int PRIMARY KEY, phone varchar(40))",
        "CREATE TABLE tickets (id int PRIMARY KEY, note varchar(80))",
        "INSERT INTO customers VALUES (1, '+4532123456')",
        "INSERT INTO tickets VALUES (1, 'mail ada@caller.example')",
    )
    new = NewSystem(name=SystemName(text="crm"), address=Personal("/given by the fixture"), regions=("DK",))
    with database.transaction(controller) as tx:
        system = systems.register(tx, vault, clock, new, abilities=frozenset({Ability.FIND}), by=SYSTEM)

    def opened(address: Personal[str], /, *, writable: bool = False, load: Load = UNLIMITED) -> System:
        del address
        return estate.open(writable=writable, pace=pace_of(load))

    def scan(load: Load = UNLIMITED) -> tuple[int, int]:
        with database.transaction(controller) as tx:
            started = scans.start(tx, clock, system, How(load=load), by=SYSTEM)
        work = Scanning(database=database, vault=vault, clock=clock, open_system=opened)
        assert work(InlineSteps(), str(controller), str(started.id)) == Outcome.DONE
        with database.transaction(controller) as tx:
            progress = scans.progress(tx, scans.get(tx, started.id))
        return progress.of(ObjectState.READ).objects, progress.of(ObjectState.UNCHANGED).objects

    assert scan() == (2, 0)
    assert scan() == (0, 2)
    estate.ask("UPDATE tickets SET note = 'mail bo@caller.example' WHERE id = 1")
    assert scan() == (1, 1)
    assert scan(Load(rows=1000)) == (2, 0), "under a limit no table is gone through at once"
    assert scan() == (2, 0), "of what was read so, nothing is known"
    assert scan() == (0, 2)
