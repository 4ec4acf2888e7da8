"""Writing down which copies there are of everything we keep, so that a certificate can say when each of them is useless.

A backup of data opens with the key of its epoch and no other; a backup of keys is that key. So keys are kept apart from data, and
no longer than their epoch: while one from before is not confirmed gone, no certificate says that backups open nothing.
Deliberately elsewhere: making and restoring them (`adapters.backup`, `adapters.key_backup`), trying them (`worker.drilling`).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from rightcall.clock import Clock
from rightcall.copies import store
from rightcall.copies.model import Backup, BackupId, BackupKind, Drill, DrillId, Fault, Look, StoreCopies
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, NotFound
from rightcall.ids import new_id

_MOST = 1000


def begin(tx: Transaction, clock: Clock, *, kind: BackupKind, epoch: int, place: str | None = None) -> BackupId:
    """Before the first byte is copied, so that no copy is ever unknown."""
    id = BackupId(new_id())
    now = clock.now()
    made = Backup(id=id, kind=kind, epoch=epoch, place=place, begun_at=now, made_at=None, gone_at=None)
    store.insert_backup(tx, made)
    return id


def finish(tx: Transaction, clock: Clock, backup: BackupId, *, epoch: int) -> None:
    """It is whole. `epoch`: the present one, which may be later than the one it was begun in."""
    store.set_made(tx, backup, epoch=epoch, at=clock.now())


def gone(tx: Transaction, clock: Clock, backup: BackupId) -> None:
    """Somebody or something has looked, and it is no more. Again changes nothing."""
    found = store.backup(tx, backup)
    if found is None:
        raise NotFound("There is no such backup. `rightcall backups` shows those there are.")
    store.set_gone(tx, backup, clock.now())


def say_gone(tx: Transaction, clock: Clock, backup: BackupId, *, epoch: int) -> None:
    """A person says so, of what we cannot look at. Conflict for the keys of the present epoch: those are needed."""
    found = store.backup(tx, backup)
    if found is not None and found.kind is BackupKind.KEYS and found.epoch >= epoch and found.made_at is not None:
        raise Conflict("These are the keys of the present epoch. Make a newer backup of them first, then destroy this one.")
    gone(tx, clock, backup)


def backups(tx: Transaction) -> list[Backup]:
    """The newest first."""
    return store.backups(tx, _MOST)


def standing(tx: Transaction, kind: BackupKind) -> list[Backup]:
    """Those that are not confirmed gone, the oldest first."""
    return store.standing(tx, kind)


def keys_until(tx: Transaction, epoch: int) -> tuple[int, int]:
    """Backups of keys from `epoch` or before: how many are not confirmed gone, and how many are."""
    return store.keys_until(tx, epoch)


def old_keys(tx: Transaction, epoch: int) -> int:
    """How many backups of keys from before `epoch` are not confirmed gone."""
    return store.keys_before(tx, epoch)


def look(tx: Transaction, clock: Clock, objects: StoreCopies) -> Look:
    """Asks the database which copies it makes, and writes that down with what the object store said."""
    found = Look(looked_at=clock.now(), database=store.database_copies(tx), store=objects)
    store.set_look(tx, found)
    return found


def last_look(tx: Transaction) -> Look | None:
    return store.look(tx)


def drilled(tx: Transaction, clock: Clock, found: Drill, *, of: datetime) -> Drill:
    """Keep what a drill found. `of`: when the backup was made that was tried."""
    kept = replace(found, drilled_at=clock.now(), backup_made_at=of)
    store.insert_drill(tx, kept)
    return kept


def not_drilled(tx: Transaction, clock: Clock) -> Drill:
    """A drill that could not be done is a failed one."""
    nothing = Drill(
        id=DrillId(new_id()),
        drilled_at=clock.now(),
        faults=(Fault.NOT_DONE,),
        live=0,
        live_opened=0,
        gone=0,
        gone_opened=0,
        fenced=0,
    )
    store.insert_drill(tx, nothing)
    return nothing


def newest_drilled(tx: Transaction) -> Drill | None:
    """The last drill of the newest backup that was tried: what it found counts, and not what one of an older backup found later.
    One that found no backup to try counts as of the newest."""
    return store.newest_drilled(tx)


def drills(tx: Transaction, limit: int = 20) -> Sequence[Drill]:
    """The newest first."""
    return store.drills(tx, limit)
