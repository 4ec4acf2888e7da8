"""The part that is heavy in numbers told aloud: labels lie on whole words, the same seed makes the same texts, what has a check
passes it, and its texts are its own. What is found in it is measured by the bench."""

import re

import phonenumbers
import pytest
from stdnum import iban, luhn
from stdnum.dk import cpr
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.se import personnummer

from rightcall.bench._corpora.fresh.writing import CORPUS as FRESH
from rightcall.bench._corpora.lines.writing import CORPUS as LINES
from rightcall.bench._corpora.lives.writing import CORPUS as LIVES
from rightcall.bench._corpora.making.corpus import LANGUAGES
from rightcall.bench._corpora.pages import Document
from rightcall.bench._corpora.parts import cards_calls, documents
from rightcall.bench._corpora.turns.writing import CORPUS
from rightcall.bench._corpora.unseen.writing import CORPUS as UNSEEN
from tests.bench.asked import REGIONS, faults, texts_of, values_of

SEED = 20261126
CHECKS = {
    "payment_card": luhn.is_valid,
    "iban": lambda given: iban.is_valid(given, check_country=False),
    "dk_cpr": cpr.is_valid,
    "fr_nir": nir.is_valid,
    "se_personnummer": personnummer.is_valid,
}


@pytest.fixture(scope="module")
def made() -> list[Document]:
    return list(documents("turns", 500, SEED))


def test_there_are_many_texts_in_five_languages_and_most_are_heard(made: list[Document]) -> None:
    told = [text for language in LANGUAGES for text in CORPUS.texts(language)]
    assert len({text["text"] for text in told}) >= 280
    assert all(len(CORPUS.texts(language)) >= 40 for language in LANGUAGES)
    assert sum(text["sort"] == "heard" for text in told) > len(told) * 0.7
    assert {each.language for each in made} == set(LANGUAGES)


def test_the_same_seed_makes_the_same_texts(made: list[Document]) -> None:
    assert list(documents("turns", 60, SEED)) == made[:60]
    assert list(documents("turns", 60, SEED + 1)) != made[:60]


def test_labels_are_whole_words_and_no_template_shows(made: list[Document]) -> None:
    assert [fault for each in made for fault in faults(each)] == []


def test_what_has_a_check_passes_it_and_telephones_are_given_out() -> None:
    seen = set()
    for language, value in values_of(CORPUS, SEED):
        if value.kind in CHECKS:
            assert CHECKS[value.kind](re.sub("[ -]", "", value.written)), value
        elif value.kind == "fi_hetu":
            assert hetu.is_valid(value.written), value
        elif value.kind == "phone":
            assert phonenumbers.is_valid_number(phonenumbers.parse(value.written, REGIONS[language])), value
        seen.add(value.kind)
    assert seen >= {*CHECKS, "fi_hetu", "phone"}


def test_a_call_about_a_card_has_its_number_and_its_code() -> None:
    for each in cards_calls("turns", 40, SEED):
        assert {"payment_card", "card_code"} <= {label.type for label in each.labels}


def test_it_takes_no_text_from_another_part() -> None:
    told = texts_of(CORPUS)
    assert not any(told & texts_of(each) for each in (FRESH, LINES, LIVES, UNSEEN))
