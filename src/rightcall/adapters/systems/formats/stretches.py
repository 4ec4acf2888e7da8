"""Where a text changes its encoding on its way, as a log does that one program writes in UTF-16 and another goes on with in
bytes: UTF-16 is known by the zeros beside its letters and by its mark, the other by a run of letters without any.

A zero by itself changes nothing, and few letters in UTF-16 are the same letters with zeros between them.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

NARROW, LITTLE, BIG = "utf-8", "utf-16-le", "utf-16-be"
WIDE = frozenset((LITTLE, BIG))
_UNIT = rb"[\t\n\r\x20-\x7e\xa0-\xff]"
_LETTER = rb"(?:[\t\n\r\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})(?!\x00)"
_SIGN = re.compile(
    rb"(?P<mark>\xff\xfe|\xfe\xff)|(?P<little>(?:" + _UNIT + rb"\x00){4,})|(?P<big>(?:\x00" + _UNIT + rb"){4,})"
    rb"|(?P<narrow>(?:" + _LETTER + rb"){8,})"
)
_WIDE_RUN = re.compile(rb"(?:" + _UNIT + rb"\x00){4,}|(?:\x00" + _UNIT + rb"){4,}")
_ZEROS = re.compile(rb"\x00{16,}")
_ENCODINGS = {"little": LITTLE, "big": BIG, "narrow": NARROW}
_MARKS = {b"\xff\xfe": LITTLE, b"\xfe\xff": BIG}
_OF_MARKS = b"\xff"
_BEFORE_MARK = b"\n\r\x00"
_PLAIN = bytes([*range(0x20, 0x7F), *b"\t\n\r"])
_SURE, _LIKELY, _SHORT = 24, 12, 6
"""Bytes in a run of narrow letters: more are no letters of UTF-16 by chance."""
_MOST_HELD = 4096


class Stretch(NamedTuple):
    encoding: str
    start: int
    end: int


class _Sign(NamedTuple):
    encoding: str
    start: int
    end: int


def may_change(text: bytes, encoding: str) -> bool:
    """Quickly told: in UTF-16 whatever has other letters than those of Western Europe, else whatever has zeros or a mark."""
    if encoding not in WIDE:
        return b"\x00" in text or (_OF_MARKS in text and any(mark in text for mark in _MARKS))
    highs = text[1::2] if encoding == LITTLE else text[::2]
    return highs.count(0) < len(highs)


def beginning_of(head: bytes) -> str | None:
    """What the first letters are in where zeros stand somewhere; None where that is not sure."""
    sign = _SIGN.match(head) if b"\x00" in head else None
    return _ENCODINGS.get(sign.lastgroup or "") if sign is not None else None


def narrowed(head: bytes) -> bytes:
    """Less the zeros of what is in UTF-16, and those of a gap on a disk or in a log that was cut while it was written."""
    return _ZEROS.sub(b"", _WIDE_RUN.sub(lambda run: run[0].replace(b"\x00", b""), head)) if b"\x00" in head else head


def stretches(text: bytes, encoding: str, *, is_all: bool) -> list[Stretch]:
    """In their order. `encoding`: that of its beginning. Where more is to come (`is_all` is not), the last may end before the
    text does: what the rest is in is not sure yet."""
    found: list[Stretch] = []
    start = behind = 0
    for each in _signs(text, encoding):
        if not _is_other(text, each, encoding, start, behind):
            behind = each.end
            continue
        end = _end(text, encoding, start, behind, each.start)
        found += [Stretch(encoding, start, end), Stretch(NARROW, end, each.start)]
        encoding, start, behind = each.encoding, each.start, each.end
    end = len(text)
    if encoding in WIDE:
        end = _end(text, encoding, start, behind, end) if is_all else _held_from(text, start, behind)
    found.append(Stretch(encoding, start, end))
    if is_all:
        found.append(Stretch(NARROW, end, len(text)))
    return [each for each in found if each.start < each.end]


def _signs(text: bytes, encoding: str) -> Iterator[_Sign]:
    found = list(_SIGN.finditer(text))
    narrow = sum(len(each[0]) for each in found if each.lastgroup == "narrow")
    is_western = text.count(0) * 4 > len(text) - narrow
    for each in found:
        if each.lastgroup == "mark":
            if each.start() == 0 or text[each.start() - 1] in _BEFORE_MARK or _WIDE_RUN.match(text, each.end()):
                yield _Sign(_MARKS[each[0]], each.start(), each.end())
        elif each.lastgroup != "narrow":
            yield _Sign(_ENCODINGS[each.lastgroup or ""], each.start(), each.end())
        elif encoding in WIDE or len(found) > 1:
            run = each[0]
            if len(run) >= _SURE or (is_western and (len(run) >= _LIKELY or len(run.split()) > 1 or run[-1:].isspace())):
                yield _Sign(NARROW, each.start(), each.end())


def _is_other(text: bytes, sign: _Sign, encoding: str, start: int, behind: int) -> bool:
    """Whether another stretch begins there: of another encoding, or of the same where something narrow stands between."""
    if sign.encoding != encoding:
        return True
    return encoding in WIDE and ((sign.start - start) % 2 == 1 or _is_narrow(text[behind : sign.start]))


def _is_narrow(gap: bytes) -> bool:
    return (b"\n" in gap or len(gap) >= _SHORT) and not gap.translate(None, _PLAIN)


def _end(text: bytes, encoding: str, start: int, behind: int, end: int) -> int:
    """Of a stretch whose last sign ends at `behind`."""
    if encoding not in WIDE:
        return end
    return behind if _is_narrow(text[behind:end]) else end - (end - start) % 2


def _held_from(text: bytes, start: int, behind: int) -> int:
    """A whole number of letters."""
    end = behind if len(text) - behind <= _MOST_HELD else len(text)
    return end - (end - start) % 2
