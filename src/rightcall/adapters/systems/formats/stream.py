"""The bytes of one object, read forward: counted, with a head to know it by, and held in memory only within limits."""

import io
from collections.abc import Iterator
from typing import IO, Protocol

from rightcall.adapters.systems.formats.limits import Spent
from rightcall.adapters.systems.formats.noting import Noted
from rightcall.discovery.model import NotRead

HEAD = 1 << 16
PIECE = 1 << 18


class Readable(Protocol):
    def read(self, amount: int, /) -> bytes: ...


class Stream:
    """`raw` may be sought in where it is an object of the source itself; what comes out of others is read forward only, and
    each of its bytes is counted as unpacked. Whatever is raised by `raw` passes through. `noted`: what was guessed of it."""

    def __init__(self, raw: Readable, spent: Spent, *, seekable: IO[bytes] | None = None) -> None:
        self._raw, self._spent, self._seekable = raw, spent, seekable
        self._is_outermost = seekable is not None
        self.noted = Noted()
        self._waiting = b""
        self._head: bytes | None = None
        self._why: NotRead | None = None

    def head(self) -> bytes:
        """The first bytes, which stay to be read. Asked before anything else; the same again later. What breaks off among them is
        read as far as it goes, and raises NotRead there."""
        if self._head is None:
            try:
                while len(self._waiting) < HEAD and (piece := self._pull(HEAD - len(self._waiting))):
                    self._waiting += piece
            except NotRead as why:
                if not self._waiting:
                    raise
                self._why = why
            self._head = self._waiting
        return self._head

    def read(self, amount: int = -1) -> bytes:
        """Up to `amount` bytes; none at the end, and only there."""
        if amount < 0:
            return b"".join(self.pieces())
        if self._waiting:
            given, self._waiting = self._waiting[:amount], self._waiting[amount:]
            return given
        return self._pull(amount)

    def pieces(self) -> Iterator[bytes]:
        while piece := self.read(PIECE):
            yield piece

    def unread(self, given: bytes) -> None:
        """To be read again, first."""
        self._waiting = given + self._waiting

    def sought(self) -> IO[bytes]:
        """All of it, to be sought in, from its beginning. Raises NotRead where it would have to be held and is too large."""
        if self._seekable is None:
            held = io.BytesIO()
            for piece in self.pieces():
                self._spent.hold(len(piece))
                held.write(piece)
            self._seekable = held
        self._seekable.seek(0)
        return self._seekable

    def _pull(self, amount: int) -> bytes:
        if self._why is not None:
            raise self._why
        piece = self._raw.read(amount)
        if not self._is_outermost:
            self._spent.unpack(len(piece))
        return piece
