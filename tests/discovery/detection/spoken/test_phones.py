"""Telephone numbers in speech, in any way in which people say and break them."""

from random import Random

import pytest

from rightcall.discovery.detection.rules import detect

_DIGITS = {
    "en": ("oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "de": ("null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"),
    "fr": ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"),
    "da": ("nul", "en", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni"),
    "sv": ("noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio"),
}
_NUMBERS = {
    "en": ("01614960123", "07700900123", "02079460123"),
    "de": ("03023125654", "015112345678"),
    "fr": ("0612345678", "0261917126"),
    "da": ("42163745", "20573250"),
    "sv": ("0701740605", "0313900629"),
}
_PAUSES = {
    "en": ("uh", "hang on", "then", "let me see", "so"),
    "de": ("äh", "moment", "und dann", "so"),
    "fr": ("euh", "bon", "ensuite", "alors"),
    "da": ("øh", "så", "lad mig se"),
    "sv": ("eh", "sen", "låt mig se"),
}
_YES = {"en": "got that", "de": "hab ich", "fr": "c'est noté", "da": "det har jeg", "sv": "har jag"}
_ASKED = {
    "en": "what number can we reach you on please",
    "de": "unter welcher nummer kann ich sie erreichen bitte",
    "fr": "à quel numéro je peux vous joindre",
    "da": "hvilket nummer kan jeg ringe til dig på",
    "sv": "vilket nummer kan jag nå dig på",
}
_EACH = 40


def _groups(digits: str, chance: Random) -> list[str]:
    groups = []
    while digits:
        size = min(chance.choice((2, 3, 4)), len(digits))
        size = len(digits) if len(digits) - size == 1 else size
        groups.append(digits[:size])
        digits = digits[size:]
    return groups


def _said(group: str, language: str, chance: Random) -> str:
    """Now and then a recogniser writes figures."""
    return group if chance.random() < 0.15 else " ".join(_DIGITS[language][int(digit)] for digit in group)


def _text(language: str, chance: Random, names: tuple[str, str]) -> tuple[str, int]:
    """A question and its answer, in one turn with pauses or over several, and where the number ends."""
    agent, caller = names
    groups = [_said(each, language, chance) for each in _groups(chance.choice(_NUMBERS[language]), chance)]
    over_turns = chance.random() < 0.5
    between = f"\n{agent}: {_YES[language]}\n{caller}: " if over_turns else " "
    number = groups[0]
    for group in groups[1:]:
        pause = f" {chance.choice(_PAUSES[language])} " if not over_turns and chance.random() < 0.3 else between
        number += pause + group
    text = f"{agent}: {_ASKED[language]}\n{caller}: {number}"
    return f"{text}\n{agent}: ok\n", len(text)


@pytest.mark.parametrize("names", [("agent", "caller"), ("0", "1")], ids=["named", "numbered"])
@pytest.mark.parametrize("language", sorted(_DIGITS))
def test_however_it_is_broken(language: str, names: tuple[str, str]) -> None:
    chance = Random(language)  # noqa: S311  # sample text, not a secret
    missed = []
    for _ in range(_EACH):
        text, end = _text(language, chance, names)
        if not any(each.type == "phone" and each.end == end for each in detect(text)):
            missed.append(text)
    assert len(missed) <= _EACH // 20, missed


@pytest.mark.parametrize(
    ("text", "many"),
    [
        ("agent: two here oh one six one four nine six oh one two three and oh one four one four nine six oh one two four", 2),
        ("i'm at six one seven five five five oh one four four again that's six one seven five five five oh one four four", 2),
        ("agent: reading\ncaller: four two\nagent: we'll text oh seven seven double oh nine hundred one two three when ready", 1),
        ("caller: reception is option two or me oh seven seven oh oh nine double oh one two three\nagent: ok", 1),
        ("agent: your email\ncaller: it bounces\nagent: a number then\ncaller: oh seven seven oh oh nine oh oh one two three", 1),
        ("agent: det er noteret\nkunde: fint ring når den er her fire to en seks tre syv fire fem", 1),
        ("agent: what's the order number\ncaller: oh seven seven oh oh nine oh oh one two three", 0),
        ("agent: fint ordren er fire to en seks tre syv fire fem\nkunde: ja", 0),
        ("caller: p k t oh seven seven oh oh nine oh oh one two three\nagent: ok", 0),
    ],
)  # fmt: skip
def test_how_many_are_told(text: str, many: int) -> None:
    assert sum(each.type == "phone" for each in detect(text)) == many


@pytest.mark.parametrize(
    "text",
    [
        "Which account should it go back to?\nCustomer: 40-43-00 1935 9571",
        "bank chg: 30 56 13 / 5109 5552 eff",
        "could you pay it into 91731343, sort code 60-52-81?",
        "sort code and account number?\n307387, and the account is 7721 9915.",
    ],
)
def test_a_sort_code_and_an_account_beside_each_other(text: str) -> None:
    assert sorted(each.type for each in detect(text)) == ["bank_account", "bank_code"]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("agent: could you read me your iban\ncaller: yes sure it's g b\nagent: yep\ncaller: two nine n w b k\nagent: and then\n"
         "caller: six oh one six one three three one nine two six eight one nine", "iban"),
        ("agent: the card please\ncaller: n i e x one two three four five six seven l\nagent: ok", "es_nie"),
        ("agent: your national insurance number\ncaller: it's hl640912a\nagent: ok", "uk_nino"),
    ],
)  # fmt: skip
def test_letters_in_a_turn_with_small_words(answer: str, kind: str) -> None:
    assert kind in [each.type for each in detect(answer)]


@pytest.mark.parametrize(
    ("question", "answer", "is_rung"),
    [
        ("Vilket mobilnummer har du?", "Ärende 20251187", False),
        ("Hvad er dit mobilnummer?", "det er sag nr. 20251187", False),
        ("What's your mobile number?", "it's about case 20251187", False),
        ("What's your mobile number?", "the order number is two oh two five one one eight seven", False),
        ("Wie ist Ihre Handynummer?", "Fall 20251187", False),
        ("Quel est votre numéro de portable ?", "dossier numéro 20251187", False),
        ("Hvad er dit mobilnummer?", "20 25 11 87", True),
        ("What's your mobile number?", "just in case 07700 900123", True),
        ("What's your mobile number?", "invoice, hm, +45 20 25 11 87", True),
        ("Wie ist Ihre Handynummer?", "ich sag 0151 12345678", True),
    ],
)
def test_a_number_with_a_label_of_its_own_is_what_that_says(question: str, answer: str, is_rung: bool) -> None:
    found = [str(each.type) for each in detect(f"Agent: {question}\nCaller: {answer}\n")]
    assert found == (["phone"] if is_rung else [])
