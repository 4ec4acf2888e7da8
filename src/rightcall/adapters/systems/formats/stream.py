"""The bytes of one object, read forward: counted, with a head to know it by, and held in memory only within limits."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Protocol

from rightcall.adapters.systems.formats.limits import Spent

HEAD = 1 << 16
PIECE = 1 << 18


class Readable(Protocol):
    def read(self, amount: int, /) -> bytes: ...


class Stream:
    """`raw` may be sought in where it is an object of the source itself; what comes out of others is read forward only, and
    each of its bytes is counted as unpacked. Whatever is raised by `raw` passes through."""

    def __init__(self, raw: Readable, spent: Spent, *, seekable: IO[bytes] | None = None) -> None:
        self._raw, self._spent, self._seekable = raw, spent, seekable
        self._waiting = b""

    def head(self) -> bytes:
        """The first bytes, which stay to be read."""
        while len(self._waiting) < HEAD and (piece := self._pull(HEAD - len(self._waiting))):
            self._waiting += piece
        return self._waiting

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

    @contextmanager
    def sought(self) -> Iterator[IO[bytes]]:
        """All of it, to be sought in. Raises NotRead where it would have to be held and is too large for that."""
        if self._seekable is not None:
            self._seekable.seek(0)
            yield self._seekable
            return
        before = self._spent.held
        try:
            yield self._held()
        finally:
            self._spent.held = before

    def _held(self) -> IO[bytes]:
        held = io.BytesIO()
        for piece in self.pieces():
            self._spent.hold(len(piece))
            held.write(piece)
        held.seek(0)
        return held

    def _pull(self, amount: int) -> bytes:
        piece = self._raw.read(amount)
        if self._seekable is None:
            self._spent.unpack(len(piece))
        return piece
