"""A ZIP file written piece by piece (PKWARE APPNOTE 6.3.10, with its ZIP64 parts): each piece stands alone, so that whoever was
cut off begins with the next one; the directory comes last.

What is known whole is told with its size before it, so that every reader takes it. What is not known whole is deflated, with
its size behind it. Names are of our making: ids and plain words. No time of day is told, since nothing in it is of that moment.
"""

import struct
import zlib
from collections.abc import Callable, Iterable, Sequence

from rightcall.requests.packages.model import Entry

_LOCAL, _BEHIND, _CENTRAL, _END64, _LOCATOR, _END = (
    0x04034B50,
    0x08074B50,
    0x02014B50,
    0x06064B50,
    0x07064B50,
    0x06054B50,
)
_VERSION = 45
_MADE_BY = 3 << 8 | _VERSION
"""On a Unix, so that the rights of files are told."""
_UTF8, _SIZE_BEHIND = 1 << 11, 1 << 3
_STORED, _DEFLATED = 0, 8
_DAY = 1 << 5 | 1
"""1 January 1980, the first day that the format knows."""
_FULL32, _FULL16 = 0xFFFFFFFF, 0xFFFF
_SHORTEST = 200
Write = Callable[[bytes], object]


class Piece:
    """Files, one behind the other, into `write`. `entries`: what the directory is to tell of them."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self.length = 0
        self.entries: list[Entry] = []

    def add(self, name: str, body: bytes, *, pack: bool) -> None:
        packed = _deflate(body) if pack and len(body) >= _SHORTEST else body
        crc, offset = zlib.crc32(body), self.length
        self._put(_local(name, 0, _DEFLATED if packed is not body else _STORED, crc, len(packed), len(body)))
        self._put(packed)
        self.entries.append(
            Entry(
                name=name,
                offset=offset,
                crc=crc,
                packed=len(packed),
                length=len(body),
                is_packed=packed is not body,
                is_streamed=False,
            )
        )

    def stream(self, name: str, chunks: Iterable[bytes]) -> None:
        """Whatever its length."""
        offset, crc, length, packed = self.length, 0, 0, 0
        self._put(_local(name, _SIZE_BEHIND, _DEFLATED, 0, _FULL32, _FULL32))
        deflating = zlib.compressobj(1, wbits=-zlib.MAX_WBITS)
        for chunk in chunks:
            crc, length = zlib.crc32(chunk, crc), length + len(chunk)
            packed += self._put(deflating.compress(chunk))
        packed += self._put(deflating.flush())
        self._put(struct.pack("<IIQQ", _BEHIND, crc, packed, length))
        self.entries.append(
            Entry(name=name, offset=offset, crc=crc, packed=packed, length=length, is_packed=True, is_streamed=True)
        )

    def _put(self, data: bytes) -> int:
        if data:
            self._write(data)
            self.length += len(data)
        return len(data)


class Directory:
    """The end of the file: a line for each file in it. Begins at `at`, which is how long all the pieces are."""

    def __init__(self, write: Write, at: int) -> None:
        self._write, self._at = write, at
        self.length, self._files = 0, 0

    def add(self, entries: Sequence[Entry], piece_at: int) -> None:
        """Those of a piece that begins at `piece_at`."""
        for each in entries:
            self._put(_central(each, piece_at + each.offset))
            self._files += 1

    def end(self) -> None:
        size, end = self.length, self._at + self.length
        self._put(struct.pack("<IQHHIIQQQQ", _END64, 44, _MADE_BY, _VERSION, 0, 0, self._files, self._files, size, self._at))
        self._put(struct.pack("<IIQI", _LOCATOR, 0, end, 1))
        files = min(self._files, _FULL16)
        self._put(struct.pack("<IHHHHIIH", _END, 0, 0, files, files, min(size, _FULL32), min(self._at, _FULL32), 0))

    def _put(self, data: bytes) -> None:
        self._write(data)
        self.length += len(data)


def _local(name: str, flags: int, method: int, crc: int, packed: int, length: int) -> bytes:
    told = name.encode()
    extra = b"" if not flags else struct.pack("<HHQQ", 1, 16, 0, 0)
    head = (_LOCAL, _VERSION, flags | _UTF8, method, 0, _DAY, crc, packed, length, len(told), len(extra))
    return struct.pack("<IHHHHHIIIHH", *head) + told + extra


def _central(entry: Entry, offset: int) -> bytes:
    told, flags = entry.name.encode(), _UTF8 | (_SIZE_BEHIND if entry.is_streamed else 0)
    extra = struct.pack("<HHQQQ", 1, 24, entry.length, entry.packed, offset)
    method = _DEFLATED if entry.is_packed else _STORED
    head = (_CENTRAL, _MADE_BY, _VERSION, flags, method, 0, _DAY, entry.crc, _FULL32, _FULL32, len(told), len(extra))
    return struct.pack("<IHHHHHHIIIHH", *head) + struct.pack("<HHHII", 0, 0, 0, 0o100644 << 16, _FULL32) + told + extra


def _deflate(body: bytes) -> bytes:
    deflating = zlib.compressobj(6, wbits=-zlib.MAX_WBITS)
    return deflating.compress(body) + deflating.flush()
