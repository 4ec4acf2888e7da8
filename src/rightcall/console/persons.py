"""One person: everything that is held about them, by system and category, with their answers, calls, requests and holds; and
where each thing lies, for a purpose."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.calls import actions as calls
from rightcall.calls.model import Party
from rightcall.consent import actions as consent
from rightcall.consent.model import Choice
from rightcall.console.door import Inside, inside, sending
from rightcall.console.sheets import page, tongue_of
from rightcall.database.connection import Transaction
from rightcall.design.answers import html
from rightcall.design.exports import table_file
from rightcall.discovery.seen import actions as seeing
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.holdings import actions as holdings
from rightcall.holdings import saying
from rightcall.holdings.categories import Category
from rightcall.holdings.map.page import name_of
from rightcall.holdings.model import Holding
from rightcall.holdings.provenance.saying import FELL
from rightcall.ids import PurposeId, SubjectId, SystemId
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.recordings.held import Held, whole
from rightcall.recordings.using import Answered
from rightcall.recordings.who import ask_for_places, person_of
from rightcall.requests import actions as requests
from rightcall.requests.model import Request as Asked
from rightcall.staff.model import Deed
from rightcall.subjects import actions as subjects
from rightcall.subjects import restricting
from rightcall.subjects.model import Limits, Subject
from rightcall.vault.model import Dark
from rightcall.vault.saying import CAUSES

router = APIRouter(prefix="/console/people/{subject}")
A_PAGE = 50
MOST = 2000
"""Things of one person that are looked through at once. That there are more is told."""
OURS = "rightcall"
"""What the filter calls what we keep ourselves."""
SORTS = {"newest": "Newest first", "oldest": "Oldest first", "ends": "What ends first", "category": "By category"}
Seeing = Annotated[Inside, Depends(inside(Deed.SEE_HOLDINGS))]
Words = Annotated[str, Form(max_length=200)]
Short = Annotated[str, Query(max_length=60)]
_NEVER = date.max


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Things of one category in one system (None: Rightcall itself): how many are there, and how many were."""

    system: SystemId | None
    category: Category
    there: int
    gone: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """Which of the things are shown, and in which order."""

    system: str
    category: str
    sort: str
    nth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """All that one page tells of a person. `subjects`: all that are them. `cut`: there is more than was looked through. `picked`:
    how many things, and `shown`: those of this page. `latest`: the newest answer to each purpose. `parts`: what they were in each
    call. `asked`: their requests, None where the reader's role does not see any."""

    subject: Subject
    subjects: Sequence[SubjectId]
    is_erased: bool
    limits: Limits
    lines: Sequence[Line]
    cut: bool
    picked: int
    shown: Sequence[Held]
    latest: Mapping[PurposeId, Choice]
    parts: Sequence[Party]
    asked: Sequence[Asked] | None
    not_known: Sequence[str]
    purposes: Mapping[PurposeId, Purpose]
    systems: SystemNames


