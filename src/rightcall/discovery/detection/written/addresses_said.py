"""Postal addresses in speech: the number of the house and the postcode in words, the postcode of Great Britain letter by letter,
fillers and corrections between them. Streets are known by the same words as written ones.

Where a postcode stands by itself, only the question tells it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import NamedTuple

import re2

from rightcall.discovery.detection.looks import spans
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.page import Page
from rightcall.discovery.detection.spoken.letters import put_right, readings, times_said, units
from rightcall.discovery.detection.spoken.numerals import LINKS, alphabet, anyones, compiled, listed, vocabulary
from rightcall.discovery.detection.spoken.reading import parts, stretches, tokens
from rightcall.discovery.detection.written.addresses import UK_CODE, is_led_into
from rightcall.discovery.detection.written.lexicon import Word
from rightcall.discovery.detection.written.resources import folded, places

_TOKEN = re.compile(r"[ ,.]*([^\W\d_]+(?:['’-][^\W\d_]+)*|[0-9]{1,5}(?![\w]))")
_AREA = re.compile(r"[A-Z]+")
_UK = re.compile(UK_CODE)
_UK_IN_DIGITS = re.compile(r"[ ,.]*[a-z]{1,2}[0-9][a-z0-9]? ?[0-9][a-z]{2}(?![0-9a-z])", re.IGNORECASE)
_BACK, _REACH, _LINE = 90, 140, 400
_NORTH, _MOST_NAMES, _MOST_TOWN, _MOST_SKIPPED = ("de", "da", "sv"), 3, 2, 7
_FEWEST, _LEAST_CODE, _MOST_CODE, _US_CODE = 2, 4, 10, 5
_AGAIN = {"bis", "ter", "quater"}
_ADJECTIVES = ("old", "new", "great", "little")
_NUMBERED = re.compile(r"[ ,]+(?:nummer|nr|number)(?= )", re.IGNORECASE)
_PLACED = ("zum", "zur", "am", "im", "an", "hinter", "auf", "unter", "in", "vor", "bei")
_MOST_BEFORE_CODE = 5
_WORD_AT, _LONGEST = re.compile(r"[^\W\d_][\w'’-]*$"), 40
_ASKS = re.compile(r"^[^\n]{0,40}\n(?:\[[0-9:.]{4,12}\] ?)?(?:[\w ]{1,24}: ?)?", re.IGNORECASE)


class _Run(NamedTuple):
    """Numbers with nothing but fillers and corrections between them."""

    start: int
    end: int
    digits: str
    is_pronoun: bool


def english(page: Page, word: Word) -> Finding | None:
    """`flat three twenty old tannery lane belfast b t one six one a f`"""
    text = page.written
    names, run = _head(text, word.start, ("en",), _MOST_NAMES + 1)
    names = names[1:] if len(names) > 1 and len(names[0]) == 1 else names
    if run is None or not 0 < len(names) <= _MOST_NAMES:
        return None
    post = _english_code(text, word.end)
    is_the = names == ["the"] and post is not None
    named = [name for name in names if name not in _ADJECTIVES] if len(names) > 1 else names
    if not is_the and any(name in places("not_a_street", "before") for name in named):
        return None
    start, has_unit = _with_unit(text, run.start)
    is_plain = word.folded in folded("places.toml", "street", "plain")
    if run.is_pronoun and post is None and not is_led_into(page, start):
        return None
    said = ["a number and a street", *["a flat"] * has_unit, *["a postcode"] * (post is not None)]
    return _told(page, start, post or word.end, said, 0.5 if is_plain else 0.35)


def streets(page: Page) -> Iterator[Finding]:
    """`havnegade tolv 3198 vejle`, `fliederweg siebenundsiebzig`: in three languages the ends of words tell streets."""
    for low, _ in spans(street_and_number(), page.text.encode("latin-1", "replace")):
        match = _WORD_AT.search(page.written, max(0, low - _LONGEST), low)
        start = match.start() if match is not None else low
        ending = _TOKEN.match(page.written, low)
        if ending is not None and (found := _judge(page.written, ending)(page, start, ending.end(1), ending[1].lower())):
            yield found


def _judge(text: str, begun: re.Match[str]) -> Callable[[Page, int, int, str], Finding | None]:
    word = begun[1].lower()
    if word in places("units"):
        return _flat
    if len(word) == 1 or word in alphabet() or _UK_IN_DIGITS.match(text, begun.start()):
        return _before_a_code
    return _placed if word in _PLACED else _northern


def _before_a_code(page: Page, start: int, _end: int, _word: str) -> Finding | None:
    """`thirty eight queensway hull s e two seven four e e`: told by its postcode and the number a few words before it."""
    end = _uk_code(page.written, start)
    names, run = _head(page.written, start, ("en",), _MOST_BEFORE_CODE) if end is not None else ([], None)
    if end is None or run is None or not names or any(name in places("not_a_street", "before") for name in names):
        return None
    return _told(page, _with_unit(page.written, run.start)[0], end, ["a number and a name", "a postcode"], 0.45)


def _placed(page: Page, start: int, end: int, _word: str) -> Finding | None:
    """`zum kiebitz fünfzehn sechs null eins null eins halle`: only where it is asked for, and with a postcode."""
    text, street = page.written, None
    for match in islice(_tokens(text, end), _MOST_NAMES):
        if _is_number(match[1], _NORTH):
            break
        street, end = match, match.end(1)
    if street is not None and (ending := _ending(street[1].lower())):
        return _northern(page, street.start(1), end, ending)
    house = _run(text, end, ("de",))
    if house is None or not is_led_into(page, start):
        return None
    behind, has_code = _with_code_and_town(text, house)
    return _told(page, start, behind, ["a street and a number", "a postcode and a town"], 0.5) if has_code else None


def _flat(page: Page, start: int, end: int, _unit: str) -> Finding | None:
    """`flat three sixty queensway swindon e h six five h h`: a street that no word calls one, told by its postcode."""
    run = _run(page.written, end, ("en",))
    post = _english_code(page.written, run.end) if run is not None else None
    return _told(page, start, post, ["a flat, a number", "a postcode"], 0.5) if post is not None else None


def _northern(page: Page, start: int, end: int, ending: str) -> Finding | None:
    text, street = page.written, page.written[start:end].lower()
    house = _run(text, end, _NORTH)
    if street in places("not_a_street", "words") or house is None or _word(text, house.end).lower() in anyones("units"):
        return None
    is_bare = street in places("endings") or street in places("street_then_number")
    start = _with_name(text, start) if is_bare else start
    is_vague = is_bare or ending in places("endings_asked")
    behind, has_code = _with_code_and_town(text, house)
    is_short = len(house.digits) < _FEWEST
    if not has_code and (is_short or is_vague) and ((is_short and house.is_pronoun) or not is_led_into(page, start)):
        return None
    return _told(page, start, behind, ["a street and a number", *["a postcode and a town"] * has_code], 0.5)


def _ending(street: str) -> str | None:
    return next((each for each in places("endings") if street.endswith(each)), None)


def _with_name(text: str, start: int) -> int:
    """`lange straße`"""
    before = re.search(r"[^\W\d_]+\.? $", text[max(0, start - _LONGEST) : start])
    return start - len(before[0]) if before is not None else start


@cache
def street_and_number() -> "re2._Regexp[bytes]":
    """The end of a street's word, or the word for a flat, and the beginning of a number's."""
    ends = "|".join(sorted(places("endings") | places("street_then_number") | places("endings_asked"), key=len, reverse=True))
    flats = rf"\b(?:{'|'.join(sorted(places('units')))}) (?:{_beginnings(('en',))})"
    letter, number = f"(?:{'|'.join(alphabet())}|[a-z])(?: (?:for|as in) [a-z]+)?", f"(?:{_beginnings(('en',))})[a-z]*"
    spelled = rf"\b{letter} (?:{letter} )?(?:{number} ){{2,4}}(?:double )?{letter}\b"
    codes = rf"\b[a-z]{{1,2}}[0-9][a-z0-9]? [0-9][a-z]{{2}}\b|{spelled}"
    placed = rf"\b(?:{'|'.join(_PLACED)}) (?:der |den |dem )?[a-z\xdf-\xff]+ (?:{_beginnings(('de',))})"
    house = rf"(?:{ends})[ ,]{{1,2}}(?:(?:nummer|nr) )?(?:{_beginnings(_NORTH)})"
    return compiled(f"{house}|{flats}|{codes}|{placed}")


def _beginnings(languages: tuple[str, ...]) -> str:
    """Of number words, of which compounds begin with another."""
    kept: list[str] = []
    for word in sorted((word for word in vocabulary() if word in _number_words(languages)), key=len):
        if not word.startswith(tuple(kept)):
            kept.append(word)
    return "|".join(kept)


def southern(page: Page, word: Word) -> Finding | None:
    """`quatre-vingts allée des marronniers saint-étienne quarante-deux mille`"""
    text = page.written
    between, run = _head(text, word.start, ("fr",), 1)
    if run is None or not set(between) <= _AGAIN:
        return None
    name = _names(text, word.end)
    if not name:
        return None
    code = next((found for end in name if (found := _code_behind(text, end, ("fr",)))), None)
    if code is None and (len(run.digits) < _FEWEST or run.is_pronoun) and not is_led_into(page, run.start):
        return None
    end = name[min(len(name), _FEWEST) - 1] if code is None else _with_town(text, code)
    return _told(page, run.start, end, ["a number and a street", *["a postcode"] * (code is not None)], 0.5)


def code(page: Page, word: Word) -> Finding | None:
    """`what's the postcode` and in the next turn `n for november g five eight j p`"""
    asked = _ASKS.match(page.written[word.end : word.end + 2 * _BACK])
    starts = (word.end, word.end + asked.end()) if asked is not None else (word.end,)
    for start in starts:
        for place in _skipped(page.written, start, 3):
            if end := _uk_code(page.written, place):
                begin = place + len(page.written[place:end]) - len(page.written[place:end].lstrip(" ,."))
                why = "a word for a postcode stands before it, letter by letter"
                return Finding(start=begin, end=end, type=Kind.POSTAL_ADDRESS, confidence=0.75, why=why)
    return None


def _told(page: Page, start: int, end: int, said: Sequence[str], base: float) -> Finding:
    sure, why = base + 0.15 * (len(said) - 1), ", ".join(said) + ", said in words"
    if is_led_into(page, start):
        sure, why = sure + 0.15, f"{why}; a word for where one lives leads into it"
    return Finding(start=start, end=end, type=Kind.POSTAL_ADDRESS, confidence=round(min(sure, 0.95), 2), why=why)


def _head(text: str, at: int, languages: Sequence[str], most: int) -> tuple[list[str], _Run | None]:
    """The words of a street's name before a place, and the number before them."""
    low = max(text.rfind("\n", 0, at) + 1, at - _BACK)
    words = [match for match in _TOKEN.finditer(text, low, at) if match.end() <= at]
    names: list[str] = []
    while words and not _is_number(words[-1][1], languages):
        if len(names) == most:
            return [], None
        names.insert(0, words.pop()[1].lower())
    numbers: list[re.Match[str]] = []
    while words and (_is_number(words[-1][1], languages) or (numbers and _is_small(words[-1][1], languages))):
        numbers.insert(0, words.pop())
    while numbers and not _is_number(numbers[0][1], languages):
        numbers.pop(0)
    return (names, _as_run(text, numbers)) if numbers else ([], None)


