"""Listening to what was kept, for a purpose and with a reason: a verdict is asked, the use is logged, only then is it opened. Why
is sent in a form, and goes along sealed (`listening`): addresses are logged and kept."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import EMPTY, Filled, Sent, Unread, offered
from rightcall.console.kept import Kept, kept
from rightcall.console.listening import LONGEST, Why, opened, sealed
from rightcall.console.sheets import page
from rightcall.console.why import Anew, purpose_in, said_in
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.design.ranges import ranged
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.holds.model import Hold
from rightcall.ids import HoldId, HoldingId, PurposeId
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.recordings.model import Played, Refused, Take
from rightcall.recordings.playing import play, play_held, would_refuse, would_refuse_held
from rightcall.recordings.taking import find, get
from rightcall.staff.model import Deed
from rightcall.vault.model import Dark
from rightcall.vault.saying import WHY_DARK

router = APIRouter(prefix="/console/takes")
held = APIRouter(prefix="/console/holds/{hold}/takes")
Start = Annotated[int, Query(ge=0, le=2**31 - 1)]
Wanted = Annotated[str | None, Header(alias="range", max_length=60)]
Sealed = Annotated[str, Query(alias="with", max_length=LONGEST)]
Listening = Annotated[Inside, Depends(inside(Deed.PLAY_HOLDING))]
Saying = Annotated[Inside, Depends(sending(Deed.PLAY_HOLDING))]


@router.get("/{take}")
def ask(request: Request, who: Listening, take: UUID, said: Sealed = "") -> HTMLResponse:
    """What somebody listens for. With that, the player; the sound itself is asked for only when they press it."""

    return html(_asking(request, who, take, _offered(_why(who, take, said)) if said else EMPTY, said))


@router.post("/{take}")
def say(request: Request, who: Saying, take: UUID, filled: Sent) -> Response:
    """A no is told here, with its grounds, and no player is offered."""

    def deed(tx: Transaction) -> tuple[Refused | None, Why]:
        purpose, why = purpose_in(filled), said_in(filled)
        refused = would_refuse(
            tx, who.tools, take=HoldingId(take), purpose=purpose, by=who.actor, reason=why.reason, case=why.case
        )
        return refused, Why(purpose=purpose, reason=why.reason or "", case=why.case or "")

    try:
        refused, why = who.run(deed)
    except Unread as error:
        return html(_asking(request, who, take, filled.but(error)), status=422)
    if refused is not None:
        _, _, kept_for = who.run(lambda tx: _of_take(tx, who, take))
        usable = [(str(each.id), each.title, True) for each in kept_for if who.actor.role in each.may_use]
        return _told(request, who, refused, Anew(place=request.url.path, filled=filled, usable=usable, listens=True))
    return _onwards(who, f"/console/takes/{take}", take, why)


@router.get("/{take}/sound")
def sound(request: Request, who: Listening, take: UUID, said: Sealed, wanted: Wanted = None) -> Response:
    """The sound, or one range of it; where the verdict is no or the key is gone, a page that says why."""
    house, why = who.house, _why(who, take, said)
    if why.purpose is None:
        raise HTTPException(404)
    purpose = PurposeId(why.purpose)

    def deed(tx: Transaction) -> Played | Refused | Dark:
        return play(
            tx,
            who.tools,
            house.objects,
            take=HoldingId(take),
            purpose=purpose,
            by=who.actor,
            reason=why.reason or None,
            case=why.case or None,
        )

    return _heard(request, who, who.run(deed), wanted)


@held.get("/{take}")
def ask_held(request: Request, who: Listening, hold: UUID, take: UUID, start: Start = 0, said: Sealed = "") -> HTMLResponse:
    """What a hold keeps is heard on the hold's own ground. `start`: where the stretch begins, in milliseconds."""

    filled = _offered(_why(who, hold, said)) if said else EMPTY
    return html(_asking_held(request, who, hold, take, start, filled, said))


@held.post("/{take}")
def say_held(request: Request, who: Saying, hold: UUID, take: UUID, filled: Sent, start: Start = 0) -> Response:
    place = f"/console/holds/{hold}/takes/{take}"

    def deed(tx: Transaction) -> tuple[Refused | None, Why]:
        why = said_in(filled)
        refused = would_refuse_held(
            tx,
            who.tools,
            hold=HoldId(hold),
            take=HoldingId(take),
            by=who.actor,
            reason=why.reason,
            case=why.case,
            start_ms=start,
        )
        return refused, Why(purpose=None, reason=why.reason or "", case=why.case or "")

    try:
        refused, why = who.run(deed)
    except Unread as error:
        return html(_asking_held(request, who, hold, take, start, filled.but(error)), status=422)
    if refused is not None:
        return _told(request, who, refused, Anew(place=f"{place}?start={start}", filled=filled, listens=True))
    return _onwards(who, place, hold, why, f"&start={start}")


