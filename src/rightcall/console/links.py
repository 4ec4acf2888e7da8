"""Whose records in other systems are: what waits for a word, likeliest first; what speaks for and against it; the values beside
each other, for a purpose; and deciding."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.console import columns
from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import EMPTY, Filled, Sent, Unread, one_of
from rightcall.console.sheets import page
from rightcall.console.tables import shown as answered
from rightcall.console.tables import walk_of
from rightcall.console.usable import usable
from rightcall.console.why import Anew, purpose_in, said_in
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.design.tables import Column, Table, View
from rightcall.discovery.decisions import actions as decisions
from rightcall.discovery.decisions.model import Asked, Decision, First, Waiting
from rightcall.discovery.decisions.over import why_over
from rightcall.discovery.decisions.states import STEPS, LinkDeed
from rightcall.discovery.joins import actions as proposals
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import FoundThere, Link, LinkReason
from rightcall.discovery.linking.wording import says
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.discovery.vcons.sent import source_of
from rightcall.ids import LinkId, SubjectId
from rightcall.recordings.beside import NOT_SHOWN, Beside, Permitted, Shown, hinted, look, permit
from rightcall.recordings.using import Answered
from rightcall.staff.model import Deed
from rightcall.subjects.joining import actions as joining

router = APIRouter(prefix="/console/links")
Looking = Annotated[Inside, Depends(inside(Deed.SEE_LINKS))]
Deciding = Annotated[Inside, Depends(sending(Deed.DECIDE_LINK))]
_A_PAGE = 10
REASONS = {
    LinkReason.PERSON_SAID_SO: "The person said so",
    LinkReason.SEEN_IN_SOURCE: "Seen in the system itself",
    LinkReason.OF_THE_HOUSEHOLD: "It is somebody else of the household",
    LinkReason.SHARED_CONTACT: "The number or address is shared",
    LinkReason.SAME_NAME: "Only the name is the same",
    LinkReason.WRONG_IN_SOURCE: "It is wrong in the system",
    LinkReason.OTHER: "Another reason",
}
"""What a person may give. That the record says otherwise now, nobody needs to say."""


class Word(StrEnum):
    """What is said of one link, or of all that wait on the same person and say the same."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    UNDO = "undo"
    REOPEN = "reopen"
    ACCEPT_ALIKE = "accept-alike"
    REFUSE_ALIKE = "refuse-alike"


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One link. `may`: what can be said of it in its state."""

    link: Link
    says: Sequence[str]
    over: str | None
    findings: Sequence[FoundThere]
    history: Sequence[Decision]
    systems: SystemNames
    may: Sequence[LinkDeed]
    usable: Sequence[tuple[str, str, bool]]


def _waiting(names: SystemNames) -> Table[Waiting]:
    """In the two orders that `First` has."""
    return Table(
        file="whose-records-wait",
        page=_A_PAGE,
        columns=(
            Column("person", "Person", lambda each: str(each.subject), is_sorted=False),
            Column("records", "Records", lambda each: each.records, is_number=True, is_sorted=False),
            Column("likely", "How likely", lambda each: max(sort.score for sort in each.sorts), is_sorted=False),
            Column("system", "System", is_picked=True, options=tuple(sorted(names.values())), is_sorted=False),
        ),
    )


@router.get("")
def list_waiting(
    request: Request,
    who: Looking,
    first: Annotated[First, Query()] = First.LIKELIEST,
    about: Annotated[UUID | None, Query()] = None,
) -> Response:
    """What waits, by person and by sort of doubt; or what waits `about` one person. What is decided meanwhile makes room."""
    names = who.run(system_names)
    person = None if about is None else who.run(lambda tx: joining.person(tx, SubjectId(about)))

    def asked_of(asked: View) -> Asked:
        name = asked.picked.get("system")
        return Asked(first=first, system=next((id for id, each in names.items() if each == name), None), about=person)

    def fetch(asked: View, limit: int) -> list[Waiting]:
        last = walk_of(asked).id
        after = None if last is None else SubjectId(last)
        return who.run(lambda tx: decisions.waiting(tx, asked_of(asked), after=after, limit=limit))

    found = _waiting(names).behind(fetch, lambda each: each.subject, request.query_params)
    records, people = who.run(lambda tx: decisions.count_waiting(tx, asked_of(found.asked)))
    given = {"found": found, "records": records, "people": people, "first": first, "about": about}
    return answered(request, "links", who, **given, says=says, reasons=REASONS)


@router.get("/{link}")
def show(request: Request, who: Looking, link: UUID) -> Response:
    detail = who.run(lambda tx: _detail(tx, who, LinkId(link)))
    history = columns.DECISIONS.of(detail.history, request.query_params)
    return answered(request, "link", who, detail=detail, history=history, beside=None, reasons=REASONS, filled=EMPTY)


@router.post("/{link}/values")
def compare(
    request: Request,
    who: Annotated[Inside, Depends(sending(Deed.COMPARE_LINK))],
    link: UUID,
    filled: Sent,
) -> HTMLResponse:
    """The record's values beside those of the person, read where they lie: most of each covered, unless it is asked for."""
    id = LinkId(link)

    def deed(tx: Transaction) -> tuple[Detail, Permitted | Answered]:
        for_what, why = purpose_in(filled), said_in(filled)
        may = permit(tx, who.tools, id, purpose=for_what, by=who.actor, reason=why.reason, case=why.case)
        return _detail(tx, who, id), may

    try:
        detail, may = who.run(deed)
    except Unread as error:
        return _page(request, who, who.run(lambda tx: _detail(tx, who, id)), filled.but(error))
    if isinstance(may, Answered):
        again = Anew(place=request.url.path, filled=filled, usable=detail.usable, button="Show them")
        return html(page(request, "refused", who, verdict=may.verdict, again=again), status=403)
    house, whole = who.house, bool(filled.one("whole"))
    seen = look(partial(source_of, house.database, house.vault, who.controller, house.open_system), may)
    beside, history = _told(seen, detail.systems, whole=whole), columns.DECISIONS.of(detail.history, {})
    return html(page(request, "link", who, detail=detail, history=history, beside=beside, reasons=REASONS, filled=EMPTY))


