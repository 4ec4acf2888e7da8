"""How far erasures are: what we keep ourselves, what other systems keep, and which recipients were told. Who the person was,
nobody knows any more; where something still lies is shown to whoever has to see to it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import PlainTextResponse

from rightcall.activities.model import Recipient, RecipientKind
from rightcall.activities.telling import actions as telling
from rightcall.activities.telling.model import Answer, Notice
from rightcall.api.asked_by_records import WordShape
from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Form, Items, Limit, Shape
from rightcall.api.named import system_of
from rightcall.database.connection import Transaction
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.erasure import actions as erasures
from rightcall.erasure.elsewhere import actions as elsewhere
from rightcall.erasure.elsewhere.model import Errand, KeeperSaid, OpenPlace, PlaceState, Trouble
from rightcall.holdings.holds.model import Hold, HoldReason
from rightcall.holdings.model import Holding
from rightcall.ids import ErasureId, HoldingId, RecipientId
from rightcall.staff.model import Deed

router = APIRouter(prefix="/erasures", tags=["erasures"])
_MOST = 500


class ErrandShape(Shape):
    """What is to be done in one system. `erasure`: by which it is addressed, that of the request or of another subject of the
    same person. `places`: how many stand how. `open`: to go, and not confirmed gone. `trouble`: why the
    last round left something, `failing_since` when that began; `escalated_at`: since when a person has to look. `told_at`: those
    who look after a system out of reach were told; `answer`: what they said then, which makes nothing gone.
    `elsewhere`: so many new records a later scan found in the system that tell by what the person was known, until somebody tries
    it again."""

    erasure: UUID
    system: UUID
    name: str
    erasable: bool
    open: int
    places: dict[PlaceState, int]
    trouble: Trouble | None
    failures: int
    failing_since: datetime | None
    tried_at: datetime | None
    next_at: datetime | None
    escalated_at: datetime | None
    told_at: datetime | None
    told_by: ActorShape | None
    answered_at: datetime | None
    answer: KeeperSaid | None
    elsewhere: int


class KeeperForm(Form):
    """`let_go`: they deleted it; `never_had`; `keeps`: for a reason of their own."""

    answer: KeeperSaid


class NoticeShape(Shape):
    """`erasure`: by which it is addressed. `told_at`: somebody says that the letter was sent. `answer`: what came back.
    `waits_for_word`: a person has to say whether it is asked by what records of other systems tell; `word`, once they did."""

    erasure: UUID
    recipient: UUID
    name: str
    kind: RecipientKind
    country: str
    purposes: list[UUID]
    told_at: datetime | None
    told_by: ActorShape | None
    answered_at: datetime | None
    answer: Answer | None
    answered_by: ActorShape | None
    waits_for_word: bool
    word: WordShape | None


class KeptShape(Shape):
    """What a hold keeps of the person: which holdings, by which hold, why, by which law, and until which day."""

    hold: UUID
    name: str
    reason: HoldReason
    law: str | None
    until: date
    holdings: list[UUID]


class ErasureShape(Shape):
    """Of the whole person, with all their joined subjects: `parts` are the erasures of the others. `confirmed_at`: all that we
    kept ourselves is confirmed gone. `settled`: nothing is open in other systems either. `kept`: what holds keep of it, here and
    elsewhere. `certificate`: the last one, for all of them; null while it is being made anew."""

    id: UUID
    begun_at: datetime
    destroyed_at: datetime | None
    confirmed_at: datetime | None
    held: int
    settled: bool
    certificate: UUID | None
    parts: list[UUID]
    kept: list[KeptShape]
    elsewhere: list[ErrandShape]
    recipients: list[NoticeShape]


class PlaceShape(Shape):
    """`object` None where nobody knows where exactly it lies."""

    holding: UUID
    state: PlaceState
    object: str | None
    row: str | None
    field: str | None
    start: int | None
    end: int | None


class AnswerForm(Form):
    answer: Answer


@router.get("")
def list_erasures(door: Annotated[Door, Depends(door_for(Deed.SEE_REQUESTS))]) -> Items[ErasureShape]:
    """Those of which something is open: not confirmed here or elsewhere, or somebody is to be told. The oldest first, at most
    500."""

    def deed(tx: Transaction) -> Items[ErasureShape]:
        found = [*erasures.unfinished(tx), *elsewhere.open_books(tx, _MOST), *telling.untold(tx)]
        names = system_names(tx)
        roots = sorted({erasures.get(tx, each).root for each in found})
        return Items(items=[_shape(tx, each, names) for each in roots[:_MOST]])

    return door.run(deed)


@router.get("/{erasure}")
def get_erasure(door: Annotated[Door, Depends(door_for(Deed.SEE_REQUESTS))], erasure: UUID) -> ErasureShape:
    """One erasure; that of a request has the request's id, and is of all joined subjects of the person."""
    return door.run(lambda tx: _shape(tx, ErasureId(erasure), system_names(tx)))


