"""A worker is killed while it reads; another goes on. Nothing is lost, and nothing found twice."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rightcall.adapters.keys.file import Cost, KeyFile
from rightcall.controllers.actions import create
from rightcall.controllers.model import NewController
from rightcall.database.connection import Database
from rightcall.discovery.findings import actions as findings
from rightcall.discovery.findings.model import Wanted
from rightcall.discovery.ports import Ability
from rightcall.discovery.scans import actions as scans
from rightcall.discovery.scans.model import How, ObjectState, Outcome
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import NewSystem, SystemName
from rightcall.ids import ControllerId
from rightcall.personal import Personal
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock
from tests.discovery.scans.fakes import BY
from tests.ledger.fakes import own_database

OBJECTS = 6
PROCESS = "tests.discovery.scans.worker_process"


@pytest.fixture
def url(database_url: str) -> Iterator[str]:
    with own_database(database_url, "scans_killed") as url:
        yield url


def test_killed_and_taken_over_a_scan_ends_as_if_nothing_had_happened(url: str, tmp_path: Path, clock: FixedClock) -> None:
    share, keys = tmp_path / "share", tmp_path / "keys"
    share.mkdir()
    for number in range(OBJECTS):
        (share / f"{number}.txt").write_text(f"mail a{number}@caller.example and b{number}@caller.example")
    database = Database(url)
    vault = Vault(KeyFile(keys, b"a passphrase for tests", cost=Cost(n=16)), clock)
    vault.start(database)
    with database.system() as tx:
        made = create(tx, clock, NewController(name="Example", address="a", contact="c", jurisdictions=("EU",)))
    controller = ControllerId(made.id)
    with database.transaction(controller) as tx:
        new = NewSystem(name=SystemName(text="share"), address=Personal(str(share)))
        system = systems.register(tx, vault, clock, new, abilities=frozenset({Ability.FIND}), by=BY)
        scan = scans.start(tx, clock, system, How(), by=BY)
    ends = [
        subprocess.run(
            [sys.executable, "-m", PROCESS, url, str(keys), name, str(controller), str(scan.id), reads],
            check=False,
            timeout=90,
        ).returncode
        for name, reads in (("one", "2"), ("two", "1000"))
    ]
    assert ends == [-9, 0]
    with database.transaction(controller) as tx:
        ended = scans.get(tx, scan.id)
        found = findings.page(tx, vault, system, Wanted(system=system.id), after=None, limit=100)
        progress = scans.progress(tx, ended)
    database.close()
    assert ended.outcome is Outcome.DONE
    assert progress.of(ObjectState.READ).objects == OBJECTS
    places = [(each.spot.object, each.spot.start) for each in found if each.spot is not None]
    assert len(places) == len(set(places)) == 2 * OBJECTS