def _page(request: Request, who: Inside, detail: Detail, filled: Filled, *, said: bool = False) -> HTMLResponse:
    """Whose values were not shown yet; or of whom nothing was `said`, since that form was not taken."""
    history = columns.DECISIONS.of(detail.history, {})
    given = {"detail": detail, "history": history, "beside": None, "reasons": REASONS}
    forms = {"filled": EMPTY, "unsaid": filled} if said else {"filled": filled}
    return html(page(request, "link", who, **given, **forms), status=422)


@router.post("/{link}/{word}")
def decide(request: Request, who: Deciding, link: UUID, word: Word, filled: Sent) -> Response:
    """What is said counts at once, and stands in the ledger."""
    try:
        reason = filled.read("reason", one_of(LinkReason))
    except Unread as error:
        return _page(request, who, who.run(lambda tx: _detail(tx, who, LinkId(link))), filled.but(error), said=True)
    who.run(lambda tx: _say(tx, who, LinkId(link), word, reason))
    return onwards("/console/links" if word in (Word.ACCEPT_ALIKE, Word.REFUSE_ALIKE) else f"/console/links/{link}")


def _say(tx: Transaction, who: Inside, link: LinkId, word: Word, reason: LinkReason) -> None:
    vault, clock, by = who.house.vault, who.house.clock, who.actor
    match word:
        case Word.ACCEPT:
            proposals.accept_link(tx, vault, clock, link, reason=reason, by=by)
        case Word.ACCEPT_ALIKE:
            proposals.accept_links_alike(tx, vault, clock, link, reason=reason, by=by)
        case Word.REFUSE:
            decisions.refuse(tx, vault, clock, link, reason=reason, by=by)
        case Word.REFUSE_ALIKE:
            decisions.refuse_alike(tx, vault, clock, link, reason=reason, by=by)
        case Word.UNDO:
            decisions.undo(tx, vault, clock, link, reason=reason, by=by)
        case Word.REOPEN:
            decisions.reopen(tx, vault, clock, link, reason=reason, by=by)


def _detail(tx: Transaction, who: Inside, id: LinkId) -> Detail:
    link = linking.get(tx, id)
    return Detail(
        link=link,
        says=says(link.compared),
        over=why_over(tx, link),
        findings=linking.findings_of(tx, link),
        history=decisions.history(tx, id),
        systems=system_names(tx),
        may=[
            deed for deed, step in STEPS.items() if link.state in step.was and deed is not LinkDeed.END and step.now != link.state
        ],
        usable=usable(tx, who),
    )


def _told(found: Beside, names: SystemNames, *, whole: bool) -> dict[str, object]:
    return {
        "in_doubt": _rows(found.in_doubt, whole=whole),
        "theirs": [(names.get(each.system, "") if each.system else None, _rows(each, whole=whole)) for each in found.theirs],
        "left_out": found.left_out,
    }


def _rows(shown: Shown, *, whole: bool) -> list[tuple[str, str | None, str]]:
    """Of each value what it is, and itself or why it is not shown."""
    rows: list[tuple[str, str | None, str]] = []
    for each in shown.values:
        if each.value is None:
            rows.append((each.type, None, "" if each.not_shown is None else NOT_SHOWN[each.not_shown]))
        else:
            rows.append((each.type, each.value.reveal("show whoever decides whose it is") if whole else hinted(each.value), ""))
    return rows
