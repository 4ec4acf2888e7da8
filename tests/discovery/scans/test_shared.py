"""Two real workers share one scan. One is killed while both read; the other takes it over: nothing is lost, nothing doubled."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from rightcall.adapters.keys.file import Cost, KeyFile
from rightcall.adapters.keys.passphrase import make_secret
from rightcall.cli import main as cli
from rightcall.controllers.actions import create
from rightcall.controllers.model import NewController
from rightcall.discovery.findings import actions as findings
from rightcall.discovery.findings.model import Wanted
from rightcall.discovery.ports import Ability
from rightcall.discovery.scans import actions as scans
from rightcall.discovery.scans.model import Amount, How, ObjectState, Outcome, Progress, Scan
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import NewSystem, RegisteredSystem, SystemName
from rightcall.ids import ControllerId
from rightcall.personal import Personal
from rightcall.procedures import actions as procedures
from rightcall.settings import load_settings
from rightcall.staff.actions import create_token
from rightcall.wiring import House, open_house
from rightcall.worker.scanning import scanning_of
from tests.discovery.scans.fakes import BY
from tests.journeys.deployment import eventually
from tests.ledger.fakes import own_database
from tests.procedures.fakes import InlineSteps

OBJECTS = 9
WORKER = "tests.discovery.scans.real_worker"
Places = list[tuple[str, str | None, str | None, str]]


@dataclass(slots=True)
class Estate:
    """A system of one's own whose tables come in two pages. The second is held back while the gate is shut."""

    gate: threading.Event = field(default_factory=threading.Event)
    first: Counter[str] = field(default_factory=Counter)
    second: Counter[str] = field(default_factory=Counter)
    held: set[str] = field(default_factory=set)

    def answer(self, route: str, asked: Mapping[str, str]) -> object:
        if route == "v1":
            return {"version": 1, "abilities": ["find"]}
        if route == "objects":
            return {"items": [{"name": f"table-{number}", "fingerprint": "1"} for number in range(OBJECTS)], "next": None}
        return self._rows(asked["object"], is_second="after" in asked)

    def _rows(self, name: str, *, is_second: bool) -> object:
        if is_second and not self.gate.is_set():
            self.held.add(name)
            self.gate.wait(60)
        (self.second if is_second else self.first)[name] += 1
        number = int(name.rpartition("-")[2]) * 2 + is_second
        rows = [{"key": str(number), "cells": [f"a{number}@caller.example", f"+45 32 12 34 {number:02}"]}]
        return {"fields": ["e-mail", "phone"], "rows": rows, "next": None if is_second else "more"}


def untimed(progress: Progress) -> Mapping[ObjectState, Amount]:
    """What was done, however long it took."""
    return {state: replace(amount, seconds=0.0) for state, amount in progress.amounts.items()}


@contextmanager
def serving(estate: Estate) -> Iterator[str]:
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(address.query).items()}
            content = json.dumps(estate.answer(address.path.rstrip("/").rpartition("/")[2], asked)).encode()
            with suppress(ConnectionError):
                self.send_response(200)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"own+http://t@127.0.0.1:{server.server_port}"
        finally:
            estate.gate.set()
            server.shutdown()
            thread.join()


@pytest.fixture
def place(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Mapping[str, str]]:
    """A deployment's database and folder, and the environment in which its processes run."""
    with own_database(database_url, "shared_" + re.sub(r"\W", "_", request.node.name)[-40:].lower()) as url:
        data = tmp_path / "data"
        data.mkdir(mode=0o700)
        KeyFile(data / "keys", make_secret(data / "passphrase"), cost=Cost(n=16)).create("unused")
        monkeypatch.setenv("RIGHTCALL_DATABASE_URL", url)
        monkeypatch.setenv("RIGHTCALL_DATA", str(data))
        monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
        yield os.environ


@contextmanager
def workers(house: House, folder: Path, number: int) -> Iterator[dict[int, subprocess.Popen[bytes]]]:
    """By their process ids, once each of them is heard of. They die with this process."""
    words = ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", WORKER]
    running = []
    with (folder / "log").open("ab") as log:
        for _ in range(number):
            running.append(subprocess.Popen(words, stdout=log, stderr=log))
    try:
        eventually(lambda: len(living(house)) == number, 60, (folder / "log").read_text())
        yield {each.pid: each for each in running}
    finally:
        for each in running:
            each.kill()
            each.wait(20)


def living(house: House) -> set[str]:
    with house.database.system() as tx:
        return procedures.living_workers(tx)


