"""Looking a person up by what they are known by, and who they are. What is looked for and why is sent in the body, never in an
address: addresses are logged and kept."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.console.door import Inside, inside, sending
from rightcall.console.sheets import page
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.errors import Malformed
from rightcall.ids import PurposeId, SubjectId
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from rightcall.recordings.using import Answered
from rightcall.recordings.who import Who, covered, shown
from rightcall.staff.model import Deed
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import IdentifierKind, Subject
from rightcall.subjects.rules import NO_REGION, normalise

router = APIRouter(prefix="/console/people")
KINDS = {
    IdentifierKind.TEL: "Telephone number",
    IdentifierKind.EMAIL: "E-mail address",
    IdentifierKind.CUSTOMER_ID: "Customer number",
    IdentifierKind.SIP: "SIP address",
}
Finding = Annotated[Inside, Depends(inside(Deed.FIND_SUBJECT))]
Line = Annotated[str, Form(max_length=400)]
Words = Annotated[str, Form(max_length=200)]


@router.get("")
def ask(request: Request, who: Finding) -> HTMLResponse:
    return html(_asking(request, who, None))


@router.post("")
def find(
    request: Request,
    who: Annotated[Inside, Depends(sending(Deed.FIND_SUBJECT))],
    kind: Annotated[IdentifierKind, Form()],
    value: Line,
    region: Annotated[str, Form(max_length=2)] = "",
) -> Response:
    """Everyone known by exactly this. Whoever may see what is held of the one that there is, is led there."""
    identifier = normalise(kind, Personal(value), _region(region))

    def deed(tx: Transaction) -> list[Subject]:
        return [subjects.get(tx, each) for each in subjects.find(tx, who.house.vault, identifier)]

    found = who.run(deed)
    if len(found) == 1 and who.may(Deed.SEE_HOLDINGS):
        return onwards(f"/console/people/{found[0].id}")
    return html(_asking(request, who, found))


@router.get("/{subject}/who")
def ask_who(request: Request, who: Annotated[Inside, Depends(inside(Deed.SEE_SUBJECT))], subject: UUID) -> HTMLResponse:
    """For which purpose somebody wants to know."""
    found = who.run(lambda tx: covered(tx, who.house.vault, SubjectId(subject)))
    return html(_who(request, who, found))


@router.post("/{subject}/who")
def show_who(
    request: Request,
    who: Annotated[Inside, Depends(sending(Deed.SEE_SUBJECT))],
    subject: UUID,
    purpose: Annotated[UUID, Form()],
    reason: Words = "",
    case: Words = "",
) -> HTMLResponse:
    """Name and identifiers, after a verdict and with a line in the log; or why not."""
    tools = who.tools

    def deed(tx: Transaction) -> Who | Answered:
        for_what = PurposeId(purpose)
        return shown(tx, tools, SubjectId(subject), for_what, by=who.actor, reason=reason or None, case=case or None)

    found = who.run(deed)
    if isinstance(found, Answered):
        return html(page(request, "refused", who, verdict=found.verdict), status=403)
    return html(_who(request, who, found))


def _asking(request: Request, who: Inside, found: Sequence[Subject] | None) -> str:
    """`found` None: nobody was looked for yet."""
    sees = who.may(Deed.SEE_HOLDINGS)
    return page(request, "people", who, found=found, kinds=list(KINDS.items()), sees=sees)


def _who(request: Request, who: Inside, found: Who) -> str:
    name = None if found.name is None else found.name.reveal("show who this is")
    known_by = [(KINDS[each.kind], each.value.reveal("show who this is")) for each in found.identifiers]
    usable = who.run(purposes.active)
    sees = who.may(Deed.SEE_HOLDINGS)
    return page(request, "who", who, found=found, name=name, known_by=known_by, usable=usable, sees=sees)


def _region(given: str) -> str:
    """ISO 3166, where a number in national form belongs."""
    code = given.strip().upper()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise Malformed("The country is two letters, such as DK. Leave it empty for a number that begins with a plus.")
    return code or NO_REGION
