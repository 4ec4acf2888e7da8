"""Do we need all of it? What goes by itself and when, and what outlives its day."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from rightcall.console.door import Inside, inside
from rightcall.console.sheets import page, tongue_of
from rightcall.database.connection import Transaction
from rightcall.design.answers import html
from rightcall.design.plots import over_time
from rightcall.discovery.systems.naming import system_names
from rightcall.holdings.map import actions as data_map
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console")
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
