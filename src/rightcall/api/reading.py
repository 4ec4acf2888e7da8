"""How a body is read, whichever face it is for: no more of it than is allowed, and no NUL in what is text. The edge says how much
that is for most routes; a route that takes more says so itself, as it reads (`longer_body`).

No text that is kept can have the sign NUL (PostgreSQL, 8.3). It is refused here for forms and JSON, as they are written on the
wire; what is written in another way is refused by the database.
"""

import re
from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope

from rightcall.design.wrong import TooLarge

NUL_STATUS: Final = 422
_FORM, _PARTS = b"application/x-www-form-urlencoded", b"multipart/form-data"
_NUL_OF_FORM = re.compile(rb"%00|\0")
_NUL_OF_JSON = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000|\0")
_NUL = re.compile(rb"\0")
_LONGEST_SIGN = 64
"""So much of what came before is looked at again, since a sign may come in two pieces."""
_READING = "reading"


class Reading:
    """Counts the body as it arrives, whatever its length was said to be, and looks at each piece. One that is said to be too long
    is not begun."""

    def __init__(self, scope: Scope, receive: Receive, most: int) -> None:
        self._receive = receive
        self._most = most
        self._read = 0
        self._before = b""
        self._nul = _nul_of(scope["headers"])
        self._announced = _announced(scope["headers"])
        scope.setdefault("state", {})[_READING] = self

    def allow(self, most: int, *, is_text: bool) -> None:
        """More than for most routes, from a route that has not begun to read."""
        self._most = most
        self._nul = self._nul if is_text else None

    async def receive(self) -> Message:
        """TooLarge where it is too long, HTTPException 422 where it holds a NUL: each face says so in its own way."""
        if self._announced > self._most:
            raise TooLarge(self._most)
        message = await self._receive()
        piece = message.get("body", b"")
        self._read += len(piece)
        if self._read > self._most:
            raise TooLarge(self._most)
        if self._nul is not None and self._nul.search(self._before + piece):
            raise HTTPException(NUL_STATUS)
        self._before = (self._before + piece)[-_LONGEST_SIGN:]
        return message


async def raw_body(request: Request) -> bytes:
    """All of it, byte for byte, for a route that takes it apart itself."""
    return await request.body()


RawBody = Annotated[bytes, Depends(raw_body)]


async def longer_body(request: Request, most: int, *, is_text: bool = True) -> bytes:
    """The same where it may be longer than elsewhere. `is_text`: of what its media type says; else a NUL may be in it, for
    whoever takes it apart to find."""
    reading: Reading = getattr(request.state, _READING)
    reading.allow(most, is_text=is_text)
    return await request.body()


def _announced(headers: Sequence[tuple[bytes, bytes]]) -> int:
    value = next((value for name, value in headers if name == b"content-length"), b"")
    return int(value) if value.isdigit() else 0


def _nul_of(headers: Sequence[tuple[bytes, bytes]]) -> re.Pattern[bytes] | None:
    """How a NUL is written in what comes; None where it may be no text. The one file that a form takes is text too."""
    kind = next((value.lower() for name, value in headers if name == b"content-type"), b"")
    if kind.startswith(_FORM):
        return _NUL_OF_FORM
    if b"json" in kind.partition(b";")[0]:
        return _NUL_OF_JSON
    return _NUL if kind.startswith(_PARTS) else None
