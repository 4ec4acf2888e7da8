"""What is asked of every part of the corpora, whatever it tells of."""

import re
from collections.abc import Iterator
from itertools import pairwise
from random import Random

from rightcall.bench._corpora.making.corpus import LANGUAGES, Corpus
from rightcall.bench._corpora.making.values import Value
from rightcall.bench._corpora.making.writing import Writer
from rightcall.bench._corpora.pages import Document

REGIONS = {"en": "GB", "de": "DE", "fr": "FR", "da": "DK", "sv": "SE"}
_TEMPLATE = re.compile(r"\{[a-z]+(:[a-z])?[/~!]?\}|<([a-z_]+|\+):|\[[^\]\n]*\|")


def faults(document: Document) -> list[str]:
    """Labels that overlap or are no whole words, and signs of the template that show."""
    text, spans = document.text, sorted(span for label in document.labels for span in label.parts)
    parted = [text[start:end] for start, end in spans if not _is_whole(text, start, end)]
    twice = [text[after[0] : before[1]] for before, after in pairwise(spans) if before[1] > after[0]]
    return [*parted, *twice, *(found.group() for found in _TEMPLATE.finditer(text))]


def _is_whole(text: str, start: int, end: int) -> bool:
    is_bare = text[start:end].strip() == text[start:end] != ""
    return is_bare and not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum()


def written(corpus: Corpus, seed: int) -> Iterator[tuple[str, Writer]]:
    """Each text, three times, with its language."""
    chance = Random(seed)  # noqa: S311  # sample text, not a secret
    for language in LANGUAGES:
        for text in corpus.texts(language):
            for _ in range(3):
                yield language, corpus.written(text, language, chance)


def values_of(corpus: Corpus, seed: int) -> list[tuple[str, Value]]:
    return [(language, value) for language, writer in written(corpus, seed) for value in writer.values if value is not None]


def texts_of(corpus: Corpus) -> set[str]:
    return {text["text"].strip().casefold() for language in LANGUAGES for text in corpus.texts(language)}


def lines_of(corpus: Corpus) -> set[str]:
    """Those that are long enough to be somebody's own."""
    told = (line for each in LANGUAGES for text in corpus.texts(each) for line in text["text"].splitlines())
    return {line.casefold() for line in told if len(line) > 40}
