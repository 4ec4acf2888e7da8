"""Waiting for a scan until all that it found is on the data map, with how far it is. Where no worker runs, it is done here."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TypeVar

from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn

from rightcall.canonical import Json
from rightcall.cli.scanned import so_far
from rightcall.cli.signed_in import SignedIn
from rightcall.cli.words import words
from rightcall.discovery.scans import actions as scans
from rightcall.discovery.scans.model import Scan
from rightcall.errors import Outage
from rightcall.later import later
from rightcall.procedures import actions as procedures
from rightcall.procedures.model import Reached
from rightcall.procedures.ports import Procedure
from rightcall.wiring import House

T = TypeVar("T")
_LOOK_SECONDS = 0.5
_AGAIN_SECONDS = 2.0
_scanning_of: Callable[[House], Procedure] = later("rightcall.worker.scanning:scanning_of")


class _Here:
    """Steps that run at once in this process: a killed command leaves the scan to be gone on with by a worker."""

    def run(self, name: str, deed: Callable[[], T]) -> T:
        del name
        while True:
            try:
                return deed()
            except Outage as error:
                words().print(f"waiting: {error}", markup=False)
                time.sleep(_AGAIN_SECONDS)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def reached(self, figures: Callable[[], Reached]) -> None:
        """Nobody looks."""


def waited(house: House, who: SignedIn, started: Scan) -> Scan:
    """Until nothing more comes of it, with how far it is on standard error. What a worker began and left is gone on with here."""
    with _watching(house, who, started):
        while not (now := house.database.run(who.controller, lambda tx: scans.get(tx, started.id))).is_followed:
            if _has_worker(house):
                time.sleep(_LOOK_SECONDS)
            else:
                _run_here(house, who, started)
    return now


def _has_worker(house: House) -> bool:
    with house.database.system() as tx:
        return bool(procedures.living_workers(tx))


def _run_here(house: House, who: SignedIn, started: Scan) -> Json:
    return _scanning_of(house)(_Here(), str(who.controller), str(started.id))


@contextmanager
def _watching(house: House, who: SignedIn, started: Scan) -> Iterator[None]:
    """A line that says how far the scan is, looked up now and then while it runs."""
    console = words()
    with Bar(SpinnerColumn(), TextColumn("{task.description}"), console=console, transient=True) as shown:
        task, over = shown.add_task("Scanning…"), Event()

        def look() -> None:
            while not over.wait(_LOOK_SECONDS):
                told = house.database.run(who.controller, lambda tx: so_far(tx, started.id))
                shown.update(task, description=told)

        looker = Thread(target=look, daemon=True)
        looker.start()
        try:
            yield
        finally:
            over.set()
            looker.join()
