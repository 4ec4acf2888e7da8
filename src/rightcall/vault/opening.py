"""Reading keys: what opens one thing, or why it is dark. No key is kept for longer than a deed.

Rotation may destroy an epoch key between our reading a row and our using it; the row, read again, then names the new epoch. So
"the epoch is gone" is believed only when it is said twice.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from rightcall.clock import Clock, day_of
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, Tampered
from rightcall.ids import GrantId, HoldId, HoldingId, PurposeId, SubjectId
from rightcall.vault import keyring, rules, store
from rightcall.vault.keyring import KeptGrant, LockRow, Ring, Term
from rightcall.vault.model import ContentKey, Dark, DarkReason, Lock
from rightcall.vault.ports import KeyService
from rightcall.vault.terms import store as terms
from rightcall.vault.terms.making import make

K = TypeVar("K")
T = TypeVar("T")
Day = tuple[PurposeId, date]
Pair = tuple[HoldingId, PurposeId]
_GONE = Dark(reason=DarkReason.EPOCH_GONE)


def steadily(read: Callable[[], T | Dark]) -> T | Dark:
    result = read()
    return read() if result == _GONE else result


def steadily_all(read: Callable[[], Mapping[K, T | Dark]]) -> Mapping[K, T | Dark]:
    result = read()
    return read() if _GONE in result.values() else result


def steady(read: Callable[[], T | Dark]) -> T:
    """For a deed that needs it."""
    return rules.living(steadily(read))


class Opening:
    """The keys of one key service, opened by what stands in the rows."""

    def __init__(self, keys: KeyService, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock

    def subject(self, tx: Transaction, subject: SubjectId) -> bytes | Dark:
        def read() -> bytes | Dark:
            found = store.subject(tx, subject)
            if found is None:
                return Dark(reason=DarkReason.NEVER_GRANTED)
            if found.kept is None:
                return Dark(reason=DarkReason.SUBJECT_ERASED)
            return Ring(self._keys, tx.of).subject(subject, found.kept)

        return steadily(read)

    def living_subject(self, tx: Transaction, subject: SubjectId) -> bytes:
        return rules.living(self.subject(tx, subject))

    def living_blind_key(self, tx: Transaction) -> bytes:
        def read() -> bytes | Dark:
            found = store.blind_key(tx)
            if found is None or found.kept is None:
                return Dark(reason=DarkReason.NEVER_GRANTED)
            return Ring(self._keys, tx.of).blind(found.kept)

        return steady(read)

    def living_hold(self, tx: Transaction, hold: HoldId) -> bytes:
        def read() -> bytes | Dark:
            found = store.hold(tx, hold)
            if found is None or found.kept is None:
                return Dark(reason=DarkReason.GRANT_DESTROYED)
            return Ring(self._keys, tx.of).hold(hold, found.kept)

        return steady(read)

    def living_grants(self, tx: Transaction, ring: Ring, locks: Sequence[Lock]) -> dict[GrantId, bytes]:
        wanted = rules.canonical(grant for lock in locks for grant in lock.grants)

        def read() -> dict[GrantId, bytes] | Dark:
            found = store.grants(tx, wanted)
            if len(found) != len(wanted):
                return Dark(reason=DarkReason.NEVER_GRANTED)
            if any(found[grant].purpose != lock.purpose for lock in locks for grant in lock.grants):
                raise Conflict("A grant stands for one purpose and was given for another. Name the purpose's own grant.")
            opened = {grant: ring.grant(kept) for grant, kept in found.items()}
            dark = [key.reason for key in opened.values() if isinstance(key, Dark)]
            return rules.darkest(dark) if dark else {g: key for g, key in opened.items() if not isinstance(key, Dark)}

        return steady(read)

    def living_terms(self, tx: Transaction, ring: Ring, wanted: Sequence[Day]) -> dict[Day, tuple[Term, bytes]]:
        """Each day's key; made where there is none, or only one that a restored backup brought back without its epoch."""
        found = self._terms(tx, ring, wanted)
        missing = [Term(purpose=day[0], last_day=day[1], nth=1) for day in wanted if day not in found]
        missing += [replace(term, nth=term.nth + 1) for term, key in found.values() if key == _GONE]
        if missing:
            make(tx, self._keys, missing, self._clock.now())
            found = self._terms(tx, ring, wanted)
        return {day: (term, rules.living(key)) for day, (term, key) in found.items()}

    def _terms(self, tx: Transaction, ring: Ring, wanted: Sequence[Day]) -> dict[Day, tuple[Term, bytes | Dark]]:
        opened: dict[Day, tuple[Term, bytes | Dark]] = {}
        for _ in range(2):
            rows = terms.terms(tx, wanted).items()
            opened = {day: (term, ring.term(term, found.kept)) for day, (term, found) in rows}
            if _GONE not in (key for _, key in opened.values()):
                break
        return opened

    def unlock(
        self, tx: Transaction, holding: HoldingId, purpose: PurposeId, *, though_withheld: bool = False
    ) -> ContentKey | Dark:
        """`though_withheld`: for what shows it to nobody."""

        def read() -> ContentKey | Dark:
            row = store.lock(tx, holding, purpose)
            if row is None:
                return Dark(reason=DarkReason.NEVER_GRANTED)
            ring = Ring(self._keys, tx.of)
            found = store.grants(tx, _needed(row))
            return self._opened(row, found, ring, ring.grant_though_withheld if though_withheld else ring.grant)

        return steadily(read)

    def unlock_all(self, tx: Transaction, wanted: Sequence[Pair]) -> Mapping[Pair, ContentKey | Dark]:
        return steadily_all(lambda: self._unlock_all(tx, wanted))

    def _unlock_all(self, tx: Transaction, wanted: Sequence[Pair]) -> dict[Pair, ContentKey | Dark]:
        ring, rows = Ring(self._keys, tx.of), store.locks(tx, wanted)
        found = store.grants(tx, list({grant for row in rows.values() for grant in _needed(row)})) if rows else {}
        never = Dark(reason=DarkReason.NEVER_GRANTED)
        return {pair: self._opened(rows[pair], found, ring, ring.grant) if pair in rows else never for pair in wanted}

    def _opened(
        self,
        row: LockRow,
        found: Mapping[GrantId, KeptGrant],
        ring: Ring,
        open_grant: Callable[[KeptGrant], bytes | Dark],
    ) -> ContentKey | Dark:
        needed = _needed(row)
        if not found.keys() >= set(needed):
            raise Tampered("A content lock names a grant that is not there. Stop, and tell the DPO.")
        opened = {grant: open_grant(found[grant]) for grant in needed}
        last_day = row.place.term.last_day
        term = ring.term(row.place.term, None if rules.is_over(last_day, day_of(self._clock.now())) else row.term)
        dark = {grant: key for grant, key in opened.items() if isinstance(key, Dark)}
        if isinstance(term, Dark):
            before = [key.reason for grant, key in dark.items() if not _came_after(last_day, found[grant], key)]
            return rules.darkest([*before, term.reason])
        if dark:
            return rules.darkest(key.reason for key in dark.values())
        keys = [key for grant in row.place.grants if not isinstance(key := opened[grant], Dark)]
        return ContentKey(holding=row.place.holding, secret=keyring.unwrap_content(row.place, keys, term, row.blob))

    def unlock_held(self, tx: Transaction, hold: HoldId, holding: HoldingId) -> ContentKey | Dark:
        def read() -> ContentKey | Dark:
            row = store.held(tx, hold, holding)
            if row is None:
                return Dark(reason=DarkReason.NEVER_GRANTED)
            if row.hold is None:
                return Dark(reason=DarkReason.GRANT_DESTROYED)
            key = Ring(self._keys, tx.of).hold(hold, row.hold)
            if isinstance(key, Dark):
                return key
            return ContentKey(holding=holding, secret=keyring.unwrap_held(tx.of, hold, holding, key, row.blob))

        return steadily(read)


def _came_after(last_day: date, grant: KeptGrant, key: Dark) -> bool:
    """Whether it was destroyed when the term was over already, which is why it is dark then."""
    if key.reason is not DarkReason.GRANT_DESTROYED or grant.destroyed_at is None:
        return False
    return rules.is_over(last_day, day_of(grant.destroyed_at))


def _needed(row: LockRow) -> tuple[GrantId, ...]:
    return rules.canonical((*row.place.grants, *row.origins))
