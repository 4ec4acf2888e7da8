"""The routes for those outside. None needs a script, and none tells who is a customer."""

from functools import cache

from fastapi import FastAPI, Request

from rightcall.design import wrong
from rightcall.design.wrong import Wrong
from rightcall.house import AtWork, House
from rightcall.portal import answer, asking, checking, choices, concern, front, held, home, public, signing_in, tongues
from rightcall.portal.entry import Entry
from rightcall.portal.guard import OfBefore
from rightcall.portal.sheets import page
from rightcall.portal.visiting import NotVisiting


def create_portal(house: House) -> AtWork:
    return AtWork(routes(), entry=Entry(house))


@cache
def routes() -> FastAPI:
    portal = FastAPI(openapi_url=None, redirect_slashes=False)
    wrong.install(portal, _wrong)
    portal.add_exception_handler(NotVisiting, signing_in.lead_in)
    portal.add_exception_handler(OfBefore, signing_in.of_before)
    for room in (front, public, checking, tongues, signing_in, home, held, choices, asking, concern, answer):
        portal.include_router(room.router)
    return portal


def _wrong(request: Request, what: Wrong) -> str:
    is_unread = what.status in (413, 422)
    again = signing_in.unreadable(request) or checking.unread(request, what) if is_unread else None
    return again or page(request, "wrong", wrong=what)
