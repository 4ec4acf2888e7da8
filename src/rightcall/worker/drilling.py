"""A drill from end to end: the backup is restored beside the running system, tried, thrown away, and what was found is kept.

A PostgreSQL of its own and a folder are made for it; neither is left, and what a killed drill left goes with the next one.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rightcall.adapters import backup as backups
from rightcall.adapters.aside import aside
from rightcall.adapters.destroyed import DestroyedList
from rightcall.adapters.objects.store import Objects
from rightcall.canonical import Json
from rightcall.copies import actions as copies
from rightcall.copies.model import FAULT_IN_WORDS, Drill
from rightcall.copies.under_way.model import Work
from rightcall.database.connection import Database
from rightcall.database.embedded import ensure_running
from rightcall.database.migrate import migrate
from rightcall.errors import NotFound, RightcallError
from rightcall.procedures.ports import Steps
from rightcall.telemetry import metrics
from rightcall.vault.actions import Vault
from rightcall.wiring import House, destroyed_list
from rightcall.worker.destroyed import is_written_down
from rightcall.worker.trying import Side, try_restored
from rightcall.worker.under_way import told

MOST = 1000
_PATIENCE_SECONDS = 10.0
_log = logging.getLogger(__name__)


def newest(folder: Path) -> Path:
    """The newest finished backup in a folder of backups. NotFound where there is none."""
    try:
        found = [each for each in folder.iterdir() if backups.is_finished(each)]
    except OSError:
        found = []
    if not found:
        raise NotFound("There is no finished backup in the folder of backups. Make one with `rightcall backup`.")
    return max(found, key=backups.made_at)


def drill_backup(
    house: House,
    folder: Path,
    *,
    lists: Sequence[DestroyedList] = (),
    most: int = MOST,
    with_old: Vault | None = None,
    progress: backups.Progress | None = None,
) -> Drill:
    """What was found is kept, also that it could not be done: then it raises why."""
    root = house.settings.drill_folder or house.settings.data / "drill"
    try:
        with told(house, Work.DRILL, progress) as tell, restored_aside(root, folder, tell) as (database, objects):
            _wait_for_list(house)
            running = Side(database=house.database, vault=house.vault, objects=house.objects, clock=house.clock)
            restored = Side(database=database, vault=house.vault, objects=objects, clock=house.clock)
            every = [destroyed_list(house.settings), *lists]
            found = try_restored(running, restored, lists=every, most=most, with_old=with_old, progress=tell)
    except RightcallError:
        with house.database.system() as tx:
            _tell(copies.not_drilled(tx, house.clock))
        raise
    with house.database.system() as tx:
        kept = copies.drilled(tx, house.clock, found, of=datetime.fromtimestamp(backups.made_at(folder), UTC))
    _tell(kept)
    return kept


@contextmanager
def restored_aside(root: Path, folder: Path, progress: backups.Progress | None) -> Iterator[tuple[Database, Objects]]:
    with aside(root) as place:
        server = ensure_running(place / "database")
        try:
            objects = Objects(f"file://{(place / 'objects').resolve()}", None)
            backups.restore(server.url, objects, folder, progress=progress)
            migrate(server.url)
            database = Database(server.url, connections=2)
            try:
                yield database, objects
            finally:
                database.close()
        finally:
            server.stop()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drilling:
    """The procedure `drill_backup`: the newest backup of the folder that is set."""

    house: House

    def __call__(self, steps: Steps, *_: str) -> Json:
        return steps.run("drill", self._drill)

    def _drill(self) -> bool:
        folder = self.house.settings.backups
        try:
            if folder is None:
                raise NotFound("No folder of backups is set. Set RIGHTCALL_BACKUPS.")
            return not drill_backup(self.house, newest(folder)).faults
        except RightcallError as error:
            _log.critical("a drill of the backups could not be done: %s", error)
            return False


def keep_figures(house: House) -> timedelta | None:
    """Sets the figures of the last drill. How long ago it was; None where there was none."""
    with house.database.system() as tx:
        known, newest = copies.drills(tx), copies.newest_drilled(tx)
    if newest is None:
        metrics().drill_faults.set(-1)
        metrics().drill_age.set(-1)
        return None
    passed = next((each for each in known if each.passed), None)
    age = -1.0 if passed is None else (house.clock.now() - passed.drilled_at).total_seconds()
    metrics().drill_faults.set(len(newest.faults))
    metrics().drill_age.set(age)
    return house.clock.now() - newest.drilled_at


def _tell(found: Drill) -> None:
    for fault in found.faults:
        _log.critical("a drill of a backup failed: %s", FAULT_IN_WORDS[fault], extra={"drill": str(found.id)})


def _wait_for_list(house: House) -> None:
    """The worker writes the list down a moment after the deed. Where nobody does, the drill finds it out."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while not is_written_down(house.database) and time.monotonic() < until:
        time.sleep(0.2)
