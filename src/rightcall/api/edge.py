"""What surrounds every request: a limit on what is read, headers that tell browsers to keep out, a log line and figures.

The log line names the route as it is written in the API, such as `/api/v1/subjects/{subject}`, never the address as it was asked,
which may hold a telephone number in its query.
"""

import logging
import time
from collections.abc import Callable, Sequence

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rightcall.api.address import PREFIX
from rightcall.api.problems import answer_http, answer_nul
from rightcall.api.reading import Reading
from rightcall.telemetry import Metrics

MAX_BODY_BYTES = 1 << 20
_WATCHED = ("/health", "/metrics")
_QUIET = (f"{PREFIX}/concerns", f"{PREFIX}/public/concerns", "/me/{controller}/concern", "/me/{controller}/case")
_log = logging.getLogger(__name__)

HEADERS: Sequence[tuple[bytes, bytes]] = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"referrer-policy", b"no-referrer"),
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)


class Edge:
    """ASGI middleware around the whole application. HEAD is answered wherever GET is, by the same route, without the body."""

    def __init__(self, app: ASGIApp, metrics: Metrics, nul: Callable[[Scope], ASGIApp] = lambda _: answer_nul()) -> None:
        """`nul`: what answers an address that no text can hold."""
        self._app = app
        self._metrics = metrics
        self._nul = nul

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_head = scope["method"] == "HEAD"
        asked = {**scope, "method": "GET"} if is_head else scope
        began = time.monotonic()
        answer = _Answer(
            send, lambda status: self._tell(scope["method"], asked, status, time.monotonic() - began), without_body=is_head
        )
        try:
            if _has_nul(asked):
                await self._nul(asked)(asked, receive, answer.send)
            else:
                await self._app(asked, Reading(asked, receive, MAX_BODY_BYTES).receive, answer.send)
        except HTTPException as error:  # of the body, where it was read before the routes
            await answer_http(error)(asked, receive, answer.send)
        finally:
            answer.end()

    def _tell(self, method: str, scope: Scope, status: int, seconds: float) -> None:
        route = _route(scope)
        method = method if method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD") else "other"
        method, route, told = _untelling(method, route, status)
        self._metrics.requests.labels(method=method, route=route, status=told).inc()
        self._metrics.request_seconds.labels(route=route).observe(seconds)
        _log.log(
            logging.DEBUG if route in _WATCHED else logging.INFO,
            "%s %s answered %s",
            method,
            route,
            told,
            extra={"milliseconds": round(seconds * 1000, 1)},
        )


class _Answer:
    """Passes the answer on with our headers. `told`, once, as soon as its last byte is on its way: what is done after an answer
    is done for some alone, and figures that waited for it would tell for whom."""

    def __init__(self, send: Send, told: Callable[[int], None], *, without_body: bool) -> None:
        self._send = send
        self._told = told
        self._without_body = without_body
        self._status = 0
        self._is_over = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            given = list(message.get("headers", ()))
            names = {name.lower() for name, _ in given}
            message["headers"] = given + [header for header in HEADERS if header[0] not in names]
        elif self._without_body:
            message = {**message, "body": b""}
        await self._send(message)
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            self.end()

    def end(self) -> None:
        """Also where it broke off: what was never begun is a 500."""
        if not self._is_over:
            self._is_over = True
            self._told(self._status or 500)


def _has_nul(scope: Scope) -> bool:
    """Whether the address holds the sign NUL, which no text that is kept can have."""
    return "\0" in scope["path"] or b"%00" in scope["query_string"] or b"\0" in scope["query_string"]


def _route(scope: Scope) -> str:
    """The route as it is written in the API; a router that is included knows its own part only."""
    path: str | None = getattr(scope.get("route"), "path", None)
    if path is None:
        return "none"
    return PREFIX + path if scope["path"].startswith(f"{PREFIX}/") and not path.startswith(PREFIX) else path


def _untelling(method: str, route: str, status: int) -> tuple[str, str, str]:
    """As it may be told. All requests about concerns look alike, so that nobody sees by log or figures when one is raised."""
    if route.startswith(_QUIET):
        return "any", _QUIET[0], "any" if status < 500 else str(status)
    return method, route, str(status)
