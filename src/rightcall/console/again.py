"""A form of the console or the desk that came too late: what somebody wrote in it goes back with the answer, sealed for them, and
is a form again once they signed in (`unsent`). It needs no script; they sign in in another window, since that may lead over
another site.

At the desk this is so of a concern and of a request. A yes or a no is not: it counts at the moment when it was said.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse

from rightcall.console.desk.place import shown
from rightcall.console.door import Inside, NotFresh, check_origin, entered, house_of
from rightcall.console.places import DESK, HOME, safe
from rightcall.database.connection import Transaction
from rightcall.design.tongues import marked
from rightcall.ids import ControllerId, MemberId
from rightcall.staff.actions import require
from rightcall.staff.members import actions as members
from rightcall.staff.model import Deed
from rightcall.staff.sessions import actions as sessions
from rightcall.unsent import MOST, Unsent, seal, unseal, unsent

router = APIRouter()
_CONTEXT = "console.unsent"
_KEEPS = re.compile(r"/console/.+|/desk/[^/]+/(?:concern|request)")
_AGAIN = ("/console/again", "/desk/again")
_NOT_SINCE = marked("You have not signed in since this was sealed. Sign in again, then go on.")


@dataclass(frozen=True, slots=True)
class Late:
    """A form that was not taken. `token`: of the session that it was made for. `kept`: what an earlier answer sealed already."""

    token: str = ""
    what: Unsent | None = None
    kept: str = field(default="", repr=False)


async def late(request: Request) -> Late:
    """Empty where nothing was entered, or it is of no form that is kept."""
    path = request.url.path
    if request.method != "POST" or not (path in _AGAIN or _KEEPS.fullmatch(path)):
        return Late()
    fields = (await request.form()).multi_items()
    if path in _AGAIN:
        return Late(kept=_first(fields, "kept")[:MOST])
    place = f"{path}?{request.url.query}" if request.url.query else path
    what = unsent(place, fields, house_of(request).clock.now()) if safe(place) == place else None
    return Late(token=_first(fields, "form"), what=what)


def whose(request: Request, form: Late) -> tuple[ControllerId, MemberId] | None:
    """None where nothing was entered in it, or nobody knows any more whose page it came from."""
    if form.what is None:
        return None
    with house_of(request).database.system() as tx:
        found = sessions.of_form(tx, form.token)
    return None if found is None else (found.controller, found.session.member)


def sealed(request: Request, form: Late) -> str:
    """For the answer; empty where there is nothing to keep, or nobody to keep it for."""
    what, found = form.what, whose(request, form)
    if what is None or found is None:
        return form.kept
    house, (controller, member) = house_of(request), found

    def deed(tx: Transaction) -> str:
        return seal(tx, house.vault, what, whose=members.get(tx, member).key, bound_to=_CONTEXT)

    return house.database.run(controller, deed)


def may_keep_account(request: Request) -> Inside:
    """The dependency of the one form that carries no token of their session: it was made before that began, and is sealed for
    them, which no other page can do."""
    check_origin(request, house_of(request))
    found = entered(request, house_of(request))
    require(found.actor, Deed.KEEP_ACCOUNT)
    return found


@router.post("/console/again")
@router.post("/desk/again")
def go_on(
    request: Request, who: Annotated[Inside, Depends(may_keep_account)], kept: Annotated[str, Form(max_length=MOST)]
) -> HTMLResponse:
    """What they wrote, as a form of the session that they have now. Nothing is done yet."""

    def deed(tx: Transaction) -> Unsent:
        key, now = members.get(tx, who.member).key, who.house.clock.now()
        return unseal(tx, who.house.vault, kept, whose=key, bound_to=_CONTEXT, now=now)

    what = who.run(deed)
    if who.session.signed_in_at < what.at:
        raise NotFresh(_NOT_SINCE)
    return once_more(request, who, what)


def once_more(request: Request, who: Inside, what: Unsent, *, status: int = 200) -> HTMLResponse:
    at_desk = what.place.startswith(DESK)
    away = what.place.rpartition("/")[0] if at_desk else HOME
    return shown(request, "desk/again", who, status=status, what=what, at_desk=at_desk, away=away)


def _first(fields: Sequence[tuple[str, object]], name: str) -> str:
    return next((value for each, value in fields if each == name and isinstance(value, str)), "")