@router.get("")
def show(
    request: Request,
    who: Seeing,
    subject: UUID,
    system: Short = "",
    category: Short = "",
    sort: Short = "newest",
    nth: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> HTMLResponse:
    picked = Picked(system=system, category=category, sort=sort if sort in SORTS else "newest", nth=nth)
    found = who.run(lambda tx: _person(tx, who, SubjectId(subject), picked))
    pages = max(1, -(-found.picked // A_PAGE))
    words = {"came": saying.CAME, "grave": saying.GRAVE, "roles": saying.ROLES, "name_of": saying.category}
    words |= {"fell": FELL, "causes": CAUSES}
    given = {"found": found, "picked": picked, "pages": pages, "sorts": list(SORTS.items()), "most": MOST, "ours": OURS}
    return html(page(request, "person", who, **given, **words))


@router.get("/things.csv")
def exported(request: Request, who: Seeing, subject: UUID) -> Response:
    """Each thing: what for, until when, from where, whether it is there. Never what it says, nor in which row it lies."""

    def deed(tx: Transaction) -> tuple[list[Holding], dict[PurposeId, str], SystemNames]:
        found = holdings.of_person(tx, person_of(tx, SubjectId(subject)))
        return found, {each.id: each.title for each in purposes.all_purposes(tx)}, system_names(tx)

    found, titles, systems = who.run(deed)
    _ = tongue_of(request).words.gettext
    heads = [_("Thing"), _("Category"), _("System"), _("Since"), _("How it came"), _("Purposes"), _("Last days"), _("There")]
    rows = [
        (
            each.id,
            each.category.value,
            name_of(each.place.system, systems),
            each.made_at.isoformat(),
            saying.CAME[each.provenance.source],
            "; ".join(titles[term.purpose] for term in each.terms),
            "; ".join("" if term.last_day is None else term.last_day.isoformat() for term in each.terms),
            each.is_there,
        )
        for each in found
    ]
    return table_file("what-is-held", heads, rows)


@router.get("/where")
def ask_where(request: Request, who: Seeing, subject: UUID) -> HTMLResponse:
    """For which purpose somebody wants to know."""
    return html(_where(request, who, SubjectId(subject), None))


@router.post("/where")
def show_where(
    request: Request,
    who: Annotated[Inside, Depends(sending(Deed.SEE_HOLDINGS))],
    subject: UUID,
    purpose: Annotated[UUID, Form()],
    reason: Words = "",
    case: Words = "",
) -> HTMLResponse:
    """In which rows and files things about them lie, after a verdict and with a line in the log; or why not."""
    id, for_what = SubjectId(subject), PurposeId(purpose)
    why, case_given = reason or None, case or None

    def deed(tx: Transaction) -> list[Held] | Answered:
        person = person_of(tx, id)
        may, answer = ask_for_places(tx, who.tools, person, for_what, by=who.actor, reason=why, case=case_given)
        return _elsewhere(tx, who, person, may) if may else answer

    found = who.run(deed)
    if isinstance(found, Answered):
        return html(page(request, "refused", who, verdict=found.verdict), status=403)
    return html(_where(request, who, id, found))


def system_key(system: SystemId | None) -> str:
    return OURS if system is None else str(system)


def _person(tx: Transaction, who: Inside, subject: SubjectId, picked: Picked) -> Person:
    person, vault = person_of(tx, subject), who.house.vault
    found = holdings.of_person(tx, person, limit=MOST + 1)
    wanted = [each for each in found[:MOST] if _is_picked(each, picked)]
    wanted.sort(key=_order(picked.sort), reverse=picked.sort == "newest")
    first = (picked.nth - 1) * A_PAGE
    return Person(
        subject=subjects.get(tx, subject),
        subjects=person,
        is_erased=not vault.subject_exists(tx, subject),
        limits=restricting.limits_of(tx, subject),
        lines=_lines(found[:MOST]),
        cut=len(found) > MOST,
        picked=len(wanted),
        shown=whole(tx, vault, wanted[first : first + A_PAGE]),
        latest=_latest(tx, person),
        parts=_parts(tx, person),
        asked=requests.of_person(tx, person) if who.may(Deed.SEE_REQUESTS) else None,
        not_known=seeing.told_of_person(tx, person),
        purposes={each.id: each for each in purposes.all_purposes(tx)},
        systems=system_names(tx),
    )


def _is_picked(holding: Holding, picked: Picked) -> bool:
    is_there = not picked.system or picked.system == system_key(holding.place.system)
    return is_there and (not picked.category or picked.category == holding.category.value)


def _order(sort: str) -> Callable[[Holding], Any]:
    if sort == "ends":
        return lambda each: (min((term.last_day or _NEVER for term in each.terms), default=_NEVER), each.id)
    if sort == "category":
        return lambda each: (saying.category(each.category), each.id)
    return lambda each: (each.made_at, each.id)


def _parts(tx: Transaction, person: Sequence[SubjectId]) -> list[Party]:
    """What they were in each call, the newest call first."""
    found = [part for each in person for part in calls.of_subject(tx, each)]
    return sorted(found, key=lambda part: part.joined_at, reverse=True)


def _lines(found: Sequence[Holding]) -> list[Line]:
    """By system, ours first, then by category."""
    there = Counter((each.place.system, each.category) for each in found if each.is_there)
    gone = Counter((each.place.system, each.category) for each in found if not each.is_there)
    sorts = sorted(there.keys() | gone.keys(), key=lambda sort: (str(sort[0] or ""), saying.category(sort[1])))
    return [Line(system=sort[0], category=sort[1], there=there[sort], gone=gone[sort]) for sort in sorts]


def _latest(tx: Transaction, person: Sequence[SubjectId]) -> dict[PurposeId, Choice]:
    """The newest answer to each purpose, the newest first."""
    made = sorted((each for one in person for each in consent.choices_of_subject(tx, one)), key=lambda each: each.made_at)
    latest = {each.purpose: each for each in made}
    return dict(sorted(latest.items(), key=lambda pair: pair[1].made_at, reverse=True))


def _elsewhere(tx: Transaction, who: Inside, person: Sequence[SubjectId], may: Collection[SubjectId]) -> list[Held]:
    """What lies in other systems of those of whom it may be read."""
    found = holdings.of_person(tx, person, limit=MOST)
    return whole(tx, who.house.vault, [each for each in found if not each.is_ours and each.is_there and each.subject in may])


def _where(request: Request, who: Inside, subject: SubjectId, found: Sequence[Held] | None) -> str:
    """`found` None: nobody said yet what for."""

    def deed(tx: Transaction) -> tuple[list[Purpose], SystemNames]:
        subjects.get(tx, subject)
        return purposes.active(tx), system_names(tx)

    usable, systems = who.run(deed)
    rows = None if found is None else [(each, _spot(each)) for each in found]
    given = {"subject": subject, "rows": rows, "usable": usable, "systems": systems, "name_of": saying.category}
    return page(request, "where", who, **given)


def _spot(held: Held) -> list[tuple[str, str]]:
    """What of its place is sealed, opened; or why it is dark."""
    if isinstance(held.place, Dark):
        return [("dark", CAUSES[held.place.reason])]
    place = held.place
    told = (("object", place.object_name), ("row", place.row), ("path", place.path))
    opened = [(word, value.reveal("show where something lies")) for word, value in told if value is not None]
    return [*opened, *([("field", place.field)] if place.field else [])]
