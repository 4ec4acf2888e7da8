"""The part about telephones in Danish and English: labels lie on whole words, the same seed makes the same texts, what is in
figures may be given out, and its texts are its own. What is found in it is measured by the bench."""

import re
from itertools import pairwise
from random import Random

import phonenumbers

from rightcall.bench._corpora.hours.writing import CORPUS as HOURS
from rightcall.bench._corpora.lines.writing import CORPUS as LINES
from rightcall.bench._corpora.making.corpus import Corpus
from rightcall.bench._corpora.parts import cards_calls, documents
from rightcall.bench._corpora.ringing.writing import CORPUS

SEED = 20261126
REGIONS = {"da": ("DK",), "en": ("GB", "IE", "US", "AU", "IN")}


def test_there_are_twice_as_many_in_danish_and_the_same_seed_makes_the_same() -> None:
    assert len(CORPUS.texts("da")) == 60
    assert len(CORPUS.texts("en")) == 30
    made = list(documents("ringing", 90, SEED))
    assert {each.language for each in made} == {"en", "da"}
    assert list(documents("ringing", 90, SEED)) == made


def test_labels_are_whole_words_and_figures_are_given_out() -> None:
    for language, regions in REGIONS.items():
        for text in CORPUS.texts(language):
            writer = CORPUS.written(text, language, Random(SEED))  # noqa: S311  # sample text, not a secret
            spans = sorted(span for label in writer.labels for span in label.parts)
            assert all(before[1] <= after[0] for before, after in pairwise(spans))
            for label in writer.labels:
                written = " ".join(writer.text[start:end] for start, end in label.parts)
                if label.type == "phone" and not re.search(r"[^\W\d]{2}", written):
                    assert any(_is_given_out(written, region) for region in regions), written


def test_a_call_about_a_card_has_its_number_and_its_code() -> None:
    for each in cards_calls("ringing", 6, SEED):
        assert {"payment_card", "card_code"} <= {label.type for label in each.labels}


def test_it_takes_no_text_from_another_part() -> None:
    def told(corpus: Corpus, language: str) -> set[str]:
        return {text["text"].strip().casefold() for text in corpus.texts(language)}

    for language in REGIONS:
        assert not told(CORPUS, language) & (told(HOURS, language) | told(LINES, language))


def _is_given_out(value: str, region: str) -> bool:
    return phonenumbers.is_possible_number(phonenumbers.parse(value, region))
