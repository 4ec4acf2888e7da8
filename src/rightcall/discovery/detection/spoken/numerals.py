"""Words for numbers in the languages of contact centres, from `numerals.toml`, and the compounds that are written as one word."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum, auto
from functools import cache
from importlib import resources
from typing import Any

import re2

from rightcall.discovery.detection.looks import ROOM, spans

LANGUAGES = ("en", "de", "fr", "da", "sv")


class Sort(IntEnum):
    DIGIT = auto()
    TEEN = auto()
    TENS = auto()
    WHOLE = auto()
    """A compound, or digits as they stand."""
    HUNDRED = auto()
    THOUSAND = auto()
    AND = auto()
    REPEAT = auto()
    TIMES = auto()
    ALIKE = auto()
    OFTEN = auto()
    """A digit and how often it stands, in one word: its value is both."""


@dataclass(frozen=True, slots=True)
class Word:
    sort: Sort
    value: int


_BIG = ("hundert", "hundra", "tausend", "tusen")
_TWO_THOUSAND = {"de": "zweitausend", "sv": "tvåtusen"}
LINKS = frozenset((Sort.AND, Sort.TIMES, Sort.ALIKE))
"""They lead into no number by themselves."""


@cache
def _file() -> dict[str, dict[str, Any]]:
    return tomllib.loads((resources.files(__package__) / "numerals.toml").read_text(encoding="utf-8"))


@cache
def listed(language: str, name: str) -> tuple[str, ...]:
    """The words of a list, whichever of the alternatives stand together."""
    return tuple(word for each in _file()[language].get(name, ()) for word in ([each] if isinstance(each, str) else each))


def _by_number(language: str, name: str) -> list[list[str]]:
    rows: list[list[str]] = _file()[language][name]
    return rows


def _counted(language: str, name: str) -> dict[str, int]:
    words: dict[str, int] = _file()[language][name]
    return words


@cache
def anyones(*names: str) -> frozenset[str]:
    """The phrases of these lists in all languages."""
    return frozenset(word for language in LANGUAGES for name in names for word in listed(language, name))


@cache
def vocabulary() -> Mapping[str, Mapping[str, Word]]:
    """By word, then by language."""
    known: dict[str, dict[str, Word]] = {}
    for language in LANGUAGES:
        for word, meaning in _words(language):
            known.setdefault(word, {}).setdefault(language, meaning)
    return known


@cache
def alphabet() -> Mapping[str, str]:
    """Letters by the words of spelling alphabets."""
    known: dict[str, str] = {}
    for name in ("nato", *LANGUAGES):
        for row in listed("letters", name):
            known.update((word, word[0].upper()) for word in row.split())
    return known


def _words(language: str) -> Iterator[tuple[str, Word]]:
    for sort, name, first, step in ((Sort.DIGIT, "digits", 0, 1), (Sort.TEEN, "teens", 10, 1), (Sort.TENS, "tens", 20, 10)):
        for number, words in enumerate(_by_number(language, name)):
            value = first + number * step
            if language == "fr" and name == "tens" and number > 4:
                value -= 10 if number > 7 else 0
            yield from ((word, Word(sort, value)) for word in words)
    yield from ((word, Word(Sort.HUNDRED, 100)) for word in listed(language, "hundred"))
    yield from ((word, Word(Sort.THOUSAND, 1000)) for word in listed(language, "thousand"))
    yield from ((word, Word(Sort.AND, 0)) for word in listed(language, "and"))
    yield from ((word, Word(Sort.TIMES, 0)) for word in listed(language, "times"))
    yield from ((word, Word(Sort.REPEAT, times)) for word, times in _counted(language, "repeat").items())
    yield from ((word, Word(Sort.WHOLE, value)) for word, value in _compounds(language))
    yield from ((word, Word(Sort.OFTEN, value)) for word, value in _often(language))
    yield from ((word, Word(Sort.ALIKE, value)) for word, value in _counted(language, "alike").items())


def _compounds(language: str) -> Iterator[tuple[str, int]]:
    """From 21 to 999, and the years of two centuries, where they are written in one word."""
    if language not in ("de", "da", "sv"):
        return
    tens = list(_compound_tens(language))
    yield from tens
    if language == "da":
        return
    hundred, ones = listed(language, "hundred")[0], _small(language)
    rests = [*ones, *tens, ("", 0)]
    yield from ((f"{hundred}{rest}", 100 + more) for rest, more in rests if rest)
    for word, value in ones:
        if 1 <= value <= 9 or 11 <= value <= 19 or (language == "sv" and value == 20):
            yield from ((f"{word}{hundred}{rest}", value * 100 + more) for rest, more in rests)
            yield from ((f"{word}{hundred}und{rest}", value * 100 + more) for rest, more in rests if language == "de" and rest)
    yield from ((f"{_TWO_THOUSAND[language]}{rest}", 2000 + more) for rest, more in rests)


def _often(language: str) -> Iterator[tuple[str, int]]:
    """As "doppelnull", "dobbeltnul", "dubbelnolla"."""
    for often, times in _counted(language, "repeat").items() if language in ("de", "da", "sv") else ():
        for value, words in enumerate(_by_number(language, "digits")):
            yield from ((f"{often}{word}", times * 10 + value) for word in words)


def _small(language: str) -> list[tuple[str, int]]:
    """From 1 to 19, and the round tens."""
    numbered = enumerate(_by_number(language, "digits")), enumerate(_by_number(language, "teens"), 10)
    small = [(word, value) for rows in numbered for value, words in rows for word in words if value]
    return small + [(word, 20 + 10 * place) for place, words in enumerate(_by_number(language, "tens")) for word in words]


def _compound_tens(language: str) -> Iterator[tuple[str, int]]:
    middle = {"de": "und", "da": "og", "sv": ""}[language]
    for place, words in enumerate(_by_number(language, "tens")):
        for value, digits in enumerate(_by_number(language, "digits")):
            for digit in digits if value else ():
                for word in words:
                    written = f"{word}{digit}" if language == "sv" else f"{digit}{middle}{word}"
                    yield written, 20 + 10 * place + value


@cache
def pattern(*, digits_alone: bool) -> "re2._Regexp[bytes]":
    """Stretches of number words and digits with no other word between them. `digits_alone`: also those that digits begin.

    What bounds a word is told of letters without accents only: whoever uses it looks at the ends again.
    """
    strong = {word for word, meanings in vocabulary().items() if any(each.sort not in LINKS for each in meanings.values())}
    short = {word for word in strong if not any(heard in word for heard in _BIG)} | set(_BIG)
    number, gap = r"(?:[0-9]{1,19}|[a-z]{2}[0-9]{2})\b", r"(?:[ ,.]{1,3}|-| - )"
    words = f"{_hundreds()}|{_either(short)}"
    first = rf"(?:{words}|\b{number})" if digits_alone else rf"(?:{words})"
    return compiled(rf"{first}(?:{gap}(?:{words}|{_either(set(vocabulary()) - strong)}|\b{number}))*")


def runs(text: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Where the stretches lie that begin and end between two places."""
    found = spans(pattern(digits_alone=True), text[low:high].encode("latin-1", "replace"))
    return ((low + start, low + end) for start, end in found)


def _hundreds() -> str:
    """German and Swedish, from one to nineteen hundred and what follows in the same word."""
    found = []
    for language, middle in (("de", "(?:hundert|tausend)(?:und)?"), ("sv", "(?:hundra|tusen)")):
        ones = _either({word for word, _ in _small(language)}, ends=False)
        rests = "|".join(sorted({word for word, _ in _small(language)}, reverse=True))
        tens = "|".join(sorted({word for word, _ in _compound_tens(language)}, reverse=True))
        found.append(rf"(?:{ones})?{middle}(?:{tens}|{rests})?")
    return "|".join(found)


def _either(words: set[str], *, ends: bool = True) -> str:
    """The longest first, since the first that fits is taken. `ends`: where they end, the word ends."""
    return "|".join(
        ("" if word[0] > "\x7f" else r"\b") + word + ("" if word[-1] > "\x7f" or not ends else r"\b")
        for word in sorted(words, reverse=True)
    )


def compiled(expression: str, *, longest: bool = False) -> "re2._Regexp[bytes]":
    """For texts in Latin-1, in which offsets are those of characters."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.case_sensitive = False
    options.longest_match = longest
    options.max_mem = ROOM
    return re2.compile(expression.encode("latin-1"), options)
