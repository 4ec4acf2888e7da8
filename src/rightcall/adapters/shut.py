"""Whether what is kept may be opened here. Not in a database that may have been put back by other means than `rightcall restore`,
since what was let go would be open in it again (docs/adr/0063).

A database that was ever signed has two things beside its keys: the list of what was destroyed and the ledger's last checkpoint.
Where one is missing, or the ledger is not what the checkpoint says, no key opens anything in any process, until it is there
again, or a person says that it is lost (`rightcall reopen`). Calls go on; nothing of them is recorded.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from rightcall.adapters.destroyed import DESTROYED, DestroyedList
from rightcall.adapters.kept_checkpoint import CHECKPOINT, KeptCheckpoint
from rightcall.adapters.keys.signer import published_key
from rightcall.clock import Clock
from rightcall.database.connection import Database, Transaction
from rightcall.erasure.model import Missing
from rightcall.errors import Breach, Conflict, DatabaseGone, KeysGone, Mistake
from rightcall.ledger import actions as ledger
from rightcall.ledger.kept import Held, hold, read_kept
from rightcall.procedures import actions as procedures
from rightcall.vault.model import Dark
from rightcall.vault.ports import KeyService

LOOK_SECONDS = 5.0
MOST_UNSEEN = 3
"""So many looks in a row may come to nothing: as long as a worker may be silent. Then nothing is opened any more."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Why nothing is opened. `held`: the checkpoint that is kept, where the ledger was put back to before it."""

    missing: Missing
    held: Held | None = None

    @property
    def says(self) -> str:
        lost = "" if self.held is None else f" {self.held.lost:,} statements that were signed are not in it."
        now = _MEND if self.missing is Missing.UNSEEN else _WHAT_NOW
        return f"Nothing is opened, and no call is recorded. {_WORDS[self.missing]}{lost} {now}"


_WORDS = {
    Missing.LIST: "This database is not new, and the list of what was destroyed, DATA/destroyed, is not beside the keys.",
    Missing.CHECKPOINT: "This database is not new, and the ledger's last checkpoint is not beside the keys, or cannot be read:"
    f" DATA/{CHECKPOINT}.",
    Missing.STATEMENTS: f"The ledger was put back to before the checkpoint that is kept beside the keys, DATA/{CHECKPOINT}.",
    Missing.HISTORY: f"The ledger and the checkpoint that is kept beside the keys, DATA/{CHECKPOINT}, are two histories.",
    Missing.UNSEEN: "Whether the database was put back could not be seen, several times in a row: why is in the log.",
}
_MEND = "Mend what keeps DATA from being read or written, such as a full disk: it opens by itself with the next look."
_WHAT_NOW = (
    "If the database was put back, what was let go since may be in it again: empty it and use `rightcall restore`. If a file was"
    " moved, move it back. If it is lost for good, a person says so with `rightcall reopen`."
)


class Shut:
    """One process's look at its own data folder and the database. `doubt` is as it was seen within the last seconds."""

    def __init__(self, data: Path, origin: str, database: Database, clock: Clock) -> None:
        """It has looked when it is made."""
        self._data, self._origin = data, origin
        self._database, self._clock = database, clock
        self._since = monotonic()
        self._ending = threading.Event()
        self._unseen = 0
        self.doubt = self.look()

    @contextmanager
    def watched(self) -> Iterator[None]:
        """It is looked again and again."""
        thread = threading.Thread(target=self._watch, name="shut", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._ending.set()
            thread.join()

    def _watch(self) -> None:
        while not self._ending.wait(LOOK_SECONDS):
            self.look_again()

    def look_again(self) -> None:
        """What a look finds holds until the next. One that comes to nothing leaves what was seen last; `MOST_UNSEEN` in a row are
        a doubt of their own, since a database may have been put back meanwhile."""
        before = self.doubt
        try:
            self.doubt, self._unseen = self.look(), 0
        except DatabaseGone:
            return  # without it there is nothing to open
        except Exception:  # noqa: BLE001 - a thread's top loop: it looks again, and shuts before long
            _log.exception("it could not be seen whether the database was put back")
            self._unseen += 1
            if self.doubt is None and self._unseen >= MOST_UNSEEN:
                self.doubt = Doubt(missing=Missing.UNSEEN)
        if self.doubt is not None and self.doubt != before:
            _log.critical("nothing is opened any more", extra={"missing": self.doubt.missing.value})

    def look(self) -> Doubt | None:
        """What lies beside the keys follows the ledger, where there is none. What is kept is read before the database: whoever
        signs meanwhile only makes the ledger longer. Whether anything is kept is asked after it: whoever was first began that
        before anything was signed."""
        kept, lists = KeptCheckpoint(self._data), DestroyedList(self._data / DESTROYED)
        try:
            note = kept.read()
        except Conflict:
            return Doubt(missing=Missing.CHECKPOINT)
        with self._database.system() as tx:
            signed = ledger.latest_checkpoint(tx)
            has_list, has_checkpoint = lists.is_begun(), kept.is_begun()
            if signed is None and note is None:
                if not has_list:
                    lists.is_complete(self._clock.now())
            elif not has_list and not has_checkpoint and self._is_worked_on(tx):
                lists.begin()
            elif not has_list:
                return Doubt(missing=Missing.LIST)
            elif not has_checkpoint:
                return Doubt(missing=Missing.CHECKPOINT)
            elif note is not None and (doubt := self._held(tx, note)) is not None:
                return doubt
        if signed != note or not has_checkpoint:
            kept.write(signed or "")
        return None

    def _is_worked_on(self, tx: Transaction) -> bool:
        """By a worker elsewhere, who beats only where it may open: this machine comes to others. Whoever a backup says to be
        alive is not heard of again, so that nobody is believed at once."""
        return monotonic() - self._since > procedures.DEAD_AFTER_SECONDS and bool(procedures.living_workers(tx))

    def _held(self, tx: Transaction, note: str) -> Doubt | None:
        try:
            checkpoint = read_kept(note, published_key(self._data / "ledger-key"), self._origin, [])
            held = hold(checkpoint, ledger.latest_head(tx).size, lambda size: ledger.root_at(tx, size))
        except (Breach, Mistake):
            return Doubt(missing=Missing.HISTORY)
        return Doubt(missing=Missing.STATEMENTS, held=held) if held.lost else None


@dataclass(frozen=True, slots=True)
class ShutKeys:
    """Implements `vault.ports.KeyService`: the keys of a service, which open nothing while there is a doubt. What is new can be
    wrapped: it was never let go."""

    keys: KeyService
    shut: Shut

    def create(self, family: str) -> str:
        return self.keys.create(family)

    def names(self, family: str) -> list[str]:
        return self.keys.names(family)

    def wrap(self, key: str, secret: bytes, context: bytes) -> bytes:
        return self.keys.wrap(key, secret, context)

    def unwrap(self, key: str, blob: bytes, context: bytes) -> bytes | Dark:
        self._must_be_open()
        return self.keys.unwrap(key, blob, context)

    def destroy(self, key: str) -> None:
        """Neither: in a database that was put back, a key that the running one needs may look like one that nobody does."""
        self._must_be_open()
        self.keys.destroy(key)

    def _must_be_open(self) -> None:
        if self.shut.doubt is not None:
            raise KeysGone(self.shut.doubt.says)
