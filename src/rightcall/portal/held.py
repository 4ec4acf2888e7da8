"""What is held, call by call and elsewhere, who looked, and hearing one's own calls."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.database.connection import Transaction
from rightcall.design.answers import html
from rightcall.design.ranges import ranged
from rightcall.design.tongues import marked
from rightcall.errors import Conflict, Malformed
from rightcall.ids import CallId, HoldingId
from rightcall.portal.backups import backups_of
from rightcall.portal.visiting import Visiting
from rightcall.recordings.hearing import AsItCame, Heard, hear_own
from rightcall.recordings.model import Refused
from rightcall.requests.own import seeing
from rightcall.requests.own.model import CallsPage, LooksPage, OneCall, ThingsPage
from rightcall.vault.model import Dark

router = APIRouter(prefix="/me/{controller}")


@router.get("/calls")
def calls(visiting: Visiting, after: UUID | None = None, kept: bool = False) -> HTMLResponse:
    """`kept`: only what is kept of them, as the first page counts it."""
    house = visiting.house

    def deed(tx: Transaction) -> CallsPage:
        last = None if after is None else CallId(after)
        return seeing.calls_page(tx, house.vault, house.clock, visiting.person(tx), after=last, only_kept=kept)

    return html(
        visiting.page("calls", backups=backups_of(house), page=visiting.run(deed), is_first=after is None, only_kept=kept)
    )


@router.get("/calls/{call}")
def one_call(visiting: Visiting, call: UUID) -> HTMLResponse:
    """With what happened in it, minute by minute."""
    house = visiting.house

    def deed(tx: Transaction) -> OneCall:
        return seeing.one_call(tx, house.vault, house.clock, visiting.person(tx), CallId(call))

    return html(visiting.page("call", backups=backups_of(house), one=visiting.run(deed)))


@router.get("/elsewhere")
def elsewhere(visiting: Visiting, after: UUID | None = None) -> HTMLResponse:
    house = visiting.house

    def deed(tx: Transaction) -> tuple[ThingsPage, LooksPage]:
        last, person = None if after is None else HoldingId(after), visiting.person(tx)
        return seeing.elsewhere_page(tx, house.vault, house.clock, person, after=last), seeing.looks(tx, person)

    page, looks = visiting.run(deed)
    return html(visiting.page("elsewhere", backups=backups_of(house), page=page, looks=looks, is_first=after is None))


@router.get("/sound/{take}")
def sound(visiting: Visiting, take: UUID, range: Annotated[str | None, Header(max_length=60)] = None) -> Response:
    """What the person said themselves. A player asks for it piece by piece; within minutes that is one use."""

    def deed(tx: Transaction) -> Heard | Refused | Dark:
        return hear_own(
            tx,
            visiting.tools,
            visiting.house.objects,
            take=HoldingId(take),
            person=visiting.person(tx),
            by=visiting.actor,
        )

    heard = visiting.run(deed)
    if isinstance(heard, Dark):
        raise Conflict(marked("This can no longer be opened: its key is destroyed."))
    if isinstance(heard, Refused):
        raise Conflict(
            " ".join(f"{each.says} {each.instead}" for each in heard.verdict.reasons) or marked("A rule says no to this.")
        )
    played = heard if isinstance(heard, AsItCame) else visiting.house.audio.render(heard)
    answer = ranged(played.body, range, played.mediatype)
    if answer is None:
        raise Malformed(marked("This piece lies outside of the sound. Open the page again."))
    return answer
