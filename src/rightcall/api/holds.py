"""Holds: a named, dated, owned reason to keep the smallest slice longer than its locks (GDPR Art. 17(3)). Only the DPO places and
lifts one, somebody in another role agrees, and only the DPO listens to what it keeps. That stays when a yes is withdrawn, a term
ends or the person is erased, and everything else goes; when the hold's last day is over it goes by itself."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import Field

from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Form, Items, Language, Line, Shape
from rightcall.api.named import Keys, keys_of, purpose_of
from rightcall.api.problems import Refusal
from rightcall.api.request_shapes import LetterShape
from rightcall.api.takes import SOUND, ForCase, Length, Range, Start, Why, heard
from rightcall.api.verdicts import refusal
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.holdings import actions as holdings
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.holds.model import Hold, HoldName, HoldReason, Law, Slice, Told, Untold
from rightcall.holdings.holds.rules import MOST_SLICES
from rightcall.holdings.holds.weighing import Asked
from rightcall.ids import HoldId, HoldingId, SubjectId
from rightcall.recordings import keeping
from rightcall.recordings.cutting import span_of
from rightcall.recordings.keeping import NewHold
from rightcall.recordings.model import Played, Refused
from rightcall.recordings.playing import play_held
from rightcall.requests.hold_letters import hold_letter
from rightcall.staff.model import Deed
from rightcall.vault.model import Dark

router = APIRouter(prefix="/holds", tags=["holds"])

_ENDED = (
    "This hold was lifted, or its last day is over. What it alone kept cannot be read any more, and the worker deletes its bytes."
)


class SliceForm(Form):
    """One holding, for one purpose that it is kept for: an id or a key. Of a take a stretch alone, from `from_ms` until
    `until_ms` after it was opened: both, or all of it."""

    holding: UUID
    purpose: Line
    from_ms: int | None = None
    until_ms: int | None = None


class HoldForm(Form):
    """`name` is a file reference and never a person: lower-case letters, digits and single hyphens. `until`: the last day (UTC)
    that it keeps anything. `law`: the citation behind the reason, which a duty to keep must have. `untold`: why the person must
    not be told; left out, they are to be told."""

    name: Line
    reason: HoldReason
    law: Line | None = None
    untold: Untold | None = None
    until: date
    slices: list[SliceForm] = Field(min_length=1, max_length=MOST_SLICES)


class AgreeForm(Form):
    """`law`: the one that demands it, with its article, where the system put a duty under a hold that has none."""

    law: Line | None = None


class ProlongForm(Form):
    """`until`: a later last day."""

    until: date


class ToldForm(Form):
    """`subject`: whom you told."""

    subject: UUID


class SliceShape(Shape):
    """`take`, `from_ms`, `until_ms`: it is that stretch of that take, sealed anew as a holding of its own; null where it is
    the whole of one."""

    holding: UUID
    purpose: UUID
    purpose_key: str
    take: UUID | None
    from_ms: int | None
    until_ms: int | None


class ToldShape(Shape):
    """One whose things it keeps, and when they were told of it."""

    subject: UUID
    told_at: datetime | None


class HoldShape(Shape):
    """`owner` placed it, `agreed_by` agreed; both are null until somebody has, and then it ends after `agree_by`. `ends_on` is
    the last day as things stand. `longer_until`: a later day that was asked for and that nobody agreed to yet. `lifted_at` is
    null while it stands. `people`: whom it is about. `verdict`: that it may be kept; null of those from before it was asked."""

    id: UUID
    name: str
    reason: HoldReason
    law: str | None
    untold: Untold | None
    owner: ActorShape
    placed_at: datetime
    until: date
    agree_by: date
    agreed_at: datetime | None
    agreed_by: ActorShape | None
    longer_until: date | None
    ends_on: date
    people: list[ToldShape]
    slices: list[SliceShape]
    lifted_at: datetime | None
    statement: UUID
    verdict: UUID | None


@router.get("")
def list_holds(
    door: Annotated[Door, Depends(door_for(Deed.SEE_HOLDINGS))],
    holding: Annotated[UUID | None, Query(description="Only those that keep this holding.")] = None,
) -> Items[HoldShape]:
    """The holds that stand, the next to end first."""

    def deed(tx: Transaction) -> Items[HoldShape]:
        of = None if holding is None else [holdings.get(tx, HoldingId(holding)).id]
        keys = keys_of(tx)
        return Items(items=[_shape(tx, hold, keys) for hold in holds.standing(tx, of)])

    return door.run(deed)


@router.post("", status_code=201)
def place_hold(door: Annotated[Door, Depends(door_for(Deed.CHANGE_HOLDS))], form: HoldForm) -> HoldShape:
    """Keep these slices, and nothing else, though their locks may go: for a week, until somebody in another role agrees. 403
    with the verdict where the law or the house says no, 409 where one is dark already, or the name taken."""

    def deed(tx: Transaction) -> tuple[Asked, HoldShape | None]:
        new = NewHold(
            name=HoldName(text=form.name),
            reason=form.reason,
            law=None if form.law is None else Law(text=form.law),
            untold=form.untold,
            until=form.until,
            slices=[_wanted(tx, each) for each in form.slices],
        )
        asked, hold = keeping.place(tx, door.house.tools, door.house.objects, new, by=door.actor)
        return asked, None if hold is None else _shape(tx, hold, keys_of(tx))

    asked, placed = door.run(deed)
    if placed is None:
        raise refusal(asked.verdict, asked.id)
    return placed


def _wanted(tx: Transaction, form: SliceForm) -> Slice:
    return Slice(
        holding=HoldingId(form.holding),
        purpose=purpose_of(tx, form.purpose),
        span=span_of(HoldingId(form.holding), form.from_ms, form.until_ms),
    )


@router.get("/{hold}")
def get_hold(door: Annotated[Door, Depends(door_for(Deed.SEE_HOLDINGS))], hold: UUID) -> HoldShape:
    """One hold, also when it was lifted."""
    return door.run(lambda tx: _shape(tx, holds.get(tx, HoldId(hold)), keys_of(tx)))


@router.post("/{hold}/prolong")
def prolong_hold(door: Annotated[Door, Depends(door_for(Deed.CHANGE_HOLDS))], hold: UUID, form: ProlongForm) -> HoldShape:
    """Ask that it last longer; it does once somebody in another role agrees. 409 once the hold has ended: nothing brings back
    what is dark."""

    def deed(tx: Transaction) -> HoldShape:
        prolonged = holds.prolong(tx, door.house.clock, HoldId(hold), until=form.until, by=door.actor)
        return _shape(tx, prolonged, keys_of(tx))

    return door.run(deed)


@router.post("/{hold}/agree")
def agree_to_hold(
    door: Annotated[Door, Depends(door_for(Deed.AGREE_TO_HOLDS))], hold: UUID, form: AgreeForm | None = None
) -> HoldShape:
    """The second person's yes: to the hold, or to the later day that was asked for. 403 for the role that asked."""

    def deed(tx: Transaction) -> HoldShape:
        law = None if form is None or form.law is None else Law(text=form.law)
        agreed = holds.agree(tx, door.house.clock, HoldId(hold), by=door.actor, law=law)
        return _shape(tx, agreed, keys_of(tx))

    return door.run(deed)


