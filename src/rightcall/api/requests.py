"""What people ask of the controller (GDPR Art. 15 to 22): received with a clock, answered with an outcome and a ground."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Form, Items, Limit, Shape
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict
from rightcall.ids import RequestId, SubjectId
from rightcall.requests import actions as requests
from rightcall.requests.model import Answered, DenialGround, Request, RequestKind, Stage
from rightcall.requests.rules import AUTOMATIC
from rightcall.staff.actions import require
from rightcall.staff.model import Deed

router = APIRouter(prefix="/requests", tags=["requests"])


class RequestForm(Form):
    subject: UUID
    kind: RequestKind


class DenialForm(Form):
    ground: DenialGround


class RequestShape(Shape):
    """`due_on`: one month from receipt. An erasure is carried out by Rightcall; a person answers the others."""

    id: UUID
    subject: UUID
    kind: RequestKind
    by: ActorShape
    received_at: datetime
    due_on: date
    stage: Stage
    outcome: Answered | None
    ground: DenialGround | None
    answered_at: datetime | None
    statement: UUID


@router.post("", status_code=201)
def receive(door: Annotated[Door, Depends(door_for(Deed.MAKE_REQUEST))], form: RequestForm) -> RequestShape:
    """A person asks. The clock runs from now. An erasure is carried out at once, so only the DPO enters one: 403 for others."""
    if form.kind is RequestKind.ERASURE:
        require(door.actor, Deed.ASK_ERASURE)

    def deed(tx: Transaction) -> RequestShape:
        house, subject = door.house, SubjectId(form.subject)
        return _shape(requests.receive(tx, house.vault, house.clock, subject=subject, kind=form.kind, by=door.actor))

    return door.run(deed)


@router.get("")
def list_requests(
    door: Annotated[Door, Depends(door_for(Deed.SEE_REQUESTS))], after: UUID | None = None, limit: Limit = 100
) -> Items[RequestShape]:
    """Newest first."""

    def deed(tx: Transaction) -> Items[RequestShape]:
        found = requests.recent(tx, after=None if after is None else RequestId(after), limit=limit)
        return Items(items=[_shape(request) for request in found], next=found[-1].id if len(found) == limit else None)

    return door.run(deed)


@router.get("/{request}")
def get_request(door: Annotated[Door, Depends(door_for(Deed.SEE_REQUESTS))], request: UUID) -> RequestShape:
    """One request, and how far it is."""
    return door.run(lambda tx: _shape(requests.get(tx, RequestId(request))))


@router.post("/{request}/fulfil")
def fulfil(door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], request: UUID) -> RequestShape:
    """A person did what was asked. An erasure is answered by the procedure that carries it out, never by hand."""

    def deed(tx: Transaction) -> RequestShape:
        _check_by_hand(requests.get(tx, RequestId(request)))
        requests.fulfil(tx, door.house.clock, RequestId(request), by=door.actor)
        return _shape(requests.get(tx, RequestId(request)))

    return door.run(deed)


@router.post("/{request}/deny")
def deny(door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], request: UUID, form: DenialForm) -> RequestShape:
    """Refused, for a named reason."""

    def deed(tx: Transaction) -> RequestShape:
        _check_by_hand(requests.get(tx, RequestId(request)))
        requests.deny(tx, door.house.clock, RequestId(request), ground=form.ground, by=door.actor)
        return _shape(requests.get(tx, RequestId(request)))

    return door.run(deed)


def _check_by_hand(request: Request) -> None:
    if request.kind in AUTOMATIC:
        raise Conflict("Rightcall carries this request out by itself and answers it when every step is confirmed. Wait for it.")


def _shape(request: Request) -> RequestShape:
    return RequestShape(
        id=request.id,
        subject=request.subject,
        kind=request.kind,
        by=ActorShape.of(request.by),
        received_at=request.received_at,
        due_on=request.due_on,
        stage=request.stage,
        outcome=request.outcome,
        ground=request.ground,
        answered_at=request.answered_at,
        statement=request.statement,
    )
