"""Saying that something is wrong, and following it with the code that one keeps; and what the organisation decided.

A concern is followed by its code alone, signed in or not: so whoever raised one anonymously never has to say who they are.
"""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from rightcall.calls.model import Party
from rightcall.concerns import actions as concerns
from rightcall.concerns import keeping, raiser
from rightcall.concerns.case import Case, case_of
from rightcall.concerns.keeping import days_of
from rightcall.concerns.model import AboutCall, AboutPurpose, Anonymous, Customer, Raised, Target
from rightcall.concerns.raiser import ByCode
from rightcall.concerns.wording import shown
from rightcall.controllers import actions as controllers
from rightcall.controllers.model import Controller
from rightcall.database.connection import Transaction
from rightcall.design.answers import html
from rightcall.design.tongues import marked
from rightcall.design.wrong import TooMany
from rightcall.errors import Malformed, NotFound
from rightcall.ids import CallId, ConcernId, ControllerId, PurposeId
from rightcall.personal import Personal
from rightcall.policy.in_force import ruled
from rightcall.policy.saying import Ruled
from rightcall.portal.entry import entered
from rightcall.portal.guard import check_origin
from rightcall.portal.saying import words_of
from rightcall.portal.sheets import page, tongue_of
from rightcall.portal.visiting import Sending, Visiting, Visitor, place
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.requests.own.decisions import Decisions, decisions
from rightcall.requests.own.seeing import customer_parts
from rightcall.unsent import Unsent

router = APIRouter(prefix="/me/{controller}")
_NO_SUCH_CODE = marked("There is no concern with this case code. Type it as it was shown: seven groups of four.")
_MOST_CALLS = 20
_TOO_MANY = marked(
    "So many concerns came in this hour that no more are taken now. Yours was not raised. Keep your words, and send them again in"
    " an hour."
)
Code = Annotated[str, Form(max_length=80)]
Said = Annotated[str, Form(max_length=10_000)]
Deed = Callable[[Transaction, ConcernId, ByCode], object]


@router.get("/decisions")
def decided(visiting: Visiting) -> HTMLResponse:
    house, tongue = visiting.house, tongue_of(visiting.request)

    def deed(tx: Transaction) -> tuple[Decisions, Ruled]:
        found = decisions(tx, house.clock, house.rules, visiting.person(tx))
        return found, ruled(tx, house.clock, house.rules, tongue.code)

    found, told = visiting.run(deed)
    return html(visiting.page("decisions", found=found, words_of=words_of(tongue), ruled=told))


@router.get("/concern")
def write(visiting: Visiting) -> HTMLResponse:
    return form(visiting)


def form(visiting: Visitor, was: Unsent | None = None) -> HTMLResponse:
    """`was`: what they wrote in it before."""

    def deed(tx: Transaction) -> tuple[list[Purpose], list[Party]]:
        parts = customer_parts(tx, visiting.person(tx))
        return purposes.active(tx), parts[: -_MOST_CALLS - 1 : -1]

    register, parts = visiting.run(deed)
    return html(visiting.page("concern", purposes=register, attended=parts, was=was))


@router.post("/concern")
def raise_concern(
    visiting: Sending, about: Annotated[str, Form(max_length=60)], words: Said, anonymous: Annotated[str, Form(max_length=5)] = ""
) -> HTMLResponse:
    """The case code is shown with the answer, this once."""
    house, by = visiting.house, Anonymous() if anonymous else Customer(subject=visiting.visit.subject)

    def deed(tx: Transaction) -> Raised:
        if not keeping.admits(tx, house.clock, house.settings.concerns_per_hour):
            raise TooMany(_TOO_MANY)
        target = _target(tx, visiting, about)
        days = days_of(house.settings)
        return concerns.raise_concern(tx, house.vault, house.clock, target=target, words=Personal(words), by=by, days=days)

    raised = visiting.run(deed)
    code = "" if raised.code is None else raised.code.reveal("show case code once")
    return html(visiting.page("raised", code=code, concern=raised.concern, answerable=raised.answerable))


@router.get("/case")
def ask_for_case(request: Request, controller: UUID) -> HTMLResponse:
    return html(_asking(request, controller))


@router.post("/case")
def show_case(request: Request, controller: UUID, code: Code) -> HTMLResponse:
    """A code that is mistyped stands there again, to be put right."""
    try:
        return _case(request, controller, code, None)
    except NotFound:
        return html(_asking(request, controller, code, _NO_SUCH_CODE), status=404)


def _asking(request: Request, controller: UUID, code: str = "", wrong: str = "") -> str:
    company = entered(request).house.database.run(ControllerId(controller), controllers.get)
    return page(request, "case", company=company, me=place(company.id), case=None, code=code, wrong=wrong)


@router.post("/case/accept")
def accept(request: Request, controller: UUID, code: Code) -> HTMLResponse:
    house = entered(request).house
    return _case(request, controller, code, lambda tx, id, proof: raiser.accept(tx, house.vault, house.clock, id, proof))


@router.post("/case/appeal")
def appeal(request: Request, controller: UUID, code: Code, words: Said) -> HTMLResponse:
    """A second person is to decide."""
    house = entered(request).house
    days = days_of(house.settings)

    def deed(tx: Transaction, id: ConcernId, proof: ByCode) -> object:
        return raiser.appeal(tx, house.vault, house.clock, id, proof, why=Personal(words), days=days)

    return _case(request, controller, code, deed)


def _case(request: Request, controller: UUID, code: str, deed: Deed | None) -> HTMLResponse:
    house, proof = entered(request).house, ByCode(Personal(code))
    check_origin(request, house)
    with house.database.system() as tx:
        of, concern = raiser.find(tx, proof.code)
    if of != ControllerId(controller):
        raise NotFound(_NO_SUCH_CODE)

    def done(tx: Transaction) -> tuple[Controller, Case]:
        if deed is not None:
            deed(tx, concern, proof)
        return controllers.get(tx), case_of(tx, house.vault, concern, proof, days=days_of(house.settings))

    company, case = house.database.run(of, done)
    told = {"case": case, "code": code, "words_of": words_of(tongue_of(request)), "text": shown}
    return html(page(request, "case", company=company, me=place(company.id), **told))


def _target(tx: Transaction, visiting: Visitor, about: str) -> Target:
    """What the form named: a purpose, or a call of theirs, or none in particular."""
    sort, _, name = about.partition(":")
    if about == "call":
        return AboutCall(None)
    try:
        id = UUID(name)
    except ValueError:
        raise Malformed(marked("Say what it is about: choose one of the list.")) from None
    if sort == "purpose":
        return AboutPurpose(PurposeId(id))
    if not any(part.call == id for part in customer_parts(tx, visiting.person(tx))):
        raise NotFound(marked("There is no such call of yours. Choose one of the list."))
    return AboutCall(CallId(id))
