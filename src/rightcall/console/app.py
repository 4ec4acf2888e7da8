"""The console's routes, without a description for programs: programs have the API."""

from dataclasses import replace
from urllib.parse import quote

from fastapi import FastAPI, Request
from starlette.responses import Response

from rightcall.console import (
    access_log,
    account,
    answers,
    asking,
    backups,
    breaches,
    calls,
    concerns,
    corrections,
    data_map,
    declaring,
    drafting,
    erasures,
    holds,
    home,
    house_rules,
    joins,
    leaks,
    ledger,
    links,
    notices,
    origins,
    overrides,
    packages,
    parity,
    people,
    persons,
    procedures,
    purpose_written,
    purposes,
    raising,
    record,
    registering,
    requests,
    reviews,
    signing_in,
    staff,
    systems,
    takes,
    terms,
    translating,
    weaknesses,
    wishes,
)
from rightcall.console.desk import doing, showing, telling
from rightcall.console.desk.place import is_framed, to_sign_in
from rightcall.console.desk.watch import Watch
from rightcall.console.door import NotFresh
from rightcall.console.patience import Patience
from rightcall.console.places import INSIDE, safe
from rightcall.console.sheets import page
from rightcall.design import wrong
from rightcall.design.answers import html, onwards
from rightcall.design.wrong import Wrong, of_error
from rightcall.errors import NotSignedIn
from rightcall.house import House

_ROOMS = (
    signing_in,
    home,
    calls,
    takes,
    answers,
    purpose_written,
    translating,
    purposes,
    notices,
    reviews,
    record,
    people,
    origins,
    persons,
    wishes,
    data_map,
    declaring,
    registering,
    systems,
    links,
    joins,
    weaknesses,
    leaks,
    breaches,
    backups,
    asking,
    requests,
    corrections,
    packages,
    holds,
    terms,
    erasures,
    ledger,
    access_log,
    procedures,
    raising,
    concerns,
    overrides,
    parity,
    drafting,
    house_rules,
    account,
    staff,
)
_DESK = (showing, doing, telling)


def create_console(house: House, watch: Watch | None = None) -> FastAPI:
    """`watch`: of whoever ends it before the server stops."""
    console = FastAPI(openapi_url=None, redirect_slashes=False)
    console.state.house = house
    console.state.patience = Patience()
    console.state.watch = watch or Watch(house)
    wrong.install(console, _wrong)
    console.add_exception_handler(NotSignedIn, _to_the_door)
    console.add_exception_handler(NotFresh, _once_more)
    for room in (*_ROOMS, *_DESK):
        console.include_router(room.router)
    console.include_router(takes.held)
    return console


def _wrong(request: Request, what: Wrong) -> str:
    return page(request, "wrong", wrong=what, again=None, at_desk=request.url.path.startswith("/desk"))


def _to_the_door(request: Request, error: Exception) -> Response:
    """Whoever only looks signs in and goes on to where they were; whoever sent something is told that it was not done."""
    if is_framed(request):
        return to_sign_in(request)
    if request.method == "GET" and request.url.path.startswith(INSIDE):
        query = f"?{request.url.query}" if request.url.query else ""
        return onwards(f"/sign-in?then={quote(safe(request.url.path + query))}")
    return html(_wrong(request, of_error(error)), status=401)


def _once_more(request: Request, error: Exception) -> Response:
    """What was sent was not done. Signing in leads back to the room that it was sent from."""
    room = "/".join(request.url.path.split("/")[:3])
    wrong = replace(of_error(error), title="Please sign in again first")
    return html(page(request, "wrong", wrong=wrong, again=safe(room), at_desk=False), status=403)
