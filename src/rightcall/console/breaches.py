"""Breaches: what leaked, who is affected, how severe it is, the clock of 72 hours, the drafts, and who was told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.activities import actions as activities
from rightcall.breaches import actions as breaches
from rightcall.breaches.drafts import to_authority
from rightcall.breaches.letters import LetterLanguage, to_person
from rightcall.breaches.model import Assessment, Breach, LateReason, Nature, Owed, Word
from rightcall.breaches.rules import due_at
from rightcall.breaches.saying import LATE, how_many, how_severe, what_is_missing, where_they_live
from rightcall.breaches.weighing import actions as weighing
from rightcall.breaches.weighing.model import Standing
from rightcall.console import columns, naming
from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import EMPTY, MENDABLE, Filled, Sent, moment_in, one_of, typed
from rightcall.console.sheets import page, tongue_of
from rightcall.console.tables import shown as answered
from rightcall.console.tables import walk_of
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.design.tables import Column, Table, View
from rightcall.design.tongues import NAMES, Tongue
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.errors import Conflict, NotFound
from rightcall.holdings import saying
from rightcall.holdings.categories import Category
from rightcall.ids import BreachId, SubjectId
from rightcall.policy.model import Verdict
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/breaches")
NATURES = {
    Nature.CONFIDENTIALITY: "Somebody saw it who may not",
    Nature.INTEGRITY: "It was changed",
    Nature.AVAILABILITY: "It is lost, or cannot be reached",
}
Looking = Annotated[Inside, Depends(inside(Deed.SEE_BREACHES))]
Reading = Annotated[Inside, Depends(inside(Deed.SEE_AFFECTED))]
Entering = Annotated[Inside, Depends(sending(Deed.ENTER_BREACH))]
Telling = Annotated[Inside, Depends(sending(Deed.ANSWER_BREACH))]
OURS = "Rightcall itself"


def _state(row: tuple[Breach, datetime]) -> str:
    return "closed" if row[0].closed_at else "open"


def _listed(names: SystemNames, owed: Mapping[BreachId, Owed]) -> Table[tuple[Breach, datetime]]:
    """`owed`: who is still to be told of which."""

    def where(row: tuple[Breach, datetime]) -> str:
        return OURS if row[0].window.system is None else names[row[0].window.system]

    return Table(
        file="breaches",
        columns=(
            Column("known", "Known since", lambda row: row[0].known_at, is_period=True),
            Column("where", "Where", where, is_picked=True),
            Column("what", "What happened", lambda row: "; ".join(_natures(row[0]))),
            Column("authority", "Authority", lambda row: row[0].authority_told_at),
            Column("people", "People", lambda row: row[0].people_told_at),
            Column("state", "State", _state, is_picked=True),
            Column("tell", "Still to be told", lambda row: owed.get(row[0].id, "nobody"), is_picked=True, is_shown=False),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who is to know of it, and since when they do."""

    whom: str
    at: datetime | None
    late_because: LateReason | None = None


