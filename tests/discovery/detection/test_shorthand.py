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
    ("date naiss. 12/03/1980", "12/03/1980"),
)
_OTHERS = (("uk_nino", "nat ins ab 12 34 56 c", "ab 12 34 56 c"), ("us_ssn", "soc 536 22 8714", "536 22 8714"))
_TOLD = (
    *(("card_code", *each) for each in _CODES),
    *(("phone", *each) for each in _PHONES),
    *(("date_of_birth", *each) for each in _BIRTHS),
    *_BANKS,
    *_OTHERS,
)
_NOT_TOLD = (
    ("card_code", "bekræftelseskoden i SMS'en er 4821"),
    ("card_code", "verifieringskoden: 4821"),
    ("card_code", "Agent: Is that all?\nCaller: at five o'clock, no, at two o'clock"),
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
