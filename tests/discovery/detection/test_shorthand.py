"""Numbers as people in a hurry write and say them: shorthand for what they are, compounds, the letter o. Each text is our own."""

import pytest

from rightcall.discovery.detection.rules import detect

_CODES = (
    ("Kortets kontrolkode er 482", "482"),
    ("sikkerheds-koden: 482", "482"),
    ("CVC-koden er 482", "482"),
    ("Kontrolkoden på kortet er 482.", "482"),
    ("Säkerhets-koden är 482", "482"),
    ("kontrollkoden är 482", "482"),
    ("kortsäkerhetskod: 482", "482"),
    ("Kartenprüf-Nummer 482", "482"),
    ("Kontrollnummer der Karte: 482", "482"),
    ("code de vérification 482", "482"),
    ("4-digit code on the front: 7309", "7309"),
    ("cvc is 4 2 9", "4 2 9"),
    ("cvv 4-2-9", "4-2-9"),
    ("cvv is 4, 2, 9", "4, 2, 9"),
    ("CVV (4 2 9)", "4 2 9"),
    ("security code 7.3.0.9", "7.3.0.9"),
    ("Kortets kontrolcifre: 4 2 9", "4 2 9"),
    ("les trois chiffres derrière la carte c'est 4 2 9", "4 2 9"),
    ("id,cvv,note\n1,4 2 9,x\n", "4 2 9"),
    ("id,CVC2,note\n1,4-2-9,x\n", "4-2-9"),
    ("can i have the last three digits on the back of your card yes five oh one", "five oh one"),
    ("what is the three digit number on the back of the card nine four two perfect", "nine four two"),
    ("agent last three digits on the back of your card caller yeah its five oh one", "five oh one"),
    ("sec code 429 exp 0428", "429"),
    ("signature panel number / six six one", "six six one"),
    ("de tre cifre bag på: 429", "429"),
    ("Agent: og kontroltallet?\nKunde: nul otte to", "nul otte to"),
    ("Agent: Vad är säkerhets-koden på kortet?\nKund: fyra åtta två", "fyra åtta två"),
    ("Agent: And the security code?\nCaller: it's o eight two", "o eight two"),
    ("Agent: And the security code?\nCaller: O eight two.", "O eight two"),
    ("Agent: And the security code?\nCaller: eight o o", "eight o o"),
)
_PHONES = (
    *(
        (f"cust wants refund, {word} 07700 900123 pls", "07700 900123")
        for word in ("mob", "m:", "ph", "c/b", "t:", "hm ph", "ctc no")
    ),
    ("joignable au 06 39 98 12 34", "06 39 98 12 34"),
    ("à rappeler au 06 39 98 12 34", "06 39 98 12 34"),
    ("træffes på 20 12 34 56", "20 12 34 56"),
    ("nås på 070-174 06 05", "070-174 06 05"),
    ("återuppring 070-174 06 05", "070-174 06 05"),
    ("she left 06 39 98 12 34 for you", "06 39 98 12 34"),
    ("get back to Tom Hale, 07700 900123 after six", "07700 900123"),
    ("| Hale | 07700 900123 | Leeds |", "07700 900123"),
    ("name;tel;city\nHale;07700 900123;Leeds\n", "07700 900123"),
    ("Kind regards\nAnna Becker\nTeam lead\n030 23125654", "030 23125654"),
    ("Mvh Karin Berg, 070-174 06 05", "070-174 06 05"),
    ("reachable at (212) 555-0142", "(212) 555-0142"),
)
_BANKS = (
    ("bank_code", "s/c 20-00-00 a/c 55779911", "20-00-00"),
    ("bank_account", "s/c 20-00-00 a/c 55779911", "55779911"),
    ("bank_code", "sort 20-00-00, acc 55779911", "20-00-00"),
    ("bank_code", "clnr 6789 konto 123456789", "6789"),
)
_BIRTHS = (
    ("Kunde Lund, d.o.b. 12/03/1980, ok", "12/03/1980"),
    ("Kunde Lund, f. 12.03.1980, ok", "12.03.1980"),
    ("né(e) le 12/03/1980", "12/03/1980"),
    ("Kunde Lund, fødselsd. 12-03-1980", "12-03-1980"),
    ("cust b. 12/03/1980", "12/03/1980"),
    ("född 12/3 1980", "12/3 1980"),
    ("født 12.3 1980", "12.3 1980"),
    ("d.o.b: 120380", "120380"),
    ("date naiss. 12/03/1980", "12/03/1980"),
)
_SAID = (
    (
        "vehicle_plate",
        "Agent: What's the reg?\nCaller: yankee delta\nAgent: yes\nCaller: six seven\nAgent: ok\nCaller: k l m",
        "yankee delta",
    ),
    (
        "vehicle_plate",
        "Agent: What's your number plate?\nCaller: it's lima k fifty one x ray yankee zulu",
        "lima k fifty one x ray yankee zulu",
    ),
    (
        "uk_nino",
        "Agent: national insurance number?\nCaller: a b\nAgent: yes\nCaller: one two three four five six\nAgent: yes\nCaller: c",
        "a b",
    ),
    (
        "iban",
        "Agent: iban?\nCaller: d e\nAgent: ok\nCaller: eight nine three seven o four\nAgent: mhm\n"
        "Caller: o o four four o five three two\nAgent: go on\nCaller: o one three o o o",
        "o one three o o o",
    ),
    (
        "nl_bsn",
        "Agent: What is your b s n?\nCaller: one one one two two two three three three",
        "one one one two two two three three three",
    ),
    (
        "bank_code",
        "Agent: Ihre B L Z?\nKunde: drei sieben null vier null null vier vier",
        "drei sieben null vier null null vier vier",
    ),
    (
        "uk_nhs",
        "Agent: your NHS number?\nCaller: nine four three, four seven six, five nine one nine",
        "nine four three, four seven six, five nine one nine",
    ),
    ("date_of_birth", "Agent: Fødselsdato?\nKunde: tolvte tredje firs", "tolvte tredje firs"),
    ("date_of_birth", "Agent: Wann sind Sie geboren?\nKunde: zwölfter dritter achtzig", "zwölfter dritter achtzig"),
    (
        "ip_address",
        "Caller: my ip is one nine two dot one six eight dot zero dot one",
        "one nine two dot one six eight dot zero dot one",
    ),
    (
        "ip_address",
        "Kunde: IP-Adresse ist einundachtzig punkt zwei punkt neunundsechzig punkt hundertzweiundvierzig",
        "einundachtzig punkt zwei punkt neunundsechzig punkt hundertzweiundvierzig",
    ),
    (
        "ip_address",
        "Kund: ip-adressen är åttioett punkt två punkt sextionio punkt hundrafyrtiotvå",
        "åttioett punkt två punkt sextionio punkt hundrafyrtiotvå",
    ),
)
_OTHERS = (
    ("es_dni", "dni 12345678z", "12345678z"),
    ("uk_nino", "nat ins ab 12 34 56 c", "ab 12 34 56 c"),
    ("us_ssn", "soc 536 22 8714", "536 22 8714"),
)
_TOLD = (
    *(("card_code", *each) for each in _CODES),
    *(("phone", *each) for each in _PHONES),
    *(("date_of_birth", *each) for each in _BIRTHS),
    *_BANKS,
    *_SAID,
    *_OTHERS,
)
_NOT_TOLD = (
    ("card_code", "bekræftelseskoden i SMS'en er 4821"),
    ("card_code", "verifieringskoden: 4821"),
    ("card_code", "cvv 4 2 9 1 5 5"),
    ("card_code", "cvv, 4 2-9"),
    ("card_code", "id, cvv, floor, room\n1, 4, 2, 9\n"),
    ("card_code", "card 4539148803436467, code 880"),
    ("card_code", "cv 429"),
    ("card_code", "Agent: Is that all?\nCaller: at five o'clock, no, at two o'clock"),
    ("phone", "Agent: I'll phone you. And your address?\nCaller: 14 2100 København"),
    ("phone", "Agent: can I call you? And when was that?\nCaller: 12 03 2024"),
    ("phone", "call me about order, auth code 048213992"),
    ("phone", "mobile deals cost about ten times 1234567"),
    ("ip_address", "login ok, app version 24.41.3.205"),
    ("ip_address", "Caller: the app version is twenty four dot forty one dot three dot nine"),
    ("es_dni", "dni 12345678a"),
    ("uk_nhs", "Caller: nine four three, four seven six, five nine one nine"),
    ("phone", "parcel 07700 900123"),
    ("phone", "he can't 0123456789"),
    ("date_of_birth", "delivered to b 12/03/2024"),
    ("date_of_birth", "Flat B 12.03.2024"),
)


