"""Whether those who say no fare as well as those who say yes: the picture, its table, and what is answered where they do not."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import Response

from rightcall.console import naming
from rightcall.console.door import Inside, inside, sending
from rightcall.console.tables import shown as answered
from rightcall.database.connection import Transaction
from rightcall.design.answers import onwards
from rightcall.design.drawings import picture
from rightcall.ethics import actions as ethics
from rightcall.ethics import saying
from rightcall.ethics.bar import bar_of, kept_for
from rightcall.ethics.counted.rules import periods
from rightcall.ethics.drawing import forest, size
from rightcall.ethics.model import Explanation, FlagId, Parity
from rightcall.ethics.standing import parity
from rightcall.purposes import actions as purposes
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/parity")
Looking = Annotated[Inside, Depends(inside(Deed.SEE_PARITY))]
Days = Annotated[int | None, Query(ge=1, le=365)]


@router.get("")
def show(request: Request, who: Looking, days: Days = None) -> Response:
    """`days`: so many back, of the periods that are counted the shortest that reaches as far; all that is kept where left
    out."""

    def deed(tx: Transaction) -> dict[str, object]:
        found, known = _parity(tx, who, days), purposes.known(tx)
        titles, flags = {id: each.title for id, each in known.items()}, ethics.flags(tx)
        return {
            "found": found,
            "size": size(found),
            "measured": naming.measured(known).of([each for each in found.rows if each.comparison], request.query_params),
            "untold": naming.untold(known).of([each for each in found.rows if not each.comparison], request.query_params),
            "sizes": saying.sizes_told(found, titles),
            "flags": flags,
            "gaps": naming.gaps(known).of(flags, request.query_params),
            "purposes": known,
        }

    may = {"may_answer": who.may(Deed.ANSWER_FLAG), "may_look": who.may(Deed.LOOK_AT_PARITY)}
    words = {"names": saying.NAMES, "heads": saying.HEADS, "told": saying.told, "pairs": saying.pairs, "strata": saying.STRATA}
    *shorter, _ = periods(kept_for(who.house.settings))
    spans = {"days": days, "shorter": [7 * weeks for weeks in shorter]}
    return answered(request, "parity", who, **who.run(deed), **may, **words, **spans, explanations=list(Explanation))


@router.get("/plot")
def show_plot(who: Looking, days: Days = None) -> Response:
    def deed(tx: Transaction) -> str:
        titles = purposes.titles(tx)
        return forest(_parity(tx, who, days), titles, bar_of(who.house.settings))

    return picture(who.run(deed))


@router.post("/looks")
def look(who: Annotated[Inside, Depends(sending(Deed.LOOK_AT_PARITY))]) -> Response:
    """The worker looks as soon as it can."""
    who.run(lambda tx: ethics.ask_look(tx, who.house.clock, by=who.actor))
    return onwards("/console/parity")


@router.post("/flags/{flag}")
def answer(
    who: Annotated[Inside, Depends(sending(Deed.ANSWER_FLAG))], flag: UUID, explanation: Annotated[Explanation, Form()]
) -> Response:
    """It lifts nothing by itself: later calls have to show the gap gone."""
    who.run(lambda tx: ethics.answer(tx, who.house.clock, FlagId(flag), explanation, by=who.actor))
    return onwards("/console/parity")


def _parity(tx: Transaction, who: Inside, days: int | None) -> Parity:
    settings, now = who.house.settings, who.house.clock.now()
    back = timedelta(days=days or settings.parity_days)
    return parity(tx, bar_of(settings), now=now, back=back, only=None, by_notice=False)
