"""Looking a person up by what they are known by, and who they are. What is looked for and why is sent in the body, never in an
address: addresses are logged and kept."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import EMPTY, MENDABLE, Filled, Sent, Unread, one_of
from rightcall.console.sheets import page
from rightcall.console.usable import usable
from rightcall.console.why import Anew, purpose_in, said_in
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.naming import system_names
from rightcall.erasure.asked_again import left
from rightcall.errors import Malformed
from rightcall.holdings import actions as holdings
from rightcall.holdings import saying
from rightcall.holdings.categories import Category
from rightcall.ids import SubjectId, SystemId
from rightcall.personal import Personal
from rightcall.recordings.apart import Apart, apart
from rightcall.recordings.using import Answered
from rightcall.recordings.who import Who, covered, person_of, shown
from rightcall.staff.model import Deed
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.subjects.rules import NO_REGION, normalise

router = APIRouter(prefix="/console/people")
KINDS = {
    IdentifierKind.TEL: "Telephone number",
    IdentifierKind.EMAIL: "E-mail address",
    IdentifierKind.CUSTOMER_ID: "Customer number",
    IdentifierKind.SIP: "SIP address",
}
Finding = Annotated[Inside, Depends(inside(Deed.FIND_SUBJECT))]
_TELLING = (
    Category.NAME,
    Category.TELEPHONE_NUMBER,
    Category.EMAIL_ADDRESS,
    Category.PHYSICAL_ADDRESS,
    Category.UID,
    Category.OFFICIAL_ID,
)
"""What tells who somebody is."""


@router.get("")
def ask(request: Request, who: Finding) -> HTMLResponse:
    return html(_asking(request, who, None))


@router.post("")
def find(
    request: Request,
    who: Annotated[Inside, Depends(sending(Deed.FIND_SUBJECT))],
    filled: Sent,
) -> Response:
    """Everyone known by exactly this, and who was and was erased, as long as something about them lies elsewhere. Whoever may see
    what is held of the one that there is, is led there."""
    try:
        identifier = _identifier(filled)
    except MENDABLE as error:
        return html(_asking(request, who, None, filled.but(error)), status=422)

    def deed(tx: Transaction) -> tuple[list[Apart], set[SubjectId]]:
        every = systems.spelt(tx, identifier)
        gone = {each.subject for one in every for each in left(tx, who.house.vault, one)}
        people = [person_of(tx, each)[0] for one in every for each in subjects.find(tx, who.house.vault, one)]
        known = dict.fromkeys([*people, *gone])
        return [apart(tx, each) for each in known], gone

    found, gone = who.run(deed)
    if len(found) == 1 and who.may(Deed.SEE_HOLDINGS):
        return onwards(f"/console/people/{found[0].subject.id}")
    return html(_asking(request, who, found, filled, gone))


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
    filled: Sent,
) -> HTMLResponse:
    """Name and identifiers, after a verdict and with a line in the log; or why not."""
    id = SubjectId(subject)

    def deed(tx: Transaction) -> Who | Answered:
        for_what, why = purpose_in(filled), said_in(filled)
        return shown(tx, who.tools, id, for_what, by=who.actor, reason=why.reason, case=why.case)

    try:
        found = who.run(deed)
    except Unread as error:
        covers = who.run(lambda tx: covered(tx, who.house.vault, id))
        return html(_who(request, who, covers, filled.but(error)), status=422)
    if isinstance(found, Answered):
        offered = who.run(lambda tx: usable(tx, who))
        again = Anew(place=request.url.path, filled=filled, usable=offered, button="Show who this is")
        return html(page(request, "refused", who, verdict=found.verdict, again=again), status=403)
    return html(_who(request, who, found))


def _asking(
    request: Request,
    who: Inside,
    found: Sequence[Apart] | None,
    filled: Filled = EMPTY,
    gone: Collection[SubjectId] = (),
) -> str:
    """`found` None: nobody was looked for yet. `gone`: who of these was erased."""
    sees = who.may(Deed.SEE_HOLDINGS)
    return page(request, "people", who, found=found, gone=gone, kinds=list(KINDS.items()), sees=sees, filled=filled)


def _identifier(filled: Filled) -> Identifier:
    """Unread, at its field, where it cannot be told."""
    kind, region = filled.read("kind", one_of(IdentifierKind)), filled.read("region", _region)
    if kind is IdentifierKind.TEL and region == NO_REGION and filled.one("value")[:1] not in ("", "+"):
        try:
            return normalise(kind, Personal(filled.one("value")), region)
        except Malformed:
            says = f"{NO_REGION} is no country." if filled.one("region") else "This number has no country."
            says += " Write it with a plus, such as +45…, or give the two letters of its country here."
            raise Unread("region", says) from None
    return filled.read("value", lambda text: normalise(kind, Personal(text), region))


def _who(request: Request, who: Inside, found: Who, filled: Filled = EMPTY) -> str:
    name = None if found.name is None else found.name.reveal("show who this is")
    known_by = [(KINDS[each.kind], each.value.reveal("show who this is")) for each in found.identifiers]
    sees = who.may(Deed.SEE_HOLDINGS)

    def deed(tx: Transaction) -> tuple[list[tuple[str, str, bool]], list[tuple[str, str]]]:
        return usable(tx, who), _telling(tx, found.subject.id) if sees and found.shown else []

    offered, elsewhere = who.run(deed)
    given = {"found": found, "name": name, "known_by": known_by, "usable": offered, "sees": sees, "elsewhere": elsewhere}
    return page(request, "who", who, **given, filled=filled)


def _telling(tx: Transaction, subject: SubjectId) -> list[tuple[str, str]]:
    """What other systems have that tells who they are: of each sort in which systems, and how often; never a value."""
    names, counted = system_names(tx), Counter[tuple[Category, SystemId]]()
    for each in holdings.of_person(tx, person_of(tx, subject)):
        if each.is_there and each.category in _TELLING and each.place.system is not None:
            counted[each.category, each.place.system] += 1
    found: dict[str, list[str]] = {}
    for (category, system), times in counted.items():
        found.setdefault(saying.category(category), []).append(f"{names[system]} ({times})")
    return [(sort, ", ".join(sorted(places))) for sort, places in sorted(found.items())]


def _region(given: str) -> str:
    """ISO 3166, where a number in national form belongs."""
    code = given.strip().upper()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise Malformed("The country is two letters, such as DK. Leave it empty for a number that begins with a plus.")
    return code or NO_REGION
