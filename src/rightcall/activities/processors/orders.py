"""What processors were asked, as it stands."""

from uuid import UUID

from rightcall.activities.processors import store
from rightcall.activities.processors.model import Order, OrderId
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, NotFound
from rightcall.personal import Personal
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

RESULTS = "activities.processor_results"


def orders_for(tx: Transaction, asked_for: UUID) -> list[Order]:
    return store.orders_for(tx, asked_for)


def get(tx: Transaction, order: OrderId) -> Order:
    found = store.order_for_update(tx, order)
    if found is None:
        raise NotFound("No processor was asked that here. List what they were asked.")
    return found


def try_now(tx: Transaction, clock: Clock, order: OrderId) -> Order:
    """Whatever the pause. Conflict once it is settled."""
    found = get(tx, order)
    if found.settled_at is not None:
        raise Conflict("The processor has said what became of this already. Ask it in another way if that is not right.")
    store.make_due(tx, order, clock.now())
    return get(tx, order)


def results(tx: Transaction, vault: Vault, order: OrderId) -> Personal[str]:
    """Where the processor put the copy. NotFound where it named nothing, or the person was erased."""
    found = get(tx, order)
    sealed = store.sealed_results(tx, order)
    opened = None if sealed is None or found.subject is None else vault.open_value(tx, found.subject, sealed, RESULTS)
    if opened is None or isinstance(opened, Dark):
        raise NotFound("The processor named no place where a copy lies. Ask it for the copy in another way.")
    return Personal(opened.decode())


def open_orders(tx: Transaction, limit: int) -> list[Order]:
    return store.open_orders(tx, limit)


due = store.due
waiting = store.waiting
