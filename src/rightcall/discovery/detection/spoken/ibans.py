"""IBANs between whose pieces other words stand ("four one where are my glasses six five"), by the form of their country. Their
check decides, so what is said between need not be known."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from typing import NamedTuple

import re2
from stdnum import numdb

from rightcall.discovery.detection import cards
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.spoken.asked import Asked
from rightcall.discovery.detection.spoken.chains import Chain, asks_else
from rightcall.discovery.detection.spoken.floor import Floor, Line
from rightcall.discovery.detection.spoken.gaps import retractions
from rightcall.discovery.detection.spoken.letters import (
    as_in_name,
    corrections,
    iban_of,
    is_as_in,
    is_cut_off,
    letter_of,
    numbers_in,
    put_right,
)
from rightcall.discovery.detection.spoken.numerals import anyones, compiled
from rightcall.discovery.detection.spoken.reading import Part
from rightcall.discovery.detection.spoken.small_words import fillers

_WORD = re.compile(r"[^\W\d_]+|\d+")
_MOST_BACK, _MOST_OWN, _MOST_LINES, _MOST_WORDS, _MOST_OTHERS, _MOST_PARTS = 16, 3, 40, 16, 14, 60
_TWO, _CHECK, _BANK = 2, 2, 4
_HOMES = {"de": ("DE", "AT", "CH"), "fr": ("FR", "BE"), "da": ("DK",), "sv": ("SE",)}
"""Whose letters somebody may leave out who is asked for an IBAN in the language."""


class _Heard(NamedTuple):
    """`sort`: n for digits, a for a letter, w for another word, - for what takes something back."""

    sort: str
    part: Part


def spoken_of() -> "re2._Regexp[bytes]":
    return compiled(r"\biban|\b(?:i|eye)[ .-]ban\b|\bi[ .]{1,2}b[ .]{1,2}a[ .]{1,2}n\b")


def among_words(floor: Floor, chain: Chain, lead: Sequence[Part], asked: Asked) -> Finding | None:
    """`lead`: letters right before the number. One whose two check digits this number begins with."""
    is_asked = asked.is_for(Kind.IBAN)
    if not is_asked and _form(lead[0].readings[0][:1] + lead[-1].readings[0][-1:]) is None:
        return None
    begins = [(first + second, [*parts]) for first, second, parts in _countries(floor, chain) if is_asked or _leads(parts, lead)]
    begins += [(home, []) for language in chain.languages[:1] if is_asked and not begins for home in _HOMES.get(language, ())]
    said: list[_Heard] = []
    for country, parts in dict.fromkeys((country, tuple(parts)) for country, parts in begins):
        if (form := _form(country)) is None:
            continue
        said = said or _with_cries(list(islice(_heard(floor, chain), _MOST_PARTS)))
        for way in _ways(said, form):
            for whole in put_right([*parts, *way]):
                if found := iban_of(floor.text, whole, country, asked, is_said=bool(parts)):
                    return found
    return None


def _leads(country: Sequence[Part], lead: Sequence[Part]) -> bool:
    """Whether the letters before a number are those of the country, and no more."""
    return bool(lead) and country[0].start == lead[0].start and country[-1].end == lead[-1].end


@cache
def _form(country: str) -> str | None:
    """Of what comes behind the check digits: "a" where letters of a bank do, "c" where letters may stand anywhere."""
    if cards.iban_length(country) is None:
        return None
    structure = numdb.get("iban").info(country + "00")[0][1].get("bban", "")
    return "a" if re.match(r"[0-9]+!a", structure) else "c" if "c" in structure else "n"


def _countries(floor: Floor, chain: Chain) -> Iterator[tuple[str, str, tuple[Part, ...]]]:
    """The letters of a country before a number, the nearest first, also in the last turns of the same speaker."""
    letters: list[Part] = []
    for start, end, word in islice(_words_back(floor, chain), _MOST_BACK):
        if len(word) == _TWO and _form(word.upper()) is not None:
            part = Part(start, end, (word.upper(),))
            yield word[0].upper(), word[1].upper(), (part,)
        if (letter := letter_of(word)) is None or len(letter) > 1:
            continue
        letters.append(Part(start, end, (letter,)))
        for later in letters[-3:-1]:
            if _form(letter + later.readings[0]) is not None:
                yield letter, later.readings[0], (letters[-1], later)


def _words_back(floor: Floor, chain: Chain) -> Iterator[tuple[int, int, str]]:
    high, own = chain.start, 0
    for number in range(chain.line.number, max(-1, chain.line.number - 2 * _MOST_OWN), -1):
        line = floor.line(number)
        if line.speaker != chain.line.speaker:
            continue
        words = list(_WORD.finditer(floor.text, line.start, min(high, line.end)))
        yield from ((*match.span(), match[0]) for match in reversed(words))
        own += 1
        if own == _MOST_OWN or not floor.is_talk(chain.line):
            return


def _heard(floor: Floor, chain: Chain) -> Iterator[_Heard]:
    """From the number on, of the same speaker, until the other party asks for something else or too much else was said."""
    others = 0
    for number in range(chain.line.number, min(chain.line.number + _MOST_LINES, floor.last + 1)):
        line = floor.line(number)
        if line.speaker != chain.line.speaker:
            if _ends(floor.text[line.start : line.end]):
                return
            continue
        for each in _in_turn(floor, chain, line):
            others = others + 1 if each.sort == "w" else 0
            if others > _MOST_OTHERS:
                return
            yield each
        if not floor.is_talk(chain.line):
            return


def _ends(said: str) -> bool:
    words = said.split()
    is_for_another = not anyones("things").isdisjoint(words) and anyones("more").isdisjoint(words)
    return len(words) > _MOST_WORDS or (is_for_another and asks_else(said))


def _in_turn(floor: Floor, chain: Chain, line: Line) -> Iterator[_Heard]:
    text, place = floor.text, max(line.start, chain.start)
    numbers = numbers_in(text, place, line.end, chain.languages, others=False)
    last = ""
    while (match := _WORD.search(text, place, line.end)) is not None:
        place, word = match.end(), match[0].lower()
        if said := numbers.get(match.start()):
            yield from (_Heard("n", part) for part in said)
            place, last = max(place, said[-1].end), ""
        elif behind := _taken_back(text, match, line.end):
            yield _Heard("-", Part(match.start(), behind, ("",)))
            place, last = behind, ""
        elif last and is_as_in(word) and (named := as_in_name(text, match)) and named[0][0].upper() == last:
            place, last = named.end(), ""
        elif (letter := letter_of(match[0])) is not None and not is_cut_off(text, *match.span()):
            yield _Heard("a", Part(*match.span(), (letter,)))
            last = letter if len(letter) == 1 else ""
        elif word not in fillers():
            yield _Heard("w", Part(*match.span(), (word[0].upper(),)))
            last = ""


def _taken_back(text: str, match: re.Match[str], high: int) -> int:
    """Where a word or phrase ends that takes something back; 0 where there is none."""
    for phrase in retractions().get(match[0].lower(), ()):
        words = list(islice(_WORD.finditer(text, match.start(), high), len(phrase)))
        if tuple(word[0].lower() for word in words) == phrase:
            return words[-1].end()
    return match.end() if match[0].lower() in corrections() else 0


def _with_cries(said: list[_Heard]) -> list[_Heard]:
    """What is said with "oh" before another word may be no zero."""
    found = list(said)
    for place in range(len(said) - 1):
        each, after = said[place], said[place + 1]
        if each.sort == "n" and after.sort in "w-" and each.part.readings == ("0",):
            found[place] = _Heard("n", each.part._replace(readings=("0", "")))
    return found


def _ways(said: Sequence[_Heard], form: str) -> Iterator[list[Part]]:
    """Without letters where none belong; those of a bank behind the check digits, also as words that begin with them."""
    if form == "n":
        yield [each.part for each in said if each.sort in "n-"]
        return
    if form == "c":
        yield [each.part for each in said if each.sort in "na-"]
        yield [each.part for each in said if each.sort in "n-"]
        return
    size, first = 0, 0
    while first < len(said) and size < _CHECK:
        size += len(said[first].part.readings[0]) if said[first].sort == "n" else 0
        first += 1
    rest = next((place for place in range(first, len(said)) if said[place].sort == "n" and _is_past(said, place)), len(said))
    check, bank, account = said[:first], said[first:rest], [each.part for each in said[rest:] if each.sort in "n-"]
    for sorts in ("a", "aw"):
        letters = [each.part for each in bank if each.sort in sorts or each.sort == "-"]
        begin = [each.part for each in check if each.sort in "n-"]
        yield [*begin, *letters, *account]
        named = [part for part in letters if part.readings[0]]
        if len(named) > _BANK:
            yield [*begin, *named[:_BANK], *account]
            yield [*begin, *named[-_BANK:], *account]


def _is_past(said: Sequence[_Heard], place: int) -> bool:
    """Whether digits go on there: an "oh" among words is none."""
    return place + 1 == len(said) or said[place + 1].sort == "n" or len(said[place].part.readings[0]) > 1
