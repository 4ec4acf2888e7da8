"""What goes on its day, and what is there though its day is over. Figures alone."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from rightcall.api.door import Door, door_for
from rightcall.api.forms import Shape
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.map import actions as data_map
from rightcall.holdings.map.model import Ending
from rightcall.staff.model import Deed

MOST_DAYS = 366
router = APIRouter(prefix="/terms", tags=["map"])


class EndingShape(Shape):
    """So many items of one category in one system (null: Rightcall itself) that are kept until the end of `last_day` (UTC)."""

    last_day: date
    system: UUID | None
    system_name: str | None
    category: str
    items: int


class TermsShape(Shape):
    """`ending`: what goes by itself when its last day is over. `late`: what is there though it is over. `held`: how many things a
    hold keeps, which may be among these."""

    ending: list[EndingShape]
    late: list[EndingShape]
    held: int


@router.get("")
def coming(
    door: Annotated[Door, Depends(door_for(Deed.SEE_MAP))],
    days: Annotated[int, Query(ge=1, le=MOST_DAYS, description="How many days to look ahead, today among them.")] = 30,
) -> TermsShape:
    """What ends in the next days, and what outlives its term."""
    return door.run(lambda tx: gather(tx, door.house.clock, days))


def gather(tx: Transaction, clock: Clock, days: int) -> TermsShape:
    names = system_names(tx)
    return TermsShape(
        ending=_shapes(data_map.ending(tx, clock, days=days), names),
        late=_shapes(data_map.late(tx, clock), names),
        held=len({each.holding for hold in holds.standing(tx) for each in hold.slices}),
    )


def _shapes(found: Sequence[Ending], names: SystemNames) -> list[EndingShape]:
    return [
        EndingShape(
            last_day=each.last_day,
            system=each.system,
            system_name=None if each.system is None else names.get(each.system),
            category=each.category.value,
            items=each.items,
        )
        for each in found
    ]
