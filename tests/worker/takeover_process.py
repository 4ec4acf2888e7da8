"""A worker in a process of its own that says that it lives and takes over what others left, with one procedure: it hangs, goes on
or meets an error that quotes a person, as it is told to."""

import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from rightcall.clock import SystemClock
from rightcall.database.connection import Database
from rightcall.errors import Conflict
from rightcall.procedures.engine import Engine
from rightcall.procedures.journal import DatabaseJournal
from rightcall.procedures.ports import Steps
from rightcall.settings import Settings
from rightcall.telemetry import configure_logging
from rightcall.wiring import House, destroyed_list
from rightcall.worker.main import BEAT_SECONDS, beat
from tests.cast import ADA_NAME


def main(url: str, folder: str, executor: str, deed: str, controller: str, about: str) -> None:
    configure_logging("info", "worker")
    database = Database(url, connections=4)

    def step() -> str:
        match deed:
            case "hang":
                time.sleep(600)
            case "foreign":
                raise ValueError(f"cannot make a number of {ADA_NAME}")
            case "ours":
                raise Conflict("This is not in this state.") from ValueError(ADA_NAME)
        return about

    def procedure(steps: Steps, *_: str) -> str:
        return steps.run("step", step)

    engine = Engine(url, executor, DatabaseJournal(database=database, worker=executor))
    engine.register("of_a_test", procedure)
    engine.launch()
    settings, shut = SimpleNamespace(data=Path(folder)), SimpleNamespace(doubt=None)
    destroyed_list(cast(Settings, settings)).is_complete(SystemClock().now())
    house = cast(House, SimpleNamespace(database=database, settings=settings, shut=shut, clock=SystemClock()))
    beat(house, engine)
    if deed != "go on":
        engine.start("of_a_test", f"of_a_test:{about}", controller, about)
    while True:
        time.sleep(BEAT_SECONDS)
        beat(house, engine)


if __name__ == "__main__":
    main(*sys.argv[1:])
