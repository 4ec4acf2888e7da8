"""Every error that the API answers, in one place: RFC 9457 problems that say what to do and never repeat what was sent.

Malformed 400 · NotSignedIn 401 · NotAllowed 403 · NotFound 404 · Conflict, NotConfigured 409 · an answer of no 403 or 410 ·
a body that does not fit and UnknownTerm 422 · Outage 503, StillWorking too, which nobody has to mend ·
Breach and whatever nobody expected 500
"""

import logging
import re
from collections.abc import Mapping, Sequence

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from rightcall.design.wrong import TooLarge
from rightcall.errors import (
    Breach,
    Conflict,
    Malformed,
    Mistake,
    NotAllowed,
    NotConfigured,
    NotFound,
    NotSignedIn,
    Outage,
    RightcallError,
    StillWorking,
    UnknownTerm,
)
from rightcall.policy.reasons import WANTED_CASE, WANTED_REASON

MEDIATYPE = "application/problem+json"
DESCRIBED: Mapping[str, object] = {MEDIATYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
"""How a route describes that its answer may be a problem, where it may be something else too."""
_log = logging.getLogger(__name__)


class Problem(BaseModel):
    """RFC 9457. `detail` says what to do next. Some problems carry members of their own, such as `errors` or `verdict`."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="A URN for this sort of problem.", examples=["urn:rightcall:problem:not-found"])
    title: str
    status: int
    detail: str


class Refusal(Exception):
    """An answer of no that a route gives: not an error of anyone's, but no content either."""

    def __init__(self, name: str, title: str, status: int, detail: str, **members: object) -> None:
        super().__init__(name)
        self.problem = _problem(name, title, status, detail, members)


_MISTAKES: Sequence[tuple[type[Mistake], str, str, int]] = (
    (UnknownTerm, "unknown-term", "No term of the vocabulary", 422),
    (Malformed, "malformed", "It could not be read", 400),
    (NotSignedIn, "not-signed-in", "No valid token", 401),
    (NotAllowed, "not-allowed", "This role may not", 403),
    (NotFound, "not-found", "No such thing here", 404),
    (Conflict, "conflict", "Not in this state", 409),
    (NotConfigured, "not-configured", "A setting is missing", 409),
)
_STATUSES: Mapping[int, tuple[str, str, str]] = {
    404: ("not-found", "No such address", "There is nothing at this address. /openapi.json lists every address."),
    405: ("method", "Not with this method", "This address takes another method. /openapi.json lists them."),
    413: ("too-large", "Too large", "The body is larger than this API takes. Send less."),
    422: ("does-not-fit", "It does not fit the form", "The body holds the sign NUL, which no text has. Send it without that."),
    416: ("range", "No such range", "The range lies outside of what there is. Ask for a range inside it."),
}
_WANTED: Mapping[str, str] = {
    "missing": "is missing",
    "extra_forbidden": "an unknown member is not allowed here",
    "json_invalid": "is not valid JSON",
    "uuid_parsing": "must be a UUID",
    "uuid_type": "must be a UUID",
    "string_type": "must be a string",
    "bool_parsing": "must be true or false",
    "int_parsing": "must be a whole number",
    "model_attributes_type": "must be a JSON object",
    "list_type": "must be a list",
    "no_reason": WANTED_REASON,
    "no_case": WANTED_CASE,
}
_LIMITS: Mapping[str, tuple[str, str]] = {
    "greater_than": ("gt", "must be more than {}"),
    "greater_than_equal": ("ge", "must be {} or more"),
    "less_than": ("lt", "must be less than {}"),
    "less_than_equal": ("le", "must be {} or less"),
    "string_too_long": ("max_length", "is too long: at most {} characters"),
    "string_too_short": ("min_length", "is too short: at least {} characters"),
    "too_long": ("max_length", "has too many items: at most {}"),
    "too_short": ("min_length", "has too few items: at least {}"),
    "string_pattern_mismatch": ("pattern", "must match {}"),
    "enum": ("expected", "must be {}"),
    "literal_error": ("expected", "must be {}"),
    "wording": ("says", "{}"),
}
_MEMBER = re.compile(r"<\w+\.\w+: ('[^']*')>")
"""How Python writes one of several words, which the form has as the word alone."""
_NOT_JSON = "must be a JSON object: send JSON, with Content-Type: application/json"


def install(app: FastAPI) -> None:
    """Make `app` answer each error with a problem."""
    app.add_exception_handler(RightcallError, _answer_ours)
    app.add_exception_handler(Refusal, _answer_refusal)
    app.add_exception_handler(RequestValidationError, _answer_unfit)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(Exception, _answer_unexpected)


def answer_http(error: HTTPException) -> JSONResponse:
    """The problem for a bare HTTP status."""
    name, title, detail = _STATUSES.get(error.status_code, ("http", "Refused", "The request was refused as it stands."))
    if isinstance(error, TooLarge):
        detail = f"{detail} At most {error.most:,} bytes are taken at once."
    return respond(_problem(name, title, error.status_code, detail, {}))


def answer_nul() -> JSONResponse:
    detail = "The address holds the sign NUL (%00), which no text has. Ask again without it."
    return respond(_problem("does-not-fit", "It does not fit the form", 422, detail, {}))


def respond(problem: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse(problem.model_dump(mode="json"), problem.status, headers, media_type=MEDIATYPE)


def of_error(error: RightcallError) -> Problem:
    """Which problem an error of ours is. The closed branches of `errors` decide; an unknown one is a Breach."""
    if isinstance(error, Mistake):
        for kind, name, title, status in _MISTAKES:
            if isinstance(error, kind):
                return _problem(name, title, status, str(error), {})
        return _problem("mistake", "It cannot be done so", 400, str(error), {})
    if isinstance(error, StillWorking):
        return _problem("still-working", "Under way, and not done yet", 503, str(error), {})
    if isinstance(error, Outage):
        return _problem("outage", "Something that Rightcall needs is away", 503, str(error), {})
    detail = "An invariant does not hold, so this was stopped. Tell the DPO and the engineers; the log says where."
    return _problem("breach", "Stopped: an invariant broke", 500, detail, {})


def _problem(name: str, title: str, status: int, detail: str, members: Mapping[str, object]) -> Problem:
    return Problem.model_validate(
        {"type": f"urn:rightcall:problem:{name}", "title": title, "status": status, "detail": detail, **members}
    )


def _answer_ours(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RightcallError)  # noqa: S101 - registered for this class only
    problem = of_error(error)
    if isinstance(error, Breach):
        _log.critical("An invariant broke while a request was answered.", exc_info=error)
    elif problem.status >= 500 and not isinstance(error, StillWorking):
        _log.error("A request could not be answered: %s", error, exc_info=error)
    headers = {"Retry-After": "1"} if problem.status == 503 else {}
    if problem.status == 401:
        headers = {"WWW-Authenticate": 'Bearer realm="rightcall"'}
    return respond(problem, headers)


def _answer_refusal(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refusal)  # noqa: S101 - registered for this class only
    return respond(error.problem, {"Retry-After": "1"} if error.problem.status in (429, 503) else {})


def _answer_unfit(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    errors = [_unfit(item) for item in error.errors()]
    detail = "The request does not fit. Mend what `errors` names; /openapi.json describes the form."
    return respond(_problem("does-not-fit", "It does not fit the form", 422, detail, {"errors": errors}))


def _unfit(item: Mapping[str, object]) -> dict[str, str]:
    """Where and what, from the form's side only: the value that was sent, and names the sender made up, stay out."""
    kind, place = str(item["type"]), item["loc"]
    assert isinstance(place, tuple)  # noqa: S101 - pydantic's own form
    known = place[:-1] if kind == "extra_forbidden" else place[:1] if kind == "json_invalid" else place
    return {"where": ".".join(str(step) for step in known), "what": _wanted(kind, place, item.get("ctx"))}


def _wanted(kind: str, place: tuple[object, ...], context: object) -> str:
    """Of `context` only the form's own limit is told: it may hold what was sent, too."""
    if place == ("body",) and kind == "model_attributes_type":
        return _NOT_JSON
    member, words = _LIMITS.get(kind, ("", ""))
    if isinstance(context, Mapping) and member in context:
        return words.format(_MEMBER.sub(r"\1", str(context[member])))
    return _WANTED.get(kind, "is not of the form that is wanted here")


def _answer_http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    return answer_http(error)


def _answer_unexpected(_: Request, error: Exception) -> JSONResponse:
    _log.critical("A request met an error that nobody expected.", exc_info=error)
    detail = "Something went wrong that nobody expected. The log says where; tell the engineers."
    return respond(_problem("unexpected", "Unexpected", 500, detail, {}))
