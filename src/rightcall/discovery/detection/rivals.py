"""Findings for the same digits, where how sure each is does not tell which is meant: cards and telephones, and numbers of persons
of several countries."""

import re
from collections.abc import Iterable, Mapping, Sequence

from rightcall.discovery.detection.context import Stance
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.page import Page

_LIKELY, _AS_SURE = 0.6, 0.12
_GROUP = re.compile("[0-9]+")
_FOURS = "[0-9]{4}"
_LEADS_IN = re.compile("[0-9+]")
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


def meant(page: Page, found: Sequence[Finding]) -> list[Finding]:
    """Without those that are not."""
    return _where_they_belong(page, _no_phones_in_cards(page, found))


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
