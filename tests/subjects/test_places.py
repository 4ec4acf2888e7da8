"""Where a number belongs: a country, a state, or no place at all."""

import re
import tomllib

import pytest
from phonenumbers.geodata import GEOCODE_DATA

from rightcall.personal import Personal
from rightcall.subjects import places
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.subjects.places import number_place


def tel(number: str) -> Identifier:
    return Identifier(kind=IdentifierKind.TEL, value=Personal(number))


@pytest.mark.parametrize(
    ("number", "place"),
    [
        ("+4532123456", "DK"),
        ("+442079460958", "GB"),
        ("+493012345678", "DE"),
        ("+14155550123", "US-CA"),
        ("+12125550123", "US-NY"),
        ("+12025550123", "US-DC"),
        ("+12015550123", "US-NJ"),
        ("+14165550123", "CA"),
        ("+18005550123", None),
        ("+80012345678", None),
        ("+870773111632", None),
        ("not a number", None),
    ],
)
def test_a_number_belongs_where_it_was_given_out(number: str, place: str | None) -> None:
    assert number_place([tel(number)]) == place


def test_an_address_without_a_number_says_no_place() -> None:
    assert number_place([Identifier(kind=IdentifierKind.SIP, value=Personal("sip:ada@carrier.example"))]) is None
    assert number_place([]) is None


def test_the_first_number_that_says_a_place_counts() -> None:
    assert number_place([tel("+18005550123"), tel("+4532123456")]) == "DK"


def test_the_area_codes_are_those_that_are_in_use() -> None:
    table = tomllib.loads(places._AREA_CODES.read_text(encoding="utf-8"))
    named: dict[int, set[str]] = {}
    for prefix, names in GEOCODE_DATA.items():
        state = re.search(r", ([A-Z]{2})$", names.get("en", ""))
        if prefix.startswith("1") and len(prefix) > 3 and state is not None and state.group(1) in table:
            named.setdefault(int(prefix[1:4]), set()).add(state.group(1))
    ours = {code: state for state, codes in table.items() for code in codes}
    assert len(table) == 51
    assert len(ours) == sum(len(codes) for codes in table.values()) > 350
    assert {code: states for code, states in named.items() if ours.get(code) not in states} == {}