def _run(text: str, at: int, languages: Sequence[str]) -> _Run | None:
    """The number that begins at a place."""
    numbers: list[re.Match[str]] = []
    led = _NUMBERED.match(text, at)
    for match in _tokens(text, led.end() if led is not None else at):
        if _is_number(match[1], languages):
            numbers.append(match)
        elif not numbers or not _is_small(match[1], languages):
            break
    return _as_run(text, numbers) if numbers else None


def _as_run(text: str, numbers: Sequence[re.Match[str]]) -> _Run:
    start, end = numbers[0].start(1), numbers[-1].end(1)
    is_pronoun = len(numbers) == 1 and numbers[0][1].lower() in anyones("pronouns")
    return _Run(start, end, _digits(text, start, end), is_pronoun)


def _digits(text: str, start: int, end: int) -> str:
    pieces = stretches(tokens(text, start, end))
    return "".join(part.readings[0] for words, languages in pieces if languages for part in parts(words, languages[-1]))


def _with_code_and_town(text: str, house: _Run) -> tuple[int, bool]:
    """Where the address ends, and whether it has a postcode: right behind the house, or behind the town."""
    if len(house.digits) > _LEAST_CODE:
        return _with_town(text, house.end), True
    end = _code_behind(text, house.end, _NORTH)
    return (_with_town(text, end), True) if end is not None else (house.end, False)


