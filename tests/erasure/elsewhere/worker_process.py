"""A worker of its own process, which lets go of things in a folder and is killed where it is told to be: as `kill -9` does."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import cast
from uuid import UUID

from rightcall.adapters.keys.file import Cost, KeyFile
from rightcall.adapters.objects.store import Objects
from rightcall.adapters.systems.opening import open_system
from rightcall.clock import SystemClock
from rightcall.database.connection import Database
from rightcall.discovery.ports import UNLIMITED, Gone, Load, Spot, System
from rightcall.erasure.disposal import Disposer
from rightcall.erasure.elsewhere import actions as elsewhere
from rightcall.erasure.letting_go import LettingGo
from rightcall.erasure.procedure import Eraser
from rightcall.ids import ControllerId
from rightcall.personal import Personal
from rightcall.policy.actions import load_rules
from rightcall.procedures.engine import Engine
from rightcall.procedures.ports import Steps
from rightcall.recordings.ports import Gates
from rightcall.recordings.tools import Tools
from rightcall.vault.actions import Vault

RULES = load_rules()


def kill() -> None:
    os.kill(os.getpid(), 9)


class Deadly:
    """The same source, which ends the process `before` or `after` it does the deed of that name."""

    def __init__(self, source: System, when: str, deed: str) -> None:
        self._source, self._when, self._deed = source, when, deed

    def __getattr__(self, name: str) -> object:
        return getattr(self._source, name)

    def erase(self, spots: Sequence[Spot]) -> None:
        self._killed("erase", lambda: self._source.erase(spots))

    def confirm(self, spots: Sequence[Spot]) -> Mapping[Spot, Gone]:
        return cast(Mapping[Spot, Gone], self._killed("confirm", lambda: self._source.confirm(spots)))

    def close(self) -> None:
        self._killed("close", self._source.close)

    def _killed(self, name: str, deed: Callable[[], object]) -> object:
        if (self._when, self._deed) == ("before", name):
            kill()
        done = deed()
        if (self._when, self._deed) == ("after", name):
            kill()
        return done


class DeadlySteps:
    """The same steps; the process ends `before` or `after` the one of that name, in it or once it is remembered."""

    def __init__(self, steps: Steps, when: str, name: str) -> None:
        self._steps, self._when, self._name = steps, when, name

    def __getattr__(self, name: str) -> object:
        return getattr(self._steps, name)

    def run(self, name: str, deed: Callable[[], object]) -> object:
        def dying() -> object:
            done = deed()
            if (self._when, self._name) == ("in", name):
                kill()
            return done

        done = self._steps.run(name, dying)  # type: ignore[type-var]  # whatever the deed gives
        if (self._when, self._name) == ("after", name):
            kill()
        return done


def main(url: str, keys: str, folder: str, executor: str, controller: str, when: str, what: str) -> None:
    database, clock = Database(url, connections=4), SystemClock()
    vault = Vault(KeyFile(Path(keys), b"a passphrase for tests", cost=Cost(n=16)), clock)

    def opened(address: Personal[str], /, *, writable: bool = False, load: Load = UNLIMITED) -> System:
        return cast(System, Deadly(open_system(address, writable=writable, load=load), when, what))

    disposer = Disposer(database=database, vault=vault, objects=Objects(f"file://{folder}/objects"), clock=clock)
    tools = Tools(vault=vault, clock=clock, rules=RULES)
    eraser = Eraser(disposer=disposer, tools=tools, gates=cast(Gates, None), epoch_days=7)
    work = LettingGo(eraser=eraser, open_system=opened, after=timedelta(days=3))
    engine = Engine(url, executor)
    engine.register("let_go_elsewhere", lambda steps, *given: work(cast(Steps, DeadlySteps(steps, when, what)), *given))
    engine.launch()
    owner = ControllerId(UUID(controller))
    with database.transaction(owner) as tx:
        due = elsewhere.due(tx, clock.now(), 10)
    for erasure, round in due:
        engine.start("let_go_elsewhere", f"let_go_elsewhere:{erasure}:{round}", controller, str(erasure), str(round))
    engine.take_over({executor})
    until = time.monotonic() + 60
    while _is_open(database, owner) and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(0.5)
    os._exit(0)  # an end in order takes longer than all of it, and is no matter here


def _is_open(database: Database, controller: ControllerId) -> bool:
    """Until all is confirmed, and certified."""
    with database.transaction(controller) as tx:
        row = tx.connection.execute(
            "SELECT count(*) AS n FROM erasures e LEFT JOIN erasure_books b USING (controller, erasure)"
            " WHERE e.certificate IS NULL OR b.settled_at IS NULL"
        ).fetchone()
        return row is not None and row["n"] > 0
