"""Holds: a named, dated, owned reason to keep the smallest slice longer than its locks (GDPR Art. 17(3)). Only the DPO places,
prolongs and lifts one, and only the DPO listens to what it keeps. That stays when a yes is withdrawn, a term ends or the person
is erased, and everything else goes; when the hold's last day is over it goes by itself."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import Field

from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Form, Items, Line, Shape
from rightcall.api.gates import tools_of
from rightcall.api.named import Keys, keys_of, purpose_of
from rightcall.api.problems import Refusal
from rightcall.api.takes import SOUND, ForCase, Length, Range, Start, Why, heard
from rightcall.database.connection import Transaction
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import Hold, HoldName, HoldReason, Slice
from rightcall.holdings.rules import MOST_SLICES
from rightcall.ids import HoldId, HoldingId
from rightcall.recordings.model import Played, Refused
from rightcall.recordings.playing import play_held
from rightcall.staff.model import Deed
from rightcall.vault.model import Dark

router = APIRouter(prefix="/holds", tags=["holds"])

_ENDED = (
    "This hold was lifted, or its last day is over. What it alone kept cannot be read any more, and the worker deletes its bytes."
)


class SliceForm(Form):
    """One holding, for one purpose that it is kept for: an id or a key."""

    holding: UUID
    purpose: Line


class HoldForm(Form):
    """`name` is a file reference and never a person: lower-case letters, digits and single hyphens. `until`: the last day (UTC)
    that it keeps anything."""

    name: Line
    reason: HoldReason
    until: date
    slices: list[SliceForm] = Field(min_length=1, max_length=MOST_SLICES)


class ProlongForm(Form):
    """`until`: a later last day."""

    until: date


class SliceShape(Shape):
    holding: UUID
    purpose: UUID
    purpose_key: str


class HoldShape(Shape):
    """`owner` placed it. `lifted_at` is null while it stands."""

    id: UUID
    name: str
    reason: HoldReason
    owner: ActorShape
    placed_at: datetime
    until: date
    slices: list[SliceShape]
    lifted_at: datetime | None
    statement: UUID


@router.get("")
def list_holds(
    door: Annotated[Door, Depends(door_for(Deed.SEE_HOLDINGS))],
    holding: Annotated[UUID | None, Query(description="Only those that keep this holding.")] = None,
) -> Items[HoldShape]:
    """The holds that stand, the next to end first."""

    def deed(tx: Transaction) -> Items[HoldShape]:
        of = None if holding is None else [holdings.get(tx, HoldingId(holding)).id]
        keys = keys_of(tx)
        return Items(items=[_shape(hold, keys) for hold in holdings.holds(tx, of)])

    return door.run(deed)


@router.post("", status_code=201)
def place_hold(door: Annotated[Door, Depends(door_for(Deed.CHANGE_HOLDS))], form: HoldForm) -> HoldShape:
    """Keep these slices, and nothing else, though their locks may go. 409 where one is dark already, or the name taken."""

    def deed(tx: Transaction) -> HoldShape:
        placed = holdings.place_hold(
            tx,
            door.house.vault,
            door.house.clock,
            name=HoldName(text=form.name),
            reason=form.reason,
            owner=door.actor,
            until=form.until,
            slices=[Slice(holding=HoldingId(each.holding), purpose=purpose_of(tx, each.purpose)) for each in form.slices],
        )
        return _shape(placed, keys_of(tx))

    return door.run(deed)


@router.get("/{hold}")
def get_hold(door: Annotated[Door, Depends(door_for(Deed.SEE_HOLDINGS))], hold: UUID) -> HoldShape:
    """One hold, also when it was lifted."""
    return door.run(lambda tx: _shape(holdings.get_hold(tx, HoldId(hold)), keys_of(tx)))


@router.post("/{hold}/prolong")
def prolong_hold(door: Annotated[Door, Depends(door_for(Deed.CHANGE_HOLDS))], hold: UUID, form: ProlongForm) -> HoldShape:
    """The reason lasts longer. 409 once the hold has ended: nothing brings back what is dark."""

    def deed(tx: Transaction) -> HoldShape:
        prolonged = holdings.prolong_hold(tx, door.house.clock, HoldId(hold), until=form.until, by=door.actor)
        return _shape(prolonged, keys_of(tx))

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
            tools_of(door),
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
        lifted = holdings.lift_hold(tx, door.house.vault, door.house.clock, HoldId(hold), by=door.actor)
        return _shape(lifted, keys_of(tx))

    return door.run(deed)


def _shape(hold: Hold, keys: Keys) -> HoldShape:
    return HoldShape(
        id=hold.id,
        name=hold.name.text,
        reason=hold.reason,
        owner=ActorShape.of(hold.owner),
        placed_at=hold.placed_at,
        until=hold.until,
        slices=[SliceShape(holding=each.holding, purpose=each.purpose, purpose_key=keys[each.purpose]) for each in hold.slices],
        lifted_at=hold.lifted_at,
        statement=hold.statement,
    )
