"""A zip archive as if its list ended with its first members: of more than are looked at, these are read."""

import io
import struct
from typing import IO

_ENTRY, _ENTRY_BEGINS = struct.Struct("<28xHHH12x"), b"PK\x01\x02"
_END_64 = struct.Struct("<4sQHHIIQQQQ")
_LOCATOR = struct.Struct("<4sIQI")
_END = struct.Struct("<4sHHHHIIH")
_IN_64, _IN_64_LONG = 0xFFFF, 0xFFFFFFFF


def shortened(file: IO[bytes], begins: int, length: int, offset: int, most: int) -> "io.BufferedReader | None":
    """Its list of members begins at `begins` and is `length` bytes long; by its own words it begins at `offset`. At most so many
    members of it; None where it is no such list."""
    file.seek(begins)
    listed, size = file.read(length), 0
    for _ in range(most):
        if not listed.startswith(_ENTRY_BEGINS, size) or size + _ENTRY.size > len(listed):
            break
        name, extra, comment = _ENTRY.unpack_from(listed, size)
        if size + _ENTRY.size + name + extra + comment > len(listed):
            break
        size += _ENTRY.size + name + extra + comment
    if size == 0:
        return None
    end = _END_64.pack(b"PK\x06\x06", _END_64.size - 12, 45, 45, 0, 0, most, most, size, offset)
    end += _LOCATOR.pack(b"PK\x06\x07", 0, begins + size, 1)
    end += _END.pack(b"PK\x05\x06", 0, 0, _IN_64, _IN_64, _IN_64_LONG, _IN_64_LONG, 0)
    return io.BufferedReader(_Cut(file, begins + size, end))


class _Cut(io.RawIOBase):
    """The first bytes of a file, and then others."""

    def __init__(self, file: IO[bytes], size: int, end: bytes) -> None:
        self._file, self._size, self._end, self._at = file, size, end, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        whole = self._size + len(self._end)
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: whole}[whence])
        return self._at

    def readinto(self, room: memoryview, /) -> int:  # type: ignore[override]  # any buffer, of which a BufferedReader gives this
        if self._at < self._size:
            self._file.seek(self._at)
            read = self._file.read(min(len(room), self._size - self._at))
        else:
            read = self._end[self._at - self._size :][: len(room)]
        room[: len(read)] = read
        self._at += len(read)
        return len(read)