_TOLD: Table[Told] = Table(
    name="told",
    file="who-was-told",
    columns=(
        Column("whom", "Whom", lambda each: each.whom),
        Column("when", "When", lambda each: each.at),
        Column("late", "Why so late", lambda each: each.late_because, is_shown=False),
        Column("state", "State", lambda each: "told" if each.at else "not told", is_picked=True, is_shown=False),
        Column("todo", "What to do", is_sorted=False),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """How much of the time to tell the authority in is over, in hundredths."""

    gone: float
    is_late: bool
    says: str


@router.get("")
def list_breaches(request: Request, who: Looking) -> Response:
    """All there ever were, the newest first."""

    def deed(tx: Transaction) -> tuple[list[Breach], dict[BreachId, Owed], SystemNames]:
        found = breaches.breaches(tx)
        return found, weighing.owed(tx, who.house.clock, found), system_names(tx)

    found, owed, names = who.run(deed)
    rows = _listed(names, owed).of([(each, due_at(each.known_at)) for each in found], request.query_params)
    return answered(request, "breaches", who, rows=rows, names=names, owed=owed)


@router.get("/{breach}")
def show(request: Request, who: Looking, breach: UUID) -> Response:
    """One, as it was last weighed."""
    return _show(request, who, breach, EMPTY)


def _show(request: Request, who: Inside, breach: UUID, filled: Filled, of: str = "") -> Response:
    """`filled`: what was not taken: the form of whoever was told, `of` them; else to close it."""
    found, stands, system = who.run(partial(_standing, breach=BreachId(breach)))
    assessed = stands.assessed
    now = who.house.clock.now()
    given = {"found": found, "stands": stands, "assessed": assessed, "system": system, "due": due_at(found.known_at), "now": now}
    given |= {"words": None if assessed is None else told_of(assessed, system), "hours": _hours(request, found, now)}
    given |= {"natures": _natures(found), "grave": saying.GRAVE, "name_of": saying.category}
    given |= {"told": _TOLD.of(_told(found), request.query_params)}
    given |= {"opened": columns.OPEN.of(() if assessed is None else assessed.open, request.query_params)}
    given |= {"filled": filled, "nothing": EMPTY, "of": of, "why_late": LATE, "here": partial(typed, zone=who.zone)}
    if filled.says:
        return html(page(request, "breach", who, **given), status=422)
    return answered(request, "breach", who, **given)


def _told(breach: Breach) -> list[Told]:
    authority = Told(whom="The authority", at=breach.authority_told_at, late_because=breach.late_because)
    return [authority, Told(whom="The people", at=breach.people_told_at)]


def _natures(breach: Breach) -> list[str]:
    return [NATURES[each] for each in sorted(breach.circumstances.nature)]


@router.get("/{breach}/authority")
def draft_for_authority(request: Request, who: Reading, breach: UUID) -> HTMLResponse:
    """What the authority is told. What only people can say stands in brackets."""

    def deed(tx: Transaction) -> str:
        found, names, now = breaches.get(tx, BreachId(breach)), system_names(tx), who.house.clock.now()
        assessed, stands = weighing.weighed(tx, found)
        system = OURS if found.window.system is None else f"the system {names[found.window.system]}"
        own, answers = controllers.get(tx), activities.responsibles(tx)
        return to_authority(found, assessed, own, answers, system, now=now, has_changed=stands.has_changed)

    return html(page(request, "breach-draft", who, breach=breach, draft=who.run(deed), subject=None, languages=(), language=""))


@router.get("/{breach}/people")
def people(request: Request, who: Reading, breach: UUID) -> Response:
    """Who is affected, each with the sorts of data that lay open of them, and what they are told."""

    of, stands, system = who.run(partial(_standing, breach=BreachId(breach)))

    def fetch(asked: View, limit: int) -> list[tuple[SubjectId, Sequence[Category]]]:
        if (person := asked.picked.get("person")) is not None:
            return [] if asked.after else who.run(lambda tx: _one(tx, of, person))
        return list(who.run(lambda tx: weighing.affected(tx, of, walk_of(asked), limit)).items())

    found = naming.affected().behind(fetch, lambda row: row[0], request.query_params)
    return answered(request, "affected", who, breach=breach, found=found, stands=stands, system=system)


def _one(tx: Transaction, breach: Breach, person: str) -> list[tuple[SubjectId, Sequence[Category]]]:
    """Whom somebody looks for among the affected; nobody where that is no id, or nothing of them lay open."""
    try:
        subject = SubjectId(UUID(person))
    except ValueError:
        return []
    categories = weighing.of_person(tx, breach, subject)
    return [(subject, categories)] if categories else []


@router.get("/{breach}/people/{subject}")
def draft_for_person(
    request: Request,
    who: Reading,
    breach: UUID,
    subject: UUID,
    language: Annotated[LetterLanguage, Query()] = LetterLanguage.ENGLISH,
) -> HTMLResponse:
    """What one affected person is told, in plain words, about what lay open of them."""

    def deed(tx: Transaction) -> str:
        found = breaches.get(tx, BreachId(breach))
        categories = weighing.of_person(tx, found, SubjectId(subject))
        if not categories:
            raise NotFound("Nothing of this person lay open in this breach. List its people to see who is affected.")
        return to_person(found, categories, controllers.get(tx), activities.responsibles(tx), language)

    given = {
        "breach": breach,
        "subject": subject,
        "languages": [(each.value, NAMES[each.value]) for each in LetterLanguage],
        "language": language.value,
    }
    return html(page(request, "breach-draft", who, **given, draft=who.run(deed)))


@router.post("/{breach}/authority-told")
def authority_told(request: Request, who: Telling, breach: UUID, filled: Sent) -> Response:
    """You have told the authority, then. Rightcall sends nothing itself."""
    return _say_told(request, who, breach, filled, people=False)


@router.post("/{breach}/people-told")
def people_told(request: Request, who: Telling, breach: UUID, filled: Sent) -> Response:
    """You have told the people who are affected, then. Rightcall sends nothing itself."""
    return _say_told(request, who, breach, filled, people=True)


def _say_told(request: Request, who: Inside, breach: UUID, filled: Filled, *, people: bool) -> Response:
    def deed(tx: Transaction) -> None:
        at = filled.read("at", moment_in(controllers.get(tx).zone))
        word = Word(people=people, at=at, late_because=filled.maybe("late_because", one_of(LateReason)))
        breaches.told(tx, who.house.clock, BreachId(breach), word, by=who.actor)

    try:
        who.run(deed)
    except MENDABLE as error:
        return _show(request, who, breach, filled.but(error), "people" if people else "authority")
    return onwards(f"/console/breaches/{breach}")


@router.post("/{breach}/weigh")
def weigh(who: Entering, breach: UUID) -> Response:
    """It is weighed anew, as soon as the worker can."""
    who.run(lambda tx: breaches.ask_weighing(tx, who.house.clock, BreachId(breach), by=who.actor))
    return onwards(f"/console/breaches/{breach}")


@router.post("/{breach}/close")
def close(request: Request, who: Telling, breach: UUID) -> Response:
    """It is dealt with; or the verdict says what is missing."""
    house = who.house

    def deed(tx: Transaction) -> Verdict:
        return breaches.close(tx, house.clock, house.rules, BreachId(breach), by=who.actor)[2]

    try:
        verdict = who.run(deed)
    except Conflict as error:
        return _show(request, who, breach, EMPTY.but(error))
    _ = tongue_of(request).words.gettext
    if not verdict.proceeds:
        return html(page(request, "refused", who, verdict=verdict, so=_("It stays open.")), status=403)
    return onwards(f"/console/breaches/{breach}")


def told_of(assessed: Assessment, system: str) -> dict[str, str | None]:
    """What the weighing says, in words."""
    return {
        "many": how_many(assessed),
        "severe": how_severe(assessed),
        "missing": what_is_missing(assessed, system),
        "live": where_they_live(assessed),
    }


def _hours(request: Request, found: Breach, now: datetime) -> Hours:
    """Of the 72 hours to tell the authority in."""
    tongue = tongue_of(request)
    _, until = tongue.words.gettext, due_at(found.known_at)
    ended_at = found.authority_told_at or found.closed_at or now
    gone = min(1.0, (ended_at - found.known_at) / (until - found.known_at))
    if found.authority_told_at is not None:
        says = _("The 72 hours: told after %(hours)s of them") % {"hours": _whole_hours(tongue, ended_at - found.known_at)}
    elif found.closed_at is not None:
        says = _("The 72 hours: the authority was not told")
    elif now > until:
        says = _("The 72 hours are over, and nobody has said that the authority was told")
    else:
        says = _("The 72 hours: %(hours)s of them are left") % {"hours": _whole_hours(tongue, until - now)}
    return Hours(gone=100 * gone, is_late=found.authority_told_at is None and ended_at > until, says=says)


def _whole_hours(tongue: Tongue, long: timedelta) -> str:
    return tongue.number(long // timedelta(hours=1))


def _standing(tx: Transaction, *, breach: BreachId) -> tuple[Breach, Standing, str]:
    """With what leaked, in words."""
    found = breaches.get(tx, breach)
    system = found.window.system
    return found, weighing.standing(tx, found), OURS if system is None else system_names(tx)[system]
