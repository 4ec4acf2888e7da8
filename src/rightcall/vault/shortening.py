"""Ending sooner what is kept for a purpose: each lock is put under a fresh key of an earlier day, then the keys from before go.

Only so does a shorter term reach older copies of the locks too: what opened them is destroyed, as an epoch turns. A lock that a
destroyed grant shuts already is left where it is. No lock is ever moved to a later day: the database holds that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rightcall.clock import day_of
from rightcall.database.connection import Transaction
from rightcall.ids import GrantId, HoldingId, PurposeId
from rightcall.vault import keyring, rules, store
from rightcall.vault.keyring import LockRow, Place, Ring, Term
from rightcall.vault.model import Dark, DarkReason, Moved
from rightcall.vault.ports import KeyService
from rightcall.vault.wrapping import new_secret


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
        return moved if not moved.stuck else self._move(tx, last_days)

    def begin(self, tx: Transaction) -> None:
        """Each day to come gets a fresh key, so that nothing more is kept under those that are to go. Again changes nothing."""
        days = store.days_made_before(tx, self.purpose, self.made_before)
        self._fresh(tx, [day for day in days if not self._is_over(day)])

    def end(self, tx: Transaction) -> int:
        """Destroys the purpose's keys from before. How many went. Only once nothing needs them: whoever calls it has begun, and
        has moved all that lives."""
        return store.end_terms_made_before(tx, self.purpose, self.made_before, self.now)

    def _move(self, tx: Transaction, last_days: Mapping[HoldingId, date]) -> Moved:
        rows = store.locks_made_before(tx, self.purpose, list(last_days), self.made_before)
        days = {row.place.holding: min(row.place.term.last_day, last_days[row.place.holding]) for row in rows}
        ring = Ring(self.keys, tx.of)
        fresh = self._fresh(tx, sorted({day for day in days.values() if not self._is_over(day)}))
        opened = _terms(ring, tx, self.purpose, fresh)
        grants = _grants(ring, tx, rows)
        moved: list[tuple[Place, bytes]] = []
        stuck = 0
        for row in rows:
            day = days[row.place.holding]
            if self._is_over(day):
                moved.append((_at(row, Term(purpose=self.purpose, last_day=day, nth=1)), b""))
                continue
            secret, keys = _open(ring, row, grants)
            if isinstance(secret, Dark):
                stuck += secret.reason is DarkReason.EPOCH_GONE
                continue
            term, key = opened[day]
            place = _at(row, term)
            moved.append((place, keyring.wrap_content(place, keys, key, secret)))
        store.insert_ended_terms(tx, self.purpose, sorted({day for day in days.values() if self._is_over(day)}), self.now)
        store.move_locks(tx, moved)
        return Moved(moved=len(moved), stuck=stuck)

    def _is_over(self, day: date) -> bool:
        return rules.is_over(day, day_of(self.now))

    def _fresh(self, tx: Transaction, days: Sequence[date]) -> list[Term]:
        """A key of each day that is younger than those which are to go, made where there is none."""
        terms, current = [], store.current_epoch(tx)
        for day, (fresh, latest) in store.latest_terms(tx, self.purpose, days, self.made_before).items():
            term = Term(purpose=self.purpose, last_day=day, nth=fresh or latest + 1)
            if fresh is None and current is not None:
                blob = self.keys.wrap(current[1], new_secret(), keyring.term_context(tx.of, term))
                store.insert_term(tx, term, current[0], blob, self.now)
            terms.append(term)
        return terms


def _at(row: LockRow, term: Term) -> Place:
    return Place(controller=row.place.controller, holding=row.place.holding, term=term, grants=row.place.grants)


def _terms(ring: Ring, tx: Transaction, purpose: PurposeId, terms: Sequence[Term]) -> dict[date, tuple[Term, bytes]]:
    found = store.terms(tx, [(purpose, term.last_day) for term in terms])
    opened: dict[date, tuple[Term, bytes]] = {}
    for term, kept in found.values():
        key = Dark(reason=DarkReason.TERM_OVER) if kept.kept is None else ring.term(term, kept.kept)
        if isinstance(key, Dark):
            raise rules.refusal(key)
        opened[term.last_day] = (term, key)
    return opened


def _grants(ring: Ring, tx: Transaction, rows: Sequence[LockRow]) -> dict[GrantId, bytes | Dark]:
    """What is withheld is moved too: it may be released."""
    wanted = rules.canonical(grant for row in rows for grant in row.place.grants)
    return {grant: ring.grant_though_withheld(kept) for grant, kept in store.grants(tx, wanted).items()}


def _open(ring: Ring, row: LockRow, grants: Mapping[GrantId, bytes | Dark]) -> tuple[bytes | Dark, list[bytes]]:
    """The content key, and the grant keys in their order."""
    keys = [grants[grant] for grant in row.place.grants]
    term = Dark(reason=DarkReason.TERM_OVER) if row.term is None else ring.term(row.place.term, row.term)
    dark = [key.reason for key in (*keys, term) if isinstance(key, Dark)]
    if isinstance(term, Dark) or dark:
        return rules.darkest(dark), []
    living = [key for key in keys if not isinstance(key, Dark)]
    return keyring.unwrap_content(row.place, living, term, row.blob), living
