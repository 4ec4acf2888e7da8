"""One file as text, in windows: memory stays bounded however large it is, and offsets count in the whole decoded text.

UTF-16 and UTF-32 are known by their byte-order mark, which is no part of the text. What is valid UTF-8 from end to end is that;
else it is Windows-1252, or Latin-1 where it has bytes that Windows-1252 has not. Line ends stay as they are.
"""

import codecs
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from rightcall.discovery.model import NotRead, Reason

WINDOW = 1 << 18
_PIECE = 1 << 18
_HEAD = 1 << 16
_MOST_CONTROLS = 0.05
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_PACKED = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\x28\xb5\x2f\xfd",
    b"\x04\x22\x4d\x18",
    b"MSCF",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
)
_BINARY = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"RIFF", b"OggS", b"ID3", b"SQLite format 3")
_TAR = (257, b"ustar")
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r\f\v\b\x1b")) + b"\x7f"


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of the text that begins at `offset`. What begins from `first` to before `last` is this window's to find; the rest
    is there to be seen beside it. `bytes` were read for it."""

    offset: int
    text: str
    first: int
    last: int
    bytes: int


def opened(path: str, largest: int) -> BinaryIO:
    """A regular file that is open for reading. Raises NotRead, and OSError where it cannot be opened."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    file = os.fdopen(descriptor, "rb", buffering=0, closefd=True)
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_size > largest:
        file.close()
        raise NotRead(Reason.TOO_LARGE if stat.S_ISREG(status.st_mode) else Reason.SPECIAL)
    return file


def encoding_of(file: BinaryIO) -> str:
    """How to decode it: reads it once, or the beginning where that tells. Raises NotRead where it is no text."""
    head = _read(file, _HEAD)
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    if head.startswith(_PACKED) or head[_TAR[0] :].startswith(_TAR[1]):
        raise NotRead(Reason.PACKED)
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if head.startswith(_BINARY) or 0 in head or controls > _MOST_CONTROLS * len(head):
        raise NotRead(Reason.BINARY)
    return next((each for each in ("utf-8", "cp1252") if _decodes(file, each)), "latin-1")


def windows(pieces: Iterable[tuple[int, str]], *, reach: int, size: int = WINDOW) -> Iterator[Window]:
    """A text that comes in pieces, each with the bytes it took, as windows that see `reach` characters to both sides."""
    read = 0
    text, offset, first = "", 0, 0
    for amount, piece in pieces:
        read += amount
        text += piece
        while len(text) - first >= size + reach:
            yield Window(offset, text[: first + size + reach], first, first + size, read)
            cut, read = max(0, first + size - reach), 0
            text, offset, first = text[cut:], offset + cut, first + size - cut
    yield Window(offset, text, first, len(text), read)


def decoded(file: BinaryIO, encoding: str) -> Iterator[tuple[int, str]]:
    """All of it in order. A file that grows meanwhile is read as far as it went when this began."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    file.seek(0)
    for piece in _pieces(file):
        yield len(piece), decoder.decode(piece)
    yield 0, decoder.decode(b"", final=True)


def _decodes(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    file.seek(0)
    with suppress(UnicodeDecodeError):
        for piece in _pieces(file):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
        return True
    return False


def _pieces(file: BinaryIO) -> Iterable[bytes]:
    left = max(os.fstat(file.fileno()).st_size, _HEAD)
    while left > 0 and (piece := file.read(min(left, _PIECE))):
        left -= len(piece)
        yield piece


def _read(file: BinaryIO, amount: int) -> bytes:
    """As many bytes as there are, up to `amount`."""
    file.seek(0)
    parts: list[bytes] = []
    while amount > 0 and (part := file.read(amount)):
        parts.append(part)
        amount -= len(part)
    return b"".join(parts)
