"""The console's routes, without a description for programs: programs have the API."""

from dataclasses import replace
from functools import cache
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from rightcall.console import (
    access_log,
    account,
    again,
    answers,
    asked_by_records,
    asking,
    attesting,
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
    person_places,
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
from rightcall.console.again import Late, late, once_more, sealed, whose
from rightcall.console.desk import doing, showing, telling
from rightcall.console.desk.place import is_framed, to_sign_in
from rightcall.console.desk.watch import Watch
from rightcall.console.door import Inside, NotFresh, OfBefore, entered, house_of
from rightcall.console.patience import Patience
from rightcall.console.places import DESK, HOME, INSIDE, safe
from rightcall.console.sheets import page
from rightcall.design import wrong
from rightcall.design.answers import html, onwards
from rightcall.design.tongues import marked
from rightcall.design.wrong import Wrong, of_error
from rightcall.errors import NotAllowed, NotSignedIn, RightcallError
from rightcall.house import AtWork, House
from rightcall.unsent import ANOTHERS

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
    person_places,
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
    asked_by_records,
    attesting,
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
    again,
    staff,
)
_DESK = (showing, doing, telling)
_NOT_THIS = frozenset({403, 404, 409, 413, 422})


def create_console(house: House, watch: Watch | None = None) -> AtWork:
    """`watch`: of whoever ends it before the server stops."""
    return AtWork(routes(), house=house, patience=Patience(), watch=watch or Watch(house))


@cache
def routes() -> FastAPI:
    console = FastAPI(openapi_url=None, redirect_slashes=False)
    wrong.install(console, _wrong)
    console.add_exception_handler(NotSignedIn, _to_the_door)
    console.add_exception_handler(NotFresh, _once_more)
    console.add_exception_handler(OfBefore, _of_before)
    for room in (*_ROOMS, *_DESK):
        console.include_router(room.router)
    console.include_router(takes.held)
    return console


def _wrong(request: Request, what: Wrong) -> str:
    """With the way to all other rooms, for whoever is signed in and may not do this alone."""
    at_desk = request.url.path.startswith("/desk")
    return page(
        request,
        "wrong",
        None if at_desk or what.status not in _NOT_THIS else _signed_in(request),
        wrong=what,
        again=None,
        at_desk=at_desk,
    )


def _signed_in(request: Request) -> Inside | None:
    try:
        return entered(request, house_of(request))
    except RightcallError:
        return None


async def _to_the_door(request: Request, error: Exception) -> Response:
    """Whoever only looks signs in and goes on to where they were; whoever sent something is told that it was not done, and has it
    again afterwards."""
    return await run_in_threadpool(_signed_out, request, error, await late(request))


def _signed_out(request: Request, error: Exception, form: Late) -> Response:
    if request.method == "GET" and request.url.path.startswith(INSIDE) and not is_framed(request):
        query = f"?{request.url.query}" if request.url.query else ""
        return onwards(f"/sign-in?then={quote(safe(request.url.path + query))}")
    given = _keeping(request, sealed(request, form))
    if is_framed(request):
        return to_sign_in(request, **given)
    return html(page(request, "wrong", wrong=of_error(error), **given), status=401)


async def _of_before(request: Request, error: Exception) -> Response:
    """Sent from a page of ours that was loaded in another session. Where that was their own, they look at it and send it once
    more; else it was somebody else's."""
    return await run_in_threadpool(_sent_before, request, error, await late(request))


def _sent_before(request: Request, error: Exception, form: Late) -> Response:
    who, found = entered(request, house_of(request)), whose(request, form)
    if form.what is None or found is None:
        return html(_wrong(request, of_error(error)), status=403)
    if found == (who.controller, who.member):
        return once_more(request, who, form.what, status=403)
    wrong = of_error(NotAllowed(ANOTHERS))
    return html(page(request, "wrong", wrong=wrong, **_keeping(request, sealed(request, form))), status=403)


async def _once_more(request: Request, error: Exception) -> Response:
    """What was sent was not done. Signing in leads back to the room that it was sent from."""
    return await run_in_threadpool(_not_fresh, request, error, await late(request))


def _not_fresh(request: Request, error: Exception, form: Late) -> Response:
    room = "/".join(request.url.path.split("/")[:3])
    wrong = replace(of_error(error), title=marked("Please sign in again first"))
    given = _keeping(request, sealed(request, form), again=safe(room))
    return html(page(request, "wrong", wrong=wrong, **given), status=403)


def _keeping(request: Request, kept: str, again: str | None = None) -> dict[str, object]:
    """`kept`: what was written, sealed; empty where there is nothing. `again`: where signing in leads to."""
    at_desk = request.url.path.startswith(DESK)
    return {"kept": kept, "kept_at": f"{DESK if at_desk else HOME}/again", "again": again, "at_desk": at_desk}
