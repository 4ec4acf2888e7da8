"""The copy that a person asked for: a word on what others are heard or told of in, handing it over, and having it made anew."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.console.door import Inside, sending
from rightcall.console.filled import EMPTY, MENDABLE
from rightcall.console.requests import done, shown
from rightcall.console.sheets import page
from rightcall.database.connection import Transaction
from rightcall.design.answers import html
from rightcall.ids import HoldingId, RequestId
from rightcall.requests.packages import actions as packages
from rightcall.requests.packages.rules import PLACE
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/requests/{wish}/package")
Answering = Annotated[Inside, Depends(sending(Deed.ANSWER_REQUEST))]


@router.post("")
def make(request: Request, who: Answering, wish: UUID) -> Response:
    """Anew: the one before is let go."""
    return done(request, who, wish, EMPTY, lambda tx, id: packages.ask(tx, who.house.clock, id, by=who.actor))


@router.post("/things/{holding}")
def decide(request: Request, who: Answering, wish: UUID, holding: UUID, give: Annotated[bool, Form()]) -> Response:
    """They listened to it, or read it."""

    def deed(tx: Transaction, id: RequestId) -> int:
        return packages.decide(tx, who.house.clock, id, HoldingId(holding), give=give, by=who.actor)

    return done(request, who, wish, EMPTY, deed)


@router.post("/hand-over")
def hand_over(request: Request, who: Answering, wish: UUID) -> HTMLResponse:
    """The link and the code, shown this once; the request is answered with it."""
    house, id = who.house, RequestId(wish)
    try:
        handed = who.run(lambda tx: packages.hand_over(tx, house.vault, house.clock, id, by=who.actor))
    except MENDABLE as error:
        return html(shown(request, who, id, EMPTY.but(error)), status=422)
    link = f"{house.settings.own_url}{PLACE}{handed.link}"
    return html(page(request, "package-handed", who, wish=wish, link=link, code=handed.code, until=handed.until))
