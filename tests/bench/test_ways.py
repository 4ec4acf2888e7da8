"""The part about ways of telling: labels lie on whole words, the same seed makes the same texts, what has a check
passes it, and its texts are its own. What is found in it is measured by the bench."""

import re

import phonenumbers
import pytest
from stdnum import iban

from rightcall.bench._corpora.fresh.writing import CORPUS as FRESH
from rightcall.bench._corpora.lines.writing import CORPUS as LINES
from rightcall.bench._corpora.lives.writing import CORPUS as LIVES
from rightcall.bench._corpora.making.corpus import LANGUAGES
from rightcall.bench._corpora.pages import Document
from rightcall.bench._corpora.parts import cards_calls, documents
from rightcall.bench._corpora.turns.writing import CORPUS as TURNS
from rightcall.bench._corpora.unseen.writing import CORPUS as UNSEEN
from rightcall.bench._corpora.ways.writing import CORPUS
from tests.bench.asked import REGIONS, faults, texts_of, values_of

SEED = 20261126


@pytest.fixture(scope="module")
def made() -> list[Document]:
    return list(documents("ways", 500, SEED))


def test_there_are_many_texts_in_five_languages_and_most_are_heard(made: list[Document]) -> None:
    told = [text for language in LANGUAGES for text in CORPUS.texts(language)]
    assert len({text["text"] for text in told}) >= 220
    assert all(len(CORPUS.texts(language)) >= 34 for language in LANGUAGES)
    assert sum(text["sort"] == "heard" for text in told) > len(told) * 0.5
    assert {each.language for each in made} == set(LANGUAGES)


def test_the_same_seed_makes_the_same_texts(made: list[Document]) -> None:
    assert list(documents("ways", 60, SEED)) == made[:60]
    assert list(documents("ways", 60, SEED + 1)) != made[:60]


def test_labels_are_whole_words_and_no_template_shows(made: list[Document]) -> None:
    assert [fault for each in made for fault in faults(each)] == []


def test_accounts_pass_their_check_and_telephones_are_given_out() -> None:
    seen = set()
    for language, value in values_of(CORPUS, SEED):
        if value.kind == "iban":
            assert iban.is_valid(re.sub(r"[\s.-]", "", value.written), check_country=False), value
        elif value.kind == "phone":
            told = phonenumbers.parse(value.written.replace("\u202f", " "), REGIONS[language])
            assert phonenumbers.is_valid_number(told), value
        seen.add(value.kind)
    assert seen >= {"iban", "phone", "bank_account", "bank_code"}


def test_a_call_about_a_card_has_its_number_and_its_code() -> None:
    for each in cards_calls("ways", 20, SEED):
        assert {"payment_card", "card_code"} <= {label.type for label in each.labels}


def test_it_takes_no_text_from_another_part() -> None:
    told = texts_of(CORPUS)
    assert not any(told & texts_of(each) for each in (FRESH, LINES, LIVES, TURNS, UNSEEN))
