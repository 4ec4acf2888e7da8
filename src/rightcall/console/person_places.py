"""In which rows and files things about one person lie in other systems: shown for a purpose, by a verdict, with a line in the
log."""

from collections.abc import Collection, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from rightcall.console.door import Inside, sending
from rightcall.console.filled import EMPTY, Filled, Sent, Unread
from rightcall.console.lying import spot
from rightcall.console.persons import MOST, Seeing
from rightcall.console.sheets import page
from rightcall.console.usable import usable
from rightcall.console.why import Anew, purpose_in, said_in
from rightcall.database.connection import Transaction
from rightcall.design.answers import html
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.holdings import actions as holdings
from rightcall.holdings import saying
from rightcall.ids import SubjectId
from rightcall.recordings.held import Held, whole
from rightcall.recordings.using import Answered
from rightcall.recordings.who import ask_for_places, person_of
from rightcall.staff.model import Deed
from rightcall.subjects import actions as subjects

router = APIRouter(prefix="/console/people/{subject}")


@router.get("/where")
def ask_where(request: Request, who: Seeing, subject: UUID) -> HTMLResponse:
    """For which purpose somebody wants to know."""
    return html(_where(request, who, SubjectId(subject), None))


@router.post("/where")
def show_where(
    request: Request,
    who: Annotated[Inside, Depends(sending(Deed.SEE_HOLDINGS))],
    subject: UUID,
    filled: Sent,
) -> HTMLResponse:
    """In which rows and files things about them lie, after a verdict and with a line in the log; or why not."""
    id = SubjectId(subject)

    def deed(tx: Transaction) -> list[Held] | Answered:
        person, for_what, why = person_of(tx, id), purpose_in(filled), said_in(filled)
        may, answer = ask_for_places(tx, who.tools, person, for_what, by=who.actor, reason=why.reason, case=why.case)
        return _elsewhere(tx, who, person, may) if may else answer

    try:
        found = who.run(deed)
    except Unread as error:
        return html(_where(request, who, id, None, filled.but(error)), status=422)
    if isinstance(found, Answered):
        offered = who.run(lambda tx: usable(tx, who))
        again = Anew(place=request.url.path, filled=filled, usable=offered, button="Show where it lies")
        return html(page(request, "refused", who, verdict=found.verdict, again=again), status=403)
    return html(_where(request, who, id, found))


def _elsewhere(tx: Transaction, who: Inside, person: Sequence[SubjectId], may: Collection[SubjectId]) -> list[Held]:
    """What lies in other systems of those of whom it may be read."""
    found = holdings.of_person(tx, person, limit=MOST)
    return whole(tx, who.house.vault, [each for each in found if not each.is_ours and each.is_there and each.subject in may])


def _where(request: Request, who: Inside, subject: SubjectId, found: Sequence[Held] | None, filled: Filled = EMPTY) -> str:
    """`found` None: nobody said yet what for."""

    def deed(tx: Transaction) -> tuple[list[tuple[str, str, bool]], SystemNames]:
        subjects.get(tx, subject)
        return usable(tx, who), system_names(tx)

    offered, systems = who.run(deed)
    rows = None if found is None else [(each, spot(each)) for each in found]
    given = {
        "filled": filled,
        "subject": subject,
        "rows": rows,
        "usable": offered,
        "systems": systems,
        "name_of": saying.category,
    }
    return page(request, "where", who, **given)
