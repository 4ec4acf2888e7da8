"""Saying that something is wrong, by whoever works here: with no name, or with one that is sealed; and following it with the case
code, which alone leads back. A session ends, so that nothing but the code opens what was raised in it (ADR 0046)."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from rightcall.concerns import actions as concerns
from rightcall.concerns import raiser
from rightcall.concerns.case import Case, case_of
from rightcall.concerns.keeping import days_of
from rightcall.concerns.model import (
    MOST_WORDS,
    AboutCall,
    AboutNotice,
    AboutPurpose,
    Anonymous,
    Bearer,
    Raised,
    Raiser,
    Staff,
    Target,
)
from rightcall.concerns.raiser import ByCode
from rightcall.console.concerns import said_in
from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import EMPTY, MENDABLE, Filled, Sent, an_id, words
from rightcall.console.sheets import page
from rightcall.database.connection import Transaction
from rightcall.design.answers import html
from rightcall.design.tongues import in_tongue
from rightcall.errors import Malformed, NotFound
from rightcall.ids import CallId, ConcernId, NoticeId, PurposeId
from rightcall.personal import Personal
from rightcall.policy.in_force import in_force
from rightcall.purposes import actions as purposes
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/own-concerns")
Asking = Annotated[Inside, Depends(inside(Deed.RAISE_CONCERN))]
Raising = Annotated[Inside, Depends(sending(Deed.RAISE_CONCERN))]
Course = Callable[[Transaction, ConcernId, ByCode], object]
_MEND = 422


@router.get("/new")
def ask(request: Request, who: Asking, call: Annotated[UUID | None, Query()] = None) -> HTMLResponse:
    """`call`: where they came from; it is named only where they say so."""
    return html(_asking(request, who, call, EMPTY))


@router.post("/new")
def raise_concern(request: Request, who: Raising, filled: Sent, call: Annotated[UUID | None, Query()] = None) -> HTMLResponse:
    """The case code is shown on the page that answers, and nowhere else again."""
    house = who.house

    def deed(tx: Transaction) -> Raised:
        return concerns.raise_concern(
            tx,
            house.vault,
            house.clock,
            target=_target(tx, who, filled, call),
            words=Personal(filled.read("words", words)),
            by=_raiser(who, filled),
            days=days_of(house.settings),
        )

    try:
        raised = who.run(deed)
    except MENDABLE as error:
        return html(_asking(request, who, call, filled.but(error)), status=_MEND)
    code = "" if raised.code is None else raised.code.reveal("show case code once")
    return html(page(request, "concern-raised", who, raised=raised, code=code, by_name=bool(filled.one("by_name"))))


@router.get("")
def ask_for_case(request: Request, who: Asking) -> HTMLResponse:
    return html(page(request, "concern-case", who, filled=EMPTY, case=None, code="", said=()))


@router.post("")
def show_case(request: Request, who: Raising, filled: Sent) -> HTMLResponse:
    return _case(request, who, filled, None)


@router.post("/accept")
def accept(request: Request, who: Raising, filled: Sent) -> HTMLResponse:
    house = who.house
    return _case(request, who, filled, lambda tx, id, proof: raiser.accept(tx, house.vault, house.clock, id, proof))


@router.post("/appeal")
def appeal(request: Request, who: Raising, filled: Sent) -> HTMLResponse:
    """A second person is to decide, once."""
    house, days = who.house, days_of(who.house.settings)

    def deed(tx: Transaction, id: ConcernId, proof: ByCode) -> object:
        why = Personal(filled.read("words", words))
        return raiser.appeal(tx, house.vault, house.clock, id, proof, why=why, days=days)

    return _case(request, who, filled, deed)


@router.post("/consent")
def consent(request: Request, who: Raising, filled: Sent) -> HTMLResponse:
    """May it be shown who they are? Taken back by the same form."""
    house, change = who.house, raiser.consent if filled.one("shown") else raiser.withdraw
    return _case(request, who, filled, lambda tx, id, proof: change(tx, house.vault, house.clock, id, proof))


@router.post("/forget")
def forget(request: Request, who: Raising, filled: Sent) -> HTMLResponse:
    """Their words are to go before their term: on the day after it is closed, not today."""
    return _case(request, who, filled, lambda tx, id, proof: raiser.forget(tx, who.house.clock, id, proof))


def _case(request: Request, who: Inside, filled: Filled, deed: Course | None) -> HTMLResponse:
    house, proof = who.house, ByCode(Personal(filled.one("code")))

    def done(tx: Transaction, concern: ConcernId) -> Case:
        if deed is not None:
            deed(tx, concern, proof)
        return case_of(tx, house.vault, concern, proof, days=days_of(house.settings))

    try:
        with house.database.system() as tx:
            of, concern = raiser.find(tx, proof.code)
        if of != who.controller:
            raise NotFound("There is no concern with this case code. Type it as it was shown: seven groups of four.")
        case = who.run(lambda tx: done(tx, concern))
    except MENDABLE as error:
        shown = filled.but(error)
        return html(page(request, "concern-case", who, filled=shown, case=None, code="", said=()), status=_MEND)
    given = {"case": case, "code": filled.one("code"), "said": said_in(case.words)}
    return html(page(request, "concern-case", who, filled=EMPTY, **given))


def _raiser(who: Inside, filled: Filled) -> Raiser:
    if not filled.one("by_name"):
        return Anonymous()
    name = filled.one("name")
    return Staff(bearer=Bearer(actor=who.actor, secret=Personal(who.secret)), name=Personal(name) if name else None)


def _target(tx: Transaction, who: Inside, filled: Filled, call: UUID | None) -> Target:
    """What the form names: a purpose, a notice, a rule, this call, or a call that nobody names."""
    sort, _, name = filled.one("about").partition(":")
    if sort == "call":
        return AboutCall(CallId(call) if name == "this" and call is not None else None)
    if sort == "rule":
        return concerns.about_rule(tx, who.house.clock, who.house.rules, name)
    if sort not in ("purpose", "notice"):
        raise Malformed("Say what it is about: choose one of the list.")
    id = an_id(name)
    return AboutPurpose(PurposeId(id)) if sort == "purpose" else AboutNotice(NoticeId(id))


def _asking(request: Request, who: Inside, call: UUID | None, filled: Filled) -> str:
    def deed(tx: Transaction) -> dict[str, object]:
        register = purposes.all_purposes(tx)
        told = [(purpose, notice) for purpose in register for notice in purposes.notices(tx, purpose.id)]
        return {
            "purposes": [(f"purpose:{each.id}", each.title) for each in register],
            "notices": [
                (f"notice:{notice.id}", f"{each.title}, {in_tongue(notice.language, notice.version)}") for each, notice in told
            ],
            "rules": [f"rule:{each.id}" for each in in_force(tx, who.house.clock, who.house.rules).rules.rules],
        }

    return page(request, "concern-new", who, **who.run(deed), call=call, filled=filled, most=MOST_WORDS)