@held.get("/{take}/sound")
def held_sound(
    request: Request, who: Listening, hold: UUID, take: UUID, said: Sealed, start: Start = 0, wanted: Wanted = None
) -> Response:
    why = _why(who, hold, said)

    def deed(tx: Transaction) -> Played | Refused | Dark:
        return play_held(
            tx,
            who.tools,
            who.house.objects,
            hold=HoldId(hold),
            take=HoldingId(take),
            by=who.actor,
            reason=why.reason or None,
            case=why.case or None,
            start_ms=start,
        )

    return _heard(request, who, who.run(deed), wanted)


def _asking(request: Request, who: Inside, take: UUID, filled: Filled, said: str = "") -> str:
    """`said`: why, sealed, where the player stands below."""
    found, became, kept_for = who.run(lambda tx: _of_take(tx, who, take))
    may = [each for each in kept_for if who.actor.role in each.may_use]
    roles = sorted({role for each in kept_for for role in each.may_use})
    given = {"take": found, "became": became, "kept_for": may, "roles": roles, "seconds": _seconds(found), "filled": filled}
    return page(request, "take", who, **given, said=said)


def _of_take(tx: Transaction, who: Inside, take: UUID) -> tuple[Take, Kept, list[Purpose]]:
    """With what became of it, and what it was kept for."""
    found = get(tx, HoldingId(take))
    kept_for = set(found.purposes)
    (became,) = kept(tx, who.house.vault, [found])
    return found, became, [each for each in purposes.all_purposes(tx) if each.id in kept_for]


def _asking_held(request: Request, who: Inside, hold: UUID, take: UUID, start: int, filled: Filled, said: str = "") -> str:
    def deed(tx: Transaction) -> tuple[Hold, float | None]:
        found = holds.get(tx, HoldId(hold))
        return found, _seconds_held(tx, found, HoldingId(take), start)

    found, seconds = who.run(deed)
    given = {"take": take, "start": start, "filled": filled, "said": said}
    return page(request, "take-held", who, **given, hold=found, seconds=seconds)


def _offered(why: Why) -> Filled:
    return offered(purpose=why.purpose, reason=why.reason, case=why.case)


def _onwards(who: Inside, place: str, about: UUID, why: Why, more: str = "") -> Response:
    return onwards(f"{place}?with={sealed(who.secret, str(about), why, who.house.clock.now())}{more}")


def _why(who: Inside, about: UUID, said: str) -> Why:
    return opened(who.secret, str(about), said, who.house.clock.now())


def _seconds(take: Take) -> float | None:
    """How long its sound lasts; None while it goes on."""
    until = take.last_at or take.cut_at
    return None if until is None else _lasts(take.opened_at, until)


def _lasts(since: datetime, until: datetime) -> float:
    return max((until - since).total_seconds(), 0.0)


def _seconds_held(tx: Transaction, hold: Hold, take: HoldingId, start: int) -> float | None:
    spans = [each.span for each in hold.slices if each.span is not None and each.span.take == take]
    stretch = next((each for each in spans if each.from_ms == start), None)
    if stretch is not None:
        return (stretch.until_ms - stretch.from_ms) / 1000
    found = find(tx, take)
    return None if found is None else _seconds(found)


def _told(request: Request, who: Inside, refused: Refused, again: Anew | None) -> HTMLResponse:
    """`again`: the form with what they said, to say something else."""
    return html(page(request, "refused", who, verdict=refused.verdict, again=again), status=403)


def _heard(request: Request, who: Inside, result: Played | Refused | Dark, wanted: str | None) -> Response:
    if isinstance(result, Refused):
        return _told(request, who, result, None)
    if isinstance(result, Dark):
        return html(page(request, "dark", who, says=WHY_DARK[result.reason]), status=410)
    rendered = who.house.audio.render(result.recorded)
    answer = ranged(rendered.body, wanted, rendered.mediatype)
    if answer is None:
        raise HTTPException(416)
    return answer
