"""The customer's door: whose page is open, shown by a cookie of this browser alone. Each page of a visit runs in the transactions
that this door opens, as the person, and as nobody else.

What a person does here is written down as done by their visit: the ledger does not tie what they do on one day to another, and a
day later nothing ties the visit to them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Form, Request
from starlette.responses import Response

from rightcall.actors import Actor, Role
from rightcall.controllers import actions as controllers
from rightcall.controllers.model import Controller
from rightcall.database.connection import Transaction
from rightcall.design.tongues import marked
from rightcall.errors import NotSignedIn
from rightcall.house import House
from rightcall.ids import ControllerId, PurposeId, SubjectId
from rightcall.personal import Personal
from rightcall.portal import sheets
from rightcall.portal.entry import Entry
from rightcall.portal.guard import check_form, check_origin
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Notice
from rightcall.purposes.translations import actions as translations
from rightcall.purposes.translations.model import InLanguage
from rightcall.purposes.translations.rules import is_own
from rightcall.recordings.tools import Tools
from rightcall.requests.own.known import limits
from rightcall.requests.visits import actions as visits
from rightcall.requests.visits.model import Begun, Visit
from rightcall.subjects.joining import actions as joining

T = TypeVar("T")


class NotVisiting(NotSignedIn):
    """Nobody is signed in here, or not any more: they are led to where they can be."""

    def __init__(self, controller: ControllerId, *, was_erased: bool) -> None:
        super().__init__(marked("You are not signed in, or not any more. Sign in again."))
        self.controller = controller
        self.was_erased = was_erased


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody whose own page this is."""

    request: Request
    house: House
    company: Controller
    visit: Visit
    secret: Personal[str] = field(repr=False)

    @property
    def actor(self) -> Actor:
        return Actor(id=self.visit.id, role=Role.SUBJECT)

    @property
    def tools(self) -> Tools:
        return self.house.tools

    def person(self, tx: Transaction) -> tuple[SubjectId, ...]:
        return joining.person(tx, self.visit.subject)

    def run(self, deed: Callable[[Transaction], T]) -> T:
        """`deed` in one transaction: committed when this returns."""
        return self.house.database.run(self.company.id, deed)

    def place(self, rest: str) -> str:
        return place(self.company.id, rest)

    def page(self, name: str, **given: object) -> str:
        """In the reader's tongue, with what every page of a visit has."""
        (told_in, translated), wanted = self.run(lambda tx: (self._in_tongue(tx), limits(tx, self.person(tx))))
        own = {"company": self.company, "me": self.place(""), "token": visits.form_token(self.secret), "limits": wanted}
        return sheets.page(self.request, name, **own, told_in=told_in, translated=translated, **given)

    def _in_tongue(self, tx: Transaction) -> tuple[Mapping[PurposeId, Notice], InLanguage]:
        """What each purpose is for, in the reader's tongue, where the register speaks another: its notice, and translations."""
        code = sheets.tongue_of(self.request).code
        if is_own(code, self.company.language):
            return {}, InLanguage()
        return purposes.words_in(tx, code), translations.in_language(tx, code)


def place(controller: ControllerId, rest: str = "") -> str:
    return f"/me/{controller}/{rest}".rstrip("/")


def cookie_of(controller: ControllerId) -> str:
    """Its name. A cookie of a host goes to all of its paths, so each company has its own: to visit another ends nothing."""
    return f"__Host-rightcall-visit-{controller}"


def house_of(request: Request) -> House:
    entry: Entry = request.state.entry
    return entry.house


def visitor(request: Request, controller: UUID) -> Visitor:
    """The dependency of every page of a visit."""
    house, of = house_of(request), ControllerId(controller)
    secret = Personal(request.cookies.get(cookie_of(of), ""))

    def deed(tx: Transaction) -> tuple[Controller, Visit | None, bool]:
        visit = visits.enter(tx, house.vault, house.clock, secret)
        return controllers.get(tx), visit, visit is None and visits.was_erased(tx, house.vault, secret)

    company, visit, was_erased = house.database.run(of, deed)
    if visit is None:
        raise NotVisiting(of, was_erased=was_erased)
    return Visitor(request=request, house=house, company=company, visit=visit, secret=secret)


def sender(
    visiting: Annotated[Visitor, Depends(visitor)], request: Request, token: Annotated[str, Form(max_length=100)] = ""
) -> Visitor:
    """The dependency of every form of a visit."""
    check_origin(request, visiting.house)
    check_form(visiting.secret, token)
    return visiting


Visiting = Annotated[Visitor, Depends(visitor)]
Sending = Annotated[Visitor, Depends(sender)]


def welcome(answer: Response, controller: ControllerId, begun: Begun) -> Response:
    """`answer`, with the visit in a cookie that no script reads and no other site sends along with a form."""
    secret = begun.secret.reveal("hand a visit to its bearer")
    answer.set_cookie(cookie_of(controller), secret, path="/", secure=True, httponly=True, samesite="lax")
    return answer


def forget(answer: Response, controller: ControllerId) -> Response:
    answer.delete_cookie(cookie_of(controller), path="/", secure=True, httponly=True, samesite="lax")
    return answer
