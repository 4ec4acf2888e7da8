"""A conversation looked at as one text, and its findings taken back to who said them and when.

The text of a conversation is that of its turns, one a line. Findings count characters in it.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from rightcall.discovery.detection.model import LEAST, Finding
from rightcall.discovery.detection.patterns import Pattern
from rightcall.discovery.detection.rules import detect
from rightcall.discovery.parts import Turns


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A stretch of one turn. `turn` counts from 0; `at` is the turn's beginning in seconds, where known; `start` and `end` count
    characters in the turn's own text."""

    turn: int
    at: float | None
    start: int
    end: int


def text_of(turns: Turns) -> str:
    """One turn a line. Line ends within a turn become spaces, so that offsets stay true."""
    return "\n".join(_on_one_line(turn.text) for turn in turns.turns)


def _on_one_line(text: str) -> str:
    return text.replace("\n", " ").replace("\r", " ")


def detect_turns(
    turns: Turns, *, patterns: Sequence[Pattern] = (), regions: tuple[str, ...] = (), least: float = LEAST
) -> list[Finding]:
    """As `rules.detect`, on `text_of(turns)`, knowing who speaks."""
    speakers = tuple(turn.speaker for turn in turns.turns)
    return detect(text_of(turns), patterns=patterns, regions=regions, least=least, speakers=speakers)


def said(turns: Turns, finding: Finding) -> tuple[Said, ...]:
    """Where a finding of `detect_turns` was said, turn by turn: what to mask, or where to listen."""
    begins = [0]
    for turn in turns.turns:
        begins.append(begins[-1] + len(turn.text) + 1)
    return tuple(piece for start, end in finding.stretches for piece in _by_turn(turns, begins, start, end))


def _by_turn(turns: Turns, begins: list[int], start: int, end: int) -> list[Said]:
    pieces = []
    for number in range(bisect_right(begins, start) - 1, len(turns.turns)):
        turn, begin = turns.turns[number], begins[number]
        if begin >= end:
            break
        first, last = max(start - begin, 0), min(end - begin, len(turn.text))
        if first < last:
            pieces.append(Said(turn=number, at=turn.at, start=first, end=last))
    return pieces
