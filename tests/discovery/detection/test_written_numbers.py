"""Telephone numbers, accounts and days of birth as notes, letters, forms and small tables have them."""

import pytest

from rightcall.discovery.detection.context import pasted
from rightcall.discovery.detection.rules import detect


def told(text: str, kind: str) -> list[str]:
    return [text[start:end] for each in detect(text) if each.type == kind for start, end in each.stretches]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Left a note: Ann Lee, 029 20180123. No injuries.", "029 20180123"),
        ("Left a note: Ann Lee, 02920180123.", "02920180123"),
        ("Landlord Ann Lee (07700) 900 123 says so.", "(07700) 900 123"),
        ("I am on (01632) 960 123 all day.", "(01632) 960 123"),
        ("T 415.555.0123 | a.lee@example.com", "415.555.0123"),
        ("my deputy: Ann Lee, 0199001234, a.lee@example.com", "0199001234"),
        ("NOK Ann Lee (0113 496 0123).", "0113 496 0123"),
        ("emergency contact Ann Lee on 01134960123", "01134960123"),
        ("Notfallkontakt Anna Becker 030 23125654", "030 23125654"),
        ("Mehrfach versucht unter 030 23125654.", "030 23125654"),
        ("déjà essayé au 0639981234", "0639981234"),
        ("Kontakt Lis Holm på 20123456.", "20123456"),
        ("Forsøgt på 20123456 to gange", "20123456"),
        ("Kund Lis Holm (0701740605) vill veta mer", "0701740605"),
        ("Sökt på 0701740605 tre ggr", "0701740605"),
        ("har skiftet nr fra 30 11 62 84, rettet d. 03.11.26", "30 11 62 84"),
        ("sagsbeh. direkte 7256 4018", "7256 4018"),
    ],
)
def test_a_telephone_number(text: str, number: str) -> None:
    assert told(text, "phone") == [number]


@pytest.mark.parametrize(
    "text",
    [
        "the depot is a phone call away, opens 0730-1800",
        "see section 415.555.01 of the act",
        "Ordered by Ann Lee (2920180123)",
        "Post applied for: 19295200742\nGroup: none\nShift: late\n",
        "Branch: Leeds\nClerk: none\nReference: 2721544585\n",
    ],
)
def test_no_telephone_number(text: str) -> None:
    assert told(text, "phone") == []


def test_a_slash_between_two_danish_numbers_joins_none() -> None:
    assert told("Tlf: 45 82 61 09/45 82 61 10, fax 45 82 61 99", "phone") == ["45 82 61 09", "45 82 61 10", "45 82 61 99"]


@pytest.mark.parametrize("code", ["20-30-40", "20 30 40", "203040"])
def test_a_sort_code_and_an_account_behind_the_word_bank(code: str) -> None:
    text = f"NI none yet. Bank {code} 12345678. Starts Monday."
    assert told(text, "bank_code") == [code]
    assert told(text, "bank_account") == ["12345678"]
    assert told(f"Stock {code} 12345678. Starts Monday.", "bank_code") == []


def test_a_number_to_quote_is_no_account() -> None:
    assert told("Caller: and the account number?\nAgent: use 1234567 as your reference", "bank_account") == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("See you then.\n\nThanks, Ann Lee (12/03/1980)", "12/03/1980"),
        ("See you then.\n\nMvh Lis Holm (12 mars 1980)", "12 mars 1980"),
        ("Agent: and your date of birth?\nCaller: 28 jun 1951\nAgent: thanks", "28 jun 1951"),
        ("spk_0: wann sind sie geboren\nspk_1: 3. Feb 1962\n", "3. Feb 1962"),
    ],
)
def test_a_day_of_birth(text: str, day: str) -> None:
    assert told(text, "date_of_birth") == [day]


def test_a_date_in_brackets_elsewhere_is_none() -> None:
    assert told("The contract of Ann Lee (12/03/1980) ended.", "date_of_birth") == []


TABLE = """ref;surname;forename;dob;phone;updated
7;Lee;Ann;12/3/80;415.555.0123;3 May 2025
8;Holm;Lis;05-May-1990;2015550123;4 May 2025
"""


def test_a_pasted_table_is_read_by_its_heads() -> None:
    assert told(TABLE, "date_of_birth") == ["12/3/80", "05-May-1990"]
    assert told(TABLE, "phone") == ["415.555.0123", "2015550123"]
    quoted = 'payee,sort_code,account_number\n"Lee, Ann",20 30 40,12345678\n'
    assert told(quoted, "bank_code") == ["20 30 40"]
    assert told(quoted, "bank_account") == ["12345678"]


@pytest.mark.parametrize(
    "text",
    [
        TABLE + "one more line",
        TABLE.partition("\n")[0],
        "Dear Ann, dob, phone, and so on\nthe rest will follow\n",
        "red;green;blue\n1;2;3\n",
    ],
)
def test_other_texts_are_no_table(text: str) -> None:
    assert pasted(text) is None
