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


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("8 bis, impasse du Chêne-Vert, 44300 Nantes. Plaque GF-418-KD", "8 bis, impasse du Chêne-Vert, 44300 Nantes"),
        ("12 rue J. Jaurès, 92000 St. Denis. Née le 3 mai", "12 rue J. Jaurès, 92000 St. Denis"),
        ("Nørregade 4, 8000 Aarhus C. Tlf 20 12 34 56", "Nørregade 4, 8000 Aarhus C"),
        ("12 Oak Road, St. Albans AL1 3QQ. Call back", "12 Oak Road, St. Albans AL1 3QQ"),
    ],
)
def test_an_address_ends_with_its_sentence(text: str, address: str) -> None:
    assert addresses(text) == [address]


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


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("agent: and your address love\ncaller: one two two union street nottingham l s one one\n", "one two two union"),
        (
            "agent: what's your home address\ncaller: yeah it's forty one ninety nine alder creek drive fresno\n",
            "forty one ninety",
        ),
        (
            "agent: and the mailing address?\n[01:16] C: 4058 Old Mill Rd, Fresno, CA 69899.\n",
            "4058 Old Mill Rd, Fresno, CA 69899",
        ),
        ("agent: und die anschrift\nanrufer: fliederweg 134 18511 castrop-rauxel\n", "fliederweg 134 18511 castrop-rauxel"),
        ("agent: und die neue Anschrift?\nAnrufer: Zum Kiebitz 151, 24094 Halle.\n", "Zum Kiebitz 151, 24094 Halle"),
        ("agent: l'adresse de livraison\nclient: douze rue jean jaurès roubaix 59100\n", "douze rue jean jaurès roubaix 59100"),
        ("agent: og adressen\nkunde: havnegade en fem seks en otte fire fire silkeborg\n", "havnegade en fem seks en otte"),
        ("agent: tack och adressen är\nkund: fabriksgatan nittio 689 79 ystad\n", "fabriksgatan nittio 689 79 ystad"),
        ("kunde: hun bor havnegade en en nul silkeborg 5464 øh nej 5464 silkeborg\n", "havnegade en en nul silkeborg 5464"),
        ("kund: på smedjegränd ett sex nio malmö 66 913\n", "smedjegränd ett sex nio malmö 66 913"),
        ("agent: is it the address at flat three one six zero queensway swindon\n", "flat three one six zero"),
        ("Address: 162 Old Tannery Lane, Croydon, BT21 5TL\n", "162 Old Tannery Lane, Croydon, BT21 5TL"),
        ("Ny adr Kungsholms strand 53, 787 15 Hudiksvall, mejl", "Kungsholms strand 53, 787 15 Hudiksvall"),
        ("formerly elsewhere, now 7 Queensway, Reading, EH4 4CL. My", "7 Queensway, Reading, EH4 4CL"),
        ("Nadja K.\nAm Alten Güterbahnhof 46, 65870 Bad Homburg\nTel.", "Am Alten Güterbahnhof 46, 65870 Bad Homburg"),
        ("agent: what's the postcode\n[00:57] caller: bravo two seven eight n b\n", "bravo two seven eight n b"),
        ("agent: what's the postcode\ncaller: n for november g five eight j p\n", "n for november g five eight j p"),
        ("DPA passed (dob on file, pc BT27 9MN). chg", "BT27 9MN"),
        ("caller: it's sixty nine old mill road leeds l s two six nine s g\n", "sixty nine old mill road"),
    ],
)
def test_addresses_that_are_asked_for_or_said(text: str, address: str) -> None:
    told = [text[each.start : each.end] for each in detect(text) if each.type == Kind.POSTAL_ADDRESS]
    assert any(each.startswith(address) for each in told), told


@pytest.mark.parametrize(
    "text",
    [
        "agent: and your email address\ncaller: seven sue at mail dot com\n",
        "agent: what's the ip address\ncaller: ten dot one dot two\n",
        "agent: what's the address\ncaller: it's the same as before i moved two years ago\n",
        "agent: is the address right\ncaller: yes\n",
        "agent: was the address wrong\ncaller: twice\n",
        "please address the two issues in section 5, 2024 Edition",
        "kunde: vejen til to af dem er lang\n",
        "in Version 3, 20250 Zeilen",
        "On 4 May, 2024 Anna left, and in Room 5, 1200 People sat",
        "my pc 5000 is slow",
    ],
)
def test_other_addresses_and_answers_are_none(text: str) -> None:
    assert [text[each.start : each.end] for each in detect(text) if each.type == Kind.POSTAL_ADDRESS] == []
