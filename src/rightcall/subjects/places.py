"""Where a number belongs: the country, and in the United States the state, whose law then applies beside the controller's own.

A number says where a line was given out and not where somebody is: people move, and keep their numbers. So it only ever adds a
law, and what a person says of where they live is kept beside it (calls.Marks). A number of no country, toll-free say, says
nothing.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import phonenumbers

from rightcall.subjects.model import Identifier, IdentifierKind

_AREA_CODES = Path(__file__).parent / "area_codes.toml"
_COUNTRY = 2
_OF_NO_PLACE = frozenset(
    {phonenumbers.PhoneNumberType.TOLL_FREE, phonenumbers.PhoneNumberType.PREMIUM_RATE, phonenumbers.PhoneNumberType.SHARED_COST}
)


def number_place(identifiers: Iterable[Identifier]) -> str | None:
    """A code such as DK, US-CA, or US where the state is not known; None where no number says a place."""
    numbers = (each.value.reveal("know which law applies") for each in identifiers if each.kind is IdentifierKind.TEL)
    return next((place for number in numbers if (place := _place(number)) is not None), None)


def _place(number: str) -> str | None:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.number_type(parsed) in _OF_NO_PLACE:
        return None
    country = phonenumbers.region_code_for_number(parsed)
    if country is None or len(country) != _COUNTRY or not country.isalpha():
        return None
    if country != "US":
        return country
    state = _states().get(str(parsed.national_number)[:3])
    return "US" if state is None else f"US-{state}"


@cache
def _states() -> Mapping[str, str]:
    """State by area code."""
    table = tomllib.loads(_AREA_CODES.read_text(encoding="utf-8"))
    return {str(code): state for state, codes in table.items() for code in codes}
