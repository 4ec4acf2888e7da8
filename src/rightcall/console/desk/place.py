"""What every route of the desk stands on: who is at it, the recorder's word, and pages that a frame may show."""

import logging
from collections.abc import Callable
from typing import TypeVar

from fastapi import Request
from starlette.responses import HTMLResponse

from rightcall.console.desk.watch import Watch
from rightcall.console.door import Inside, house_of
from rightcall.console.sheets import page
from rightcall.database.connection import Transaction
from rightcall.design.answers import html
from rightcall.errors import Outage
from rightcall.ids import CallId
from rightcall.recordings.confirming import hold, live_version
from rightcall.settings import Settings

T = TypeVar("T")
_log = logging.getLogger(__name__)


def watch_of(request: Request) -> Watch:
    watch: Watch = request.state.watch
    return watch


def shown(request: Request, name: str, who: Inside, /, *, status: int = 200, **given: object) -> HTMLResponse:
    return html(page(request, name, who, **given), status=status, framed_by=framed_by(who.house.settings))


def framed_by(settings: Settings) -> str:
    """As the policy of a page says it."""
    named = [each.strip() for each in settings.desk_framed_by.split(",") if each.strip()]
    return " ".join(named) or "'none'"


def is_framed(request: Request) -> bool:
    """Whether a browser loads the desk into a frame (W3C Fetch Metadata)."""
    return request.url.path.startswith("/desk") and request.headers.get("sec-fetch-dest") in ("iframe", "frame")


def to_sign_in(request: Request, **kept: object) -> HTMLResponse:
    """In a frame, where the pages for signing in are not shown. In one of another site nobody is signed in, ever: the session's
    cookie is sent to none (`SameSite=Strict`), and the browser says so itself."""
    is_of_another = request.headers.get("sec-fetch-site") == "cross-site"
    told = page(request, "desk/framed", is_of_another=is_of_another, **kept)
    return html(told, status=401, framed_by=framed_by(house_of(request).settings))


def confirmed(request: Request, who: Inside, call: CallId) -> int | None:
    """The version that the recorder's gates stand as, by its word of a moment ago: what it told to some desk of this call, or
    else it is asked now. None where it confirms nothing, or there is none to ask."""
    version = who.run(lambda tx: live_version(tx, call))
    if version is None:
        return None
    known = watch_of(request).known(who.controller, call)
    if known is not None and known.version == version:
        return version if known.is_confirmed else None
    return held(who, call, version)


def held(who: Inside, call: CallId, version: int) -> int | None:
    """Ask the recorder to hold it: the version that it confirms, None where it confirms none."""
    house = who.house
    try:
        found = hold(house.database, house.gates, who.house.tools, controller=who.controller, call=call, version=version)
    except Outage as error:
        _log.error("a recorder did not confirm its gates: %s", error, extra={"call": call}, exc_info=error)
        return None
    return found.version


def done(who: Inside, call: CallId, deed: Callable[[Transaction], T]) -> tuple[T, bool]:
    """`deed`, and then the recorder is asked to hold what it changed; whether it confirms that."""

    def both(tx: Transaction) -> tuple[T, int | None]:
        return deed(tx), live_version(tx, call)

    result, version = who.run(both)
    return result, version is None or held(who, call, version) is not None
