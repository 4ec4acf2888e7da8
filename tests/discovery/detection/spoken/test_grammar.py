"""Numbers as a grammar tells them, with a seed: who asks, groups, hesitations, what is mended and broken into. What no text has
is found by what a grammar makes; so many are found as stands here, and none of it is a matter of chance."""

from random import Random

import pytest

from rightcall.discovery.detection.rules import detect
from tests.discovery.detection.spoken.telling import LANGUAGES, Told, tell

MANY, SEED = 25, 20261126
LEAST = {"phone": 0.93, "iban": 0.88, "bank_code": 0.9, "bank_account": 0.85}


def told(language: str, kind: str) -> list[Told]:
    chance = Random(f"{SEED}{kind}{language}")  # noqa: S311  # sample text, not a secret
    return [tell(language, kind, chance) for _ in range(MANY)]


def is_found(each: Told) -> bool:
    found = [span for one in detect(each.text) if one.type == each.kind for span in one.stretches]
    value = each.spans[0]
    covered = sum(max(0, min(end, last) - max(start, first)) for start, end in value for first, last in found)
    return covered * 2 >= sum(end - start for start, end in value)


@pytest.mark.parametrize("kind", sorted(LEAST))
def test_most_are_found_however_they_are_told(kind: str) -> None:
    all_of_them = [each for language in LANGUAGES for each in told(language, kind)]
    missed = [each.text for each in all_of_them if not is_found(each)]
    assert len(missed) <= (1 - LEAST[kind]) * len(all_of_them), "\n".join(missed)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("C: it's oh one six one not oh one five one oh one six one four nine six oh seven three nine\nA: okay\n", "phone",
         "oh one six one four nine six oh seven three nine"),
        ("C: it's seven five three six oh double one treble nine sorry with an oh in front\nA: right\n", "phone",
         "seven five three six oh double one treble nine"),
        ("A: is there an extension\nC: oh two oh seven nine four six oh three double one extension four two seven\n", "phone",
         "oh two oh seven nine four six oh three double one"),
        ("A: bonjour\nC: y a le zéro un quarante quatre-vingt-douze dix-sept trente-deux\nA: merci\n", "phone",
         "zéro un quarante quatre-vingt-douze dix-sept trente-deux"),
        ("Tel: O7911 24 68 33\n", "phone", "O7911 24 68 33"),
        ("Mvh Søren\n30612214\n", "phone", "30612214"),
        ("A: l'iban\nB: b e soixante-douze cent trente-cinq zéro cinquante-quatre cinq cent dix-sept huit cent seize\n", "iban",
         "b e soixante-douze cent trente-cinq zéro cinquante-quatre cinq cent dix-sept huit cent seize"),
        ("C: the account starts eighty three nineteen oh seven that's the sort code\nA: yes\n", "bank_code",
         "eighty three nineteen oh seven"),
        ("RIB : banque 20041 guichet 27874 cpte 7276964873 6\n", "bank_code", "27874"),
        ("Kund: Kontot är 5278 001 43 79.\nAgent: Ja.\n", "bank_code", "5278"),
        ("Sort......56/00/31\nAcc.......90017734\n", "bank_code", "56/00/31"),
        ("betald via plusgiro 44 19 07-3. Varför\n", "bank_account", "44 19 07-3"),
    ],
)  # fmt: skip
def test_kinds_of_telling(text: str, kind: str, value: str) -> None:
    assert value in [text[start:end] for each in detect(text) if each.type == kind for start, end in each.stretches]


@pytest.mark.parametrize(
    "text",
    [
        "A: and the last three digits of your mobile\nC: six six one\nA: thanks\n",
        "A: les quatre derniers chiffres du compte\nC: vingt-deux quatorze\nA: parfait\n",
        "A: when did we call you back\nC: oh it was the twelfth of march twenty twenty four at ten fifteen\n",
        "Conseiller : Je vois 200 € le 02/10 et 45 € le 04/10.\nCliente : Oui.\n",
        "3 förs. 09.10 / 11.45 / 15.20. Avläst 18403.\n",
    ],
)
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert not {each.type for each in detect(text)} & {"phone", "card_code"}


def test_the_same_seed_tells_the_same() -> None:
    assert told("en", "phone") == told("en", "phone")
    assert all(each.text[start:end].strip() for each in told("fr", "iban") for spans in each.spans for start, end in spans)
