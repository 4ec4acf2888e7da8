"""Putting locks under a key of another day of the same purpose: opened with the keys of now, wrapped anew.

What a destroyed grant shuts already is left where it is. Which day, and what becomes of the keys from before, is for `shortening`
and `lengthening` to say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rightcall.database.connection import Transaction
from rightcall.ids import GrantId, PurposeId
from rightcall.vault import keyring, rules
from rightcall.vault.keyring import LockRow, Place, Ring, Term
from rightcall.vault.model import Dark, DarkReason
from rightcall.vault.ports import KeyService
from rightcall.vault.store import grants as grants_by_id
from rightcall.vault.terms import store
from rightcall.vault.terms.making import make

Wrapped = tuple[Place, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """Of one purpose. `made_before`: only keys that are no older than this are good enough to move to."""

    keys: KeyService
    purpose: PurposeId
    made_before: datetime
    now: datetime

    def wrap(self, tx: Transaction, rows: Sequence[tuple[LockRow, date]]) -> tuple[list[Wrapped], int]:
        """Each lock under its day, and how many could not be opened since the key service lacks a key."""
        ring = Ring(self.keys, tx.of)
        opened = self._opened(ring, tx, sorted({day for _, day in rows}))
        grants = _grants(ring, tx, [row for row, _ in rows])
        moved: list[Wrapped] = []
        stuck = 0
        for row, day in rows:
            secret, keys = _open(ring, row, grants)
            if isinstance(secret, Dark):
                stuck += secret.reason is DarkReason.EPOCH_GONE
                continue
            term, key = opened[day]
            place = moved_to(row, term)
            moved.append((place, keyring.wrap_content(place, keys, key, secret)))
        return moved, stuck

    def fresh(self, tx: Transaction, days: Sequence[date]) -> list[Term]:
        """A key of each day that is young enough, made where there is none."""
        found = store.latest_terms(tx, self.purpose, days, self.made_before)
        missing = [self._term(day, latest + 1) for day, (fresh, latest) in found.items() if fresh is None]
        make(tx, self.keys, missing, self.now)
        return [*missing, *(self._term(day, fresh) for day, (fresh, _) in found.items() if fresh is not None)]

    def _term(self, day: date, nth: int) -> Term:
        return Term(purpose=self.purpose, last_day=day, nth=nth)

    def _opened(self, ring: Ring, tx: Transaction, days: Sequence[date]) -> dict[date, tuple[Term, bytes]]:
        found = store.terms(tx, [(self.purpose, term.last_day) for term in self.fresh(tx, days)])
        return {term.last_day: (term, rules.living(ring.term(term, row.kept))) for term, row in found.values()}


def moved_to(row: LockRow, term: Term) -> Place:
    return Place(controller=row.place.controller, holding=row.place.holding, term=term, grants=row.place.grants)


def _grants(ring: Ring, tx: Transaction, rows: Sequence[LockRow]) -> dict[GrantId, bytes | Dark]:
    """What is withheld is moved too: it may be released."""
    wanted = rules.canonical(grant for row in rows for grant in row.place.grants)
    return {grant: ring.grant_though_withheld(kept) for grant, kept in grants_by_id(tx, wanted).items()}


def _open(ring: Ring, row: LockRow, grants: Mapping[GrantId, bytes | Dark]) -> tuple[bytes | Dark, list[bytes]]:
    """The content key, and the grant keys in their order."""
    keys = [grants[grant] for grant in row.place.grants]
    term = ring.term(row.place.term, row.term)
    dark = [key.reason for key in (*keys, term) if isinstance(key, Dark)]
    if isinstance(term, Dark) or dark:
        return rules.darkest(dark), []
    living = [key for key in keys if not isinstance(key, Dark)]
    return keyring.unwrap_content(row.place, living, term, row.blob), living
