"""Nulls in a text, as files of old machines and of disks that failed have them: within a value, or between one and the next."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from rightcall.discovery.detection.model import Finding

_NULL = "\x00"
_LONE = re.compile(r"(?<!\x00)(?<!\x00[^\x00])\x00++(?![^\x00]\x00)")
"""None of those that stand at every other place, as in letters of two bytes each."""
_RUN = re.compile(r"\x00+")
_UNSURE = 0.5


def may_part(text: str) -> bool:
    """Whether one may be the edge of a value."""
    return _LONE.search(text) is not None


def around(text: str, told: Iterable[Finding]) -> list[Finding]:
    """What was found without them, where it stands with them: whoever shows the text shows none."""
    places = [place for place, character in enumerate(text) if character != _NULL]
    return [
        replace(
            each,
            start=places[each.start],
            end=places[each.end - 1] + 1,
            parts=tuple((places[start], places[end - 1] + 1) for start, end in each.parts),
        )
        for each in told
    ]


def between(text: str, told: Iterable[Finding]) -> Iterator[Finding]:
    """What was found where they part what is beside them. Where one parts digits from digits that are no value by themselves,
    they may be pieces of one number, which is nobody's."""
    found = list(told)
    starts, ends = {each.start for each in found}, {each.end for each in found}
    for each in found:
        if _goes_on(text, each, starts, ends):
            why = f"{each.why}, but a null parts it from more digits, so it may be another number"
            yield replace(each, confidence=min(each.confidence, _UNSURE), why=why, is_whole=False)
        else:
            yield each


def _goes_on(text: str, each: Finding, starts: set[int], ends: set[int]) -> bool:
    behind = _RUN.match(text, each.end) if text[each.end - 1].isdigit() else None
    if behind is not None and behind.end() not in starts and text[behind.end() : behind.end() + 1].isdigit():
        return True
    before = each.start
    while before and text[before - 1] == _NULL:
        before -= 1
    is_led = before < each.start and text[each.start].isdigit() and text[before - 1 : before].isdigit()
    return is_led and before not in ends
