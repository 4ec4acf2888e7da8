"""What is known of what is gone ends too: so many days after it went as its controller says, and no sooner than nobody needs it
any more (GDPR Art. 5(1)(e)).

What anybody needs stays, and is asked again the next day: what something came from that is known still, what a hold ever named,
what a certificate counts, what is about somebody who wants it kept. Rooms that this one does not know say what they need by
`needs`. Lines of the access log go once they are as old and nothing is known of what was used. Deliberately elsewhere: the record
of the call itself, choices and verdicts, which tell that what was done was right.
"""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

from rightcall.clock import Clock, day_of
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Database, Transaction
from rightcall.erasure.store import erased_among
from rightcall.holdings.gone import store
from rightcall.holdings.gone.model import Gone
from rightcall.holdings.gone.statements import GoneForgotten, UsesForgotten
from rightcall.holdings.holds.store import named_among
from rightcall.holdings.provenance import store as provenance
from rightcall.holdings.rules import ids_root
from rightcall.holdings.uses import actions as uses
from rightcall.holdings.uses.model import After
from rightcall.ids import ControllerId, HoldingId
from rightcall.ledger.actions import append
from rightcall.recordings.received.store import forget_sounds
from rightcall.recordings.takes import store as takes
from rightcall.subjects.store import own_limits
from rightcall.vault.actions import Vault

Need: TypeAlias = Callable[[Transaction, Sequence[Gone]], AbstractSet[HoldingId]]
"""Those of these that are needed still."""

AT_ONCE = 2000
"""Things, and lines, of one transaction."""
_MOST = 100_000
"""Of one run, so that nothing else by the clock waits for long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    things: int = 0
    lines: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgetter:
    database: Database
    vault: Vault
    clock: Clock
    needs: Sequence[Need]

    def __call__(self, controller: ControllerId, *, most: int = _MOST, at_once: int = AT_ONCE) -> Forgotten:
        """So much of what is due; again goes on, and finds nothing where nothing is left."""
        with self.database.transaction(controller) as tx:
            remembered = controllers.get(tx).remember_days
            before = None if remembered is None else _before(self.clock, remembered)
            days = [] if before is None else store.days_before(tx, before)
        if remembered is None or before is None:
            return Forgotten()
        due = _Due(forgetter=self, controller=controller, days=remembered, before=before, at_once=at_once)
        things = 0
        for day in days:
            things += due.things(day, most - things)
        return Forgotten(things=things, lines=due.lines(most))

    def needed(self, tx: Transaction, page: Sequence[Gone]) -> AbstractSet[HoldingId]:
        ids, subjects = [each.id for each in page], list({each.subject for each in page})
        erased = erased_among(tx, subjects)
        kept = {subject for subject, wish in own_limits(tx, subjects).items() if wish.restricted_at is not None}
        theirs = {each.id for each in page if each.subject in erased or each.subject in kept}
        return theirs.union(named_among(tx, ids), *(need(tx, page) for need in self.needs))


def reach(tx: Transaction, clock: Clock, days: int) -> int:
    """How many things went so long ago, whoever may need them still."""
    return store.number_before(tx, _before(clock, days))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """What of one controller went, or was written, before `before`."""

    forgetter: Forgetter
    controller: ControllerId
    days: int
    before: datetime
    at_once: int

    def things(self, day: date, most: int) -> int:
        """Of what went on `day`: how many."""
        forgotten, after, is_more = 0, None, most > 0
        while is_more:
            with self.forgetter.database.transaction(self.controller) as tx:
                page = store.hold_page(tx, day, after, self.at_once)
                forgotten += self._forget(tx, page)
            is_more = len(page) == self.at_once and forgotten < most
            after = page[-1].id if page else None
        return forgotten

    def _forget(self, tx: Transaction, page: Sequence[Gone]) -> int:
        going = {each.id for each in page} - self.forgetter.needed(tx, page)
        while origins := provenance.origins_beside(tx, list(going)):
            going -= origins
        if not going:
            return 0
        gone = sorted(going)
        store.forget_before(tx, self.before)
        self.forgetter.vault.forget_locks(tx, gone)
        takes.forget(tx, gone)
        forget_sounds(tx, gone)
        provenance.forget(tx, gone)
        store.delete(tx, gone)
        at, root = self.forgetter.clock.now(), ids_root(gone)
        append(tx, GoneForgotten(at=at, controller=tx.of, days=self.days, count=len(gone), root=root))
        return len(gone)

    def lines(self, most: int) -> int:
        """Of the access log, the oldest first: how many."""
        forgotten = 0
        after: After | None = None
        is_first = True
        while (is_first or after) and forgotten < most:
            is_first = False
            with self.forgetter.database.transaction(self.controller) as tx:
                went, after = self._forget_lines(tx, after)
            forgotten += went
        return forgotten

    def _forget_lines(self, tx: Transaction, after: After | None) -> tuple[int, After | None]:
        store.forget_before(tx, self.before)
        clock = self.forgetter.clock
        went, behind = uses.forget(tx, clock, self.before, after=after, looked_at=self.at_once)
        if went:
            append(tx, UsesForgotten(at=clock.now(), controller=tx.of, days=self.days, count=went))
        return went, behind


def _before(clock: Clock, days: int) -> datetime:
    """What went on one day is known for as many whole days after it."""
    return datetime.combine(day_of(clock.now()) - timedelta(days=days), time(), UTC)
