"""Do we need all of it? What goes by itself and when, what outlives its day, what is kept longer and why."""

from collections.abc import Callable, Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.console.door import Inside, inside, sending
from rightcall.console.sheets import page, tongue_of
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.design.plots import over_time
from rightcall.discovery.systems.naming import system_names
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.holds.model import Hold, Told
from rightcall.holdings.map import actions as data_map
from rightcall.ids import HoldId, PurposeId
from rightcall.purposes import actions as purposes
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console")
Looking = Annotated[Inside, Depends(inside(Deed.SEE_HOLDINGS))]
_DAYS = (30, 90, 366)


@router.get("/terms")
def coming(
    request: Request,
    who: Annotated[Inside, Depends(inside(Deed.SEE_MAP))],
    days: Annotated[int, Query(ge=1, le=max(_DAYS))] = _DAYS[0],
) -> HTMLResponse:
    """What ends in the next days, and what is there though its last day is over."""

    clock, tongue = who.house.clock, tongue_of(request)

    def deed(tx: Transaction) -> dict[str, object]:
        by_day = [(tongue.day(on), items) for on, items in data_map.ending_by_day(tx, clock, days=days)]
        return {
            "ending": data_map.ending_by_sort(tx, clock, days=days),
            "late": data_map.late_by_sort(tx, clock),
            "names": system_names(tx),
            "drawn": over_time(tongue.words.gettext("How much goes by itself, day by day"), by_day, tongue),
        }

    return html(page(request, "terms", who, **who.run(deed), days=days, spans=_DAYS))


@router.get("/holds")
def list_holds(request: Request, who: Looking) -> HTMLResponse:
    """Those that stand, the next to end first."""
    return html(page(request, "holds", who, standing=who.run(holds.standing)))


@router.get("/holds/{hold}")
def show_hold(request: Request, who: Looking, hold: UUID) -> HTMLResponse:
    def deed(tx: Transaction) -> tuple[Hold, list[Told], Mapping[PurposeId, str]]:
        found = holds.get(tx, HoldId(hold))
        return found, holds.about(tx, found.id), {each.id: each.title for each in purposes.all_purposes(tx)}

    found, people, titles = who.run(deed)
    may = {"agree": who.may(Deed.AGREE_TO_HOLDS) and found.agreed is None, "lift": who.may(Deed.CHANGE_HOLDS)}
    return html(page(request, "hold", who, hold=found, people=people, titles=titles, may=may))


@router.post("/holds/{hold}/agree")
def agree(who: Annotated[Inside, Depends(sending(Deed.AGREE_TO_HOLDS))], hold: UUID) -> Response:
    """The second person's yes."""
    return _done(who, hold, lambda tx, id: holds.agree(tx, who.house.clock, id, by=who.actor))


@router.post("/holds/{hold}/lift")
def lift(who: Annotated[Inside, Depends(sending(Deed.CHANGE_HOLDS))], hold: UUID) -> Response:
    """What it alone kept goes with it."""
    return _done(who, hold, lambda tx, id: holds.lift(tx, who.house.vault, who.house.clock, id, by=who.actor))


def _done(who: Inside, hold: UUID, deed: Callable[[Transaction, HoldId], object]) -> Response:
    who.run(lambda tx: deed(tx, HoldId(hold)))
    return onwards(f"/console/holds/{hold}")
