"""Numbers on papers and on cars: passports, driving licences and plates.

Their forms are many and few have check digits, so a word for them must stand before them. Three forms are told without one: the
driving licence of Great Britain, and the plates that Great Britain and France give today, the plates as unsure findings.
"""

import re
from collections.abc import Iterator, Sequence

from rightcall.discovery.detection.context import Stance
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.page import Judge, Page

_FREE = r"(?<![0-9A-Za-z\x80-\U0010ffff/_.-])"
_END = r"(?![0-9A-Za-z\x80-\U0010ffff_]|[-/.][0-9A-Za-z])"
_PASSPORT = re.compile(_FREE + r"(?=(?:[A-Z]*[0-9]){5})[A-Z0-9]{7,10}" + _END, re.IGNORECASE)
_LICENCE = re.compile(
    _FREE + r"(?=(?:[A-Z-]*[ ]?[0-9]){4})(?:[A-Z0-9]{6,18}|[A-Z0-9]{3,5}(?:[- ][A-Z0-9]{3,6}){1,3})" + _END, re.IGNORECASE
)
_GB_LICENCE = re.compile(
    _FREE
    + r"[A-Z]{1,5}9{0,4}[ ]?[0-9](?:0[1-9]|1[0-2]|5[1-9]|6[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9][ ]?[A-Z9]{2}[ ]?[0-9A-Z][A-Z]{2}"
    + _END
)
_PLATES = {
    "Great Britain": r"[A-HJ-PR-Y]{2}[0-9]{2}[ ]?[A-HJ-PR-Z]{3}|[A-HJ-NPR-TVWY][0-9]{1,3}[ ]?[A-Z]{3}",
    "France": r"[A-Z]{2}[- ][0-9]{3}[- ][A-Z]{2}|[0-9]{2,4}[ ][A-Z]{2,3}[ ][0-9]{2}",
    "the Netherlands": (
        r"(?=[A-Z0-9-]*[A-Z])(?=[A-Z0-9-]*[0-9])"
        r"(?:(?:[A-Z]{2}|[0-9]{2})(?:-(?:[A-Z]{2}|[0-9]{2})){2}|[0-9]{1,2}-[A-Z]{2,3}-[0-9]{1,2}|[A-Z]{1,2}-[0-9]{2,3}-[A-Z]{1,2})"
    ),
    "Denmark": r"[A-Z]{2}[ ]?[0-9]{2}[ ]?[0-9]{3}",
    "Sweden": r"[A-Z]{3}[ ]?[0-9]{2}[A-Z0-9]",
    "Spain": r"[0-9]{4}[ -]?[BCDFGHJKLMNPRSTVWXYZ]{3}",
    "Germany": r"[A-ZÄÖÜ]{1,3}[- ][A-Z]{1,2}[- ]?[1-9][0-9]{0,3}[EH]?",
}
_PLATE = re.compile(
    _FREE + "(?:" + "|".join(f"(?P<c{number}>{form})" for number, form in enumerate(_PLATES.values())) + ")" + _END, re.IGNORECASE
)
_TYPED = re.compile(
    f"{_PLATE.pattern}|{_FREE}(?:[A-HJ-NP-TV-Z]{{2}}[0-9]{{3}}[A-HJ-NP-TV-Z]{{2}}|[A-ZÄÖÜ]{{2,5}}[1-9][0-9]{{1,3}}){_END}",
    re.IGNORECASE,
)
_ANY_PLATE = re.compile(
    _FREE + r"(?=[A-Z -]*[0-9])(?=[0-9 -]*[A-Z])(?:[A-Z0-9]{5,8}|[A-Z0-9]{1,4}[ -][A-Z0-9]{2,4})" + _END, re.IGNORECASE
)
_SMALL_WORD = re.compile(r"\b(?:by|at|on|in|to|is|am|of|for|the|and|car|my|it|no|was|from|due)\b")
_SAID_PLATE = re.compile(r"(?=[A-Z]*[0-9])(?=[0-9]*[A-Z])[A-Z0-9]{4,8}")
_SAID_IN = {
    "en": re.compile(r"[A-HJ-PR-Y]{2}[0-9]{2}[A-HJ-PR-Z]{3}|[A-HJ-NPR-TVWY][0-9]{1,3}[A-Z]{3}|[A-Z]{3}[0-9]{1,3}[A-HJ-NPR-TVWY]"),
    "de": re.compile(r"[A-ZÄÖÜ]{1,3}[A-Z]{1,2}[1-9][0-9]{0,3}[EH]?"),
    "fr": re.compile(r"[A-HJ-NP-TV-Z]{2}[0-9]{3}[A-HJ-NP-TV-Z]{2}"),
    "da": re.compile(r"[A-Z]{2}[0-9]{5}"),
    "sv": re.compile(r"[A-Z]{3}[0-9]{2}[A-Z0-9]"),
}
"""Plates without spaces and dashes, where these languages are spoken."""
_GB_PLATE = re.compile(_FREE + r"[A-HJ-PR-Y]{2}[0-9]{2} [A-HJ-PR-Z]{3}" + _END)
_FR_PLATE = re.compile(_FREE + r"(?!SS|WW)[A-HJ-NP-TV-Z]{2}-[0-9]{3}-[A-HJ-NP-TV-Z]{2}" + _END)
_UNSURE_WORDS = (
    "registration",
    "registration no",
    "registration number",
    "registreringsnummer",
    "reg",
    "reg no",
    "reg nr",
    "kfz",
    "plate",
    "plaque",
)
_FAR = 90
_FORMS = {Kind.PASSPORT: _PASSPORT, Kind.DRIVING_LICENCE: _LICENCE, Kind.VEHICLE_PLATE: _PLATE}


