"""Addresses: their parts, in the order of each country, and what is none."""

import pytest

from rightcall.discovery.detection.context import columns_of
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.rules import detect


def addresses(text: str) -> list[str]:
    return [text[each.start : each.end] for each in detect(text) if each.type == Kind.POSTAL_ADDRESS]


def first(text: str) -> Finding:
    return next(each for each in detect(text, least=0) if each.type == Kind.POSTAL_ADDRESS)


@pytest.mark.parametrize(
    "address",
    [
        "12 Oak Road",
        "Apt 4B, 350 W. 42nd Street, New York, NY 10036",
        "10 Downing Street, London, SW1A 2AA",
        "Alte Mühle Straße 3b",
        "Unter-Linden-Allee 77, 10117 Berlin",
        "Nørre Allé 4, st. tv., 2200 København N",
        "Storgatan 12 B, 903 26 Umeå",
        "Prinsengracht 263, 1016 GV Amsterdam",
        "3 impasse des Lilas, 31000 Toulouse",
        "Paseo de Gracia 43, 08007 Barcelona",
        "PO Box 77",
        "Postboks 12, 2100 København Ø",
    ],
)
def test_an_address_is_told_whole(address: str) -> None:
    assert addresses(f"it is {address}; the rest is fine") == [address]


def test_the_more_parts_the_surer() -> None:
    by_parts = [first(text).confidence for text in ("12 Oak Road", "12 Oak Road, LS1 4AB", "Flat 2, 12 Oak Road, LS1 4AB")]
    assert by_parts == sorted(set(by_parts))
    assert first("I live at 12 Oak Road").confidence > first("12 Oak Road").confidence
    assert first("12 Oak Road, LS1 4AB").why == "a number and a street, a postcode"


def test_the_turn_before_asks_for_it() -> None:
    assert addresses("agent: and the postcode\ncaller: it's ls1 4ap") == ["ls1 4ap"]
    asked = "agent: what address is that for\ncaller: {}\nagent: thanks"
    assert addresses(asked.format("12 oak close")) == ["12 oak close"]
    assert addresses("we are 12 minutes close") == []


def test_columns_for_addresses_and_for_something_else() -> None:
    head = "id;gade;postnummer;bynavn;ip address;email address"
    text = f"{head}\n7;Birkevænget 3;4000;Roskilde;none;x\n8;Ukendt;;;;\n"
    got = [text[each.start : each.end] for each in detect(text, columns=columns_of(head)) if each.type == Kind.POSTAL_ADDRESS]
    assert got == ["Birkevænget 3", "4000", "Roskilde", "Ukendt"]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("my postcode is s w one a one a a thanks", "s w one a one a a"),
        ("agent: what's your postcode\ncaller: it's m fourteen five b t\n", "m fourteen five b t"),
        ("postleitzahl eins null eins eins fünf", "eins null eins eins fünf"),
        ("quel est le code postal\nsoixante-neuf mille trois\n", "soixante-neuf mille trois"),
        ("Ich wohne Am Alten Markt 3, 10115 Berlin", "Am Alten Markt 3, 10115 Berlin"),
        ("Unter den Linden 5\n10117 Berlin", "Unter den Linden 5\n10117 Berlin"),
    ],
)
def test_postcodes_in_words_and_streets_that_no_word_calls_one(text: str, address: str) -> None:
    assert [text[each.start : each.end] for each in detect(text) if each.type == Kind.POSTAL_ADDRESS] == [address]


@pytest.mark.parametrize(
    "text", ["what is the postcode for the depot", "the postcode lookup failed on one of two pages", "postcode: two ten"]
)
def test_a_postcode_that_is_only_spoken_of(text: str) -> None:
    assert [each for each in detect(text) if each.type == Kind.POSTAL_ADDRESS] == []
