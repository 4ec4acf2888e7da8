"""Putting right what is wrong (GDPR Art. 16): the right value beside the holding, and an open task for each other system."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import PlainTextResponse

from rightcall.activities.model import RecipientKind
from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Form, Items, Shape, Words
from rightcall.database.connection import Transaction
from rightcall.ids import CorrectionId, HoldingId, RecipientId, RequestId, SystemId
from rightcall.personal import Personal
from rightcall.requests import correcting, telling
from rightcall.requests.correcting import Correction
from rightcall.requests.corrections.model import ToKeepers, ToRecipient, Undone
from rightcall.requests.informing.model import Reply
from rightcall.requests.own import asking
from rightcall.staff.model import Deed
from rightcall.vault.model import Dark, DarkReason

router = APIRouter(tags=["requests"])


class CorrectionForm(Form):
    """`value`: the right one, sealed under the person's key."""

    holding: UUID
    value: Words


class TaskShape(Shape):
    """`done_at`: when somebody said that it is put right in that system, or Rightcall read it there. `why`: what stood in
    Rightcall's way when it `tried_at` last, so that a person does it. `told_at`: those who look after the system were told;
    `answer`: what they said."""

    system: UUID
    done_at: datetime | None
    done_by: ActorShape | None
    tried_at: datetime | None
    why: Undone | None
    told_at: datetime | None
    told_by: ActorShape | None
    answered_at: datetime | None
    answer: Reply | None
    answered_by: ActorShape | None


class InformedShape(Shape):
    """Who received what was wrong. `told_at`: somebody says that the letter was sent. `answer`: what came back."""

    recipient: UUID
    name: str
    kind: RecipientKind
    told_at: datetime | None
    told_by: ActorShape | None
    answered_at: datetime | None
    answer: Reply | None
    answered_by: ActorShape | None


class CorrectionShape(Shape):
    """`was`: what stood in its place in another system, where Rightcall read it. `replaces`: the correction of the same holding
    before it; `replaced`: another was entered in its place. `dark`: why the value cannot be read any more."""

    id: UUID
    request: UUID
    holding: UUID
    value: str | None
    was: str | None
    dark: DarkReason | None
    replaces: UUID | None
    replaced: bool
    taken_back_at: datetime | None
    by: ActorShape
    entered_at: datetime
    tasks: list[TaskShape]
    recipients: list[InformedShape]


class ReplyForm(Form):
    answer: Reply


class WishShape(Shape):
    """`words`: what the person wrote to the request at their own page; null where they wrote nothing. `dark`: why they cannot be
    read any more."""

    words: str | None
    dark: DarkReason | None


def _keepers(request: UUID, correction: UUID, system: UUID) -> ToKeepers:
    return ToKeepers(request=RequestId(request), correction=CorrectionId(correction), system=SystemId(system))


def _recipient(request: UUID, correction: UUID, recipient: UUID) -> ToRecipient:
    return ToRecipient(request=RequestId(request), correction=CorrectionId(correction), recipient=RecipientId(recipient))


Answering = Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))]
Keepers = Annotated[ToKeepers, Depends(_keepers)]
Recipient = Annotated[ToRecipient, Depends(_recipient)]


@router.get("/requests/{request}/wish")
def read_wish(door: Annotated[Door, Depends(door_for(Deed.SEE_WISH))], request: UUID) -> WishShape:
    """What the person says is wrong, and what is right instead."""
    found = door.run(lambda tx: asking.wish(tx, door.house.vault, RequestId(request)))
    if isinstance(found, Dark):
        return WishShape(words=None, dark=found.reason)
    return WishShape(words=None if found is None else found.reveal("answer a person's request"), dark=None)


@router.post("/requests/{request}/corrections", status_code=201)
def correct(door: Answering, request: UUID, form: CorrectionForm) -> CorrectionShape:
    """The right value of what is held, and an open task for each other system that holds such data about the person."""

    def deed(tx: Transaction) -> CorrectionShape:
        house, id, holding = door.house, RequestId(request), HoldingId(form.holding)
        made = correcting.correct(tx, house.vault, house.clock, id, holding, Personal(form.value), by=door.actor)
        return next(_shape(each) for each in correcting.of_request(tx, house.vault, id) if each.id == made)

    return door.run(deed)


@router.get("/requests/{request}/corrections")
def of_request(door: Answering, request: UUID) -> Items[CorrectionShape]:
    """What was corrected for this request, and where it is still to be put right."""
    return door.run(
        lambda tx: Items(items=[_shape(each) for each in correcting.of_request(tx, door.house.vault, RequestId(request))])
    )