@pytest.mark.parametrize(("kind", "text", "wanted"), _TOLD)
def test_is_told(kind: str, text: str, wanted: str) -> None:
    assert wanted in {text[start:end] for each in detect(text) if each.type == kind for start, end in each.stretches}


@pytest.mark.parametrize(("kind", "text"), _NOT_TOLD)
def test_is_not_told(kind: str, text: str) -> None:
    assert [text[each.start : each.end] for each in detect(text) if each.type == kind] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("birth_date: 1961-05-03T00:00:00Z", "1961-05-03"),
        ("born 1961-05-03 00:00", "1961-05-03"),
        ("born 5/3/1961 12:00:00 AM", "5/3/1961"),
        ('{"a.dateOfBirth": "1961-05-03T00:00:00.000+02:00"}', "1961-05-03"),
        ("DOB: 1961-05-03 14:22:10", "1961-05-03"),
        ("id\tname\tbirth_date\n1\tx\t1961-05-03 14:22:10\n", "1961-05-03"),
        ("id\tname\tbirth_date\n1\tx\t1961-05-03T23:00:00Z\n", "1961-05-03"),
        ("DOB 03-May-61", "03-May-61"),
        ("born the 3rd of May '61", "3rd of May '61"),
    ],
)
def test_a_day_of_birth_with_a_time_or_a_short_year(text: str, value: str) -> None:
    assert [(each.type, text[each.start : each.end]) for each in detect(text)] == [("date_of_birth", value)]


