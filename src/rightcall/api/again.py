"""A question that is about nothing on record has the same answer as long as nothing that it rests on has changed: a dialler that
asks thousands of times a second whether it may ring people in one situation is answered from here, with the verdict that stands
in the ledger since it was first asked.

What it rests on is read anew every second (`state_of`): the token, the day, the purposes and their reviews, the rules in force
and the overrides. The recorder too may be behind by that. What is asked of a call, a holding or a person, or is decided by an
override, is answered anew each time.
"""

import asyncio
import hashlib
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECONDS = 1.0
_MOST = 4096
_PATH = "/api/v1/verdicts"
_TELLING = (b"authorization", b"content-type")
REPEATABLE = "repeatable"
"""Set in the request's state by a route whose answer may be given again."""


StateOf = Callable[[str], bytes | None]
"""A digest of all that answers to this token rest on, from the database; None where it opens no door."""


@dataclass(frozen=True, slots=True)
class _Given:
    state: bytes
    start: Message
    body: bytes


@dataclass(slots=True)
class _Known:
    """What answers to one token rest on, as read at some moment. `lock`: one reads, the others wait for it."""

    read_at: float = -math.inf
    state: bytes | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Again:
    """ASGI middleware around the routes. It remembers in this process alone, by a digest of the token and the question."""

    def __init__(self, app: ASGIApp, state_of: StateOf, now: Callable[[], float] = time.monotonic, most: int = _MOST) -> None:
        self._app = app
        self._state_of = state_of
        self._now = now
        self._most = most
        self._given: OrderedDict[bytes, _Given] = OrderedDict()
        self._known: OrderedDict[bytes, _Known] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != _PATH or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        body, state = await _read(receive), await self._state(scope)
        key = _key(scope, body)
        given = self._given.get(key)
        if state is not None and given is not None and given.state == state:
            scope["route"] = _Route
            await send(dict(given.start))
            await send({"type": "http.response.body", "body": given.body})
            return
        await self._ask(scope, key, state, _Read(body, receive), send)

    async def _ask(self, scope: Scope, key: bytes, state: bytes | None, receive: "_Read", send: Send) -> None:
        """The state was read before the answer was made: where it changed in between, the next question finds another."""
        heard, kept = _Heard(send), scope.setdefault("state", {})
        await self._app(scope, receive.receive, heard.send)
        if state is None or not kept.get(REPEATABLE) or not heard.is_whole or heard.start["status"] != 200:
            return
        self._given[key] = _Given(state, heard.start, heard.body)
        while len(self._given) > self._most:
            self._given.popitem(last=False)

    async def _state(self, scope: Scope) -> bytes | None:
        secret = _secret(scope)
        if secret is None:
            return None
        known = self._known.setdefault(hashlib.sha256(secret.encode()).digest(), _Known())
        if known.read_at + SECONDS > self._now():
            return known.state
        async with known.lock:
            if known.read_at + SECONDS <= self._now():
                asked_at = self._now()
                known.state = await asyncio.to_thread(self._state_of, secret)
                known.read_at = asked_at
        while len(self._known) > self._most:
            self._known.popitem(last=False)
        return known.state


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
        self.start: Message = {}
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


def _secret(scope: Scope) -> str | None:
    told = [value for header, value in scope["headers"] if header == b"authorization"]
    scheme, _, secret = told[0].decode("latin-1").partition(" ") if len(told) == 1 else ("", "", "")
    return secret if scheme.lower() == "bearer" and secret else None


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
