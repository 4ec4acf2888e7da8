"""One file, compressed: gzip, bzip2, xz, Zstandard. What is in it is looked at as a file of its own, by its content."""

import bz2
import lzma
import sys
import zlib
from collections.abc import Callable
from typing import Protocol

from rightcall.adapters.systems.formats.guarded import Guarded
from rightcall.adapters.systems.formats.limits import Limits
from rightcall.adapters.systems.formats.model import WITHIN, Format, Head, Told, Within
from rightcall.adapters.systems.formats.stream import PIECE, Readable, Stream
from rightcall.discovery.model import NotRead, Reason

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_MOST_MEMORY = 128 << 20
_LARGEST_WINDOW = 27
_FED = 1 << 14
"""Bytes at once: what comes of them is measured against them."""
_ZERO = b"\x00"
_NAMES = {".tgz": ".tar", ".tbz2": ".tar", ".tbz": ".tar", ".txz": ".tar", ".tzst": ".tar"}
ENDINGS = (".gz", ".bz2", ".xz", ".zst", *_NAMES)


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes: ...


class _Unpacked:
    """One compressed stretch after the other, with nothing but zeros between them."""

    def __init__(self, stream: Stream, limits: Limits, begins: bytes, make: Callable[[], _Decompressor]) -> None:
        self._limits, self._taken, self._given = limits, 0, 0
        self._stream, self._begins, self._make = stream, begins, make
        self._now = make()

    def read(self, amount: int) -> bytes:
        while True:
            if self._now.eof and not self._next():
                return b""
            given = self._stream.read(_FED) if self._now.needs_input else b""
            if self._now.needs_input and not given:
                raise EOFError
            self._taken += len(given)
            if got := self._now.decompress(given, amount):
                self._given += len(got)
                if self._limits.is_bomb(self._given, self._taken):
                    raise NotRead(Reason.BOMB)
                return got

    def _next(self) -> bool:
        """Whether another one begins. Raises NotRead where something else follows."""
        rest = self._now.unused_data.lstrip(_ZERO)
        while len(rest) < len(self._begins) and (more := self._stream.read(PIECE)):
            rest = (rest + more).lstrip(_ZERO)
        if not rest:
            return False
        if not rest.startswith(self._begins):
            raise NotRead(Reason.BROKEN)
        self._now = self._make()
        self._stream.unread(rest)
        return True


class _Gzip:
    """Behind the names that the other decompressors have."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        self._has_more = False

    @property
    def eof(self) -> bool:
        return self._inflate.eof

    @property
    def needs_input(self) -> bool:
        return not self._inflate.eof and not self._inflate.unconsumed_tail and not self._has_more

    @property
    def unused_data(self) -> bytes:
        return self._inflate.unused_data

    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes:
        got = self._inflate.decompress(self._inflate.unconsumed_tail + data, max(0, max_length))
        self._has_more = len(got) == max_length
        return got


def _gzip(stream: Stream, limits: Limits) -> Readable:
    return _Unpacked(stream, limits, b"\x1f\x8b", _Gzip)


def _bzip2(stream: Stream, limits: Limits) -> Readable:
    return _Unpacked(stream, limits, b"BZh", bz2.BZ2Decompressor)


def _xz(stream: Stream, limits: Limits) -> Readable:
    return _Unpacked(stream, limits, b"\xfd7zXZ\x00", lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MOST_MEMORY))


def _zstandard(stream: Stream, limits: Limits) -> Readable:
    options = {int(zstd.DecompressionParameter.window_log_max): _LARGEST_WINDOW}
    return _Unpacked(stream, limits, b"\x28\xb5\x2f\xfd", lambda: zstd.ZstdDecompressor(options=options))


_KINDS: tuple[tuple[bytes, Callable[[Stream, Limits], Readable]], ...] = (
    (b"\x1f\x8b", _gzip),
    (b"BZh", _bzip2),
    (b"\xfd7zXZ\x00", _xz),
    (b"\x28\xb5\x2f\xfd", _zstandard),
)


def fits(head: Head) -> bool:
    return head.bytes.startswith(tuple(begins for begins, _ in _KINDS))


def parts(name: str, stream: Stream, within: Within) -> Told:
    head = stream.head()
    opening = next(opening for begins, opening in _KINDS if head.startswith(begins))
    return within.inner(f"{name}{WITHIN}{_inside(name)}", Guarded(opening(stream, within.limits)))


def _inside(name: str) -> str:
    last = name.rpartition("/")[2]
    stem, dot, ending = last.rpartition(".")
    kept = _NAMES.get(dot + ending.lower(), "")
    return (stem + kept) if dot and stem else last


FORMAT = Format(
    name="gzip, bzip2, xz, Zstandard",
    fits=fits,
    parts=parts,
    endings=ENDINGS,
    reads="What is in it, by its content, within the limits on what may come out",
    leaves="What follows a broken place, or the last of it (told); windows larger than 128 MiB",
)