@router.get("/{hold}/letters/{subject}")
def write_hold_letter(
    door: Annotated[Door, Depends(door_for(Deed.CHANGE_HOLDS))], hold: UUID, subject: UUID, language: Language = "en"
) -> LetterShape:
    """What the person is told: that something is kept, why, by which law, until when. 409 where they must not be told."""

    def deed(tx: Transaction) -> LetterShape:
        found = holds.get(tx, HoldId(hold))
        holds.check_may_tell(tx, found, SubjectId(subject))
        is_erased = not door.house.vault.subject_exists(tx, SubjectId(subject))
        written = hold_letter(found, controllers.get(tx), language=language, is_erased=is_erased)
        return LetterShape(language=written.language, asked_language=language, paragraphs=list(written.paragraphs))

    return door.run(deed)


@router.post("/{hold}/told")
def tell_of_hold(door: Annotated[Door, Depends(door_for(Deed.CHANGE_HOLDS))], hold: UUID, form: ToldForm) -> HoldShape:
    """You told the person. Again is fine. 409 where they must not be told."""

    def deed(tx: Transaction) -> HoldShape:
        holds.tell(tx, door.house.clock, HoldId(hold), SubjectId(form.subject), by=door.actor)
        return _shape(tx, holds.get(tx, HoldId(hold)), keys_of(tx))

    return door.run(deed)