def _code_behind(text: str, at: int, languages: Sequence[str]) -> int | None:
    """Where the last postcode ends that few words lead into: it may be put right."""
    for place in _skipped(text, at, _MOST_TOWN):
        run = _run(text, place, languages)
        if run is not None and _LEAST_CODE <= len(run.digits) <= 2 * _MOST_CODE:
            return run.end
    return None


def _with_town(text: str, at: int) -> int:
    match = next(_tokens(text, at), None)
    is_town = match is not None and match[1].lower() not in anyones("stops", "questions", "backchannels", "fillers")
    return match.end(1) if is_town and match is not None and not text[at : match.start(1)].strip(" ") else at


def _names(text: str, at: int) -> list[int]:
    """Where each of the words of a French street's name and its town may end."""
    found: list[int] = []
    for match in _tokens(text, at):
        if _is_number(match[1], ("fr",)) or len(found) > _MOST_NAMES:
            break
        found.append(match.end(1))
    return found


def _english_code(text: str, at: int) -> int | None:
    """Where the postcode ends that a few words of towns lead into."""
    for place in _skipped(text, at, _MOST_SKIPPED):
        if end := _uk_code(text, place):
            return end
        run = _run(text, place, ("en",))
        if run is not None:
            return run.end if len(run.digits) == _US_CODE else None
    return None