def typed_plates(text: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Where plates lie between two places, as people type them: in small letters too."""
    for match in _matches(text, _TYPED, low, high):
        yield match.span()


def named(page: Page) -> Iterator[Finding]:
    """Those that a word names."""
    if not page.mentions_any(tuple(_FORMS)):
        return
    for kind, form in _FORMS.items():
        for start, end in _stretches(page, kind):
            found = _first(page, kind, form, start, end)
            if found is None and kind is Kind.VEHICLE_PLATE:
                found = _first(page, kind, _ANY_PLATE, start, end)
            if found is not None:
                yield found


def _stretches(page: Page, kind: Kind) -> Iterator[tuple[int, int]]:
    """Where one may stand: behind each word for it, and in the fields under such a head."""
    for place in page.mentioned(kind):
        line = page.plain.find("\n", place + 1, place + _FAR)
        yield place, min(place + _FAR, len(page.plain)) if line < 0 else line
    if page.columns is not None:
        yield from page.columns.fields(page.plain, kind)


def _first(page: Page, kind: Kind, form: re.Pattern[str], low: int, high: int) -> Finding | None:
    """Those in capitals go before those that only small letters make one: “is AB12” is no plate, where AB12 CDE stands."""
    found = (each for each in _matches(page.plain, form, low, high) if any(map(str.isdigit, each[0])))
    matches = sorted((each for each in found if _SMALL_WORD.search(each[0]) is None), key=lambda match: not match[0].isupper())
    for match in matches:
        label = page.label(*match.span())
        if label is not None and label.is_near and not label.is_behind and label.stance(kind) is Stance.FOR:
            return _told(kind, match, label.word, label.in_words())
    return None


def _matches(text: str, form: re.Pattern[str], low: int, high: int) -> Iterator[re.Match[str]]:
    place = low
    while (match := form.search(text, place, high)) is not None:
        if not text[match.end() : match.end() + 1].isalnum():
            yield match
        place = match.start() + 1


def _told(kind: Kind, match: re.Match[str], word: str, label: str) -> Finding | None:
    country = next((list(_PLATES)[int(name[1:])] for name, value in match.groupdict().items() if value), None)
    confidence = 0.75
    why = f"{len(match[0])} characters, as {'plates' if kind is Kind.VEHICLE_PLATE else 'such papers'} have"
    if country is not None:
        why, confidence = f"letters and digits in a form of plates of {country}", 0.85
    elif kind is Kind.VEHICLE_PLATE:
        confidence = 0.35 if word in _UNSURE_WORDS else 0.6
    if not match[0].isupper():
        confidence -= 0.1
    return Finding(start=match.start(), end=match.end(), type=kind, confidence=round(confidence, 2), why=f"{why}; {label}")


def may_be(kind: Kind, written: str) -> bool:
    """What was said, without its spaces and dashes."""
    if kind is Kind.VEHICLE_PLATE:
        return _SAID_PLATE.fullmatch(written) is not None
    return _FORMS[kind].fullmatch(written) is not None


def is_plate(written: str, languages: Sequence[str]) -> bool:
    """In the form of today's plates where one of the languages is spoken."""
    return any(_SAID_IN[language].fullmatch(written) is not None for language in languages)


_OF_A_VEHICLE = re.compile(
    r"\b(?:vehicles?|cars?|vans?|lorr(?:y|ies)|fleet|keeper|parked|parking|number plates?|garage|bay \d|permit|barrier|pcn"
    r"|mot|mileage|insured|no[- ]claims|petrol|diesel|hatchback|saloon|motorhome|caravan|motorbike|tow(?:ed|ing)?"
    r"|breakdown|driv(?:e|es|er|ing)|drove|corsa|fiesta|golf|focus|polo|astra|clio|corolla|yaris|qashqai|fahrzeuge?"
    r"|véhicules?|voiture|bil|bilen)\b",
    re.IGNORECASE,
)
"""Words that a plate without its space, or in small letters, stands beside."""
_GB_LOOSE = re.compile(_FREE + r"[A-HJ-PR-Y]{2}(?:[02][0-9]|1[0-9]|[5-7][0-9])[ ]?[A-HJ-PR-Z]{3}" + _END, re.IGNORECASE)
GB_LOOSE = rb"(?i:\b[a-hj-pr-y]{2}[0-9]{2} ?[a-hj-pr-z]{3}\b)"


def gb_loose(page: Page) -> Iterator[Finding]:
    """In small letters or without the space, where a car is spoken of."""
    for match in _GB_LOOSE.finditer(page.plain):
        start, end = match.span()
        if match[0].isupper() and " " in match[0]:
            continue
        if _OF_A_VEHICLE.search(page.plain, max(0, start - _FAR), end + _FAR) is not None and not page.is_numbered(start):
            why = "two letters, two digits, three letters, as plates of Great Britain; a car is spoken of beside it"
            if found := page.weighed(Kind.VEHICLE_PLATE, start, end, 0.45, why):
                yield found


def gb_plate(page: Page, start: int, _end: int) -> Finding | None:
    """`start` is where its two digits begin."""
    match = _GB_PLATE.match(page.plain, start - 2) if start >= 2 else None
    if match is None or page.plain[match.start() - 1 : match.start()].isalnum():
        return None
    why = "two letters, two digits, three letters, as plates of Great Britain"
    return page.weighed(Kind.VEHICLE_PLATE, match.start(), match.end(), 0.45, why)


def fr_plate(page: Page, start: int, _end: int) -> Finding | None:
    match = _FR_PLATE.match(page.plain, start - 3) if start >= 3 else None
    if match is None:
        return None
    why = "two letters, three digits, two letters, as plates of France"
    return page.weighed(Kind.VEHICLE_PLATE, match.start(), match.end(), 0.45, why)


def gb_licence(page: Page, start: int, _end: int) -> Finding | None:
    match = _GB_LICENCE.search(page.plain, max(0, start - 6), start + 14)
    if match is None or match.start() >= start:
        return None
    why = "letters of a name, a day of birth in its order, letters, as driving licences of Great Britain"
    return page.weighed(Kind.DRIVING_LICENCE, match.start(), match.end(), 0.75, why)


LETTERED: dict[int, tuple[Judge, ...]] = {2: (gb_plate,), 6: (gb_licence,)}
DASHED: dict[int, tuple[Judge, ...]] = {3: (fr_plate,)}
