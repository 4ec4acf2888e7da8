"""The same question, asked again by the same token within a second, has the same answer: a dialler that asks thousands of times a
second whether it may ring people in one situation is answered from here, with the verdict that stands in the ledger.

Only answers about nothing on record are given again (`repeatable`): what is asked of a call or a holding is read anew each time.
A second is what the recorder too may be behind by: a token that is revoked, a purpose that ends, rules that are adopted count
here after it at the latest.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECONDS = 1.0
_MOST = 4096
_PATH = "/api/v1/verdicts"
_TELLING = (b"authorization", b"content-type")
REPEATABLE = "repeatable"
"""Set in the request's state by a route whose answer may be given again."""


@dataclass(frozen=True, slots=True)
class _Given:
    until: float
    start: Message
    body: bytes


class Again:
    """ASGI middleware around the routes. It remembers in this process alone, by a digest of the token and the question."""

    def __init__(self, app: ASGIApp, now: Callable[[], float] = time.monotonic, most: int = _MOST) -> None:
        self._app = app
        self._now = now
        self._most = most
        self._given: OrderedDict[bytes, _Given] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != _PATH or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        body = await _read(receive)
        key = _key(scope, body)
        given = self._given.get(key)
        if given is not None and given.until > self._now():
            scope["route"] = _Route
            await send(dict(given.start))
            await send({"type": "http.response.body", "body": given.body})
            return
        await self._ask(scope, key, _Read(body, receive), send)

    async def _ask(self, scope: Scope, key: bytes, receive: "_Read", send: Send) -> None:
        """What was read before the answer was made counts from before it: the second begins when it is asked."""
        asked_at, heard = self._now(), _Heard(send)
        state = scope.setdefault("state", {})
        await self._app(scope, receive.receive, heard.send)
        if state.get(REPEATABLE) and heard.start is not None and heard.start["status"] == 200 and heard.is_whole:
            self._given[key] = _Given(asked_at + SECONDS, heard.start, heard.body)
            while len(self._given) > self._most:
                self._given.popitem(last=False)


class _Route:
    """For the log and the figures: which route it was."""

    path = "/verdicts"


class _Read:
    """The body that was read, given once more; then whatever comes."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def receive(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


class _Heard:
    """Passes the answer on, and remembers it."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.start: Message | None = None
        self.body = b""
        self.is_whole = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = dict(message)
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            self.is_whole = not message.get("more_body", False)
        await self._send(message)


async def _read(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            break
    return b"".join(parts)


def _key(scope: Scope, body: bytes) -> bytes:
    """No token is kept, and no question: their digest."""
    digest = hashlib.sha256(scope["query_string"])
    for name in _TELLING:
        told = [value for header, value in scope["headers"] if header == name]
        digest.update(b"\x00%d" % len(told))
        for value in told:
            digest.update(b"\x00%d\x00" % len(value) + value)
    digest.update(b"\x00\x00" + body)
    return digest.digest()
