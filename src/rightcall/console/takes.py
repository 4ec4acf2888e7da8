"""Listening to what was kept, for a purpose and with a reason: a verdict is asked, the use is logged, only then is it opened."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from rightcall.console.door import Inside, inside
from rightcall.console.sheets import page
from rightcall.database.connection import Transaction
from rightcall.design.answers import html
from rightcall.design.ranges import ranged
from rightcall.holdings.holds import actions as holds
from rightcall.ids import HoldId, HoldingId, PurposeId
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.recordings.model import Played, Refused, Take
from rightcall.recordings.playing import play, play_held
from rightcall.recordings.taking import get
from rightcall.staff.model import Deed
from rightcall.vault.model import Dark
from rightcall.vault.saying import WHY_DARK

router = APIRouter(prefix="/console/takes")
held = APIRouter(prefix="/console/holds/{hold}/takes")
Start = Annotated[int, Query(ge=0, le=2**31 - 1)]
Wanted = Annotated[str | None, Header(alias="range", max_length=60)]
Words = Annotated[str, Query(max_length=200)]
Listening = Annotated[Inside, Depends(inside(Deed.PLAY_HOLDING))]


@router.get("/{take}")
def ask(request: Request, who: Listening, take: UUID, purpose: Words = "", reason: Words = "", case: Words = "") -> HTMLResponse:
    """What somebody listens for. With that, the player; the sound itself is asked for only when they press it."""

    def deed(tx: Transaction) -> tuple[Take, list[Purpose]]:
        found = get(tx, HoldingId(take))
        kept_for = set(found.purposes)
        return found, [each for each in purposes.all_purposes(tx) if each.id in kept_for]

    found, kept_for = who.run(deed)
    given = {"purpose": purpose, "reason": reason, "case": case}
    return html(page(request, "take", who, take=found, kept_for=kept_for, given=given))


@router.get("/{take}/sound")
def sound(
    request: Request,
    who: Listening,
    take: UUID,
    purpose: UUID,
    reason: Words = "",
    case: Words = "",
    wanted: Wanted = None,
) -> Response:
    """The sound, or one range of it; where the verdict is no or the key is gone, a page that says why."""
    house = who.house

    def deed(tx: Transaction) -> Played | Refused | Dark:
        return play(
            tx,
            who.tools,
            house.objects,
            take=HoldingId(take),
            purpose=PurposeId(purpose),
            by=who.actor,
            reason=reason or None,
            case=case or None,
        )

    return _heard(request, who, who.run(deed), wanted)


@held.get("/{take}")
def ask_held(
    request: Request, who: Listening, hold: UUID, take: UUID, start: Start = 0, reason: Words = "", case: Words = ""
) -> HTMLResponse:
    """What a hold keeps is heard on the hold's own ground. `start`: where the stretch begins, in milliseconds."""
    found = who.run(lambda tx: holds.get(tx, HoldId(hold)))
    return html(page(request, "take-held", who, hold=found, take=take, given={"reason": reason, "case": case, "start": start}))


@held.get("/{take}/sound")
def held_sound(
    request: Request,
    who: Listening,
    hold: UUID,
    take: UUID,
    start: Start = 0,
    reason: Words = "",
    case: Words = "",
    wanted: Wanted = None,
) -> Response:
    def deed(tx: Transaction) -> Played | Refused | Dark:
        return play_held(
            tx,
            who.tools,
            who.house.objects,
            hold=HoldId(hold),
            take=HoldingId(take),
            by=who.actor,
            reason=reason or None,
            case=case or None,
            start_ms=start,
        )

    return _heard(request, who, who.run(deed), wanted)


def _heard(request: Request, who: Inside, result: Played | Refused | Dark, wanted: str | None) -> Response:
    if isinstance(result, Refused):
        return html(page(request, "refused", who, verdict=result.verdict), status=403)
    if isinstance(result, Dark):
        return html(page(request, "dark", who, says=WHY_DARK[result.reason]), status=410)
    rendered = who.house.audio.render(result.recorded)
    answer = ranged(rendered.body, wanted, rendered.mediatype)
    if answer is None:
        raise HTTPException(416)
    return answer
