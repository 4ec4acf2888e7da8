"""Signing in to one's own page: by a code that goes to a number or an address on file, or by a receipt that one was given.

Whatever is entered, the answer is the same, and what is sent is sent after it: nobody learns whether a stranger is a customer.
What somebody wrote when their visit ended goes along, sealed (`again`), as `kept`: each of these pages hands it to the next.
"""

import logging
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Depends, Form, Request, UploadFile
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from rightcall.actors import SYSTEM
from rightcall.controllers import actions as controllers
from rightcall.controllers.model import Controller
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.design.wrong import of_error
from rightcall.errors import Conflict, Malformed, NotFound
from rightcall.ids import ControllerId
from rightcall.ledger.checkpoint import key_of
from rightcall.personal import Personal
from rightcall.portal import again
from rightcall.portal.entry import asker_by, entered
from rightcall.portal.guard import OfBefore, check_origin
from rightcall.portal.sheets import page, tongue_of
from rightcall.portal.visiting import NotVisiting, Sending, Visitor, forget, house_of, place, visitor, welcome
from rightcall.requests.codes import actions as codes
from rightcall.requests.codes.model import CodeId, Made, TooMany
from rightcall.requests.codes.sending import send
from rightcall.requests.visits import actions as visits
from rightcall.requests.visits.model import Begun
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.subjects.rules import normalise
from rightcall.unsent import MOST

router = APIRouter(prefix="/me/{controller}", dependencies=[Depends(entered)])
_log = logging.getLogger(__name__)
_LONGEST_RECEIPT = 500_000
Entered = Annotated[str, Form(max_length=320)]
Kept = Annotated[str, Form(max_length=MOST)]


@dataclass(frozen=True, slots=True)
class _Said:
    """What is to be mended in a form, if anything. `where`: its field. `over`: why a visit is: "erased", "another" where somebody
    else's is open, or anything else. `kept`: what was written in it, sealed."""

    where: str = ""
    over: str = ""
    kept: str = ""


@router.get("")
def sign_in(request: Request, controller: UUID, over: str = "") -> Response:
    return _sign_in(request, ControllerId(controller), _Said(over=over))


@router.post("")
def another_way(request: Request, controller: UUID, kept: Kept) -> Response:
    """The same page, for whoever wants another code and wrote something before."""
    check_origin(request, house_of(request))
    return _sign_in(request, ControllerId(controller), _Said(kept=kept))


@router.post("/code")
def ask_for_code(request: Request, controller: UUID, identifier: Entered, later: BackgroundTasks, kept: Kept = "") -> Response:
    """Where exactly one person is known by it, a code is sent, after this answer."""
    check_origin(request, house_of(request))
    house, of = house_of(request), ControllerId(controller)
    if house.codes is None:
        return _sign_in(request, of, _Said(kept=kept))
    company = house.database.run(of, controllers.get)
    try:
        known_by = _identifier(identifier, company)
    except Malformed:
        return _sign_in(request, of, _Said("identifier", kept=kept), status=422)
    asker, most = Personal(asker_by(request)), house.settings.codes_per_hour

    def deed(tx: Transaction) -> Made | TooMany:
        return codes.make(tx, house.vault, house.clock, known_by, asker=asker, by=SYSTEM, most_sent=most)

    made = house.database.run(of, deed)
    if isinstance(made, TooMany):
        _log.warning("a one-time code was not made: too many were asked for in the last hour")
        return _sign_in(request, of, _Said("many", kept=kept), status=429)
    later.add_task(send, house.codes, made, tongue_of(request).code, company.name)
    return _enter_code(request, of, made.id, kept=kept) if kept else onwards(place(of, f"code/{made.id}"))


@router.get("/code/{code}")
def enter_code(request: Request, controller: UUID, code: UUID) -> Response:
    """The same whatever code it is, and where there is none."""
    return _enter_code(request, ControllerId(controller), code)


@router.post("/code/{code}")
def read_back(
    request: Request, controller: UUID, code: UUID, digits: Annotated[str, Form(max_length=40)], kept: Kept = ""
) -> Response:
    check_origin(request, house_of(request))
    house, of = house_of(request), ControllerId(controller)

    def deed(tx: Transaction) -> Begun | None:
        return visits.begin_by_code(tx, house.vault, house.clock, code=CodeId(code), digits=Personal(digits))

    begun = house.database.run(of, deed)
    if begun is None:
        _log.warning("a visit was refused: its one-time code is not right")
        return _enter_code(request, of, code, wrong=True, kept=kept)
    return _welcome(request, of, begun, kept)


