"""Backups of data and of keys, drills, and the copies that a database and an object store make of themselves."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

BackupId = NewType("BackupId", UUID)
DrillId = NewType("DrillId", UUID)


class BackupKind(StrEnum):
    """One of data never has a key in it; one of keys has nothing else."""

    DATA = "data"
    KEYS = "keys"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """`epoch`: the newest whose key wraps something in it. `made_at`: None while it is written, or where it was cut off.
    `gone_at`: when it was confirmed that a backup of keys is no more. `place`: the folder of one of keys."""

    id: BackupId
    kind: BackupKind
    epoch: int
    place: str | None
    begun_at: datetime
    made_at: datetime | None
    gone_at: datetime | None


class Fault(StrEnum):
    """What a drill can find wrong. Of what is kept: `live_is_dark`, no key of today opens it in the backup; `live_is_damaged`,
    a key does, and its bytes are missing or damaged there; `live_is_lost`, so they are in the running system."""

    NOT_DONE = "not_done"
    LET_GO_OPENS = "let_go_opens"
    LIVE_IS_DARK = "live_is_dark"
    LIVE_IS_DAMAGED = "live_is_damaged"
    LIVE_IS_LOST = "live_is_lost"
    NOTHING_TRIED = "nothing_tried"
    OLD_KEYS_KEPT = "old_keys_kept"
    OLD_KEYS_OPEN = "old_keys_open"


FAULT_IN_WORDS = {
    Fault.NOT_DONE: "The drill could not be done, so nobody knows. The log says why.",
    Fault.LET_GO_OPENS: "What was let go opens in the restored backup. Stop restoring, and tell the DPO.",
    Fault.LIVE_IS_DARK: (
        "Some of what is kept does not open in the restored backup: it was made before the last turn of the epoch, or before what"
        " opens it now. It stays shut in it for good. Make a new backup, and drill that one."
    ),
    Fault.LIVE_IS_DAMAGED: (
        "Some of what is kept cannot be read in the restored backup, though a key opens it: its sealed bytes are missing there or"
        " damaged. Make a new backup on another disk, drill that one, and keep this until it has passed."
    ),
    Fault.LIVE_IS_LOST: (
        "Some of what is kept cannot be read in the running system either: its sealed bytes are missing there or damaged, and"
        " no new backup brings them back. Look for them in an older backup that passed, or in what the object store kept, and"
        " tell the DPO."
    ),
    Fault.NOTHING_TRIED: "The backup has nothing that is kept and could be tried, so nothing shows that what is kept comes back.",
    Fault.OLD_KEYS_KEPT: "A backup of keys from an earlier epoch is not confirmed to be gone. `rightcall backups` shows which.",
    Fault.OLD_KEYS_OPEN: "An old backup of keys opens something of this backup. Destroy it.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """`live`: what is kept, so many were tried and so many opened. `gone`: what was let go, likewise. `fenced`: keys that the
    backup had brought back and that were destroyed again before anything was tried. `backup_made_at`: when the backup was made
    that was tried; None where there was none to try."""

    id: DrillId
    drilled_at: datetime
    faults: tuple[Fault, ...]
    live: int
    live_opened: int
    gone: int
    gone_opened: int
    fenced: int
    backup_made_at: datetime | None = None

    @property
    def passed(self) -> bool:
        return not self.faults and self.live > 0

    @property
    def had_nothing_to_try(self) -> bool:
        """The house keeps nothing whose bytes could be tried, and nor does the backup. That is no fault, and proves nothing."""
        return not self.faults and not self.live


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseCopies:
    """`archives`: its log is copied elsewhere (WAL archive). `replicas` follow it now; `slots` hold its log for one that may
    not."""

    archives: bool
    replicas: int
    slots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreCopies:
    """Of an object store: whether it keeps former versions, forbids deletion for a time, copies elsewhere. None: it does not
    say."""

    versions: bool | None
    locks: bool | None
    replicates: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Which copies were found when the database and the object store were last asked."""

    looked_at: datetime
    database: DatabaseCopies
    store: StoreCopies
