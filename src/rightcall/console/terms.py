"""Do we need all of it? What goes by itself and when, and what outlives its day; and asking that a purpose keep for longer,
or giving it a shorter term."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.clock import day_of
from rightcall.console import naming
from rightcall.console.data_map import key
from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import EMPTY, MENDABLE, Filled, Sent, Unread, offered
from rightcall.console.sheets import page, tongue_of
from rightcall.console.tables import shown as answered
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.design.plots import over_time
from rightcall.discovery.systems.naming import system_names
from rightcall.errors import Conflict, Malformed
from rightcall.holdings.holds.model import Law
from rightcall.holdings.map import actions as data_map
from rightcall.policy.model import Verdict
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import LawfulBasis, Purpose
from rightcall.recordings import actions as recordings
from rightcall.retention import coming as retention
from rightcall.retention.asking import (
    LONGEST_WHY,
    LOOKED_AT,
    ask_longer,
    first_reach,
    first_sooner,
    reach_elsewhere,
    sooner_elsewhere,
)
from rightcall.reviews import lapsing
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console")
_DAYS = (30, 90, 366)
_MEND = 422


@router.get("/terms")
def coming(
    request: Request,
    who: Annotated[Inside, Depends(inside(Deed.SEE_MAP))],
    days: Annotated[int, Query(ge=1, le=max(_DAYS))] = _DAYS[0],
) -> Response:
    """What ends in the next days, and what is there though its last day is over."""

    clock, tongue = who.house.clock, tongue_of(request)

    def deed(tx: Transaction) -> dict[str, object]:
        names, address = system_names(tx), request.query_params
        vault, today = who.house.vault, day_of(clock.now())
        found = retention.coming(tx, vault, clock, days=days)
        ending, going = data_map.by_sort(found.ending), found.going
        drawn = [(tongue.day(on), going.get(on, 0)) for on in (today + timedelta(days=nth) for nth in range(days))]
        return {
            "ending": naming.GOES.of([each for each in ending if each.system is None], address),
            "by_hand": naming.by_hand(names).of([each for each in ending if each.system is not None], address),
            "by_hold": naming.BY_HOLD.of(data_map.by_sort(found.by_hold), address),
            "late": naming.late(names).of(data_map.by_sort(retention.late(tx, vault, clock)), address),
            "names": names,
            "remembers": controllers.get(tx),
            "shortened": _may_be_shorter(tx) if who.may(Deed.SHORTEN) else (),
            "key": key,
            "today": today,
            "yesterday": today - timedelta(days=1),
            "last": today + timedelta(days=days - 1),
            "drawn": over_time(tongue.words.gettext("How much goes by itself, day by day"), drawn, tongue),
        }

    return answered(request, "terms", who, **who.run(deed), days=days, spans=_DAYS)


@router.get("/terms/longer")
def offer_longer(
    request: Request, who: Annotated[Inside, Depends(inside(Deed.ASK_LONGER))], purpose: Annotated[str, Query(max_length=200)]
) -> HTMLResponse:
    """How much a longer term would be about, and what is needed to ask for one."""
    return html(_longer(request, who, purpose, EMPTY))


@router.post("/terms/longer")
def ask_for_longer(
    request: Request,
    who: Annotated[Inside, Depends(sending(Deed.ASK_LONGER))],
    filled: Sent,
    purpose: Annotated[str, Query(max_length=200)],
) -> Response:
    """The next version of the purpose's review, for others to sign; or the verdict says why not."""
    house = who.house
    try:
        days, law = filled.read("days", _days), filled.maybe("law", lambda text: Law(text=text))
        why = filled.read("why", _why)
        asked = who.run(
            lambda tx: ask_longer(
                tx, house.clock, house.rules, purposes.by_key(tx, purpose).id, days, law=law, why=why, by=who.actor
            )
        )
    except MENDABLE as error:
        return html(_longer(request, who, purpose, filled.but(error)), status=_MEND)
    if asked.review is None:
        return html(_longer(request, who, purpose, filled, asked.verdict), status=403)
    return onwards(f"/console/reviews/{asked.review.id}")


