"""What processors answered that were asked for their copy (OpenDSR): waited for, and not for ever.

A package waits until each has said what became of it, fourteen days at most, and so that three are left to hand it over in the
law's time. What did not come by then is told in it, with the day. Where a processor put its copy goes into the package as it
named it, and the copy itself where it can be had (`fetching`): nobody here has read what lies there.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from rightcall.activities import actions as activities
from rightcall.activities.processors import orders, registering
from rightcall.activities.processors.model import Address, NotFetched, Order, OrderId, OrderState
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import NotFound
from rightcall.personal import Personal
from rightcall.requests import ordering
from rightcall.requests.model import Request
from rightcall.requests.packages.model import Package
from rightcall.requests.packages.records import Record, instant
from rightcall.vault.actions import Vault

WAITS = timedelta(days=14)
LEAVES = timedelta(days=3)
_TELL = "hand it to the person whom it is about"


class Came(StrEnum):
    """`linked`: it says where its copy lies. `no_link`: it says that it is done, and named no place. `refused`: it does not
    do it. `not_yet`: nothing came in time."""

    LINKED = "linked"
    NO_LINK = "no_link"
    REFUSED = "refused"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """By one processor. `expected_at`: when it wanted to be done, as it said. `address`: None where it was retired since."""

    order: OrderId
    name: str
    address: Address | None = field(repr=False)
    came: Came
    link: Personal[str] | None = field(repr=False)
    asked_at: datetime
    expected_at: datetime | None


def waits_until(package: Package, request: Request) -> datetime:
    last = datetime.combine(request.due_on - LEAVES, time.max, UTC)
    return max(package.asked_at, min(package.asked_at + WAITS, last))


def is_waiting(tx: Transaction, clock: Clock, package: Package, request: Request) -> bool:
    return clock.now() < waits_until(package, request) and any(
        each.settled_at is None for each in orders.orders_for(tx, request.id)
    )


def answers(tx: Transaction, vault: Vault, clock: Clock, package: Package, request: Request) -> list[Answered] | None:
    """By name. None while it is waited for one. Whoever is to be asked is asked by now: who orders may be later than we."""
    ordering.order_copies(tx, vault, clock, request)
    if is_waiting(tx, clock, package, request):
        return None
    return so_far(tx, vault, request)


def so_far(tx: Transaction, vault: Vault, request: Request) -> list[Answered]:
    names = {each.id: each.name for each in activities.recipients(tx)}
    found = [_answered(tx, vault, each, names[each.recipient]) for each in orders.orders_for(tx, request.id)]
    return sorted(found, key=lambda each: each.name)


def record(answered: Answered, until: datetime, file: str | None, why: NotFetched | None) -> Record:
    """`file`: its copy in the package; else why it is not in there, where it was tried."""
    return {
        "processor": answered.name,
        "answer": answered.came.value,
        "link": None if answered.link is None else answered.link.reveal(_TELL),
        "file": file,
        "not_fetched": None if why is None else why.value,
        "asked_at": instant(answered.asked_at),
        "expected_at": None if answered.expected_at is None else instant(answered.expected_at),
        "waited_until": instant(until),
    }


def _answered(tx: Transaction, vault: Vault, order: Order, name: str) -> Answered:
    link, came = None, Came.NOT_YET
    if order.state is OrderState.CANCELLED:
        came = Came.REFUSED
    elif order.state is OrderState.COMPLETED:
        try:
            link, came = orders.results(tx, vault, order.id), Came.LINKED
        except NotFound:
            came = Came.NO_LINK
    standing = registering.standing(tx, order.recipient)
    return Answered(
        order=order.id,
        name=name,
        address=None if standing is None else registering.address_of(tx, vault, standing),
        came=came,
        link=link,
        asked_at=order.submitted_at,
        expected_at=order.expected_at,
    )
