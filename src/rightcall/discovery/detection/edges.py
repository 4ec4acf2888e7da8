"""Where a number of one's own ends: what is inside a longer run of letters and digits is none, and one that a dash leads on from
may be another number."""

import re
from collections.abc import Sequence

_ESCAPE = re.compile(r"(?:\\[nrt]|%[0-9A-Fa-f]{2})$")
"""Letters that belong to what they write, as of a log's `\\n` and an address's `%20`."""
_ESCAPE_SIZE = 3
_DASHES = "-‐‑–"
_BEHIND = re.compile(rf"(?:[{_DASHES}/]|\.(?=[0-9]))([^\W_]+)")
_BEFORE = re.compile(rf"([^\W_]+)[{_DASHES}]$")
_BEFORE_REACH = 24
_SHORT = 2
"""Letters that may be a piece of a number by themselves; more are a word."""


def stands_alone(text: str, start: int, end: int) -> bool:
    """Only letters and digits have a run to be inside of: what begins or ends with another mark ends there."""
    if text[end - 1].isalnum() and text[end : end + 1].isalnum():
        return False
    if not text[start].isalnum() or not text[start - 1 : start].isalnum():
        return True
    return _ESCAPE.search(text[max(0, start - _ESCAPE_SIZE) : start]) is not None


def going_on(text: str, spans: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those of them that a dash joins to a piece of a number, as in `KD-300103-2`; another of them is none."""
    starts, ends = {start for start, _ in spans}, {end for _, end in spans}
    return {
        (start, end) for start, end in spans if _has_more_behind(text, start, end, starts) or _has_more_before(text, start, ends)
    }


def _has_more_behind(text: str, start: int, end: int, starts: set[int]) -> bool:
    more = _BEHIND.match(text, end) if text[end - 1].isalnum() else None
    if more is None or more.start(1) in starts or (text[end] == "/" and text[start - 1 : start] == "/"):
        return False
    return _is_piece(more[1])


def _has_more_before(text: str, start: int, ends: set[int]) -> bool:
    if not text[start].isalnum() or start - 1 in ends:
        return False
    more = _BEFORE.search(text[max(0, start - _BEFORE_REACH) : start])
    return more is not None and _is_piece(more[1])


def _is_piece(run: str) -> bool:
    return len(run) <= _SHORT or any(each.isdigit() for each in run)