@router.get("/{erasure}/systems/{system}/places")
def list_places(
    door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))],
    erasure: UUID,
    system: str,
    after: UUID | None = None,
    limit: Limit = 100,
) -> Items[PlaceShape]:
    """Where exactly something is open or out of reach in one system: for telling those who look after it, and for mending it by
    hand. 409 once nobody needs to know any more."""

    def deed(tx: Transaction) -> Items[PlaceShape]:
        errand = erasures.going_to(tx, ErasureId(erasure), system_of(tx, system))[0]
        found = elsewhere.places(
            tx,
            door.house.vault,
            erasure=errand.erasure,
            system=errand.system,
            after=None if after is None else HoldingId(after),
            limit=limit,
        )
        return Items(items=[_place(each) for each in found], next=found[-1].holding if len(found) == limit else None)

    return door.run(deed)


@router.get("/{erasure}/systems/{system}/letter", response_class=PlainTextResponse)
def keepers_letter(
    door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], erasure: UUID, system: str
) -> PlainTextResponse:
    """The words to send to those who look after a system out of reach, in their language: what to delete, and where each lies.
    409 where Rightcall erases there itself, and once nobody needs to know any more."""
    house, id = door.house, ErasureId(erasure)
    letter = door.run(lambda tx: telling.keepers_letter(tx, house.vault, house.clock, erasure=id, system=system_of(tx, system)))
    return PlainTextResponse(letter.text, headers={"content-language": letter.language})


@router.post("/{erasure}/systems/{system}/retry")
def retry(door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], erasure: UUID, system: str) -> ErrandShape:
    """It is tried at once, whatever the pause: somebody has mended something."""

    def deed(tx: Transaction) -> ErrandShape:
        made = erasures.see_to(tx, door.house.clock, erasure=ErasureId(erasure), system=system_of(tx, system))
        return _errand(made, system_names(tx))

    return door.run(deed)


@router.post("/{erasure}/systems/{system}/told")
def told(door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], erasure: UUID, system: str) -> ErrandShape:
    """Those who look after a system out of reach were told what to let go of. The certificate is made anew, with the day. 409
    where Rightcall erases there itself. Again is fine."""

    def deed(tx: Transaction) -> ErrandShape:
        house, found = door.house, system_of(tx, system)
        made = erasures.tell_keeper(tx, house.vault, house.clock, erasure=ErasureId(erasure), system=found, by=door.actor)
        return _errand(made, system_names(tx))

    return door.run(deed)


@router.post("/{erasure}/systems/{system}/answer")
def keeper_answered(
    door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], erasure: UUID, system: str, form: KeeperForm
) -> ErrandShape:
    """What those who look after a system out of reach said. It makes nothing gone: a scan shows whether it is. 409 before they
    were told."""

    def deed(tx: Transaction) -> ErrandShape:
        id, of = ErasureId(erasure), system_of(tx, system)
        made = erasures.keeper_answered(tx, door.house.clock, erasure=id, system=of, answer=form.answer, by=door.actor)
        return _errand(made, system_names(tx))

    return door.run(deed)


@router.get("/{erasure}/recipients/{recipient}/letter", response_class=PlainTextResponse)
def letter(door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], erasure: UUID, recipient: UUID) -> PlainTextResponse:
    """The words to send to one recipient (Art. 19): Rightcall sends nothing itself. 409 once every recipient was told: then
    nobody knows any more whom it was about."""
    house = door.house
    text = door.run(
        lambda tx: telling.letter(tx, house.vault, house.clock, erasure=ErasureId(erasure), recipient=RecipientId(recipient))
    )
    return PlainTextResponse(text)