def _longer(request: Request, who: Inside, key: str, filled: Filled, verdict: Verdict | None = None) -> str:
    """`verdict`: why it is not so."""

    def deed(tx: Transaction) -> dict[str, object]:
        found = purposes.by_key(tx, key)
        reach = first_reach(tx, who.house.clock, found.id)
        elsewhere = reach_elsewhere(tx, who.house.clock, found.id, LOOKED_AT)
        return {
            "purpose": found,
            "reach": reach,
            "elsewhere": [each for each in elsewhere if each.items],
            "is_all": reach.is_all and all(each.is_all for each in elsewhere),
            "names": system_names(tx),
            "looked_at": LOOKED_AT,
        }

    return page(request, "terms-longer", who, **who.run(deed), filled=filled, verdict=verdict)


@router.get("/terms/shorter")
def offer_shorter(
    request: Request,
    who: Annotated[Inside, Depends(inside(Deed.SHORTEN))],
    purpose: Annotated[str, Query(max_length=200)],
    days: Annotated[str, Query(max_length=20)] = "",
) -> HTMLResponse:
    """For how many days; and once that is said, how much would end when, before anything is done."""
    return _shorter(request, who, purpose, offered(days=days))


@router.post("/terms/shorter")
def give_shorter(
    request: Request,
    who: Annotated[Inside, Depends(sending(Deed.SHORTEN))],
    filled: Sent,
    purpose: Annotated[str, Query(max_length=200)],
) -> Response:
    """At once, by the word of whoever has seen what ends by it; `was`: the term that they saw."""

    def deed(tx: Transaction) -> None:
        found = purposes.by_key(tx, purpose)
        if filled.one("was") != str(found.term_days):
            raise Conflict(f"The term is {found.term_days} days now, and another when this was shown. Look at it anew.")
        purposes.shorten(tx, who.house.clock, found.id, filled.read("days", _days), by=who.actor)
        recordings.look_again(tx, [tx.of])

    try:
        who.run(deed)
    except MENDABLE as error:
        return _shorter(request, who, purpose, filled.but(error))
    return onwards(f"/console/purposes/{purpose}")


def _shorter(request: Request, who: Inside, key: str, filled: Filled) -> HTMLResponse:
    def deed(tx: Transaction) -> dict[str, object]:
        found, clock = purposes.by_key(tx, key), who.house.clock
        days = None if filled.says else filled.maybe("days", _days)
        would = None if days is None else first_sooner(tx, clock, found.id, days)
        elsewhere = [] if days is None else sooner_elsewhere(tx, clock, found.id, days, LOOKED_AT)
        return {
            "purpose": found,
            "would": would,
            "elsewhere": [each for each in elsewhere if each.items],
            "is_all": would is None or (would.is_all and all(each.is_all for each in elsewhere)),
            "names": system_names(tx),
            "stops": lapsing.by_change(tx, clock, who.house.rules, found.id),
            "may_be": _is_given_by_one(found),
        }

    try:
        shown = who.run(deed)
    except (Malformed, Conflict) as error:
        return _shorter(request, who, key, filled.but(error))
    made = page(request, "terms-shorter", who, **shown, filled=filled, looked_at=LOOKED_AT)
    return html(made, status=_MEND if filled.says else 200)


def _may_be_shorter(tx: Transaction) -> list[Purpose]:
    return [each for each in purposes.all_purposes(tx) if each.ended_at is None and _is_given_by_one(each)]


def _is_given_by_one(purpose: Purpose) -> bool:
    """Where a law demands what is kept, one person cannot give it a shorter term."""
    return purpose.lawful_basis is not LawfulBasis.LEGAL_OBLIGATION


def _days(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise Malformed("Give the days as a whole number, such as 1827.") from None


def _why(text: str) -> str:
    if not 10 <= len(text) <= LONGEST_WHY:
        raise Unread("why", f"Say why it is needed for longer, in 10 to {LONGEST_WHY} characters: whoever signs reads it.")
    return text
