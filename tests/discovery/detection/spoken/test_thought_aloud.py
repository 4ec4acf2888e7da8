"""Numbers that callers look for while they tell them, and that the other party asks them to wait with; numbers of people by the
names under which they are asked for; a bank's code and an account without theirs."""

import pytest

from rightcall.discovery.detection.rules import detect


def told(text: str, kind: str) -> list[str]:
    found = (each for each in detect(text) if each.type == kind)
    return [each.written.reveal("a test") if each.written is not None else text[each.start : each.end] for each in found]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("A: and a phone number\nC: oh seven nine eleven what is it one two oh four six eight\n", "07911120468"),
        (
            "A: who do we ring\nC: oh seven nine eleven\nA: oh seven nine eleven one second my screen's frozen okay\n"
            "C: one two oh\nA: yep\nC: four six eight\n",
            "07911120468",
        ),
        (
            "A: ihre telefonnummer\nC: null eins fünf zwo\nA: moment mein stift geht nicht so ja\n"
            "C: zwo zwo wie war das vier eins sieben null drei acht\n",
            "015222417038",
        ),
        ("A: hvad var det for otte cifre\nC: to ni syv en hvad er det nu fireogfyrre sytten\n", "29714417"),
        ("A: vilket nummer har du\nC: noll sju noll vad är det nu två fyra åtta ett sju fem noll\n", "0702481750"),
        ("A: et un téléphone\nC: zéro six vingt-deux comment déjà soixante-dix-neuf cinquante-quatre zéro un\n", "0622795401"),
        ("C: i'm abroad so country code four seven nine oh nine eight five two six seven\n", "+4790985267"),
        ("C: jeg bor i sverige så landekode seksogfyrre halvfjerds fire og tyve firs en og tredive fem\n", "+46702480315"),
    ],
)
def test_a_telephone_number_with_what_is_said_to_oneself(text: str, number: str) -> None:
    assert told(text, "phone") == [number]


@pytest.mark.parametrize(
    "text",
    [
        "C: count to ten\nA: one two three four five six seven eight nine ten\n",
        "A: what number\nC: one second\n",
        "A: hvad var det for otte cifre\nC: lige et øjeblik hvad er det nu\n",
        "A: and then\nC: my screen's frozen what is it now\n",
    ],
)
def test_what_tells_no_telephone_number(text: str) -> None:
    assert told(text, "phone") == []


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("C: my finnish code is eleven eleven seventy five dash seven six three x\n", "fi_hetu", "111175-763X"),
        ("C: mon identifiant finlandais c'est onze onze soixante-quinze tiret sept six trois x\n", "fi_hetu", "111175-763X"),
        ("C: die niederländische b s n lautet eins null drei vier sechs null fünf sieben drei\n", "nl_bsn", "103460573"),
        ("A: social for the account holder\nC: five three six three oh double nine six five\n", "us_ssn", "536309965"),
        ("C: hennes är ett nio fem noll noll åtta ett åtta fyra sju fem fem\n", "se_personnummer", "195008184755"),
        (
            "A: iban\nC: d som i dorte karen\nA: lige et øjeblik min computer driller ja\n"
            "C: fem nul nul nul fire nul nul fire fire nul en en seks to fire tre\n",
            "iban",
            "DK5000400440116243",
        ),
    ],
)
def test_numbers_of_people_and_accounts(text: str, kind: str, number: str) -> None:
    assert told(text, kind) == [number]


@pytest.mark.parametrize(
    ("text", "code", "account"),
    [
        ("A: which bank would you like the money in\n"
         "C: it's four oh seven five six nine then four two oh one seven oh four four\n",
         "407569", "42017044"),
        ("C: sort's six oh oh nine eight nine account's eight three double six seven oh one two\n", "600989", "83667012"),
        ("C: sätt in det på två två noll två och sen sex ett tre fem ett nio fem\n", "2202", "6135195"),
        ("C: my account number is double seven oh one oh five six two at two oh eight seven three nine\n", "208739", "77010562"),
    ],
)  # fmt: skip
def test_a_code_of_a_bank_beside_an_account(text: str, code: str, account: str) -> None:
    assert told(text, "bank_code") == [code]
    assert told(text, "bank_account") == [account]


def test_an_account_in_two_breaths_is_no_code() -> None:
    text = "A: hvor skal pengene hen\nC: reg fem to seks seks og konto fem nul syv fem\nA: videre\nC: fem en tre ni ni to\n"
    assert told(text, "bank_code") == ["5266"]
    assert told(text, "bank_account") == ["5075513992"]
