"""Accounts, papers and plates in speech: only the question tells them, and what answers another question is none."""

import pytest

from rightcall.discovery.detection.dialogue import detect_turns
from rightcall.discovery.detection.rules import detect
from rightcall.discovery.parts import Turn, Turns


def told(*turns: str) -> list[tuple[str, str | None]]:
    said = tuple(Turn(number % 2, text) for number, text in enumerate(turns))
    found = detect_turns(Turns(object="call", turns=said, bytes=1))
    return [(str(each.type), each.written.reveal("compare") if each.written else None) for each in found]


@pytest.mark.parametrize(
    ("question", "answer", "type", "written"),
    [
        ("what's your bank account number", "it's one two three four five six seven eight", "bank_account", "12345678"),
        ("and the sort code", "two zero three zero four zero", "bank_code", "203040"),
        ("what's the routing number", "zero two one zero zero zero zero two one", "bank_code", "021000021"),
        ("wie ist Ihre Kontonummer", "eins zwei drei vier fünf sechs sieben acht", "bank_account", "12345678"),
        ("hvad er dit kontonummer", "syv fire to et, ni otte syv seks fem fire tre", "bank_account", "74219876543"),
        ("vad är ditt kontonummer", "sju fyra två ett nio åtta sju sex fem", "bank_account", "742198765"),
        ("quel est votre numéro de compte", "un deux trois quatre cinq six sept huit", "bank_account", "12345678"),
        ("passport number please", "c zero one x zero zero t four seven", "passport", "C01X00T47"),
        ("hvad er dit pasnummer", "to nul fire syv otte ni tre en fem", "passport", "204789315"),
        ("what's your registration", "alpha bravo one two charlie delta echo", "vehicle_plate", "AB12CDE"),
        ("wie ist Ihr Kennzeichen", "b m w eins zwei drei", "vehicle_plate", "BMW123"),
        ("vad är ditt registreringsnummer", "a b c ett två tre", "vehicle_plate", "ABC123"),
        ("what's your social", "social is five one two four five six seven eight nine", "us_ssn", "512456789"),
        ("anything else", "my social is five one two four five six seven eight nine", "us_ssn", "512456789"),
        ("the code is next to your signature", "it's a five and a five and a zero", "card_code", "550"),
        ("hvad er kortkoden", "fem fem nul", "card_code", "550"),
        ("säg kontrollsiffrorna", "fem fem noll", "card_code", "550"),
        ("die Kartenprüfziffer bitte", "fünf fünf null", "card_code", "550"),
        ("les chiffres de sécurité", "cinq cinq zéro", "card_code", "550"),
        ("expiry date and security code?", "july twenty six, and 470", "card_code", "470"),
        ("expiry date and security code?", "may twenty twenty nine and five three six", "card_code", "536"),
        ("Ablaufdatum und Prüfziffer?", "juli achtundzwanzig und vier sieben null", "card_code", "470"),
        ("security code", "for seven one", "card_code", "471"),
        ("security code", "seven one too", "card_code", "712"),
    ],
)
def test_what_was_asked_for_is_told(question: str, answer: str, type: str, written: str) -> None:
    assert told(question, answer) == [(type, written)]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("what's the order number", "one two three four five six seven eight"),
        ("what's your account number", "I have one two or three of them"),
        ("what's your registration", "it's a red car with two doors"),
        ("how many did you buy", "a one and a two"),
        ("what's in the passport", "twenty two stamps"),
        ("expiry date and security code?", "july twenty six"),
        ("and your security code?", "for seven one months"),
        ("valid to", "zero six to seven"),
    ],
)
def test_what_answers_something_else_is_none(question: str, answer: str) -> None:
    assert told(question, answer) == []


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("din personbeteckning tack", "tolv noll tre sextiofyra minus tvåhundraarton p"),
        ("hur lyder beteckningen", "jo det är noll ett tolv noll tre a sex ett ett t"),
        ("personbeteckningen", "noll fem noll fem nittioett minustecken fyra fyra sju fem"),
        ("vad har hon för personkod", "tolv noll tre nittonhundrasextiofyra streck två ett åtta p"),
        ("personbeteckning", "noll ett noll tre sextiofyra nej tolv noll tre sextiofyra minus två ett åtta p"),
        ("slutet på beteckningen", "fjorton noll åtta åttiotvå minus två fyra ett d som i david"),
    ],
)
def test_a_finnish_code_in_swedish(asked: str, answer: str) -> None:
    found = detect(f"A: {asked}\nB: {answer}\nA: tack\n")
    assert [each.type for each in found if each.type != "date_of_birth"] == ["fi_hetu"]


def test_a_meter_in_the_form_of_a_finnish_code_is_none() -> None:
    found = detect("A: vad är ställningen\nB: tolv noll tre sextiofyra minus två ett åtta p\n")
    assert not any(each.type == "fi_hetu" for each in found)
