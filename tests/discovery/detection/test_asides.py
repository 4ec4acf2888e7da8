"""The parts about values told in passing: what the page on performance says is found there is found."""

import pytest

from rightcall.bench._corpora.afterwards.writing import CORPUS as AFTERWARDS
from rightcall.bench._corpora.asides.writing import CORPUS as ASIDES
from rightcall.bench._corpora.making.corpus import Corpus
from rightcall.bench._corpora.pages import Document
from rightcall.bench._corpora.people.writing import CORPUS as PEOPLE
from rightcall.bench._corpora.weighing import Span, weigh
from rightcall.discovery.detection.rules import detect

_LANGUAGES = {ASIDES: ("en", "de", "fr", "da", "sv"), AFTERWARDS: ("en", "da", "sv"), PEOPLE: ("en", "de", "fr", "da", "sv")}


def ours(text: str) -> list[tuple[str, tuple[Span, ...]]]:
    return [(str(each.type), each.stretches) for each in detect(text)]


def each_once(corpus: Corpus) -> list[Document]:
    return [
        document
        for language in _LANGUAGES[corpus]
        for document in corpus.documents(len(corpus.texts(language)), 20261125, language=language)
    ]


@pytest.mark.parametrize(("corpus", "recall", "precision"), [(ASIDES, 0.95, 0.96), (AFTERWARDS, 0.96, 0.98)])
def test_as_much_is_found_and_right_as_the_page_says(corpus: Corpus, recall: float, precision: float) -> None:
    tallies = weigh(each_once(corpus), ours).by_type.values()
    there, told = sum(each.there for each in tallies), sum(each.told for each in tallies)
    assert sum(each.found for each in tallies) / there >= recall
    assert sum(each.right for each in tallies) / told >= precision


@pytest.mark.parametrize(
    ("type", "recall", "precision"),
    [
        ("person_name", 0.85, 0.95),
        ("minor", 0.93, 1.0),
        ("trade_union", 0.9, 1.0),
        ("ethnic_origin", 0.94, 1.0),
        ("health", 0.96, 1.0),
    ],
)
def test_of_people_as_much_is_found_and_right_as_the_page_says(type: str, recall: float, precision: float) -> None:
    tally = weigh(each_once(PEOPLE), ours).by_type[type]
    assert (tally.recall or 0.0) >= recall
    assert (tally.precision or 0.0) >= precision
