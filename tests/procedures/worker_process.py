"""A worker of its own process for the tests: a procedure of two steps that dies, waits, fails or goes on as it is told to."""

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rightcall.errors import Conflict, ObjectsGone
from rightcall.procedures.engine import Engine
from rightcall.procedures.ports import Steps

ID = "two_steps:id-of-this-run"
CONTROLLER = "00000000-0000-7000-8000-000000000001"


class Worker:
    def __init__(self, executor: str, notes: Path, deed: str) -> None:
        self._executor, self._file, self._deed = executor, notes, deed

    def note(self, what: str) -> str:
        with self._file.open("a") as out:
            out.write(f"{self._executor} {what}\n")
        return what

    def procedure(self, steps: Steps, *arguments: str) -> str:
        steps.run("first", lambda: self.note("first"))
        if self._deed == "die":
            os._exit(9)
        return steps.run("second", lambda: self.second(arguments[1]))

    def second(self, argument: str) -> str:
        if self._deed == "wait":
            self.note("outage")
            raise ObjectsGone("The store is away.")
        if self._deed == "outlast" and self._file.read_text().count("outage") < 3:
            self.note("outage")
            raise ObjectsGone("The store is away.")
        if self._deed == "fail":
            self.note("failed")
            raise Conflict("Not in this state.")
        return self.note(f"second {argument}")


def until(said: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not said() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert said()


def main(url: str, executor: str, notes: str, deed: str) -> None:
    file = Path(notes)
    worker, engine = Worker(executor, file, deed), Engine(url, executor)
    engine.register("two_steps", worker.procedure)
    engine.launch()
    if deed in ("die", "wait", "outlast", "fail"):
        engine.start("two_steps", ID, CONTROLLER, "argument")
    match deed:
        case "die":
            time.sleep(30)
        case "wait":
            until(lambda: file.read_text().count("outage") == 2)
        case "outlast":
            until(lambda: "second" in file.read_text())
        case "fail":
            until(lambda: engine.failed() == [("two_steps", ID)])
        case "go on":
            assert engine.take_over({executor}) == 1
            until(lambda: "second" in file.read_text())
            engine.start("two_steps", ID, CONTROLLER, "argument")
            time.sleep(0.5)
        case "again":
            now = datetime.now(UTC)
            assert engine.begin_again(now, after=timedelta(minutes=10)) == []
            assert engine.begin_again(now + timedelta(minutes=11), after=timedelta(minutes=10)) == [ID]
            until(lambda: "second" in file.read_text())
            until(lambda: engine.failed() == [])
    engine.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
