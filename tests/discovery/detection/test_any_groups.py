"""Telephone numbers however somebody groups them, with no word that says so: whoever writes may do as nobody did before."""

from random import Random

import phonenumbers
import pytest
from phonenumbers import PhoneNumberType

from rightcall.discovery.detection.rules import detect

_REGIONS = ("GB", "DE", "FR", "SE", "NL", "IE", "AT", "CH", "BE")
_SORTS = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE)
_MARKS = (" ", "-", ".", "/", "  ")
_SAID = (
    "lvm on {}, no answer. will try again",
    "Cust: {}\nCust: that is the new one",
    "{}/+44 20 7946 0321 both tried",
    "Best wishes\nAnn\n{}\n",
    "M {} (evenings)",
    "F: {}\n",
    "ok. {} is fine too",
    "a;b;c\nx;{};3\n",
)
_LONGER = {("SE", PhoneNumberType.FIXED_LINE): 31123456, ("IE", PhoneNumberType.FIXED_LINE): 14123456}
"""With fewer digits they are told only behind a word."""
_EACH = 60


def _national(region: str, sort: int) -> str:
    example = _LONGER.get((region, sort)) or phonenumbers.example_number_for_type(region, sort)
    assert example is not None
    return "0" + str(example if isinstance(example, int) else example.national_number)


def _grouped(digits: str, chance: Random) -> str:
    """The first group as areas are, the others of two to four digits; with one mark between, or another behind the first."""
    first = chance.choice((2, 3, 4, 5))
    groups, rest = [digits[:first]], digits[first:]
    while rest:
        size = min(chance.choice((2, 3, 4)), len(rest))
        size = len(rest) if len(rest) - size == 1 else size
        groups.append(rest[:size])
        rest = rest[size:]
    mark = chance.choice(_MARKS)
    lead = chance.choice(_MARKS)
    if chance.random() < 0.2:
        return f"({groups[0]}) {mark.join(groups[1:])}"
    return f"{groups[0]}{lead}{mark.join(groups[1:])}"


@pytest.mark.parametrize("region", _REGIONS)
def test_whatever_the_groups(region: str) -> None:
    chance = Random(region)  # noqa: S311  # sample text, not a secret
    missed = []
    for _ in range(_EACH):
        written = _grouped(_national(region, chance.choice(_SORTS)), chance)
        text = chance.choice(_SAID).format(written)
        place = text.index(written)
        if not any(each.type == "phone" and each.start <= place + 1 < each.end for each in detect(text)):
            missed.append(text)
    assert len(missed) <= _EACH // 50, missed


@pytest.mark.parametrize(
    "text",
    [
        "prøvet på 42163745 el. 61-40-06-89, besked lagt",
        "tlf rettet fra 61 40 84 25 til 42163745",
        "jeg har +45 61 40 84 25 og på kontoret 4216 3745",
        "cb after 4 on 8085550105 or before 9:30 on 8085550106",
    ],
)
def test_one_more_beside_a_number(text: str) -> None:
    assert sum(each.type == "phone" for each in detect(text)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "mit nye nummer er 2057 8966. Ordren 74195231 kommer",
        "her ssn 078-05-1120",
        "id 0123456789",
        "ref,0470123456,done",
        "order 0470 123 456",
    ],
)
def test_what_is_no_telephone_number(text: str) -> None:
    told = [text[each.start : each.end] for each in detect(text) if each.type == "phone"]
    assert told in ([], ["2057 8966"])


def test_an_extension_tells_the_number_before_it() -> None:
    found = detect("speak to 2125550140 extension 58 if not")
    assert [(each.type, each.start, each.end) for each in found] == [("phone", 9, 19)]
