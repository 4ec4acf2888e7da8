"""Bytes as text, read forward once.

UTF-16 and UTF-32 are known by their byte-order mark, UTF-16 also by its zeros, EBCDIC by its blanks. All else is UTF-8, and each
byte that is not is Windows-1252 (or Latin-1 where that has none): so files of old programs, and files that two programs wrote,
come out right. Line ends stay as they are; a byte-order mark is no part of the text.
"""

import codecs
import re
from collections.abc import Iterator

from rightcall.adapters.systems.formats.stream import Stream
from rightcall.discovery.model import NotRead, Reason

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
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
_STRAY = re.compile("[\udc80-\udcff]")
_OF_STRAYS = {0xDC00 + byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0x100)}


def encoding_of(head: bytes) -> str | None:
    """None where it is no text."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    if len(head) >= _SHORTEST_GUESS:
        half = len(head) // 2
        even, odd = head[::2].count(0) / half, head[1::2].count(0) / half
        if even <= _MOST_ZEROS and odd >= _FEWEST_ZEROS:
            return "utf-16-le"
        if odd <= _MOST_ZEROS and even >= _FEWEST_ZEROS:
            return "utf-16-be"
    if _is_ebcdic(head):
        return _EBCDIC
    without = head.translate(None, b"\x00")
    controls = len(without) - len(without.translate(None, _CONTROLS))
    is_text = len(head) - len(without) <= _MOST_NULS * len(head) and controls <= _MOST_CONTROLS * len(head)
    return "utf-8" if is_text else None


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
    if declared is not None and encoding == "utf-8" and not _is_utf_8(stream.head()):
        encoding = declared
    is_ours = encoding.startswith("utf-8")
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape" if is_ours else "replace")
    for piece in stream.pieces():
        yield len(piece), _plain(decoder.decode(piece), encoding)
    yield 0, _plain(decoder.decode(b"", final=True), encoding)


def _is_utf_8(head: bytes) -> bool:
    """As far as can be told; a character may be cut at its end."""
    try:
        codecs.utf_8_decode(head, "strict", False)
    except UnicodeDecodeError:
        return False
    return not head.isascii()


def kept(stream: Stream) -> Iterator[tuple[int, str]]:
    """UTF-8 text from which `as_bytes` makes every byte again, those too that are none."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")
    for piece in stream.pieces():
        yield len(piece), decoder.decode(piece)
    yield 0, decoder.decode(b"", final=True)


def as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def text_of(content: bytes) -> str:
    """A short stretch, by the same rules."""
    encoding = encoding_of(content) or "utf-8"
    return _plain(content.decode(encoding, "surrogateescape" if encoding.startswith("utf-8") else "replace"), encoding)


def _plain(text: str, encoding: str) -> str:
    """EBCDIC has an end of a line of its own."""
    return text.replace("\x85", "\n") if encoding == _EBCDIC else without_strays(text)


def without_strays(text: str) -> str:
    """What `kept` gives, as `decoded` has it."""
    return text.translate(_OF_STRAYS) if not text.isascii() and _STRAY.search(text) else text
