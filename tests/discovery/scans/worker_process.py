"""A worker of its own process, which scans a folder and may be killed in the middle: as `kill -9` does, without a word."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from rightcall.adapters.keys.file import Cost, KeyFile
from rightcall.adapters.systems.opening import open_system
from rightcall.clock import SystemClock
from rightcall.database.connection import Database
from rightcall.discovery.model import PassedOver
from rightcall.discovery.parts import Part
from rightcall.discovery.ports import UNLIMITED, Listed, Load, System
from rightcall.discovery.scans.procedure import Scanning
from rightcall.personal import Personal
from rightcall.procedures.engine import Engine
from rightcall.vault.actions import Vault


class Deadly:
    """The same source, whose reading of the object of that number ends the process."""

    def __init__(self, source: System, reads: int) -> None:
        self._source, self._left = source, reads

    def __getattr__(self, name: str) -> object:
        return getattr(self._source, name)

    def read(self, object: Listed, *, sample: float = 1.0) -> Iterator[Part | PassedOver]:
        self._left -= 1
        for part in self._source.read(object, sample=sample):
            yield part
            if self._left == 0:
                os.kill(os.getpid(), 9)


def main(url: str, keys: str, executor: str, controller: str, scan: str, reads: int) -> None:
    database, clock = Database(url, connections=4), SystemClock()
    vault = Vault(KeyFile(Path(keys), b"a passphrase for tests", cost=Cost(n=16)), clock)

    def opened(address: Personal[str], /, *, writable: bool = False, load: Load = UNLIMITED) -> System:
        return Deadly(open_system(address, writable=writable, load=load), reads)  # type: ignore[return-value]  # all else it takes from the source

    scanning = Scanning(database=database, vault=vault, clock=clock, open_system=opened, lease=0.5)
    engine = Engine(url, executor)
    engine.register("scan_system", scanning)
    engine.launch()
    engine.start("scan_system", f"scan_system:{scan}", controller, scan)
    engine.take_over({executor})
    while not _is_over(database, scan):
        time.sleep(0.05)
    engine.stop()
    database.close()


def _is_over(database: Database, scan: str) -> bool:
    with database.system() as tx:
        tx.connection.execute("SET LOCAL ROLE NONE")
        row = tx.connection.execute("SELECT stage FROM scans WHERE scan = %s", (scan,)).fetchone()
    return row is not None and row["stage"] == "over"


if __name__ == "__main__":
    url, keys, executor, controller, scan, reads = sys.argv[1:]
    main(url, keys, executor, controller, scan, int(reads))
