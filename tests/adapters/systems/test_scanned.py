"""Databases of a contact centre, registered and scanned as in life: what lies where is found, and what it is stays there."""

import logging

import pytest
from psycopg import sql

from rightcall.actors import SYSTEM
from rightcall.adapters.systems.opening import open_system
from rightcall.database.connection import Database
from rightcall.discovery.findings import actions as findings
from rightcall.discovery.findings.model import Wanted
from rightcall.discovery.scans import actions as scans
from rightcall.discovery.scans.model import How, Outcome, Scan
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
