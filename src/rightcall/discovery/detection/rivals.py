"""Findings for the same digits, where how sure each is does not tell which is meant: cards and telephones, numbers of persons of
several countries, and what lies within a number of one's own."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence

from rightcall.discovery.detection.context import Stance
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.page import Page

_LIKELY, _AS_SURE = 0.6, 0.12
_GROUP = re.compile("[0-9]+")
_FOURS = "[0-9]{4}"
_LEADS_IN = re.compile("[0-9+]")
_LED, _LEADS_ON = re.compile(r"[^\W_][-–/_#. ]?$"), re.compile(r"[-–/_#. ]?[^\W_]")
_MOST_BESIDE = 16
_HOMES: Mapping[str, str] = {
    Kind.US_SSN: "US",
    Kind.US_ITIN: "US",
    Kind.UK_NINO: "GB",
    Kind.UK_NHS: "GB",
    Kind.DE_STEUER_ID: "DE",
    Kind.DE_SVNR: "DE",
    Kind.FR_NIR: "FR",
    Kind.DK_CPR: "DK",
    Kind.SE_PERSONNUMMER: "SE",
    Kind.FI_HETU: "FI",
    Kind.NL_BSN: "NL",
    Kind.ES_DNI: "ES",
    Kind.ES_NIE: "ES",
}
"""Whose number each is."""


def meant(page: Page, found: Sequence[Finding], own: frozenset[str] = frozenset()) -> list[Finding]:
    """Without those that are not. `own`: the names of the patterns that were given."""
    return _where_they_belong(page, _no_phones_in_cards(page, _not_of_ones_own(page, found, own)))


def _not_of_ones_own(page: Page, found: Sequence[Finding], own: frozenset[str]) -> Sequence[Finding]:
    """The digits of a customer's number are no date and nothing else, whatever is said beside it. A card stays one: where it is
    none, its check tells."""
    numbers = sorted((each for each in found if each.type in own), key=lambda one: one.start)
    starts = [each.start for each in numbers]

    def near(each: Finding) -> list[Finding]:
        return numbers[bisect_left(starts, each.start - _MOST_BESIDE) : bisect_right(starts, each.start)]

    return [each for each in found if not any(_is_piece(page.text, each, number) for number in near(each))] if numbers else found


def _is_piece(text: str, each: Finding, number: Finding) -> bool:
    """Whether it lies within the number, which letters or digits join to it; or begins there behind a mark, and goes on."""
    if each.type in (number.type, Kind.PAYMENT_CARD) or not _touch(each, number):
        return False
    before, behind = text[number.start : each.start], text[each.end : number.end]
    if len(before) + len(behind) > _MOST_BESIDE:
        return False
    if each.end > number.end:
        return number.is_whole and _LED.search(before) is not None and before[-1:] != " "
    return _LED.search(before) is not None or _LEADS_ON.match(behind) is not None


def _no_phones_in_cards(page: Page, found: Sequence[Finding]) -> list[Finding]:
    """A card's number stays one behind whatever word for a telephone: one can pay over it."""
    cards = [each for each in found if each.type == Kind.PAYMENT_CARD and each.confidence >= _LIKELY and not each.parts]
    phones = [each for each in found if each.type == Kind.PHONE and not each.parts] if cards else []
    won = [card for card in cards if not _is_of_phones(page, card, [each for each in phones if _touch(each, card)], cards)]
    return [each for each in found if each.type != Kind.PHONE or not any(_touch(each, card) for card in won)]


def _is_of_phones(page: Page, card: Finding, phones: Iterable[Finding], cards: Iterable[Finding]) -> bool:
    """Whether its digits are several whole telephone numbers, or the end of a longer one."""
    places = {(phone.start, phone.end) for phone in phones}
    if any(_LEADS_IN.search(page.plain, start, card.start) for start, _ in places):
        return True
    groups = [match.span() for match in _GROUP.finditer(page.plain, card.start, card.end)]
    if len(groups) > 1 and places.issuperset(groups):
        return True
    return len(groups) > 1 and _is_listed(page.plain, card, page.plain[groups[0][1] : groups[1][0]], cards)


def _is_listed(text: str, card: Finding, gap: str, cards: Iterable[Finding]) -> bool:
    """In one row with another eight digits in the same groups, and these of no other card."""
    before = re.compile(rf"(?<![0-9]){_FOURS}{re.escape(gap)}{_FOURS}{re.escape(gap)}$")
    behind = re.compile(rf"{re.escape(gap)}{_FOURS}{re.escape(gap)}{_FOURS}(?![0-9])")
    beside = (before.search(text, max(0, card.start - 16), card.start), behind.match(text, card.end))
    others = [each for each in cards if not _touch(each, card)]
    return any(
        match is not None and not any(each.start < match.end() and match.start() < each.end for each in others)
        for match in beside
    )


def _where_they_belong(page: Page, found: list[Finding]) -> list[Finding]:
    """Of numbers of persons that lie on the same digits: that of the regions, unless the word beside it is for the other alone. A
    telephone number that is no surer than one of the regions yields to it."""
    numbers = [each for each in found if each.type in _HOMES] if page.regions else []
    at_home = [each for each in numbers if _HOMES[each.type] in page.regions]
    lost = {
        (each.start, each.end, each.type)
        for each in numbers
        if _HOMES[each.type] not in page.regions and any(_touch(each, other) and _yields(page, each, other) for other in at_home)
    }
    lost |= {
        (each.start, each.end, each.type)
        for each in found
        if each.type == Kind.PHONE and any(_touch(each, other) and each.confidence <= other.confidence for other in at_home)
    }
    return [each for each in found if (each.start, each.end, each.type) not in lost] if lost else found


def _yields(page: Page, finding: Finding, other: Finding) -> bool:
    """Not where it is far surer: a check by which one in thirty passes says more than one by which one in ten does."""
    if finding.confidence - other.confidence > _AS_SURE:
        return False
    label = page.label(finding.start, finding.end)
    if label is None:
        return True
    stances = [label.stance(Kind(each.type)) is Stance.FOR for each in (finding, other)]
    return stances != [True, False]


def _touch(one: Finding, other: Finding) -> bool:
    return one.start < other.end and other.start < one.end
