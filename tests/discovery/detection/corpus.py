"""The labelled lines: each text, and what must be found in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LINES = Path(__file__).parents[2] / "vectors" / "discovery" / "lines.txt"
_MARK = re.compile(r"\[\[([a-z_]+):(.*?)\]\]")


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    expected: frozenset[tuple[int, int, str]]


def lines() -> list[Line]:
    return [_line(each) for each in LINES.read_text(encoding="utf-8").splitlines() if each and not each.startswith("#")]


def _line(marked: str) -> Line:
    text, expected, place = "", set(), 0
    for match in _MARK.finditer(marked):
        text += marked[place : match.start()]
        expected.add((len(text), len(text) + len(match[2]), match[1]))
        text += match[2]
        place = match.end()
    return Line(text + marked[place:], frozenset(expected))


def values() -> Iterator[str]:
    """Everything that is about somebody."""
    for line in lines():
        for start, end, _ in line.expected:
            yield line.text[start:end]
