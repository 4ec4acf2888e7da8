"""Ending sooner what is kept for a purpose: each lock is put under a fresh key of an earlier day, then the keys from before go.

Only so does a shorter term reach older copies of the locks too: what opened them is destroyed, as an epoch turns. A lock that a
destroyed grant shuts already is left where it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from rightcall.clock import day_of
from rightcall.database.connection import Transaction
from rightcall.ids import HoldingId, PurposeId
from rightcall.vault import rules
from rightcall.vault.keyring import LockRow, Term
from rightcall.vault.model import Moved
from rightcall.vault.ports import KeyService
from rightcall.vault.terms import store
from rightcall.vault.terms.moving import Moving, Wrapped, moved_to


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortening:
    """One purpose whose keys from before `made_before` are to go."""

    keys: KeyService
    purpose: PurposeId
    made_before: datetime
    now: datetime

    def move(self, tx: Transaction, last_days: Mapping[HoldingId, date]) -> Moved:
        """These locks of the purpose, each to its last day, or under a fresh key of its own where that is earlier. What is
        over is shut at once. Again changes nothing."""
        moved = self._move(tx, last_days)
        # Rotation may destroy an epoch key between our reading a row and our using it; the row, read again, names the new epoch.
        if not moved.stuck:
            return moved
        more = self._move(tx, last_days)
        return Moved(moved=moved.moved + more.moved, stuck=more.stuck)

    def begin(self, tx: Transaction) -> None:
        """Each day to come gets a fresh key, so that nothing more is kept under those that are to go. Again changes nothing."""
        days = store.days_made_before(tx, self.purpose, self.made_before)
        self._moving.fresh(tx, [day for day in days if not self._is_over(day)])

    def end(self, tx: Transaction) -> int:
        """Destroys the purpose's keys from before. How many went. Only once nothing needs them: whoever calls it has begun, and
        has moved all that lives."""
        return store.end_terms_made_before(tx, self.purpose, self.made_before, self.now)

    def _move(self, tx: Transaction, last_days: Mapping[HoldingId, date]) -> Moved:
        rows = store.locks_made_before(tx, self.purpose, list(last_days), self.made_before)
        days = [(row, min(row.place.term.last_day, last_days[row.place.holding])) for row in rows]
        over = [(row, day) for row, day in days if self._is_over(day)]
        moved, stuck = self._moving.wrap(tx, [(row, day) for row, day in days if not self._is_over(day)])
        store.insert_ended_terms(tx, self.purpose, sorted({day for _, day in over}), self.now)
        store.move_locks(tx, [*moved, *(self._shut(row, day) for row, day in over)])
        return Moved(moved=len(moved) + len(over), stuck=stuck)

    def _shut(self, row: LockRow, day: date) -> Wrapped:
        return moved_to(row, Term(purpose=self.purpose, last_day=day, nth=1)), b""

    def _is_over(self, day: date) -> bool:
        return rules.is_over(day, day_of(self.now))

    @property
    def _moving(self) -> Moving:
        return Moving(keys=self.keys, purpose=self.purpose, made_before=self.made_before, now=self.now)
