"""What somebody in the call says of a party, for the rules to weigh: a child, distress, where they live, that they ask for it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from rightcall.api.door import Door, door_for
from rightcall.api.forms import Form, Line, Shape
from rightcall.calls.model import Age, Party
from rightcall.database.connection import Transaction
from rightcall.ids import CallId, PartyId
from rightcall.recordings.marks import mark
from rightcall.staff.model import Deed

router = APIRouter(prefix="/calls", tags=["calls"])


class MarksForm(Form):
    """What is left out stays as it was. `residence`: where the party says that it lives, a code such as DE or US-CA; an empty one
    takes it back."""

    age: Age | None = None
    in_distress: bool | None = None
    asks_for_it: bool | None = None
    residence: Line | None = None


class MarksShape(Shape):
    """`number_place`: where the party's number belongs, null where it says no place."""

    party: UUID
    age: Age
    in_distress: bool
    asks_for_it: bool
    residence: str | None
    number_place: str | None


@router.post("/{call}/parties/{party}/marks")
def mark_party(door: Annotated[Door, Depends(door_for(Deed.MARK_PARTY))], call: UUID, party: UUID, form: MarksForm) -> MarksShape:
    """Say of a party what rules weigh. The gates follow within a second, in a call that goes on."""

    def deed(tx: Transaction) -> MarksShape:
        marked = mark(
            tx,
            door.house.tools,
            call=CallId(call),
            party=PartyId(party),
            age=form.age,
            in_distress=form.in_distress,
            asks_for_it=form.asks_for_it,
            residence=form.residence,
            by=door.actor,
        )
        return _shape(marked)

    return door.run(deed)


def _shape(party: Party) -> MarksShape:
    return MarksShape(
        party=party.id,
        age=party.marks.age,
        in_distress=party.marks.in_distress,
        asks_for_it=party.marks.asks_for_it,
        residence=party.marks.residence,
        number_place=party.number_place,
    )
