"""What the same digits are: a card that is paid with over the telephone, and whose country's number of a person."""

from itertools import product

import pytest

from rightcall.discovery.detection.patterns import read_pattern
from rightcall.discovery.detection.rules import detect

REGIONS = ("", "DK", "NO", "SE", "FI", "DE", "FR", "GB", "US", "NL", "ES", "IE", "AT", "CH", "BE", "PL", "IT")
SAID = (
    "Payment over the phone, {}",
    "paid by phone: {}",
    "betalte pr. telefon {}",
    "betalade via telefon {}",
    "per Telefon bezahlt: {}",
    "par téléphone {}, merci",
    "Mobile: {}",
    "id,phone payment,note\n1,{},x\n2,,y\n",
)
CARDS = (
    "4012 8888 8888 1881",
    "4111-1111-1111-1111",
    "4111.1111.1111.1111",
    "4111  1111  1111  1111",
    "4111111111111111",
    "5019 5555 4444 5555",
    "3782 822463 10005",
    "378282246310005",
    "3056 930902 5904",
)


@pytest.mark.parametrize("region", REGIONS)
def test_a_card_is_one_behind_a_word_for_a_telephone(region: str) -> None:
    missed = []
    for said, card in product(SAID, CARDS):
        text = said.format(card)
        found = detect(text, regions=(region,) if region else ())
        if [(each.type, text[each.start : each.end]) for each in found if each.confidence >= 0.6] != [("payment_card", card)]:
            missed.append(text)
    assert missed == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Mobile: 40128888 88881881", ["40128888", "88881881"]),
        ("Mobile: 4012 8888, 8888 1881", ["4012 8888", "8888 1881"]),
        ("ring +45 4012 8888 8888 1881", ["+45 4012 8888", "8888 1881"]),
        ("Tlf 4012 8888 8888 1881 4012 8889 2012 3456", ["4012 8888", "8888 1881", "4012 8889", "2012 3456"]),
    ],
)
def test_several_whole_telephone_numbers_are_no_card(text: str, numbers: list[str]) -> None:
    found = detect(text, regions=("DK",))
    assert [(each.type, text[each.start : each.end]) for each in found] == [("phone", number) for number in numbers]


def test_two_cards_in_one_row_are_two() -> None:
    text = "phone payments 4012 8888 8888 1881 4111 1111 1111 1111"
    assert [each.type for each in detect(text, regions=("DK",))] == ["payment_card", "payment_card"]


@pytest.mark.parametrize(
    ("text", "regions", "kind"),
    [
        ("Ole,010180-0001,x\n", ("DK",), "dk_cpr"),
        ("Ole,010180-0001,x\n", ("SE",), "se_personnummer"),
        ("personnummer 010180-0001", ("DK",), "dk_cpr"),
        ("personnummer 010180-0001", ("SE",), "se_personnummer"),
        ("samordningsnummer 010180-0001", ("DK",), "se_personnummer"),
        ("cpr 010180-0001", ("SE",), "dk_cpr"),
    ],
)
def test_the_regions_decide_whose_number_of_a_person_it_is(text: str, regions: tuple[str, ...], kind: str) -> None:
    assert [each.type for each in detect(text, regions=regions)] == [kind]


@pytest.mark.parametrize(
    "said",
    [
        "from {} to Anna, born 17 August 1961",
        "from {} to Anna, geboren am 17 August 1961",
        "born {}, 17 August 1961",
        "date of birth {}: 17 August 1961",
        "phone {} to 17 August 1961, birthday",
    ],
)
@pytest.mark.parametrize("number", ["KD-300105", "KD-991105", "KD-300205", "SAG-19610817", "300105-KD"])
def test_the_digits_of_a_number_of_ones_own_are_nothing_else(said: str, number: str) -> None:
    text = said.format(number)
    patterns = [read_pattern("customer_id=KD-[0-9]{6}|SAG-[0-9]{8}|[0-9]{6}-KD")]
    found = [(str(each.type), text[each.start : each.end]) for each in detect(text, patterns=patterns, regions=("DK",))]
    assert ("customer_id", number) in found
    assert {("date_of_birth", "17 August 1961"), ("person_name", "Anna"), ("customer_id", number)}.issuperset(found)


@pytest.mark.parametrize(
    ("pattern", "text", "kind"),
    [
        ("order=ORD-[0-9]{16}|[0-9]{4} [0-9]{4}", "card 4111 1111 1111 1111", "payment_card"),
        ("order=[a-z]+: [0-9 ]{16,20}", "card: 4111 1111 1111 1111", "payment_card"),
        ("note=Note: .*", "Note: ring Anna on +45 31 24 01 01 after nine", "phone"),
        ("order=[A-Z]{2}-[0-9]{2}", "DK-31-24-01-01 mobil +45-31-24-01-01", "phone"),
    ],
)
def test_a_number_of_ones_own_hides_no_card_and_nothing_that_is_whole(pattern: str, text: str, kind: str) -> None:
    assert kind in [each.type for each in detect(text, patterns=[read_pattern(pattern)], regions=("DK",))]