@pytest.mark.parametrize(
    "text",
    [
        "born 2024-05-03 14:22 in the log",
        "born 2024-05-03T14:22:10Z",
        "born 2024-05-03 00:00:00.123",
        "birthday mail sent: 2024-05-03 14:22",
        "id\tname\tbirthday_mail_sent\n1\tx\t2024-05-03 14:22:10\n",
        "id\tname\tcreated\n1\tx\t1961-05-03T00:00:00Z\n",
    ],
)
def test_the_time_of_something_else_is_no_day_of_birth(text: str) -> None:
    assert detect(text) == []


@pytest.mark.parametrize(
    "behind", ["exp 04/28 code 880", "exp 04/28, cv 880", "cv: 880", "udløb 04/28 kode 880", "exp 04/28 cvv 8 8 0"]
)
def test_a_code_behind_a_card_and_its_day_of_expiry(behind: str) -> None:
    text = f"Card no 4539148803436467 {behind}"
    found = [text[each.start : each.end] for each in detect(text) if each.type == "card_code"]
    assert [each.replace(" ", "") for each in found] == ["880"]


def test_nulls_within_a_text_part_nothing() -> None:
    text = "a\x00b card 4111 1111\x00 1111 1111\nAgent: security code?\nCaller: four\x00 two nine"
    found = {each.type: text[each.start : each.end] for each in detect(text)}
    assert found == {"payment_card": "4111 1111\x00 1111 1111", "card_code": "four\x00 two nine"}
