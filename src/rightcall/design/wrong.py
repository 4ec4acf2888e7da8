"""What goes wrong, as a page that says what to do next. By whose move it is, as in `errors`; never what was sent."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from rightcall.design.answers import html
from rightcall.design.tongues import marked
from rightcall.errors import Breach, Conflict, Mistake, NotAllowed, NotFound, NotSignedIn, Outage, RightcallError, StillWorking

_log = logging.getLogger(__name__)
_MISTAKES: Sequence[tuple[type[Mistake], str, int]] = (
    (NotSignedIn, marked("Please sign in"), 401),
    (NotAllowed, marked("This is not yours to do"), 403),
    (NotFound, marked("There is nothing here"), 404),
    (Conflict, marked("Not as things stand"), 409),
    (Mistake, marked("That could not be read"), 400),
)
_STATUSES: Mapping[int, tuple[str, str]] = {
    404: (marked("There is nothing here"), marked("This address leads nowhere. Go back, or begin at the first page.")),
    405: (marked("There is nothing here"), marked("This address is not asked in this way. Go back, or begin at the first page.")),
    413: (marked("That is too large"), marked("More was sent than is taken here. Send less.")),
    429: (marked("Too many at once"), marked("Many people are asking just now. Wait a minute, then try again.")),
}
_OTHER = (marked("That was refused"), marked("It cannot be done in this way. Go back and try again."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """`title` and `detail` are in English, as catalogues know them; a face says them in the reader's tongue."""

    title: str
    detail: str
    status: int


_AWAY = Wrong(
    title=marked("Not just now"),
    detail=marked("Something that is needed is away, and nothing was changed. Try again in a moment."),
    status=503,
)
_UNFIT = Wrong(
    title=marked("That could not be read"),
    detail=marked("Something in the form is missing or too long. Go back and mend it."),
    status=422,
)
_BROKEN = Wrong(
    title=marked("Something broke"),
    detail=marked("It was stopped, and written down for those who can mend it. Tell them if it stays so."),
    status=500,
)

Shown = Callable[[Request, Wrong], str]
"""Makes the page of a face for it."""


def install(app: FastAPI, shown: Shown) -> None:
    """Make `app` answer each error with such a page."""

    def answer(request: Request, error: Exception) -> Response:
        wrong = of_error(error)
        _tell(error, wrong)
        return _page(request, wrong)

    def _page(request: Request, wrong: Wrong) -> HTMLResponse:
        return html(shown(request, wrong), status=wrong.status)

    for kind in (RightcallError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, answer)


def of_error(error: Exception) -> Wrong:
    """What it is to whoever asked. An error that is none of ours tells nothing of itself."""
    if isinstance(error, Mistake):
        title, status = next((title, status) for kind, title, status in _MISTAKES if isinstance(error, kind))
        return Wrong(title=title, detail=str(error), status=status)
    if isinstance(error, StillWorking):
        return Wrong(title=_AWAY.title, detail=str(error), status=503)
    if isinstance(error, Outage):
        return _AWAY
    if isinstance(error, RequestValidationError):
        return _UNFIT
    if isinstance(error, HTTPException):
        title, detail = _STATUSES.get(error.status_code, _OTHER)
        return Wrong(title=title, detail=detail, status=error.status_code)
    return _BROKEN


def _tell(error: Exception, wrong: Wrong) -> None:
    if isinstance(error, Breach) or wrong.status == 500:
        _log.critical("A page met an error that stopped it.", exc_info=error)
    elif wrong.status == 503 and not isinstance(error, StillWorking):
        _log.error("A page could not be made: %s", error, exc_info=error)
