"""What a customer wrote when their visit ended: it goes along, sealed, through the pages on which they show who they are, and
stands in its form again once that is known (`unsent`). Where it turns out to be another person, they are told that alone.

It is kept of what is written in words: a concern, and what is asked for with reasons. An answer, yes or no, is given anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse

from rightcall.database.connection import Transaction
from rightcall.design.answers import html
from rightcall.errors import Mistake
from rightcall.house import House
from rightcall.ids import ControllerId
from rightcall.portal import asking, concern
from rightcall.portal.visiting import Visitor, house_of, place
from rightcall.requests.own.asking import OFFERED
from rightcall.requests.visits import actions as visits
from rightcall.requests.visits.model import Visit
from rightcall.unsent import Unsent, seal, unseal, unsent

_CONCERN = "concern"
_ASKS = {f"ask/{kind.value}": kind for kind in OFFERED}


@dataclass(frozen=True, slots=True)
class Late:
    """`token`: of the visit that the form was made in."""

    token: str
    what: Unsent


async def late(request: Request, controller: ControllerId) -> Late | None:
    """None where nothing was written, or it is of no form that is kept."""
    at = request.url.path.removeprefix(place(controller) + "/")
    if request.method != "POST" or at not in (_CONCERN, *_ASKS):
        return None
    fields: Sequence[tuple[str, object]] = (await request.form()).multi_items()
    what = unsent(at, fields, house_of(request).clock.now())
    token = next((value for name, value in fields if name == "token" and isinstance(value, str)), "")
    return Late(token, what) if what is not None and what.said("words").strip() else None


def sealed(house: House, controller: ControllerId, form: Late | None) -> str:
    """For the pages on which they sign in; empty where there is nothing, or nobody to keep it for."""
    if form is None:
        return ""

    def deed(tx: Transaction) -> str:
        visit = visits.of_form(tx, house.vault, form.token)
        return "" if visit is None else seal(tx, house.vault, form.what, whose=visit.subject, bound_to=_bound(visit))

    return house.database.run(controller, deed)


def is_theirs(visiting: Visitor, form: Late) -> bool | None:
    """Whether whoever is here now wrote it. None where nobody knows."""
    visit = visiting.run(lambda tx: visits.of_form(tx, visiting.house.vault, form.token))
    return None if visit is None else visit.subject == visiting.visit.subject


def opened(visiting: Visitor, kept: str) -> HTMLResponse:
    """Their form, with what they wrote in it."""
    house, visit = visiting.house, visiting.visit

    def deed(tx: Transaction) -> Unsent:
        return unseal(tx, house.vault, kept, whose=visit.subject, bound_to=_bound(visit), now=house.clock.now())

    try:
        return filled(visiting, visiting.run(deed))
    except Mistake as error:
        return html(visiting.page("not_theirs", says=str(error)), status=403)


def filled(visiting: Visitor, what: Unsent) -> HTMLResponse:
    kind = _ASKS.get(what.place)
    return concern.form(visiting, what) if kind is None else asking.form(visiting, kind, what)


def _bound(visit: Visit) -> str:
    """It opens as long as the same is known of who the person is."""
    return f"portal.unsent.{visit.standing.hex()}"