@router.post("/requests/{request}/corrections/{correction}/take-back", status_code=204)
def take_back(door: Answering, request: UUID, correction: UUID) -> None:
    """It was entered by mistake; what it had replaced counts again. 409 where it was put right somewhere by it, or somebody was
    told of it."""
    house, id, of = door.house, RequestId(request), CorrectionId(correction)
    door.run(lambda tx: correcting.take_back(tx, house.vault, house.clock, id, of, by=door.actor))


@router.post("/requests/{request}/corrections/{correction}/systems/{system}", status_code=204)
def put_right_in(door: Answering, request: UUID, correction: UUID, system: UUID) -> None:
    """Somebody put it right in that system, and looked. 409 where those who look after it have to say so first, and where what is
    wrong was read there since."""

    id, of, there = RequestId(request), CorrectionId(correction), SystemId(system)
    door.run(lambda tx: correcting.put_right_in(tx, door.house.clock, id, of, there, by=door.actor))


@router.get("/requests/{request}/corrections/{correction}/systems/{system}/letter", response_class=PlainTextResponse)
def keepers_letter(door: Answering, to: Keepers) -> PlainTextResponse:
    """The words to send to those who look after a system in which Rightcall put nothing right, in their language: what is wrong,
    what is right, and where it lies. 409 where it is right there, or the worker has not looked yet."""
    return _letter(door, to)


@router.post("/requests/{request}/corrections/{correction}/systems/{system}/told", status_code=204)
def keepers_told(door: Answering, to: Keepers) -> None:
    """The letter was sent, by your word. Again is fine."""
    door.run(lambda tx: telling.tell(tx, door.house.clock, to, by=door.actor))


@router.post("/requests/{request}/corrections/{correction}/systems/{system}/answer", status_code=204)
def keepers_replied(door: Answering, to: Keepers, form: ReplyForm) -> None:
    """What they said. Where they say that it is right, the worker reads it there again. 409 before they were told."""
    door.run(lambda tx: telling.answer(tx, door.house.clock, to, form.answer, by=door.actor))


@router.get("/requests/{request}/corrections/{correction}/recipients/{recipient}/letter", response_class=PlainTextResponse)
def letter(door: Answering, to: Recipient) -> PlainTextResponse:
    """The words to send to one who received what was wrong (Art. 19): Rightcall sends nothing itself."""
    return _letter(door, to)


@router.post("/requests/{request}/corrections/{correction}/recipients/{recipient}/told", status_code=204)
def recipient_told(door: Answering, to: Recipient) -> None:
    """The letter was sent, by your word. Again is fine."""
    door.run(lambda tx: telling.tell(tx, door.house.clock, to, by=door.actor))


@router.post("/requests/{request}/corrections/{correction}/recipients/{recipient}/answer", status_code=204)
def recipient_replied(door: Answering, to: Recipient, form: ReplyForm) -> None:
    """What the recipient said. 409 before it was told."""
    door.run(lambda tx: telling.answer(tx, door.house.clock, to, form.answer, by=door.actor))


@router.get("/holdings/{holding}/corrections")
def of_holding(door: Answering, holding: UUID) -> Items[CorrectionShape]:
    """Every correction of one holding, the one that counts last."""
    return door.run(
        lambda tx: Items(items=[_shape(each) for each in correcting.of_holding(tx, door.house.vault, HoldingId(holding))])
    )


def _letter(door: Door, to: ToKeepers | ToRecipient) -> PlainTextResponse:
    found = door.run(lambda tx: telling.letter(tx, door.house.vault, door.house.clock, to))
    return PlainTextResponse(found.text, headers={"content-language": found.language})


def _shape(correction: Correction) -> CorrectionShape:
    value, was = correction.value, correction.was
    return CorrectionShape(
        id=correction.id,
        request=correction.request,
        holding=correction.holding,
        value=None if isinstance(value, Dark) else value.reveal("show a correction to who enters it elsewhere"),
        was=was.reveal("show a correction to who enters it elsewhere") if isinstance(was, Personal) else None,
        dark=value.reason if isinstance(value, Dark) else None,
        replaces=correction.replaces,
        replaced=correction.is_replaced,
        taken_back_at=correction.taken_back_at,
        by=ActorShape.of(correction.by),
        entered_at=correction.entered_at,
        tasks=[TaskShape.model_validate(task) for task in correction.tasks],
        recipients=[
            InformedShape(
                recipient=to.id,
                name=to.name,
                kind=to.kind,
                told_at=each.told_at,
                told_by=ActorShape.of(each.told_by),
                answered_at=each.answered_at,
                answer=each.answer,
                answered_by=ActorShape.of(each.answered_by),
            )
            for to, each in correction.recipients
        ],
    )
