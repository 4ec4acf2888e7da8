"""One object as a file that can be sought in, a block at a time; always the same version of it, or NotRead."""

import io
import os
from typing import Any

from rightcall.adapters.systems.s3.asking import Line

BLOCK = 4 << 20


class Blocks(io.RawIOBase):
    def __init__(self, line: Line, key: str, etag: str | None, size: int) -> None:
        super().__init__()
        self._line, self._key, self._etag, self._size = line, key, etag, size
        self._at, self._first, self._block = 0, 0, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = max(0, offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence])
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        if self._at >= self._size:
            return 0
        if not self._first <= self._at < self._first + len(self._block):
            self._first = self._at
            self._block = self._line.bytes(self._key, self._etag, self._at, min(self._size, self._at + BLOCK))
        view = memoryview(buffer)
        got = self._block[self._at - self._first :][: len(view)]
        view[: len(got)] = got
        self._at += len(got)
        return len(got)
