"""A worker of its own process for the tests: runs a procedure of two steps and, where told to, dies between them."""

import os
import sys
import time
from pathlib import Path

from rightcall.procedures.engine import Engine
from rightcall.procedures.ports import Steps


def main(url: str, executor: str, notes: str, deed: str) -> None:
    file = Path(notes)

    def note(what: str) -> str:
        with file.open("a") as out:
            out.write(f"{executor} {what}\n")
        return what

    def procedure(steps: Steps, *arguments: str) -> str:
        steps.run("first", lambda: note("first"))
        if deed == "die":
            os._exit(9)
        return steps.run("second", lambda: note(f"second {arguments[0]}"))

    engine = Engine(url, executor)
    engine.register("two_steps", procedure)
    engine.launch()
    if deed == "die":
        engine.start("two_steps", "id-of-this-run", "argument")
        time.sleep(30)
    else:
        assert engine.take_over({executor}) == 1
        deadline = time.monotonic() + 30
        while "second" not in file.read_text() and time.monotonic() < deadline:
            time.sleep(0.05)
        engine.start("two_steps", "id-of-this-run", "argument")
        time.sleep(0.5)
        engine.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
