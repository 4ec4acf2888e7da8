"""The console's door: whose session this is, and whether their role may. Each route names one deed and gets the transaction that
it runs in; one that changes something comes from a form of our own page besides, sent by the one whose session it is.

cookie -> staff.sessions (system transaction) -> staff.require -> one transaction for that controller -> commit
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, TypeVar

from fastapi import Depends, Form, Request
from starlette.responses import Response

from rightcall.actors import Actor
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.design.origins import is_from_us
from rightcall.design.tongues import marked
from rightcall.errors import NotAllowed
from rightcall.house import House
from rightcall.ids import ControllerId, MemberId
from rightcall.recordings.tools import Tools
from rightcall.staff.actions import require
from rightcall.staff.model import Deed
from rightcall.staff.rules import MAY
from rightcall.staff.sessions import actions as sessions
from rightcall.staff.sessions.limits import limits_of
from rightcall.staff.sessions.model import NewSession, Session

T = TypeVar("T")
COOKIE = "__Host-rightcall"
FRESH = timedelta(minutes=15)
_NOT_OURS = marked("This was not sent from a page of ours that is still open. Load the page again, and send it from there.")


class OfBefore(NotAllowed):
    """It came from a page of ours, and of another session than the one that they are signed in with."""


class NotFresh(NotAllowed):
    """They may, once they showed anew who they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """Somebody who is signed in, and was let in for one deed, on behalf of their controller."""

    house: House
    controller: ControllerId
    actor: Actor
    session: Session
    secret: str = field(repr=False)

    @property
    def member(self) -> MemberId:
        return self.session.member

    @property
    def tools(self) -> Tools:
        return self.house.tools

    @property
    def form_token(self) -> str:
        """What every form of theirs carries, as `form`."""
        return sessions.form_token(self.secret)

    @property
    def zone(self) -> str:
        """Where pages tell them moments, and take them."""
        return self.run(controllers.get).zone

    def may(self, deed: Deed) -> bool:
        """Whether a page shows them the way there."""
        return self.actor.role in MAY[deed]

    def run(self, deed: Callable[[Transaction], T]) -> T:
        """`deed` in the one transaction of this request: committed when this returns."""
        return self.house.database.run(self.controller, deed)

    def check_fresh(self) -> None:
        """NotFresh unless they showed a moment ago who they are: for what an unlocked, forgotten screen must not do."""
        if not self.session.signed_in_within(FRESH, self.house.clock.now()):
            raise NotFresh("You signed in a while ago, and this asks for it anew. Sign in again, then do it within 15 minutes.")


def house_of(request: Request) -> House:
    house: House = request.state.house
    return house


def entered(request: Request, house: House) -> Inside:
    """Whoever is signed in, whatever their role. NotSignedIn else."""
    secret = request.cookies.get(COOKIE, "")
    with house.database.system() as tx:
        found = sessions.authenticate(tx, house.clock, secret, limits_of(house.settings))
    return Inside(house=house, controller=found.controller, actor=found.actor, session=found.session, secret=secret)


def inside(deed: Deed) -> Callable[..., Inside]:
    """The dependency of a page that shows what `deed` lets see."""

    def enter(request: Request) -> Inside:
        found = entered(request, house_of(request))
        require(found.actor, deed)
        return found

    enter.__name__ = f"may_{deed.name.lower()}"
    return enter


def sending(deed: Deed) -> Callable[..., Inside]:
    """The dependency of a form that does `deed`."""

    def enter(request: Request, form: Annotated[str, Form(max_length=100)] = "") -> Inside:
        house = house_of(request)
        check_origin(request, house)
        found = entered(request, house)
        if not sessions.is_form_token(found.secret, form):
            raise OfBefore(_NOT_OURS)
        require(found.actor, deed)
        return found

    enter.__name__ = f"may_{deed.name.lower()}"
    return enter


def sent_from_us(request: Request) -> House:
    """The dependency of a form before anybody is signed in."""
    house = house_of(request)
    check_origin(request, house)
    return house


FromUs = Annotated[House, Depends(sent_from_us)]


def check_origin(request: Request, house: House) -> None:
    """NotAllowed unless a page of ours sent it."""
    if not is_from_us(request, house.settings.own_url, is_public=house.settings.public_url is not None):
        raise NotAllowed(_NOT_OURS)


def let_in(answer: Response, begun: NewSession) -> Response:
    """`answer`, with the session in a cookie that no script reads and no other site sends."""
    answer.set_cookie(COOKIE, begun.secret, path="/", secure=True, httponly=True, samesite="strict")
    return answer


def let_out(answer: Response) -> Response:
    answer.set_cookie(COOKIE, "", max_age=0, path="/", secure=True, httponly=True, samesite="strict")
    return answer
