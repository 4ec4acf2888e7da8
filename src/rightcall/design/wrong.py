"""What goes wrong, as a page that says what to do next. By whose move it is, as in `errors`; never what was sent."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from rightcall.design.answers import html
from rightcall.design.tongues import ENGLISH, Tongue, marked
from rightcall.errors import Breach, Conflict, Mistake, NotAllowed, NotFound, NotSignedIn, Outage, RightcallError, StillWorking

_log = logging.getLogger(__name__)
_MISTAKES: Sequence[tuple[type[Mistake], str, int]] = (
    (NotSignedIn, marked("Please sign in"), 401),
    (NotAllowed, marked("This is not yours to do"), 403),
    (NotFound, marked("There is nothing here"), 404),
    (Conflict, marked("Not as things stand"), 409),
    (Mistake, marked("That could not be read"), 400),
)
_OTHERWISE: Sequence[tuple[type[RightcallError], str]] = (
    (NotSignedIn, marked("You are not signed in, or not any more. Sign in, and do it again.")),
    (NotAllowed, marked("This is not open to you, so nothing was done.")),
    (NotFound, marked("What you look for is not here. It may be gone, or it was never here.")),
    (Conflict, marked("As things stand now this cannot be done. Load the page again, and look at what is so now.")),
    (StillWorking, marked("It is being done, and is not finished yet. Look again in a moment.")),
    (Mistake, marked("Something that was entered does not fit. Go back, look at it again, and send it once more.")),
)
"""By sort of error: what whoever reads another language is told where nobody wrote its own sentence in it."""

_STATUSES: Mapping[int, tuple[str, str]] = {
    404: (marked("There is nothing here"), marked("This address leads nowhere. Go back, or begin at the first page.")),
    405: (marked("There is nothing here"), marked("This address is not asked in this way. Go back, or begin at the first page.")),
    413: (marked("That is too large"), marked("More was sent than is taken here. Send less.")),
    422: (marked("That could not be read"), marked("A sign was sent that no text can hold. Write it anew, and send it again.")),
    429: (marked("Too many at once"), marked("Many people are asking just now. Wait a minute, then try again.")),
}
_AT_MOST = marked("At most %(most)s is taken at once.")
_OTHER = (marked("That was refused"), marked("It cannot be done in this way. Go back and try again."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """`title` and `detail` are in English, as catalogues know them; a face says them in the reader's tongue. `otherwise`: what is
    said of errors of its sort, which every catalogue knows. `most`: so many bytes are taken, where more were sent."""

    title: str
    detail: str
    status: int
    otherwise: str = ""
    most: int | None = None

    def told(self, tongue: Tongue) -> str:
        """Its own sentence where the reader's language has it, else that of its sort: never English among another language."""
        said = tongue.words.gettext(self.detail)
        if said == self.detail and tongue.code != ENGLISH and self.otherwise:
            said = tongue.words.gettext(self.otherwise)
        return said if self.most is None else f"{said} {at_most(tongue, self.most)}"


def at_most(tongue: Tongue, most: int) -> str:
    return tongue.words.gettext(_AT_MOST) % {"most": tongue.megabytes(most)}


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
_UNFIT_ADDRESS = Wrong(
    title=marked("That could not be read"),
    detail=marked("The address asks for something that does not fit here. Go back, and choose again."),
    status=422,
)
_BROKEN = Wrong(
    title=marked("Something broke"),
    detail=marked("It was stopped, and written down for those who can mend it. Tell them if it stays so."),
    status=500,
)


class TooLarge(HTTPException):
    """More was sent than is taken. `most`: how many bytes are."""

    def __init__(self, most: int) -> None:
        super().__init__(413)
        self.most = most


class TooMany(HTTPException):
    """A limit is met that is not only of this moment. `says`: what whoever meets it does now, as catalogues know it."""

    def __init__(self, says: str) -> None:
        super().__init__(429)
        self.says = says


Shown = Callable[[Request, Wrong], str]
"""Makes the page of a face for it."""


def install(app: FastAPI, shown: Shown) -> None:
    """Make `app` answer each error with such a page."""
    app.state.wrong = shown

    def answer(request: Request, error: Exception) -> Response:
        wrong = of_error(error)
        _tell(error, wrong)
        return _page(request, wrong)

    def _page(request: Request, wrong: Wrong) -> HTMLResponse:
        return html(shown(request, wrong), status=wrong.status)

    for kind in (RightcallError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, answer)


def refused(app: FastAPI, request: Request, status: int) -> Response:
    """The page of that face for a bare HTTP status, where none of its routes was asked."""
    request.scope["app"] = app
    shown: Shown = app.state.wrong
    wrong = of_error(HTTPException(status))
    return html(shown(request, wrong), status=wrong.status)


def of_error(error: Exception) -> Wrong:
    """What it is to whoever asked. An error that is none of ours tells nothing of itself."""
    if isinstance(error, Mistake):
        title, status = next((title, status) for kind, title, status in _MISTAKES if isinstance(error, kind))
        return Wrong(title=title, detail=str(error), status=status, otherwise=_otherwise(error))
    if isinstance(error, StillWorking):
        return Wrong(title=_AWAY.title, detail=str(error), status=503, otherwise=_otherwise(error))
    if isinstance(error, Outage):
        return _AWAY
    if isinstance(error, RequestValidationError):
        return _unfit({each["loc"][0] for each in error.errors()})
    if isinstance(error, TooMany):
        return Wrong(title=_AWAY.title, detail=error.says, status=error.status_code)
    if isinstance(error, HTTPException):
        title, detail = _STATUSES.get(error.status_code, _OTHER)
        most = error.most if isinstance(error, TooLarge) else None
        return Wrong(title=title, detail=detail, status=error.status_code, most=most)
    return _BROKEN


def _unfit(where: Collection[str]) -> Wrong:
    """What of a request did not fit: a part of its path, its query, or a form."""
    if "path" in where:
        title, detail = _STATUSES[404]
        return Wrong(title=title, detail=detail, status=404)
    return _UNFIT if "body" in where else _UNFIT_ADDRESS


def _otherwise(error: Exception) -> str:
    return next(says for kind, says in _OTHERWISE if isinstance(error, kind))


def _tell(error: Exception, wrong: Wrong) -> None:
    if isinstance(error, Breach) or wrong.status == 500:
        _log.critical("A page met an error that stopped it.", exc_info=error)
    elif wrong.status == 503 and not isinstance(error, StillWorking):
        _log.error("A page could not be made: %s", error, exc_info=error)
