"""Processors that take requests by OpenDSR: registered once, asked of each erasure and each copy, and looked after where they do
not do what they were asked."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import StringConstraints

from rightcall.activities import actions as activities
from rightcall.activities.processors import orders, registering
from rightcall.activities.processors.model import Address, Order, OrderId, OrderKind, OrderState, Processor, Trouble
from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Form, Items, Limit, Line, Shape
from rightcall.canonical import sha256
from rightcall.database.connection import Transaction
from rightcall.ids import RecipientId
from rightcall.personal import Personal
from rightcall.staff.model import Deed

router = APIRouter(prefix="/processors", tags=["processors"])
Secret = Annotated[str, StringConstraints(min_length=1, max_length=8000, pattern=r"^[\x21-\x7e ]*$", strip_whitespace=True)]


class ProcessorForm(Form):
    """`recipient`: declared as a processor. `url`: of its OpenDSR, with the version. `authorization`: the whole header by which
    it knows us, such as `Bearer …`; it is sealed, and never shown again."""

    recipient: UUID
    url: Line
    authorization: Secret | None = None


class IdentityShape(Shape):
    """By what it can find a person, and in which form."""

    type: str
    format: str


class ProcessorShape(Shape):
    """`certificate`: SHA-256 of the certificate that its answers are held against."""

    recipient: UUID
    name: str
    domain: str
    version: str
    kinds: list[OrderKind]
    identities: list[IdentityShape]
    certificate: str
    registered_by: ActorShape
    registered_at: datetime
    checked_at: datetime
    retired_at: datetime | None


class OrderShape(Shape):
    """What one processor was asked. `state`: `to_ask` until it signed that it has it; then its own word, which nobody here saw to
    be so. `asked_for`: the erasure or the request. `escalated_at`: since when a person has to look."""

    id: UUID
    recipient: UUID
    name: str
    kind: OrderKind
    asked_for: UUID
    state: OrderState
    trouble: Trouble | None
    failures: int
    failing_since: datetime | None
    next_at: datetime | None
    escalated_at: datetime | None
    accepted_at: datetime | None
    expected_at: datetime | None
    settled_at: datetime | None


class ResultsShape(Shape):
    """Where the processor put the copy. Whoever has the address may have the copy too: it is shown to the DPO alone."""

    url: str


Seeing = Annotated[Door, Depends(door_for(Deed.SEE_REQUESTS))]
Answering = Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))]


@router.post("", status_code=201)
def add_processor(door: Annotated[Door, Depends(door_for(Deed.DECLARE_RECIPIENTS))], form: ProcessorForm) -> ProcessorShape:
    """Ask a processor by OpenDSR from now on. It is looked at first: what it offers, and whether its certificate holds. 422 where
    it cannot be trusted."""
    house = door.house
    known = None if form.authorization is None else Personal(form.authorization)
    seen = registering.look_at(house.processors, house.clock, Address(url=Personal(form.url), authorization=known))

    def deed(tx: Transaction) -> ProcessorShape:
        made = registering.register(tx, house.vault, house.clock, RecipientId(form.recipient), seen, by=door.actor)
        return _processor(made, names(tx))

    return door.run(deed)


@router.get("")
def list_processors(door: Annotated[Door, Depends(door_for(Deed.SEE_ACTIVITIES))]) -> Items[ProcessorShape]:
    """Those that are or were asked."""

    def deed(tx: Transaction) -> Items[ProcessorShape]:
        known = names(tx)
        return Items(items=[_processor(each, known) for each in registering.processors(tx)])

    return door.run(deed)


@router.post("/{recipient}/retire", status_code=204)
def retire_processor(door: Annotated[Door, Depends(door_for(Deed.DECLARE_RECIPIENTS))], recipient: UUID) -> None:
    """Ask it no more. How to get in is destroyed; what is open with it waits for a person."""
    house = door.house
    door.run(lambda tx: registering.retire(tx, house.vault, house.clock, RecipientId(recipient), by=door.actor))


@router.get("/orders")
def list_orders(door: Seeing, asked_for: UUID | None = None, limit: Limit = 100) -> Items[OrderShape]:
    """What processors were asked and have not done, and what they cancelled, the oldest first; or all for one erasure or
    request."""

    def deed(tx: Transaction) -> Items[OrderShape]:
        known = names(tx)
        found = orders.open_orders(tx, limit) if asked_for is None else orders.orders_for(tx, asked_for)
        return Items(items=[_order(each, known) for each in found])

    return door.run(deed)


@router.post("/orders/{order}/retry")
def retry(door: Answering, order: UUID) -> OrderShape:
    """It is asked at once, whatever the pause. 409 once it has said what became of it."""
    return door.run(lambda tx: _order(orders.try_now(tx, door.house.clock, OrderId(order)), names(tx)))


@router.get("/orders/{order}/results")
def results(door: Answering, order: UUID) -> ResultsShape:
    """Where the processor put the copy that it was asked for. 404 where it named no place, or the person was erased."""

    def deed(tx: Transaction) -> ResultsShape:
        found = orders.results(tx, door.house.vault, OrderId(order))
        return ResultsShape(url=found.reveal("show where a processor put a copy"))

    return door.run(deed)


def names(tx: Transaction) -> dict[RecipientId, str]:
    return {each.id: each.name for each in activities.recipients(tx)}


def _processor(processor: Processor, known: dict[RecipientId, str]) -> ProcessorShape:
    return ProcessorShape(
        recipient=processor.recipient,
        name=known[processor.recipient],
        domain=processor.domain,
        version=processor.offer.version,
        kinds=sorted(processor.offer.kinds),
        identities=[IdentityShape(type=kind, format=form) for kind, form in processor.offer.identities],
        certificate=sha256(processor.certificate).hex(),
        registered_by=ActorShape.of(processor.registered_by),
        registered_at=processor.registered_at,
        checked_at=processor.checked_at,
        retired_at=processor.retired_at,
    )


def _order(order: Order, known: dict[RecipientId, str]) -> OrderShape:
    return OrderShape(
        id=order.id,
        recipient=order.recipient,
        name=known[order.recipient],
        kind=order.kind,
        asked_for=order.asked_for,
        state=order.state,
        trouble=order.trouble,
        failures=order.failures,
        failing_since=order.failing_since,
        next_at=order.due_at,
        escalated_at=order.escalated_at,
        accepted_at=order.accepted_at,
        expected_at=order.expected_at,
        settled_at=order.settled_at,
    )