def _uk_code(text: str, at: int) -> int | None:
    """Where a postcode of Great Britain ends that begins at a place."""
    if match := _UK_IN_DIGITS.match(text, at):
        return match.end()
    first = next(_tokens(text, at), None)
    if first is None or not (len(first[1]) == 1 or first[1].lower() in alphabet() or times_said(first[1])):
        return None
    for whole in put_right(units(text, at, min(_end_of_line(text, at), at + _REACH), ("en",))[0]):
        for reading in readings(whole[:8]):
            for last in range(len(reading), 3, -1):
                written = "".join(part.readings[0] for part in reading[:last])
                area = _AREA.match(written)
                if _UK.fullmatch(written) and area is not None and area[0].lower() in places("gb_areas"):
                    return reading[last - 1].end
    return None


def _skipped(text: str, at: int, most: int) -> Iterator[int]:
    """Places behind no word, one word, two words and so on."""
    yield at
    for number, match in enumerate(_tokens(text, at)):
        if number >= most:
            return
        yield match.end(1)


def _tokens(text: str, at: int) -> Iterator[re.Match[str]]:
    place, high = at, _end_of_line(text, at)
    while (match := _TOKEN.match(text, place, high)) is not None:
        yield match
        place = match.end()


def _end_of_line(text: str, at: int) -> int:
    end = text.find("\n", at, at + _LINE)
    return min(len(text), at + _LINE) if end < 0 else end


def _with_unit(text: str, start: int) -> tuple[int, bool]:
    before = re.search(r"([^\W\d_]+) $", text[max(0, start - 14) : start])
    if before is None or before[1].lower() not in places("units"):
        return start, False
    return start - len(before[0]), True


def _word(text: str, at: int) -> str:
    match = _TOKEN.match(text, at)
    return match[1] if match is not None else ""


def _is_number(word: str, languages: Sequence[str]) -> bool:
    return word.isdigit() or _number_words(tuple(languages)).issuperset(word.lower().split("-"))


@cache
def _number_words(languages: tuple[str, ...]) -> frozenset[str]:
    return frozenset(
        word
        for word, means in vocabulary().items()
        if any(language in means and means[language].sort not in LINKS for language in languages)
    )


def _is_small(word: str, languages: Sequence[str]) -> bool:
    return _small(tuple(languages)).issuperset(word.lower().split("-"))


@cache
def _small(languages: tuple[str, ...]) -> frozenset[str]:
    """What may stand between the parts of a number."""
    names = ("fillers", "corrections", "and", "times")
    phrases = (phrase for language in languages for name in names for phrase in listed(language, name))
    return frozenset(word for phrase in phrases for word in re.findall(r"[^\W\d_]+", phrase))
