"""What people ask of the controller (GDPR Art. 7(3), 15 to 22): received with a clock, answered with an outcome and a ground."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Form, Items, Language, Limit, Line, Shape
from rightcall.database.connection import Transaction
from rightcall.ids import RequestId, SubjectId
from rightcall.requests import actions as requests
from rightcall.requests.actions import Came
from rightcall.requests.model import Answered, Channel, DenialGround, ExtensionReason, Happened, Request, RequestKind, Stage, Step
from rightcall.requests.rules import check_by_hand
from rightcall.staff.actions import require
from rightcall.staff.model import Deed

router = APIRouter(prefix="/requests", tags=["requests"])


class RequestForm(Form):
    """`language`: in which the person is answered. `lives_in`: where they say that they live, such as DE or US-CA: its law counts
    too."""

    subject: UUID
    kind: RequestKind
    channel: Channel = Channel.API
    language: Language = "en"
    lives_in: Line | None = None


class DenialForm(Form):
    ground: DenialGround


class ExtensionForm(Form):
    reason: ExtensionReason


class RequestShape(Shape):
    """`due_on`: the last day of the law whose clock is over first, `law` with its `cite`; the later one once it is extended.
    `longest_on`: the last day that an extension can give. An erasure is carried out by Rightcall; a person answers the others."""

    id: UUID
    subject: UUID
    kind: RequestKind
    channel: Channel
    language: str
    by: ActorShape
    received_at: datetime
    law: str
    cite: str
    due_on: date
    longest_on: date
    acknowledge_by: date | None
    acknowledged_at: datetime | None
    extended_for: ExtensionReason | None
    stage: Stage
    outcome: Answered | None
    ground: DenialGround | None
    answered_at: datetime | None
    statement: UUID


class StepShape(Shape):
    step: Step
    at: datetime
    by: ActorShape


class ProgressShape(RequestShape):
    """`steps`: what happened, in order."""

    steps: list[StepShape]


@router.post("", status_code=201)
def receive(door: Annotated[Door, Depends(door_for(Deed.MAKE_REQUEST))], form: RequestForm) -> RequestShape:
    """A person asks. The clock runs from now. An erasure is carried out at once, so only the DPO enters one: 403 for others."""
    if form.kind is RequestKind.ERASURE:
        require(door.actor, Deed.ASK_ERASURE)

    def deed(tx: Transaction) -> RequestShape:
        house, came = door.house, Came(channel=form.channel, language=form.language, lives_in=form.lives_in)
        subject = SubjectId(form.subject)
        return _shape(requests.receive(tx, house.vault, house.clock, subject=subject, kind=form.kind, by=door.actor, came=came))

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


@router.get("/waiting")
def list_waiting(
    door: Annotated[Door, Depends(door_for(Deed.SEE_REQUESTS))], after: UUID | None = None, limit: Limit = 100
) -> Items[RequestShape]:
    """Those that wait for an answer, the first due first."""

    def deed(tx: Transaction) -> Items[RequestShape]:
        found = requests.waiting(tx, after=None if after is None else RequestId(after), limit=limit)
        return Items(items=[_shape(request) for request in found], next=found[-1].id if len(found) == limit else None)

    return door.run(deed)


@router.get("/{request}")
def get_request(door: Annotated[Door, Depends(door_for(Deed.SEE_REQUESTS))], request: UUID) -> ProgressShape:
    """One request, and how far it is: each step with its instant."""

    def deed(tx: Transaction) -> ProgressShape:
        found = requests.get(tx, RequestId(request))
        steps = [_step(each) for each in requests.progress(tx, found.id)]
        return ProgressShape(**dict(_shape(found)), steps=steps)

    return door.run(deed)


@router.post("/{request}/acknowledge")
def acknowledge(door: Annotated[Door, Depends(door_for(Deed.MAKE_REQUEST))], request: UUID) -> RequestShape:
    """The person was told that it came. What came by e-mail waits for this; other channels tell the person themselves."""

    def deed(tx: Transaction) -> RequestShape:
        requests.acknowledge(tx, door.house.clock, RequestId(request), by=door.actor)
        return _shape(requests.get(tx, RequestId(request)))

    return door.run(deed)


@router.post("/{request}/extend")
def extend(door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], request: UUID, form: ExtensionForm) -> RequestShape:
    """More time, once, for a reason that the person was told; before the first time is over."""

    def deed(tx: Transaction) -> RequestShape:
        requests.extend(tx, door.house.clock, RequestId(request), reason=form.reason, by=door.actor)
        return _shape(requests.get(tx, RequestId(request)))

    return door.run(deed)


@router.post("/{request}/fulfil")
def fulfil(door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], request: UUID) -> RequestShape:
    """A person did what was asked. An erasure is answered by the procedure that carries it out, never by hand."""

    def deed(tx: Transaction) -> RequestShape:
        check_by_hand(requests.get(tx, RequestId(request)))
        requests.fulfil(tx, door.house.clock, RequestId(request), by=door.actor)
        return _shape(requests.get(tx, RequestId(request)))

    return door.run(deed)


@router.post("/{request}/deny")
def deny(door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], request: UUID, form: DenialForm) -> RequestShape:
    """Refused, for a named reason."""

    def deed(tx: Transaction) -> RequestShape:
        check_by_hand(requests.get(tx, RequestId(request)))
        requests.deny(tx, door.house.clock, RequestId(request), ground=form.ground, by=door.actor)
        return _shape(requests.get(tx, RequestId(request)))

    return door.run(deed)


def _shape(request: Request) -> RequestShape:
    return RequestShape(
        id=request.id,
        subject=request.subject,
        kind=request.kind,
        channel=request.channel,
        language=request.language,
        by=ActorShape.of(request.by),
        received_at=request.received_at,
        law=request.law,
        cite=request.cite,
        due_on=request.due_on,
        longest_on=request.longest_on,
        acknowledge_by=request.acknowledge_by,
        acknowledged_at=request.acknowledged_at,
        extended_for=request.extended_for,
        stage=request.stage,
        outcome=request.outcome,
        ground=request.ground,
        answered_at=request.answered_at,
        statement=request.statement,
    )


def _step(happened: Happened) -> StepShape:
    return StepShape(step=happened.step, at=happened.at, by=ActorShape.of(happened.by))