@router.get("/{hold}/takes/{holding}/audio", responses=SOUND, response_class=Response)
def held_audio(
    door: Annotated[Door, Depends(door_for(Deed.PLAY_HOLDING))],
    hold: UUID,
    holding: UUID,
    reason: Why = None,
    case: ForCase = None,
    start_ms: Start = 0,
    length_ms: Length = None,
    range: Range = None,
) -> Response:
    """The sound of a take that this hold keeps, on the hold's own ground: 403 with the verdict for everybody but the DPO, and
    without a reason and a case; 410 once the hold has ended."""

    def deed(tx: Transaction) -> Played | Refused | Dark:
        return play_held(
            tx,
            door.house.tools,
            door.house.objects,
            hold=HoldId(hold),
            take=HoldingId(holding),
            by=door.actor,
            reason=reason,
            case=case,
            start_ms=start_ms,
            length_ms=length_ms,
        )

    result = door.run(deed)
    if isinstance(result, Dark):
        raise Refusal("dark", "This hold has ended", 410, _ENDED, reason=result.reason.value)
    return heard(door, result, range)


@router.post("/{hold}/lift")
def lift_hold(door: Annotated[Door, Depends(door_for(Deed.CHANGE_HOLDS))], hold: UUID) -> HoldShape:
    """The reason is over. What no other lock opens is dark at once, and its bytes are deleted. Again is fine."""

    def deed(tx: Transaction) -> HoldShape:
        lifted = holds.lift(tx, door.house.vault, door.house.clock, HoldId(hold), by=door.actor)
        return _shape(tx, lifted, keys_of(tx))

    return door.run(deed)


def _shape(tx: Transaction, hold: Hold, keys: Keys) -> HoldShape:
    return HoldShape(
        id=hold.id,
        name=hold.name.text,
        reason=hold.reason,
        law=None if hold.law is None else hold.law.text,
        untold=hold.untold,
        owner=ActorShape.of(hold.owner),
        placed_at=hold.placed_at,
        until=hold.until,
        agree_by=hold.agree_by,
        agreed_at=None if hold.agreed is None else hold.agreed.at,
        agreed_by=None if hold.agreed is None else ActorShape.of(hold.agreed.by),
        longer_until=None if hold.longer is None else hold.longer.until,
        ends_on=hold.ends_on,
        people=[_told(each) for each in holds.about(tx, hold.id)],
        slices=[_slice(each, keys) for each in hold.slices],
        lifted_at=hold.lifted_at,
        statement=hold.statement,
        verdict=hold.verdict,
    )


def _told(told: Told) -> ToldShape:
    return ToldShape(subject=told.subject, told_at=told.at)


def _slice(slice: Slice, keys: Keys) -> SliceShape:
    span = slice.span
    return SliceShape(
        holding=slice.holding,
        purpose=slice.purpose,
        purpose_key=keys[slice.purpose],
        take=None if span is None else span.take,
        from_ms=None if span is None else span.from_ms,
        until_ms=None if span is None else span.until_ms,
    )