@router.post("/{erasure}/recipients/{recipient}/told")
def recipient_told(door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], erasure: UUID, recipient: UUID) -> NoticeShape:
    """The letter was sent, by your word. Again is fine."""

    def deed(tx: Transaction) -> NoticeShape:
        house, id, to = door.house, ErasureId(erasure), RecipientId(recipient)
        telling.tell(tx, house.vault, house.clock, erasure=id, recipient=to, by=door.actor)
        return _notice_of(tx, id, to)

    return door.run(deed)


@router.post("/{erasure}/recipients/{recipient}/answer")
def recipient_answered(
    door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], erasure: UUID, recipient: UUID, form: AnswerForm
) -> NoticeShape:
    """What the recipient said. 409 before it was told."""

    def deed(tx: Transaction) -> NoticeShape:
        id, to = ErasureId(erasure), RecipientId(recipient)
        telling.answer(tx, door.house.clock, erasure=id, recipient=to, answer=form.answer, by=door.actor)
        return _notice_of(tx, id, to)

    return door.run(deed)


def _shape(tx: Transaction, id: ErasureId, names: SystemNames) -> ErasureShape:
    erasure, whole = erasures.as_one(tx, id), erasures.whole(tx, id)
    return ErasureShape(
        id=erasure.id,
        begun_at=erasure.begun_at,
        destroyed_at=erasure.destroyed_at,
        confirmed_at=erasure.confirmed_at,
        held=erasure.held,
        settled=erasures.is_settled(tx, id),
        certificate=erasure.certificate,
        parts=[each.id for each in whole[1:]],
        kept=[_kept(hold, kept) for hold, kept in erasures.kept_and_why(tx, *(each.subject for each in whole))],
        elsewhere=[_errand(errand, names) for each in whole for errand in elsewhere.errands(tx, each.id)],
        recipients=[_notice(each.id, to, notice) for each in whole for to, notice in telling.notices(tx, each.id)],
    )


def _kept(hold: Hold, kept: Sequence[Holding]) -> KeptShape:
    return KeptShape(
        hold=hold.id,
        name=hold.name.text,
        reason=hold.reason,
        law=None if hold.law is None else hold.law.text,
        until=hold.ends_on,
        holdings=[each.id for each in kept],
    )


def _errand(errand: Errand, names: SystemNames) -> ErrandShape:
    return ErrandShape(
        erasure=errand.erasure,
        system=errand.system,
        name=names.get(errand.system, str(errand.system)),
        erasable=errand.is_erasable,
        open=errand.open,
        places=dict(errand.places),
        trouble=errand.trouble,
        failures=errand.failures,
        failing_since=errand.failing_since,
        tried_at=errand.tried_at,
        next_at=errand.due_at,
        escalated_at=errand.escalated_at,
        told_at=errand.told_at,
        told_by=ActorShape.of(errand.told_by),
        answered_at=errand.answered_at,
        answer=errand.answer,
        elsewhere=errand.elsewhere,
    )


def _place(place: OpenPlace) -> PlaceShape:
    spot = place.spot
    return PlaceShape(
        holding=place.holding,
        state=place.state,
        object=None if spot is None else spot.object,
        row=None if spot is None else spot.row,
        field=None if spot is None else spot.field,
        start=None if spot is None else spot.start,
        end=None if spot is None else spot.end,
    )


def _notice_of(tx: Transaction, erasure: ErasureId, recipient: RecipientId) -> NoticeShape:
    to, notice = telling.notice_of(tx, erasure, recipient)
    return _notice(notice.erasure, to, notice)


def _notice(erasure: ErasureId, to: Recipient, notice: Notice) -> NoticeShape:
    return NoticeShape(
        erasure=erasure,
        recipient=to.id,
        name=to.name,
        kind=to.kind,
        country=to.country,
        purposes=list(notice.purposes),
        told_at=notice.told_at,
        told_by=ActorShape.of(notice.told_by),
        answered_at=notice.answered_at,
        answer=notice.answer,
        answered_by=ActorShape.of(notice.answered_by),
        waits_for_word=notice.waits_for_word,
        word=WordShape.of(notice.said),
    )
