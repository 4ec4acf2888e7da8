"""The part about ways of telling: labels lie on whole words, the same seed makes the same texts, what has a check
passes it, and its texts are its own. What is found in it is measured by the bench."""

import re
from itertools import pairwise
from random import Random

import phonenumbers
import pytest
from stdnum import iban

from rightcall.bench._corpora.fresh.writing import CORPUS as FRESH
from rightcall.bench._corpora.lines.writing import CORPUS as LINES
from rightcall.bench._corpora.lives.writing import CORPUS as LIVES
from rightcall.bench._corpora.making.corpus import LANGUAGES, Corpus
from rightcall.bench._corpora.making.values import Value
from rightcall.bench._corpora.pages import Document
from rightcall.bench._corpora.parts import cards_calls, documents
from rightcall.bench._corpora.turns.writing import CORPUS as TURNS
from rightcall.bench._corpora.unseen.writing import CORPUS as UNSEEN
from rightcall.bench._corpora.ways.writing import CORPUS

SEED = 20261126
REGIONS = {"en": "GB", "de": "DE", "fr": "FR", "da": "DK", "sv": "SE"}


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
    for each in made:
        spans = sorted(span for label in each.labels for span in label.parts)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))
        for start, end in spans:
            assert each.text[start:end].strip() == each.text[start:end] != ""
            assert not each.text[start - 1 : start].isalnum()
            assert not each.text[end : end + 1].isalnum()
        assert not re.search(r"\{[a-z]+(:[a-z])?[/~!]?\}|<[a-z_]+:|\[[^\]\n]*\|", each.text)


def test_accounts_pass_their_check_and_telephones_are_given_out() -> None:
    seen = set()
    for language, value in _values():
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
    told = _texts(CORPUS)
    assert not any(told & _texts(each) for each in (FRESH, LINES, LIVES, TURNS, UNSEEN))


def _texts(corpus: Corpus) -> set[str]:
    return {text["text"].strip().casefold() for language in LANGUAGES for text in corpus.texts(language)}


def _values() -> list[tuple[str, Value]]:
    chance = Random(SEED)  # noqa: S311  # sample text, not a secret
    return [
        (language, value)
        for language in LANGUAGES
        for text in CORPUS.texts(language)
        for _ in range(3)
        for value in CORPUS.written(text, language, chance).values
        if value is not None
    ]
