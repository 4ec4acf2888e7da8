"""Sums of check digits are those of the library, only faster."""

import random

from stdnum import iban, luhn

from rightcall.discovery.detection.cards import is_iban, passes_luhn

_ACCOUNTS = ("GB29NWBK60161331926819", "DE89370400440532013000", "FR1420041010050500013M02606", "DK5000400440116243")


def test_luhn_is_the_librarys() -> None:
    dice = random.Random(5)  # noqa: S311  # made-up numbers, not a secret
    numbers = ["".join(dice.choices("0123456789", k=dice.randrange(20))) for _ in range(2000)]
    numbers += ["4111111111111111", "4111 1111 1111 1111", "411111111111111²", "٤111111111111111"]
    told = {each: passes_luhn(each) for each in numbers}
    assert told == {each: each != "" and luhn.is_valid(each) for each in numbers}
    assert set(told.values()) == {True, False}


def test_an_iban_is_the_librarys() -> None:
    """Whole, in groups, in small letters, with a digit another one, or with two that changed their places."""
    written = [
        form
        for each in _ACCOUNTS
        for place in range(len(each) - 1)
        for swapped in (each[:place] + each[place + 1] + each[place] + each[place + 2 :],)
        for form in (each, swapped, swapped.lower(), each[:place] + "7" + each[place + 1 :], f"{each[:place]} {each[place:]}")
    ]
    told = {each: is_iban(each) for each in written}
    assert told == {each: iban.is_valid(each, check_country=False) for each in written}
    assert set(told.values()) == {True, False}
