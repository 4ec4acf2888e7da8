"""Entering a breach: what leaked, between which instants. What it would mean can be asked first: no clock runs then. And
correcting what is known of one: how severe it is follows from that."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.breaches import actions as breaches
from rightcall.breaches.model import Breach, Circumstances, Nature, NewBreach, Reach, Window
from rightcall.breaches.rehearsing import actions as rehearsing
from rightcall.breaches.rehearsing.model import Rehearsal
from rightcall.console.breaches import NATURES, told_of
from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import EMPTY, MENDABLE, Filled, Sent, Unread, an_id, moment_in, offered, one_of, typed
from rightcall.console.sheets import page
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.discovery.systems import actions as systems
from rightcall.holdings import saying
from rightcall.ids import BreachId, RehearsalId, SystemId
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/breaches")
Asking = Annotated[Inside, Depends(inside(Deed.ENTER_BREACH))]
Entering = Annotated[Inside, Depends(sending(Deed.ENTER_BREACH))]
_MEND = 422
REACHES = {
    Reach.UNKNOWN: "Anybody, or nobody knows",
    Reach.KNOWN_RECIPIENTS: "People or companies that we know",
    Reach.NOBODY: "Nobody any more",
}


@router.get("/new")
def ask(
    request: Request,
    who: Asking,
    rehearsal: Annotated[UUID | None, Query(description="What it would mean, as somebody asked.")] = None,
    known_at: Annotated[str | None, Query(max_length=16, description="When it was known, as it was typed.")] = None,
) -> HTMLResponse:
    now = typed(who.house.clock.now(), who.zone)
    if rehearsal is None:
        return html(_asking(request, who, offered(known_at=now, until=now, reach=Reach.UNKNOWN.value, malicious="yes")))
    found = who.run(lambda tx: rehearsing.get(tx, RehearsalId(rehearsal)))
    return html(_asking(request, who, _as_asked(found, known_at or now, who.zone), found))


@router.post("/new")
def enter(request: Request, who: Entering, filled: Sent) -> Response:
    """Entered, and the clock runs; or with `rehearse` only weighed, by the worker."""
    try:
        new = _read(filled, who.zone, who.house.clock.now())
        if filled.one("do") == "rehearse":
            clock, of, around = who.house.clock, new.window, new.circumstances
            asked = who.run(lambda tx: rehearsing.ask(tx, clock, of, around, by=who.actor))
            known = urlencode({"rehearsal": str(asked.id), "known_at": typed(new.known_at, who.zone)})
            return onwards(f"/console/breaches/new?{known}")
        made = who.run(lambda tx: breaches.enter(tx, who.house.clock, new, by=who.actor))
    except MENDABLE as error:
        return html(_asking(request, who, filled.but(error)), status=_MEND)
    return onwards(f"/console/breaches/{made.id}")


@router.get("/{breach}/circumstances")
def ask_again(request: Request, who: Asking, breach: UUID) -> HTMLResponse:
    found = who.run(lambda tx: breaches.get(tx, BreachId(breach)))
    return html(_correcting(request, who, found, _as_known(found)))


@router.post("/{breach}/circumstances")
def correct(request: Request, who: Entering, breach: UUID, filled: Sent) -> Response:
    """More is known of what happened. What was known before stays in the ledger."""
    house, id = who.house, BreachId(breach)
    found = who.run(lambda tx: breaches.get(tx, id))
    try:
        known = _circumstances(filled)
        who.run(lambda tx: breaches.correct(tx, house.clock, id, known, by=who.actor))
    except MENDABLE as error:
        return html(_correcting(request, who, found, filled.but(error)), status=_MEND)
    return onwards(f"/console/breaches/{breach}")


def _read(filled: Filled, zone: str, now: datetime) -> NewBreach:
    system = filled.maybe("system", an_id)
    moment = moment_in(zone)
    began_at, until = filled.read("began_at", moment), filled.read("until", moment)
    known_at = filled.read("known_at", moment)
    for name, at, says in (
        ("began_at", began_at, "What is to come has not leaked."),
        ("known_at", known_at, "It is known by now."),
    ):
        if at > now:
            raise Unread(name, f"{says} Give a moment that is past.")
    if until <= began_at:
        raise Unread("until", "This is not later than when it began. Give the moment from which on it was closed again.")
    window = Window(system=None if system is None else SystemId(system), began_at=began_at, until=until)
    return NewBreach(window=window, circumstances=_circumstances(filled), known_at=known_at)


def _circumstances(filled: Filled) -> Circumstances:
    nature = frozenset(each for each in Nature if each.value in filled.every("nature"))
    if not nature:
        raise Unread("nature", "Say what happened to the data: tick one or several.")
    return Circumstances(
        nature=nature,
        reach=filled.read("reach", one_of(Reach)),
        malicious=bool(filled.one("malicious")),
        unintelligible=bool(filled.one("unintelligible")),
    )


def _as_asked(found: Rehearsal, known_at: str, zone: str) -> Filled:
    window = found.window
    moments = {"began_at": typed(window.began_at, zone), "until": typed(window.until, zone), "known_at": known_at}
    where = {"system": "" if window.system is None else str(window.system)}
    return Filled({name: [value] for name, value in (where | moments).items()} | _around(found.circumstances))


def _as_known(found: Breach) -> Filled:
    return Filled(_around(found.circumstances))


def _around(around: Circumstances) -> dict[str, Sequence[str]]:
    given: dict[str, Sequence[str]] = {"nature": [each.value for each in around.nature], "reach": [around.reach.value]}
    ticked = {name: ["yes"] for name in ("malicious", "unintelligible") if getattr(around, name)}
    return given | ticked


def _asking(request: Request, who: Inside, filled: Filled = EMPTY, asked: Rehearsal | None = None) -> str:
    """`asked`: what it would mean, or how far the weighing of that is."""

    def deed(tx: Transaction) -> list[tuple[str, str]]:
        return [(str(each.id), each.name.text) for each in systems.systems(tx)]

    known, assessed = who.run(deed), None if asked is None else asked.assessed
    name = dict(known).get(filled.one("system"), "Rightcall itself")
    words = None if assessed is None else told_of(assessed, name)
    given = {"filled": filled, "systems": known, "asked": asked, "assessed": assessed, "words": words, "grave": saying.GRAVE}
    return page(request, "breach-new", who, **given, **_sorts(), name_of=saying.category)


def _correcting(request: Request, who: Inside, found: Breach, filled: Filled) -> str:
    return page(request, "breach-known", who, found=found, filled=filled, **_sorts())


def _sorts() -> dict[str, object]:
    return {
        "natures": [(each.value, says) for each, says in NATURES.items()],
        "reaches": [(each.value, says) for each, says in REACHES.items()],
    }
