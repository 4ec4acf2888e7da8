"""One object as a file that can be sought in, a block at a time; always the same version of it, or NotRead."""

from typing import Any

from rightcall.adapters.systems.formats.sought import Sought
from rightcall.adapters.systems.s3.asking import Line

BLOCK = 4 << 20


class Blocks(Sought):
    def __init__(self, line: Line, key: str, etag: str | None, size: int) -> None:
        super().__init__(size)
        self._line, self._key, self._etag = line, key, etag
        self._first, self._block = 0, b""

    def readinto(self, buffer: Any, /) -> int:
        if self._at >= self.size:
            return 0
        if not self._first <= self._at < self._first + len(self._block):
            self._first = self._at
            self._block = self._line.bytes(self._key, self._etag, self._at, min(self.size, self._at + BLOCK))
        view = memoryview(buffer)
        got = self._block[self._at - self._first :][: len(view)]
        view[: len(got)] = got
        self._at += len(got)
        return len(got)
