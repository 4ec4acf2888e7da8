"""A number and an address tell a country where its form is one country's alone."""

import pytest

from rightcall.discovery.linking.clues import clues
from rightcall.discovery.linking.countries import country_of


@pytest.mark.parametrize(
    ("type", "value", "regions", "country"),
    [
        ("phone", "+49 30 901820", (), "DE"),
        ("phone", "+46 8 123 456 78", ("DK",), "SE"),
        ("phone", "32 12 34 56", ("DK",), "DK"),
        ("phone", "+1 415 555 2671", (), "US-CA"),
        ("postal_address", "Hauptstraße 12, 10115 Berlin", (), "DE"),
        ("postal_address", "Lange Str. 4a, 20095 Hamburg", (), "DE"),
        ("postal_address", "Hauptstraße 12, 1010 Wien", (), None),
        ("postal_address", "12 rue de la Paix, 75002 Paris", (), "FR"),
        ("postal_address", "Vestergade 4, 2. th, 2100 København", (), "DK"),
        ("postal_address", "Storgatan 5, 111 22 Stockholm", (), "SE"),
        ("postal_address", "10 Downing Street, London SW1A 2AA", (), "GB"),
        ("postal_address", "Keizersgracht 100, 1015 AA Amsterdam", (), "NL"),
        ("postal_address", "350 Fifth Avenue, New York, NY 10118", (), "US"),
        ("email", "ada@caller.example", (), None),
    ],
)
def test_a_country_is_told(type: str, value: str, regions: tuple[str, ...], country: str | None) -> None:
    found = clues(type, value, regions=regions)
    assert country_of((each.kind, each.value.reveal("test")) for each in found) == country
