"""The part about all hours: labels lie on whole words, the same seed makes the same texts, what has a check passes it, and its
texts are its own. What is found in it is measured by the bench."""

import re
from collections import Counter
from random import Random

import phonenumbers
import pytest
from stdnum import iban

from rightcall.bench._corpora.fresh.writing import CORPUS as FRESH
from rightcall.bench._corpora.hours.writing import CORPUS
from rightcall.bench._corpora.lines.writing import CORPUS as LINES
from rightcall.bench._corpora.lives.writing import CORPUS as LIVES
from rightcall.bench._corpora.making.corpus import LANGUAGES
from rightcall.bench._corpora.pages import Document
from rightcall.bench._corpora.parts import cards_calls, documents
from rightcall.bench._corpora.turns.writing import CORPUS as TURNS
from rightcall.bench._corpora.unseen.writing import CORPUS as UNSEEN
from rightcall.bench._corpora.ways.writing import CORPUS as WAYS
from tests.bench.asked import faults, texts_of

SEED = 20261126
REGIONS = {"en": ("GB", "IE", "US"), "de": ("DE",), "fr": ("FR",), "da": ("DK",), "sv": ("SE",)}
A_WORD = re.compile(r"[^\W\d]{2}")
COUNTRY_OR_BANK = re.compile(r"^[A-Za-z]{2}|[A-Za-z]{4}(?=\W?\d)")


@pytest.fixture(scope="module")
def made() -> list[Document]:
    return list(documents("hours", 500, SEED))


def test_there_are_many_texts_in_five_languages_and_half_are_heard() -> None:
    told = [text for language in LANGUAGES for text in CORPUS.texts(language)]
    assert len({text["text"] for text in told}) == len(told) >= 320
    assert len(CORPUS.texts("en")) >= 120
    assert all(len(CORPUS.texts(language)) >= 50 for language in LANGUAGES)
    assert len(told) * 0.45 < sum(text["sort"] == "heard" for text in told) < len(told) * 0.6
    assert {text["sort"] for text in told} == {"heard", "written", "chat", "note", "mail", "form"}


def test_the_same_seed_makes_the_same_texts(made: list[Document]) -> None:
    assert list(documents("hours", 60, SEED)) == made[:60]
    assert list(documents("hours", 60, SEED + 1)) != made[:60]


def test_labels_are_whole_words_and_no_template_shows(made: list[Document]) -> None:
    assert [fault for each in made for fault in faults(each)] == []


def test_what_is_in_figures_passes_its_check() -> None:
    seen: Counter[str] = Counter()
    for language, kind, value in _in_figures():
        if kind == "iban":
            assert iban.is_valid(re.sub(r"\W", "", value), check_country=False), value
        elif kind == "phone":
            assert any(_is_given_out(value, region) for region in REGIONS[language]), value
        seen[kind] += 1
    assert seen["iban"] >= 30
    assert seen["phone"] >= 100


def test_a_value_that_goes_on_is_one_label(made: list[Document]) -> None:
    parted = [label for each in made for label in each.labels if label.type == "phone" and len(label.parts) > 2]
    assert any(label.is_said for label in parted)


def test_a_call_about_a_card_has_its_number_and_its_code() -> None:
    for each in cards_calls("hours", 20, SEED):
        assert {"payment_card", "card_code"} <= {label.type for label in each.labels}


def test_it_takes_no_text_from_another_part() -> None:
    told = texts_of(CORPUS)
    assert not any(told & texts_of(each) for each in (FRESH, LINES, LIVES, TURNS, UNSEEN, WAYS))


def _is_given_out(value: str, region: str) -> bool:
    return phonenumbers.is_valid_number(phonenumbers.parse(value.replace(",", ""), region))


def _in_figures() -> list[tuple[str, str, str]]:
    """Languages, types and values of the labels that have no words in them, but for an IBAN's letters."""
    chance = Random(SEED)  # noqa: S311  # sample text, not a secret
    written = [(language, CORPUS.written(text, language, chance)) for language in LANGUAGES for text in CORPUS.texts(language)]
    values = [
        (language, label.type, " ".join(writer.text[start:end] for start, end in label.parts))
        for language, writer in written
        for label in writer.labels
    ]
    return [each for each in values if not A_WORD.search(COUNTRY_OR_BANK.sub("", each[2]))]
