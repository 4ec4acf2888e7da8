"""Keeping for longer what is kept for a purpose: each lock is put under a key of a later day, before its own day is over.

An older copy of a lock, in a backup or a log, opens until its own day and no longer: its key goes with that day. What is over is
over: nothing that is dark is brought back. The database holds that no lock moves by more than its purpose was lengthened.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from rightcall.clock import day_of
from rightcall.database.connection import Transaction
from rightcall.ids import HoldingId, PurposeId
from rightcall.vault import rules
from rightcall.vault.keyring import LockRow
from rightcall.vault.ports import KeyService
from rightcall.vault.terms import store
from rightcall.vault.terms.moving import Moving

_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengthening:
    """Of one purpose."""

    keys: KeyService
    purpose: PurposeId
    now: datetime

    def move(self, tx: Transaction, last_days: Mapping[HoldingId, date]) -> tuple[set[HoldingId], int]:
        """These locks of the purpose, each to its last day where that is later and its own is not over. Which were moved, and how
        many could not be opened since the key service lacks a key. Again changes nothing."""
        moved, stuck = self._move(tx, last_days)
        # Rotation may destroy an epoch key between our reading a row and our using it; the row, read again, names the new epoch.
        if not stuck:
            return moved, stuck
        more, stuck = self._move(tx, last_days)
        return moved | more, stuck

    def _move(self, tx: Transaction, last_days: Mapping[HoldingId, date]) -> tuple[set[HoldingId], int]:
        rows = store.locks_made_before(tx, self.purpose, list(last_days), _NEVER)
        later = [(row, last_days[row.place.holding]) for row in rows if self._is_later(row, last_days[row.place.holding])]
        moved, stuck = Moving(keys=self.keys, purpose=self.purpose, made_before=_EVER, now=self.now).wrap(tx, later)
        store.move_locks(tx, moved)
        return {place.holding for place, _ in moved}, stuck

    def _is_later(self, row: LockRow, day: date) -> bool:
        own = row.place.term.last_day
        return day > own and not rules.is_over(own, day_of(self.now))
