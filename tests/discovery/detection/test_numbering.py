"""Numbers that are in use are told as the library of their plans tells them, only faster."""

import phonenumbers
import pytest

from rightcall.discovery.detection.numbering import is_in_use, is_valid, parsed
from rightcall.discovery.detection.phones import REGIONS

_REGIONS = phonenumbers.COUNTRY_CODE_TO_REGION_CODE


@pytest.mark.parametrize("changed", [0, 1, 2, 5])
def test_a_number_is_in_use_where_the_library_says_so(changed: int) -> None:
    """Each country's own examples of every sort, and the same with a digit made another."""
    numbers = [(code, written) for code in _REGIONS for written in _examples(code) if len(written) > changed]
    told = {(code, rest): is_valid(code, rest) for code, written in numbers for rest in _like(written, changed)}
    assert told == {
        (code, rest): phonenumbers.is_valid_number(phonenumbers.PhoneNumber(country_code=code, national_number=int(rest)))
        for code, rest in told
    }
    assert any(told.values())


def _examples(code: int) -> list[str]:
    if _REGIONS[code] == ("001",):
        found = [phonenumbers.example_number_for_non_geo_entity(code)]
    else:
        found = [phonenumbers.example_number_for_type(region, sort) for region in _REGIONS[code] for sort in range(11)]
    return [str(number.national_number) for number in found if number is not None and not number.italian_leading_zero]


def _like(written: str, changed: int) -> list[str]:
    other = written[:changed] + str((int(written[changed]) + 1) % 10 or 1) + written[changed + 1 :] if changed else written
    return [other, other[:-1]]


@pytest.mark.parametrize("region", [*REGIONS, "AT", "BR", "AR", "IT"])
def test_a_number_in_national_form_is_in_use_where_the_library_says_so(region: str) -> None:
    """However it is dialled, with a digit less or another one too, and without its area."""
    code = phonenumbers.country_code_for_region(region)
    dialled = ["", "0", "1", str(code), f"00{code}", f"011{code}", f"{code}0"]
    bodies = {each for written in _examples(code) for changed in (0, 1, 3) for each in _like(written, changed)}
    numbers = [f"{before}{body}" for body in bodies | {body[-6:] for body in bodies} for before in dialled]
    told = {digits: is_in_use(digits, region) for digits in numbers}
    assert told == {digits: _says_the_library(digits, region) for digits in numbers}
    assert any(told.values())


def _says_the_library(digits: str, region: str) -> bool:
    number = parsed(digits, region)
    return number is not None and phonenumbers.is_valid_number_for_region(number, region)
