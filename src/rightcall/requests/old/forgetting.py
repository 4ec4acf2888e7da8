"""The record of a request ends too: so many days after it was answered as its controller says (GDPR Art. 5(1)(e)).

With it go its steps, its wishes, its letters' e-mails, its copy's place, what was put right by it and what processors were asked
for it. It stays while anything happens with it, as it kept or erased something, and while what it put right is there. Of who was
erased, what tells of it stays with their certificate.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.controllers.remembering.pages import AT_ONCE, MOST, Pages, days_before
from rightcall.database.connection import Database, Transaction
from rightcall.errors import Breach
from rightcall.holdings.rules import ids_root
from rightcall.ids import ControllerId, RequestId
from rightcall.ledger.actions import append
from rightcall.requests.old import store
from rightcall.requests.statements import RequestsForgotten


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestForgetter:
    database: Database
    clock: Clock

    def __call__(self, controller: ControllerId, *, most: int = MOST, at_once: int = AT_ONCE) -> int:
        """How many. So much of what is due; again goes on, and finds nothing where nothing is left."""
        with self.database.transaction(controller) as tx:
            days = controllers.get(tx).on_record_days
        if days is None:
            return 0
        before = days_before(self.clock, days)
        pages = Pages(database=self.database, controller=controller, before=before, at_once=at_once)

        def forget(tx: Transaction, behind: RequestId | None) -> tuple[int, RequestId | None]:
            if behind is None:
                store.forget_mails(tx, before)
                store.forget_unmatched(tx, before)
            page = store.page(tx, before, behind, at_once)
            if going := _without(page, store.needed_among(tx, page, before)):
                store.hold(tx, going)
                self._forget(tx, going := _without(going, store.needed_among(tx, going, before)), days)
            return len(going), page[-1] if len(page) == at_once else None

        return pages.each(most, forget)

    def _forget(self, tx: Transaction, going: Sequence[RequestId], days: int) -> None:
        if not going:
            return
        if store.delete(tx, going) != len(going):
            raise Breach("A request of long ago could not be forgotten though it was held for that. Tell the DPO.")
        append(tx, RequestsForgotten(at=self.clock.now(), controller=tx.of, days=days, count=len(going), root=ids_root(going)))


def reach(tx: Transaction, clock: Clock, days: int) -> int:
    """How many were answered so long ago, whoever may need them still."""
    return store.number_before(tx, days_before(clock, days))


def _without(page: Sequence[RequestId], needed: set[RequestId]) -> list[RequestId]:
    return [each for each in page if each not in needed]
