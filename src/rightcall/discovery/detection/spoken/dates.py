"""Days of birth in speech: "twelfth of march nineteen eighty", "oh five oh three eighty"."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache

import re2

from rightcall.discovery.detection.context import months
from rightcall.discovery.detection.spoken.floor import Floor
from rightcall.discovery.detection.spoken.numerals import LANGUAGES, compiled, listed, runs
from rightcall.discovery.detection.spoken.reading import Part, parts, stretches, tokens

_FIRST, _LAST, _PIVOT = 1890, 2100, 30
_AROUND = 44
_SHORT_NAME = 3
_MONTHS, _YEAR = 12, 4
_OF = re.compile(r"[ ,]*(?:(?<![^\W_])(?:of the|of|the|den|de|du|i den|i|im|the month of))?[ ,]*$", re.IGNORECASE)
_GAP = re.compile(r"[ ,.]*(?:(?:the|of|in|de|im|år|og|och|and|uh|um|äh|øh|eh|euh)[ ,.]+)?", re.IGNORECASE)
_WRITTEN = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|\.|er|e)?$")


def birth(said: Sequence[Part]) -> str | None:
    """A date in digits whose parts keep to day, month and year, as ISO 8601. Where day and month may be mixed up, the day is
    first."""
    ends = {0}
    total = ""
    for part in said:
        total += part.readings[0]
        ends.add(len(total))
        if len(part.readings[0]) > _YEAR:
            ends.add(len(total) - _YEAR)
    if not 4 <= len(total) <= 8:
        return None
    for one in (2, 1):
        for two in (2, 1):
            year = total[one + two :]
            if one in ends and one + two in ends and len(year) in (2, 4):
                first, second = int(total[:one]), int(total[one : one + two])
                found = _day(year, second, first) or _day(year, first, second)
                if found:
                    return found
    if len(total) in (6, 8):
        size = len(total)
        found = _day(total[size - 4 :] if size == 8 else total[4:], int(total[2:4]), int(total[:2]))
        return found or _day(total[: size - 4], int(total[-4:-2]), int(total[-2:]))
    return None


def _day(year: str, month: int, day: int) -> str | None:
    number = int(year)
    if len(year) == 2:
        number += 1900 if number >= _PIVOT else 2000
    if not _FIRST <= number <= _LAST:
        return None
    try:
        return date(number, month, day).isoformat()
    except ValueError:
        return None


def named(floor: Floor, low: int, high: int) -> Iterator[tuple[tuple[Part, ...], str]]:
    """Dates with a month's name between two places: their parts, and as ISO 8601."""
    text = floor.text
    for match in months_named().finditer(text[low:high].encode("latin-1", "replace")):
        start, end = (low + place for place in match.span(match.lastindex or 0))
        if text[end : end + 1].isalpha() or text[start - 1 : start].isalpha():
            continue
        month = months().get(text[start:end].lower())
        line = floor.line_at(start)
        if month is not None and (found := _around(text, max(line.start, start - _AROUND), start, end, line.end, month)):
            yield found
    yield from _by_ordinals(floor, low, high)


def _by_ordinals(floor: Floor, low: int, high: int) -> Iterator[tuple[tuple[Part, ...], str]]:
    """As "den tolvte i tredje nitten firs"."""
    text = floor.text
    for match in two_ordinals().finditer(text[low:high].encode("latin-1", "replace")):
        start, end = (low + place for place in match.span(2))
        month = _ordinals().get(text[start:end].lower(), 0)
        line = floor.line_at(start)
        if 1 <= month <= _MONTHS and (found := _around(text, low + match.start(1), start, end, line.end, month)):
            yield found


def _around(text: str, low: int, start: int, end: int, high: int, month: int) -> tuple[tuple[Part, ...], str] | None:
    name = Part(start, end, (str(month),))
    before = _OF.sub("", text[low:start])
    day = _day_ending(before, low)
    year_at = end
    if day is None:
        day = _day_beginning(text, end, high)
        if day is None:
            return None
        year_at = day.end
    year = _year_beginning(text, year_at, high)
    if year is None:
        return None
    iso = _day(year.readings[0], month, int(day.readings[0]))
    return (tuple(sorted((day, name, year), key=lambda part: part.start)), iso) if iso else None


