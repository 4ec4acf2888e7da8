"""Bytes as text, read forward once.

UTF-16 and UTF-32 are known by their byte-order mark, UTF-16 also by its zeros, EBCDIC by its blanks. All else is UTF-8, and each
byte that is not is Windows-1252 (or Latin-1 where that has none): so files of old programs, and files that two programs wrote,
come out right. Where a text goes on in another encoding than it began, each stretch is read in its own (`stretches`). Line ends
stay as they are; a byte-order mark is no part of the text. What was guessed is `noted` in the stream, with how much.
"""

import codecs
import re
from collections.abc import Iterator

from rightcall.adapters.systems.formats.noting import Noted
from rightcall.adapters.systems.formats.stream import Stream
from rightcall.adapters.systems.formats.stretches import BIG, LITTLE, NARROW, WIDE, beginning_of, may_change, narrowed, stretches
from rightcall.discovery.model import NotRead, Reason

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, LITTLE),
    (codecs.BOM_UTF16_BE, BIG),
    (codecs.BOM_UTF8, NARROW),
)
_MOST_CONTROLS = 0.05
_CONTROLS = bytes(set(range(0x1C)) - set(b"\t\n\r\f\v\b\x1b")) + b"\x7f"
_MOST_NULS = 0.2
_FEWEST_BLANKS = 0.04
_EBCDIC = "cp037"
_IN_EBCDIC = bytes(
    [
        *range(0x81, 0x8A),
        *range(0x91, 0x9A),
        *range(0xA2, 0xAA),
        *range(0xC1, 0xCA),
        *range(0xD1, 0xDA),
        *range(0xE2, 0xEA),
        *range(0xF0, 0xFA),
        *b"\x05\x0d\x15\x25\x40\x4b\x4d\x5d\x5e\x60\x61\x6b\x6d\x7a\x7c",
    ]
)
_MOST_ZEROS, _FEWEST_ZEROS = 0.02, 0.3
_SHORTEST_GUESS = 8
_HELD = 64
_CHANGING = frozenset((NARROW, *WIDE))
_WIDTHS = {LITTLE: 2, BIG: 2, "utf-32-le": 4, "utf-32-be": 4}
_NO_LETTER = "\N{REPLACEMENT CHARACTER}"
_STRAY = re.compile("[\udc80-\udcff]")
_OF_STRAYS = {0xDC00 + byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0x100)}