def leader_of(place: Mapping[str, str]) -> int | None:
    """The process that has the scan itself to do; the others share it."""
    with psycopg.connect(place["RIGHTCALL_DATABASE_URL"]) as connection:
        statement = "SELECT executor_id FROM dbos.workflow_status WHERE name = 'scan_system' AND status = 'PENDING'"
        row = connection.execute(statement).fetchone()
    return None if row is None else int(row[0].partition("-")[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    places: Places
    progress: Progress
    scan: Scan


def seen(house: House, controller: ControllerId, system: RegisteredSystem, scan: Scan) -> Seen:
    with house.database.transaction(controller) as tx:
        found = findings.page(tx, house.vault, system, Wanted(system=system.id), after=None, limit=1000)
        ended = scans.get(tx, scan.id)
        spots = [(each.spot, each.type) for each in found if each.spot is not None]
        places = sorted((spot.object, spot.row, spot.field, type) for spot, type in spots)
        return Seen(places=places, progress=scans.progress(tx, ended), scan=ended)


def registered(house: House, controller: ControllerId, name: str, address: str) -> RegisteredSystem:
    with house.database.transaction(controller) as tx:
        new = NewSystem(name=SystemName(text=name), address=Personal(address), regions=("DK",))
        return systems.register(tx, house.vault, house.clock, new, abilities=frozenset({Ability.FIND}), by=BY)


def controller_of(house: House) -> ControllerId:
    with house.database.system() as tx:
        new = NewController(name="Example", address="a", contact="c", jurisdictions=("EU",))
        return ControllerId(create(tx, house.clock, new).id)


def by_one_worker(house: House, controller: ControllerId, address: str) -> Seen:
    """While no other worker runs, since that would take the same scan for its own."""
    system = registered(house, controller, "by-one", address)
    with house.database.transaction(controller) as tx:
        scan = scans.start(tx, house.clock, system, How(), by=BY)
    assert scanning_of(house)(InlineSteps(), str(controller), str(scan.id)) == Outcome.DONE
    return seen(house, controller, system, scan)


@pytest.mark.parametrize("victim", ["leader", "sharer"])
def test_one_of_two_workers_is_killed_and_the_other_ends_the_scan(place: Mapping[str, str], tmp_path: Path, victim: str) -> None:
    estate = Estate()
    with serving(estate) as address, open_house(load_settings()) as house:
        controller = controller_of(house)
        system = registered(house, controller, "crm", address)
        with workers(house, tmp_path, 2) as running:
            with house.database.transaction(controller) as tx:
                scan = scans.start(tx, house.clock, system, How(workers=2), by=BY)
            eventually(lambda: len(estate.held) == 2, 25, "both workers read, each a table of its own")
            held, leader = set(estate.held), leader_of(place)
            assert leader in running
            killed = next(pid for pid in running if (pid == leader) == (victim == "leader"))
            os.kill(killed, signal.SIGKILL)
            estate.gate.set()
            ended = eventually(lambda: is_followed(house, controller, scan), 60, (tmp_path / "log").read_text())
        shared = seen(house, controller, system, ended)
        assert sorted(estate.first) == sorted(estate.second) == [f"table-{number}" for number in range(OBJECTS)]
        again = {name for name, times in estate.first.items() if times > 1}
        assert len(again) == 1, "what the killed one had in hand was read again, and only that"
        assert again < held
        assert shared.scan.outcome is Outcome.DONE
        assert shared.progress.of(ObjectState.READ).objects == OBJECTS
        assert len(shared.places) == len(set(shared.places)) == 4 * OBJECTS
        with serving(estate) as elsewhere:
            alone = by_one_worker(house, controller, elsewhere)
        assert shared.places == alone.places
        assert untimed(shared.progress) == untimed(alone.progress)


def is_followed(house: House, controller: ControllerId, scan: Scan) -> Scan | None:
    with house.database.transaction(controller) as tx:
        found = scans.get(tx, scan.id)
    return found if found.is_followed else None


def test_whoever_waits_for_a_scan_by_a_worker_waits_until_all_is_on_the_map(
    place: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    estate = Estate()
    estate.gate.set()
    with serving(estate) as address, open_house(load_settings()) as house, workers(house, tmp_path, 1):
        controller = controller_of(house)
        system = registered(house, controller, "crm", address)
        with house.database.transaction(controller) as tx:
            monkeypatch.setenv("RIGHTCALL_TOKEN", create_token(tx, house.clock, role=BY.role, by=BY).secret)
        capsys.readouterr()
        for read, unchanged in ((OBJECTS, 0), (0, OBJECTS)):
            assert cli.code_of(["system", "scan", "crm", "--wait"]) == 0
            said = capsys.readouterr().out
            assert f"done: {read} objects read" in said
            assert f"{unchanged} unchanged since they were last read" in said
            with house.database.transaction(controller) as tx:
                [last] = scans.of_system(tx, system.id, limit=1)
                now = findings.whose(tx, system.id)
            assert last.is_followed, "it said that it is done before all was told"
            assert f"Of {now.findings} findings" in said