@router.post("/receipt")
def show_receipt(request: Request, controller: UUID, receipt: UploadFile, kept: Kept = "") -> Response:
    """The file, as it was given to the person: whoever holds it has what only they were given."""
    check_origin(request, house_of(request))
    house, of = house_of(request), ControllerId(controller)
    file = receipt.file.read(_LONGEST_RECEIPT + 1)
    key = key_of(house.signer).text

    def deed(tx: Transaction) -> Begun | None:
        return visits.begin_by_receipt(tx, house.vault, house.clock, file=file, key=key)

    try:
        begun = None if len(file) > _LONGEST_RECEIPT else house.database.run(of, deed)
    except Conflict:
        _log.warning("a visit was refused: a receipt that holds opens no page by itself")
        return _sign_in(request, of, _Said("closed", kept=kept), status=403)
    if begun is None:
        _log.warning("a visit was refused: what was shown is no receipt that holds")
        return _sign_in(request, of, _Said("receipt", kept=kept), status=403)
    return _welcome(request, of, begun, kept)


@router.post("/sign-out")
def sign_out(visiting: Sending) -> Response:
    visiting.run(lambda tx: visits.end(tx, visiting.house.clock, visiting.visit.id))
    return forget(onwards(place(visiting.company.id)), visiting.company.id)


async def lead_in(request: Request, error: Exception) -> Response:
    """To where they can sign in: the answer where nobody is. What was written goes along."""
    assert isinstance(error, NotVisiting)  # noqa: S101 - it is installed for no other
    return await run_in_threadpool(_lead_in, request, error, await again.late(request, error.controller))


def _lead_in(request: Request, error: NotVisiting, form: again.Late | None) -> Response:
    over, of = "erased" if error.was_erased else "yes", error.controller
    kept = again.sealed(house_of(request), of, form)
    led = _sign_in(request, of, _Said(over=over, kept=kept), status=401) if kept else onwards(f"{place(of)}?over={over}")
    return forget(led, of)


async def of_before(request: Request, error: Exception) -> Response:
    """It was sent from a page of another visit than the one that is open. Where that was their own, they look at it and send it
    once more; else it was somebody else's."""
    assert isinstance(error, OfBefore)  # noqa: S101 - it is installed for no other
    controller = ControllerId(UUID(request.path_params["controller"]))
    return await run_in_threadpool(_of_before, request, controller, error, await again.late(request, controller))


def _of_before(request: Request, controller: ControllerId, error: OfBefore, form: again.Late | None) -> Response:
    visiting = visitor(request, controller)
    if form is not None and again.is_theirs(visiting, form):
        return again.filled(visiting, form.what)
    kept = again.sealed(visiting.house, controller, form)
    if kept:
        return _sign_in(request, controller, _Said(over="another", kept=kept), status=403)
    return html(page(request, "wrong", wrong=of_error(error)), status=403)


def _welcome(request: Request, of: ControllerId, begun: Begun, kept: str) -> Response:
    """To their page; with what they wrote before, to its form."""
    if not kept:
        return welcome(onwards(place(of, "home")), of, begun)
    house = house_of(request)
    company = house.database.run(of, controllers.get)
    visiting = Visitor(request=request, house=house, company=company, visit=begun.visit, secret=begun.secret)
    return welcome(again.opened(visiting, kept), of, begun)


def unreadable(request: Request) -> str | None:
    """The form again, where what was shown as a receipt is a picture or something else that is no text, or far too long. None
    where none was shown, or too many are at once."""
    if request.scope.get("endpoint") is not show_receipt:
        return None
    try:
        entered(request)
        return _page(request, ControllerId(UUID(request.path_params["controller"])), _Said("receipt"))
    except (ValueError, NotFound, HTTPException):
        return None


def _sign_in(request: Request, controller: ControllerId, said: _Said, *, status: int = 200) -> Response:
    return html(_page(request, controller, said), status=status)


def _page(request: Request, controller: ControllerId, said: _Said) -> str:
    house = house_of(request)
    company = house.database.run(controller, controllers.get)
    has_codes = house.codes is not None
    return page(request, "sign_in", company=company, me=place(controller), said=said, has_codes=has_codes, kept=said.kept)


def _enter_code(request: Request, controller: ControllerId, code: UUID, *, wrong: bool = False, kept: str = "") -> Response:
    company = house_of(request).database.run(controller, controllers.get)
    made = page(request, "enter_code", company=company, me=place(controller), code=code, wrong=wrong, kept=kept)
    return html(made, status=403 if wrong else 200)


def _identifier(text: str, company: Controller) -> Identifier:
    """An address has an @ in it; else it is a number, in national form where the company is."""
    kind = IdentifierKind.EMAIL if "@" in text else IdentifierKind.TEL
    if kind is IdentifierKind.TEL and any(each.isalpha() for each in text):
        raise Malformed("A telephone number has no letters.")
    countries = [each.partition("-")[0] for each in company.jurisdictions if each != "EU"]
    return normalise(kind, Personal(text), (countries or ["ZZ"])[0])
