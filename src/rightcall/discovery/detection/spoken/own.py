"""A number of one's own, by a pattern that was given, as it is said: its letters one by one or as a word, its marks or none."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from rightcall.discovery.detection.model import Finding
from rightcall.discovery.detection.patterns import Pattern
from rightcall.discovery.detection.spoken.floor import Floor
from rightcall.discovery.detection.spoken.judging import heard
from rightcall.discovery.detection.spoken.reading import Part
from rightcall.discovery.detection.spoken.small_words import beside_letters, fillers

_WORD = re.compile(r"[^\W\d_]+|\d+")
_CONFIDENCE, _WORD_REACH, _MOST_LED = 0.85, 24, 8
_LETTER_WORDS = frozenset(("a", "i", "o", "y", "à", "å"))


def typed(floor: Floor, patterns: Sequence[Pattern]) -> Iterator[Finding]:
    """Without its marks, in a turn of a conversation."""
    for each in patterns if floor.has_conversation else ():
        for match in each.without_marks(floor.text):
            if floor.is_talk(floor.line_at(match.start)):
                yield match


def own_number(text: str, reading: Sequence[Part], patterns: Sequence[Pattern]) -> Finding | None:
    """As the patterns that were given have it: letters and digits as they were said, or behind a word. Letters before them may be
    words, and digits behind them a piece of a longer number, which is another."""
    words = _words_before(text, reading[0].start) if reading else ()
    ahead = next((place for place, part in enumerate(reading) if not part.readings[0].isalpha()), len(reading))
    firsts = range(min(ahead, _MOST_LED) + 1)
    for first, last in ((low, high) for low in firsts for high in range(len(reading), low, -1)):
        said = "".join([part.readings[0] for part in reading[first:last]])
        behind_word = [f"{word}{mark}{said}" for word in words for mark in ("", "-", " ")] if first == 0 else []
        for each, whole in product(patterns, (said, *behind_word)):
            if (written := each.as_written(whole)) is not None:
                return _told(text, each, reading, first, last, written)
    return None


def _told(text: str, pattern: Pattern, reading: Sequence[Part], first: int, last: int, written: str) -> Finding:
    goes_on = _goes_on_behind(text, reading, last) or (first > 0 and not _is_word(text, reading[first - 1]))
    told = heard(pattern.name, reading[first:last], text, _CONFIDENCE, "", written)
    why = f"matches the pattern “{pattern.name}” that this scan was given, said in words"
    whole = pattern.finding(told.start, told.end, why, _CONFIDENCE, written, goes_on=goes_on)
    return replace(whole, parts=told.parts)


def _words_before(text: str, start: int) -> tuple[str, ...]:
    """The last, and the last but for small words and marks that are said: "kd dash three …"."""
    words = _WORD.findall(text[max(0, start - _WORD_REACH) : start])
    own = [word for word in words if word.lower() not in fillers()]
    return tuple(dict.fromkeys((*words[-1:], *own[-1:])))


def _goes_on_behind(text: str, reading: Sequence[Part], last: int) -> bool:
    if last == len(reading) or not reading[last].readings[0][:1].isdigit():
        return False
    return not text[reading[last - 1].end : reading[last].start].strip(" -–")


def _is_word(text: str, letter: Part) -> bool:
    return text[letter.start : letter.end].lower() in beside_letters() | _LETTER_WORDS
