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
from rightcall.ids import HoldingId, PurposeId
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.recordings.model import Played, Refused, Take
from rightcall.recordings.playing import play
from rightcall.recordings.taking import get
from rightcall.staff.model import Deed
from rightcall.vault.model import Dark
from rightcall.vault.saying import WHY_DARK

router = APIRouter(prefix="/console/takes")
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
    wanted: Annotated[str | None, Header(alias="range", max_length=60)] = None,
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

    result = who.run(deed)
    if isinstance(result, Refused):
        return html(page(request, "refused", who, verdict=result.verdict), status=403)
    if isinstance(result, Dark):
        return html(page(request, "dark", who, says=WHY_DARK[result.reason]), status=410)
    rendered = house.audio.render(result.recorded)
    answer = ranged(rendered.body, wanted, rendered.mediatype)
    if answer is None:
        raise HTTPException(416)
    return answer
