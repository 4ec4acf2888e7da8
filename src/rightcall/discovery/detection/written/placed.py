"""Postal addresses that no word for a street tells: by the question for them, by a label, or by what stands behind them."""

import re

from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.page import Judge, Page
from rightcall.discovery.detection.written.addresses import BACK, CAPITAL, FLOOR, NUMBER, TOWN, UK_CODE, told
from rightcall.discovery.detection.written.lexicon import Word
from rightcall.discovery.detection.written.resources import places
from rightcall.discovery.detection.written.said import asked, stands_behind

_GB = re.compile(r"([A-Z]{1,2})[0-9][A-Z0-9]? [0-9][ABD-HJLNP-UW-Z]{2}(?![0-9A-Za-z])")
_US_TOWN = re.compile(rf"(?<![\w]){CAPITAL}(?: {CAPITAL}){{0,2}},? [A-Z]{{2}} $")


def asked_for(page: Page, word: Word) -> Finding | None:
    """What answers `and your address?`, or stands behind `Address: `."""
    text = page.written
    if (span := asked(text, word.end)) is not None:
        return _span(*span, "it answers a question for an address")
    if (span := stands_behind(text, word.end)) is not None:
        return _span(*span, "a word for an address stands before it")
    match = _LABELLED.match(text, word.end)
    if match is None or _OTHER_LABEL.search(text, max(0, word.start - _LEAST_BEFORE), word.start):
        return None
    return _span(match.start("address"), match.end("address"), "a word for an address stands before it")


def _span(start: int, end: int, why: str) -> Finding:
    return Finding(start=start, end=end, type=Kind.POSTAL_ADDRESS, confidence=0.75, why=why)


_LEAST_BEFORE = 12
_OTHER_LABEL = re.compile(r"(?:e-?mail|mail|ip|web|mac|mejl)[ -]?$", re.IGNORECASE)
_STREET = rf"(?:{CAPITAL}|[0-9]{{1,3}}(?:st|nd|rd|th))(?:[ ](?:{CAPITAL}|[a-zåäöæøü]{{2,12}})){{0,3}}"
_UNIT_BEFORE = r"(?:(?:Flat|Apt|Apartment|Unit|Suite)\.? ?[0-9]{1,4}[A-Za-z]?,? )?"
_LABELLED = re.compile(
    r"\.?(?: ?:|  ?is| to| ist| er| är| est)? (?P<address>"
    rf"{_UNIT_BEFORE}(?:[1-9][0-9]{{0,4}}[a-zA-Z]?(?: bis)?,? {_STREET}|{_STREET} [1-9][0-9]{{0,3}} ?[A-Za-z]?(?![\w]))"
    rf"(?:,? (?:{UK_CODE}(?![\w])|(?:[A-Z]{{1,2}}-)?[0-9]{{3}} ?[0-9]{{1,2}} {TOWN}|[A-Z]{{2}} [0-9]{{5}}(?![0-9])"
    rf"|{TOWN})){{1,3}})"
)


def placed(page: Page, start: int, end: int) -> Finding | None:
    """`Zum Kiebitz 151, 24094 Halle`: a street that no word calls one, told by what stands behind it."""
    text = page.plain
    if text[start - 2 : start] != ", " and text[start - 1 : start] != "\n":
        return None
    town_behind = _TOWN_BEHIND.match(text, end)
    street = _STREET_AND_NUMBER.search(text, max(0, start - BACK), start)
    if town_behind is None or street is None or street[1].split()[0] in places("not_a_street", "before"):
        return None
    is_of_a_line = street.start(1) == 0 or text[street.start(1) - 1] == "\n"
    if page.is_in_moment(start, end) or (len(street[1].split()) < _FEWEST_WORDS and not is_of_a_line):
        return None
    return told(street.start(1), town_behind.end(), ["a name and a number", "a postcode and a town"], page, 0.55)


_FEWEST_WORDS = 3
"""The number is one of them."""
_TOWN_BEHIND = re.compile(rf" {TOWN}(?= ?(?:[.,;)\n]|$))")
_STREET_AND_NUMBER = re.compile(
    rf"(?<![\w.-])((?:{CAPITAL}[ -]|(?:der|den|dem|de|la|du|i|von|af|av) ){{1,4}}(?:[a-zåäöæøü]{{4,12}} )?"
    rf"{NUMBER}(?:{FLOOR})?(?:, |,? ?\n))$"
)


def gb_code(page: Page, start: int, _end: int) -> Finding | None:
    """A postcode of Great Britain; `start` is where its first digit is."""
    if not "A" <= page.plain[start - 1 : start] <= "Z":
        return None
    match = (
        _GB.match(page.plain, start - 2) if start >= 2 and page.plain[start - 2].isupper() else _GB.match(page.plain, start - 1)
    )
    if match is None or match[1].lower() not in places("gb_areas") or page.plain[match.start() - 1 : match.start()].isalnum():
        return _gb_address(page, start)
    whole = _gb_address(page, start)
    return whole or page.weighed(Kind.POSTAL_ADDRESS, match.start(), match.end(), 0.55, "a postcode of Great Britain")


def _gb_address(page: Page, start: int) -> Finding | None:
    """`7 Queensway, Reading, EH4 4CL`, whatever the street is called."""
    before = _GB_BEFORE.search(page.plain, max(0, start - BACK), start)
    match = None if before is None else re.compile(rf"{UK_CODE}(?![0-9A-Za-z])").match(page.plain, before.end(1))
    if before is None or match is None:
        return None
    return told(before.start(1), match.end(), ["a number and a street", "a town and a postcode"], page, 0.6)


_GB_BEFORE = re.compile(
    rf"(?<![\w.,/#-])({_UNIT_BEFORE}[1-9][0-9]{{0,3}}[A-Za-z]?,? {CAPITAL}(?: {CAPITAL}){{0,3}}, "
    rf"(?:{TOWN},? ){{1,2}})[A-Z]{{1,2}}$"
)


def us_town(page: Page, start: int, end: int) -> Finding | None:
    """`Springfield, IL 62704`: a town, a state and its ZIP."""
    if page.plain[start - 3 : start - 1].lower() not in places("us_states"):
        return None
    match = _US_TOWN.search(page.plain, max(0, start - BACK), start)
    return None if match is None else told(match.start(), end, ["a town, a state and a ZIP"], page, 0.6)


US_SHAPES: dict[str, Judge] = {"5-4": us_town}
PLACED_SHAPES: dict[str, tuple[Judge, ...]] = {"5": (us_town, placed), "4": (placed,), "3 2": (placed,)}
LETTERED: dict[int, tuple[Judge, ...]] = {1: (gb_code,), 2: (gb_code,)}
