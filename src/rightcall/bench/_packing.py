"""The process of the measurement of a package: makes it, hands it over, and sends it into a file. One line of JSON."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from rightcall.actors import SYSTEM
from rightcall.canonical import Json
from rightcall.database.connection import Database
from rightcall.ids import ControllerId, RequestId
from rightcall.personal import Personal
from rightcall.procedures.model import Reached
from rightcall.requests.packages import actions, sealing
from rightcall.requests.packages.procedure import Packaging
from rightcall.requests.packages.writing import Bench
from rightcall.settings import load_settings
from rightcall.wiring import House, open_house

T = TypeVar("T", bound=Json)
_KIB = 1024


class Inline:
    """Steps that nobody remembers."""

    def run(self, name: str, deed: Callable[[], T]) -> T:  # noqa: ARG002 - the port's shape
        return deed()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def reached(self, figures: Callable[[], Reached]) -> None:
        """Nobody looks."""


def main(folder: str, controller: str, request: str, taken: str) -> None:
    with open_house(load_settings(data=Path(folder))) as house:
        before, began = _peak(), time.perf_counter()
        _forget_peak()
        packaging = Packaging(
            database=house.database,
            tools=house.tools,
            audio=house.audio,
            open_system=house.open_system,
            dial=house.processors.dial,
            bench=Bench(objects=house.objects, spool=Path(folder) / "packages"),
        )
        packaging(Inline(), controller, request)
        made = time.perf_counter()
        sent = _send(house, house.database, ControllerId(UUID(controller)), RequestId(UUID(request)), Path(taken))
        ended = time.perf_counter()
    found = {
        "peak_mib": _peak(),
        "peak_before_mib": before,
        "made_in_seconds": round(made - began, 1),
        "sent_in_seconds": round(ended - made, 1),
        "package_mb": round(sent / 1e6),
    }
    sys.stdout.write(json.dumps(found))


def _send(house: House, database: Database, controller: ControllerId, request: RequestId, taken: Path) -> int:
    with database.transaction(controller) as tx:
        handed = actions.hand_over(tx, house.vault, house.clock, request, by=SYSTEM)
    with database.transaction(controller) as tx:
        link, code = Personal(handed.link), Personal(handed.code)
        key = actions.open_with(tx, house.vault, house.clock, handed.package, link=link, code=code)
        parts = actions.parts(tx, handed.package)
    if key is None:
        raise AssertionError("what was handed over does not open")
    length = sum(part.plain_length for part in parts)
    with taken.open("wb") as file:
        for chunk in sealing.stream(controller, handed.package, key, house.objects, parts, 0, length):
            file.write(chunk)
    return length


def _forget_peak() -> None:
    """To open the key file takes 64 MiB for a moment, and is over by now (see proc_pid_clear_refs(5))."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak() -> int:
    """Of this process since it began its program: what `getrusage` says of a child begins with what its parent had."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) // _KIB


if __name__ == "__main__":
    main(*sys.argv[1:])