def encoding_of(head: bytes) -> str | None:
    """None where it is no text."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    if (begins := beginning_of(head)) is not None and _is_text(head):
        return begins
    if len(head) >= _SHORTEST_GUESS:
        half = len(head) // 2
        even, odd = head[::2].count(0) / half, head[1::2].count(0) / half
        if even <= _MOST_ZEROS and odd >= _FEWEST_ZEROS:
            return LITTLE
        if odd <= _MOST_ZEROS and even >= _FEWEST_ZEROS:
            return BIG
    if _is_ebcdic(head):
        return _EBCDIC
    return NARROW if _is_text(head) else None


def _is_text(head: bytes) -> bool:
    """However many zeros stand in one place."""
    plain = narrowed(head)
    without = plain.translate(None, b"\x00")
    controls = len(without) - len(without.translate(None, _CONTROLS))
    is_clean = len(plain) - len(without) <= _MOST_NULS * len(plain) and controls <= _MOST_CONTROLS * len(plain)
    return is_clean and (bool(plain) or not head)


def _is_ebcdic(head: bytes) -> bool:
    """Old mainframes' text: its blank is another, and nearly all of it are letters, figures and marks where no other text has
    so many."""
    if len(head) < _SHORTEST_GUESS or head.count(b"\x40") < _FEWEST_BLANKS * len(head) or b" " in head:
        return False
    return len(head.translate(None, _IN_EBCDIC)) <= _MOST_CONTROLS * len(head)


def decoded(stream: Stream, declared: str | None = None) -> Iterator[tuple[int, str]]:
    """All of it in order, in pieces, each with the bytes it took. `declared`: what the content itself says it is in; believed
    where nothing speaks against it. Raises NotRead where it is no text."""
    encoding = encoding_of(stream.head())
    if encoding is None:
        raise NotRead(Reason.BINARY)
    if declared is not None and encoding == NARROW and not _is_utf_8(stream.head()):
        encoding = declared
    decoder = _Decoder(encoding, stream.noted)
    try:
        for piece in stream.pieces():
            yield len(piece), decoder.decode(piece)
    except NotRead:
        yield 0, decoder.decode(b"", is_all=True)
        raise
    yield 0, decoder.decode(b"", is_all=True)


class _Decoder:
    """Piece by piece. What may be the beginning of a stretch in another encoding is held until more is there."""

    def __init__(self, encoding: str, noted: Noted) -> None:
        self._first, self._noted = encoding, noted
        self._held, self._is_begun = b"", False
        self._turn_to(encoding)

    def _turn_to(self, encoding: str) -> None:
        self._encoding = encoding
        self._codec = codecs.getincrementaldecoder(encoding)("surrogateescape" if encoding == NARROW else "replace")

    def decode(self, piece: bytes, *, is_all: bool = False) -> str:
        text = self._held + piece
        if not self._is_begun:
            self._is_begun = bool(text)
            text = text.removeprefix(next((mark for mark, each in _BOMS if each == self._encoding), b""))
        if self._first not in _CHANGING:
            return self._text(text, is_all=is_all)
        last = len(text) if is_all else max(0, len(text) - _HELD)
        last -= last % 2 if self._encoding in WIDE and not is_all else 0
        self._held = text[last:]
        if not may_change(text[:last], self._encoding):
            return self._text(text[:last], is_all=is_all)
        return self._in_stretches(text[:last], is_all=is_all)

    def _in_stretches(self, text: bytes, *, is_all: bool) -> str:
        said, end = [], 0
        for encoding, start, end in stretches(text, self._encoding, is_all=is_all):
            stretch = text[start:end]
            if encoding != self._encoding:
                said.append(self._text(b"", is_all=True))
                self._turn_to(encoding)
                stretch = stretch.removeprefix(next((mark for mark, each in _BOMS if each == encoding), b""))
            said.append(self._text(stretch))
        self._held = text[end:] + self._held
        return "".join(said) + (self._text(b"", is_all=True) if is_all else "")

    def _text(self, piece: bytes, *, is_all: bool = False) -> str:
        text = self._codec.decode(piece, is_all)
        self._noted.changed += len(piece) if self._encoding != self._first else 0
        if self._encoding == NARROW:
            if text.isascii() or not (strays := len(_STRAY.findall(text))):
                return text
            self._noted.guessed += strays
            return text.translate(_OF_STRAYS)
        if self._encoding == _EBCDIC:
            self._noted.guessed += len(piece)
            return text.replace("\x85", "\n")
        self._noted.lost += text.count(_NO_LETTER) * _WIDTHS.get(self._encoding, 1)
        return text


def _is_utf_8(head: bytes) -> bool:
    """As far as can be told; a character may be cut at its end."""
    try:
        codecs.utf_8_decode(head, "strict", False)
    except UnicodeDecodeError:
        return False
    return not head.isascii()


def kept(stream: Stream) -> Iterator[tuple[int, str]]:
    """UTF-8 text from which `as_bytes` makes every byte again, those too that are none. Raises NotRead where some of it is in
    another encoding: its lines are others as `decoded` has them."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")
    before = b""
    for piece in stream.pieces():
        seen = before + piece
        if may_change(seen, NARROW) and any(each.encoding in WIDE for each in stretches(seen, NARROW, is_all=True)):
            raise NotRead(Reason.MIXED)
        before = piece[-_HELD:]
        yield len(piece), decoder.decode(piece)
    yield 0, decoder.decode(b"", final=True)


def as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def text_of(content: bytes, noted: Noted | None = None) -> str:
    """A short stretch, by the same rules."""
    return _Decoder(encoding_of(content) or NARROW, noted or Noted()).decode(content, is_all=True)


def without_strays(text: str) -> str:
    """What `kept` gives, as `decoded` has it."""
    return text.translate(_OF_STRAYS) if not text.isascii() and _STRAY.search(text) else text
