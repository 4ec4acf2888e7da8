"""What people are told of a breach is in plain words, in each language the same things."""

import tomllib
from datetime import UTC, datetime
from importlib.resources import files

import pytest

from rightcall.breaches.letters import LetterLanguage, to_person
from rightcall.breaches.model import Breach, Circumstances, Nature, Reach, Window
from rightcall.controllers.model import Controller
from rightcall.discovery.categories import CATEGORIES, OWN_PATTERN
from rightcall.holdings.categories import Category, Sensitivity
from rightcall.ids import BreachId, ControllerId, StatementId, new_id
from tests.discovery.scans.fakes import BY

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
TABLE = tomllib.loads((files("rightcall.breaches") / "letter.toml").read_text(encoding="utf-8"))
COMPANY = Controller(
    id=ControllerId(new_id()),
    name="Energy",
    address="a street",
    contact="privacy@energy.example",
    jurisdictions=("EU",),
    created_at=AT,
    zone="Europe/Copenhagen",
)


def letter(language: LetterLanguage, *categories: Category) -> str:
    breach = Breach(
        id=BreachId(new_id()),
        window=Window(system=None, began_at=AT, until=AT),
        circumstances=Circumstances(nature=frozenset(Nature), reach=Reach.UNKNOWN),
        known_at=AT,
        entered_by=BY,
        entered_at=AT,
        authority_told_at=None,
        people_told_at=None,
        closed_at=None,
        verdict=None,
        statement=StatementId(new_id()),
    )
    return to_person(breach, categories, COMPANY, [], language)


@pytest.mark.parametrize("language", LetterLanguage)
def test_every_language_has_the_same_words_and_all_that_a_scan_finds(language: LetterLanguage) -> None:
    words = TABLE[language]
    assert {name: set(each) if isinstance(each, dict) else str for name, each in words.items()} == {
        name: set(each) if isinstance(each, dict) else str for name, each in TABLE["en"].items()
    }
    assert set(words["data"]) >= {*CATEGORIES.values(), OWN_PATTERN}
    assert all(Category(each) for each in words["data"])
    assert set(words["could"]) == {each.value for each in Sensitivity}
    assert set(words["nature"]) == {each.value for each in Nature}


@pytest.mark.parametrize("language", LetterLanguage)
def test_a_letter_speaks_no_jargon(language: LetterLanguage) -> None:
    told = letter(language, Category.UID, Category.OFFICIAL_ID, Category.PAYMENT_CARD, Category.VEHICAL_LICENSE_NUMBER)
    assert "(CVV)" in told
    for jargon in ("uid", "UID", "official id", "vehical", "pd:", "{", "}"):
        assert jargon not in told
    assert "privacy@energy.example" in told
    assert {
        LetterLanguage.ENGLISH: "24 Nov 2026 13:00 (Central European Time)",
        LetterLanguage.GERMAN: "24. Nov. 2026 13:00 (Mitteleuropäische Zeit)",
        LetterLanguage.FRENCH: "24 nov. 2026 13:00",
        LetterLanguage.DANISH: "24. nov. 2026 13.00 (Centraleuropæisk tid)",
        LetterLanguage.SWEDISH: "24 nov. 2026 13:00 (centraleuropeisk tid)",
    }[language] in " ".join(told.split())


def test_what_has_no_plain_word_is_left_to_people() -> None:
    assert "other data about you ([which: favourite colour])" in letter(LetterLanguage.ENGLISH, Category.FAVOURITE_COLOUR)
