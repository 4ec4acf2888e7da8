"""Where what is held about a person came from, drawn; and what happened, in one order."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from rightcall.console import columns, naming
from rightcall.console.door import Inside, inside
from rightcall.console.happenings import SORTS, happened
from rightcall.console.tables import shown as answered
from rightcall.database.connection import Transaction
from rightcall.design.drawings import picture
from rightcall.discovery.findings.naming import with_names
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.holdings.provenance import actions as provenance
from rightcall.holdings.provenance.drawing import drawn, heading, size
from rightcall.holdings.provenance.grouping import grouped
from rightcall.holdings.provenance.model import Trace
from rightcall.holdings.provenance.page import HEADS, cells
from rightcall.ids import PurposeId, SubjectId
from rightcall.purposes import actions as purposes
from rightcall.recordings.who import person_of
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/people/{subject}")
TITLE = "What is held about a person, and where it came from"
Seeing = Annotated[Inside, Depends(inside(Deed.SEE_HOLDINGS))]


@router.get("/origins")
def origins(request: Request, who: Seeing, subject: UUID) -> Response:
    """The picture, with its table."""

    def deed(tx: Transaction) -> tuple[Trace, SystemNames, dict[PurposeId, str]]:
        return *_traced(tx, who, SubjectId(subject)), purposes.titles(tx)

    trace, systems, titles = who.run(deed)
    told = grouped(trace)
    rows = naming.grouped(HEADS).of(
        [(heading(each), cells(each, told, titles, systems)) for each in told.groups], request.query_params
    )
    given = {
        "wide": size(told, systems),
        "narrow": size(told, systems, is_narrow=True),
        "subject": subject,
        "rows": rows,
        "heads": HEADS,
        "things": len(trace.items),
        "cut": trace.cut,
    }
    return answered(request, "origins", who, **given, title=TITLE)


@router.get("/origins.svg")
def origins_drawn(who: Seeing, subject: UUID, narrow: Annotated[bool, Query()] = False) -> Response:
    trace, systems = who.run(lambda tx: _traced(tx, who, SubjectId(subject)))
    return picture(drawn(grouped(trace), systems, TITLE, is_narrow=narrow))


@router.get("/timeline")
def timeline(
    request: Request,
    who: Annotated[Inside, Depends(inside(Deed.SEE_USES))],
    subject: UUID,
) -> Response:
    """Choices, calls, what came to be held and went, who used it, requests: the newest first."""
    found = who.run(lambda tx: happened(tx, person_of(tx, SubjectId(subject))))
    shown = columns.HAPPENINGS.of(found.lines, request.query_params)
    return answered(request, "timeline", who, subject=subject, found=found, shown=shown, sorts=SORTS)


def _traced(tx: Transaction, who: Inside, subject: SubjectId) -> tuple[Trace, SystemNames]:
    [first, *_] = person_of(tx, subject)
    vault = who.house.vault
    return with_names(tx, vault, provenance.of_person(tx, vault, first)), system_names(tx)