def _day_ending(before: str, offset: int) -> Part | None:
    if match := _WRITTEN.search(before):
        return Part(offset + match.start(), offset + len(before), (match[1],))
    lowered = before.lower()
    for words in range(3, 0, -1):
        tail = _tail(lowered, words)
        if tail is not None and (value := _ordinals().get(" ".join(re.findall(r"[^\W\d_]+", lowered[tail:])))):
            return Part(offset + tail, offset + len(before), (str(value),))
    found = _numbers(before, max(0, len(before) - 30), len(before))
    last = found[-1] if found else None
    if last is None or last.end != len(before):
        return None
    return Part(offset + last.start, offset + last.end, last.readings[:1]) if 1 <= int(last.readings[0]) <= 31 else None


def _tail(text: str, words: int) -> int | None:
    found = list(re.finditer(r"[^\W\d_]+", text))
    return found[-words].start() if len(found) >= words and found[-1].end() == len(text) else None


def _past_gap(text: str, at: int) -> int:
    gap = _GAP.match(text, at)
    return at if gap is None else gap.end()


def _day_beginning(text: str, at: int, high: int) -> Part | None:
    at = _past_gap(text, at)
    words = list(re.finditer(r"[^\W_]+", text[at : min(high, at + 40)]))
    for many in (2, 1):
        if len(words) >= many:
            value = _ordinals().get(" ".join(word[0].lower() for word in words[:many]))
            if value:
                return Part(at, at + words[many - 1].end(), (str(value),))
    written = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?\b").match(text, at, high)
    if written:
        return Part(at, written.end(), (written[1],))
    found = _numbers(text, at, min(high, at + 60))
    if found and found[0].start == at and 1 <= int(found[0].readings[0]) <= 31:
        return Part(found[0].start, found[0].end, found[0].readings[:1])
    return None


def _year_beginning(text: str, at: int, high: int) -> Part | None:
    at = _past_gap(text, at)
    found = _numbers(text, at, min(high, at + 60))
    if not found or found[0].start > at:
        return None
    digits, behind = "", at
    for part in found:
        if len(digits) + len(part.readings[0]) > _YEAR or text[behind : part.start].strip(" ,.-"):
            break
        digits, behind = digits + part.readings[0], part.end
    return Part(found[0].start, behind, (digits,)) if len(digits) in (2, 4) else None


def _numbers(text: str, start: int, end: int) -> list[Part]:
    """The parts of the stretches between two places, in the likeliest reading."""
    found: list[Part] = []
    for first, last in runs(text, start, end):
        for words, languages in stretches(tokens(text, first, last)):
            found.extend(parts(words, languages[0]) if languages else ())
    return found


@cache
def months_named() -> "re2._Regexp[bytes]":
    names = (name for name in months() if len(name) > _SHORT_NAME or name in ("mai", "maj", "may", "mei"))
    short = (name for name in months() if len(name) <= _SHORT_NAME)
    return compiled(
        rf"({'|'.join(sorted(names, reverse=True))})|[0-9](?:st|nd|rd|th)?[. -]{{1,2}}({'|'.join(short)})[. -]{{1,2}}[12]"
    )


@cache
def two_ordinals() -> "re2._Regexp[bytes]":
    words = sorted(_ordinals(), key=len, reverse=True)
    first = "|".join(rf"\b{word}" if word[0].isascii() else word for word in words)
    return compiled(rf"({first})[ ,]{{1,2}}(?:(?:of the|i den|i|im|den) )?({'|'.join(words)})[ ,]")


@cache
def _ordinals() -> Mapping[str, int]:
    """German ones in all cases."""
    known: dict[str, int] = {}
    for language in LANGUAGES:
        for number, word in enumerate(listed(language, "ordinals"), 1):
            known[word] = number
            if language == "de":
                known |= {word[:-1] + ending: number for ending in ("n", "", "m")}
    return known
