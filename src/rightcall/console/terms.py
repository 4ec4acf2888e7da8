"""Do we need all of it? What goes by itself and when, and what outlives its day."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from rightcall.console import naming
from rightcall.console.door import Inside, inside
from rightcall.console.sheets import tongue_of
from rightcall.console.tables import shown as answered
from rightcall.database.connection import Transaction
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
) -> Response:
    """What ends in the next days, and what is there though its last day is over."""

    clock, tongue = who.house.clock, tongue_of(request)

    def deed(tx: Transaction) -> dict[str, object]:
        by_day = [(tongue.day(on), items) for on, items in data_map.ending_by_day(tx, clock, days=days)]
        names, address = system_names(tx), request.query_params
        return {
            "ending": naming.ending(names).of(data_map.ending_by_sort(tx, clock, days=days), address),
            "late": naming.late(names).of(data_map.late_by_sort(tx, clock), address),
            "names": names,
            "drawn": over_time(tongue.words.gettext("How much goes by itself, day by day"), by_day, tongue),
        }

    return answered(request, "terms", who, **who.run(deed), days=days, spans=_DAYS)
