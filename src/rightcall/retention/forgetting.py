"""What is known of what is gone ends too: so many days after it went as its controller says, and no sooner than nobody needs it
any more (GDPR Art. 5(1)(e)).

What anybody needs stays, and is asked again the next day: what something came from that is known still, what a hold ever named,
what a certificate counts, what is about somebody who wants it kept, and what anybody used or wanted to use since. Rooms that this
one does not know say what they need by `needs`. Lines of the access log go with what was used, and by their own age where they
name nothing. Deliberately elsewhere: the record of calls and of what was chosen and decided in them, which has a term of its own
(`record`).
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.controllers.remembering.pages import AT_ONCE, MOST, Pages, days_before
from rightcall.database.connection import Database, Transaction
from rightcall.discovery.findings import store as findings
from rightcall.discovery.linking.actions import forget_records
from rightcall.errors import Breach
from rightcall.holdings.gone import store
from rightcall.holdings.gone.model import Gone
from rightcall.holdings.holds.store import named_among
from rightcall.holdings.provenance import store as provenance
from rightcall.holdings.rules import ids_root
from rightcall.holdings.store import dispose_holdings
from rightcall.holdings.uses import store as log
from rightcall.holdings.uses.whys import actions as whys
from rightcall.ids import ControllerId, FindingId, HoldingId
from rightcall.ledger.actions import append
from rightcall.recordings.received.store import forget_sounds
from rightcall.recordings.takes import store as takes
from rightcall.retention.needing import Need, needed_of_people
from rightcall.retention.statements import FindingsForgotten, GoneForgotten, UsesForgotten
from rightcall.vault.actions import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """Things that were held, with who used them; places where scans found something; lines of the log that name nothing."""

    things: int = 0
    findings: int = 0
    looks: int = 0

    @property
    def number(self) -> int:
        return self.things + self.findings + self.looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgetter:
    database: Database
    vault: Vault
    clock: Clock
    needs: Sequence[Need]

    def __call__(self, controller: ControllerId, *, most: int = MOST, at_once: int = AT_ONCE) -> Forgotten:
        """So much of what is due; again goes on, and finds nothing where nothing is left. What other systems reported before can
        be reported anew."""
        with self.database.transaction(controller) as tx:
            remembered = controllers.get(tx).remember_days
            if remembered is None:
                return Forgotten()
            before = days_before(self.clock, remembered)
            days = store.days_before(tx, before)
            whys.forget_old(tx, self.clock)
            log.forget_reports(tx, before)
        pages = Pages(database=self.database, controller=controller, before=before, at_once=at_once)
        due, things = _Due(forgetter=self, days=remembered, before=before, at_once=at_once), 0
        for day in days:
            things += pages.each(most - things, partial(due.ours, day))
        return Forgotten(
            things=things + pages.each(most - things, due.elsewhere),
            findings=pages.each(most, due.findings),
            looks=pages.each(most, due.looks),
        )

    def needed(self, tx: Transaction, page: Sequence[Gone]) -> AbstractSet[HoldingId]:
        return needed_of_people(tx, page, self.needs) | named_among(tx, [each.id for each in page])


def reach(tx: Transaction, clock: Clock, days: int) -> int:
    """How many things of ours went so long ago, whoever may need them still."""
    return store.number_before(tx, days_before(clock, days))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """What of one controller went, or was written, before `before`. Each way looks at one page behind what it is given, and says
    how many it forgot, and behind what the next one begins: None after the last."""

    forgetter: Forgetter
    days: int
    before: datetime
    at_once: int

    def ours(self, day: date, tx: Transaction, behind: HoldingId | None) -> tuple[int, HoldingId | None]:
        page = store.hold_page(tx, day, behind, self.at_once)
        return self._forget(tx, self._going(tx, page)), self._last(page)

    def elsewhere(self, tx: Transaction, behind: HoldingId | None) -> tuple[int, HoldingId | None]:
        """What went from other systems is on the map still, and goes from there first."""
        page = store.hold_vanished(tx, self.before, behind, self.at_once)
        going = self._going(tx, page)
        if going:
            dispose_holdings(tx, going, max(each.went_at for each in page))
        return self._forget(tx, going), self._last(page)

    def findings(self, tx: Transaction, behind: HoldingId | None) -> tuple[int, HoldingId | None]:
        page = findings.vanished(tx, self.before, None if behind is None else FindingId(behind), self.at_once)
        if going := sorted({each.id for each in page} - self.forgetter.needed(tx, page)):
            forget_records(tx, findings.forget(tx, going))
            append(tx, FindingsForgotten(at=self._now(), controller=tx.of, days=self.days, count=len(going)))
        return len(going), self._last(page)

    def looks(self, tx: Transaction, behind: bool | None) -> tuple[int, bool | None]:
        """The next page begins where this one did, since nothing of it stays."""
        del behind
        went = log.forget_looks(tx, self.before, self.at_once)
        self._say_forgotten(tx, went)
        return went, True if went == self.at_once else None

    def _going(self, tx: Transaction, page: Sequence[Gone]) -> list[HoldingId]:
        going = {each.id for each in page} - self.forgetter.needed(tx, page)
        going -= log.used_since(tx, list(going), self.before)
        while origins := provenance.origins_beside(tx, list(going)):
            going -= origins
        return sorted(going)

    def _forget(self, tx: Transaction, gone: Sequence[HoldingId]) -> int:
        if not gone:
            return 0
        if store.delete(tx, gone) != len(gone):
            raise Breach("Something that is long gone could not be forgotten though it was held for that. Tell the DPO.")
        self.forgetter.vault.forget_locks(tx, gone)
        takes.forget(tx, gone)
        forget_sounds(tx, gone)
        provenance.forget(tx, gone)
        self._say_forgotten(tx, log.forget_of(tx, gone))
        append(tx, GoneForgotten(at=self._now(), controller=tx.of, days=self.days, count=len(gone), root=ids_root(gone)))
        return len(gone)

    def _say_forgotten(self, tx: Transaction, lines: int) -> None:
        if lines:
            append(tx, UsesForgotten(at=self._now(), controller=tx.of, days=self.days, count=lines))

    def _last(self, page: Sequence[Gone]) -> HoldingId | None:
        return page[-1].id if len(page) == self.at_once else None

    def _now(self) -> datetime:
        return self.forgetter.clock.now()
