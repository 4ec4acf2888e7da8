"""The parts of the corpora by name, with the patterns for numbers of one's own that are given with each."""

from collections.abc import Iterator

from rightcall.bench._corpora import writing
from rightcall.bench._corpora.afterwards import writing as afterwards
from rightcall.bench._corpora.asides import writing as asides
from rightcall.bench._corpora.fresh import writing as fresh
from rightcall.bench._corpora.hours import writing as hours
from rightcall.bench._corpora.lines import writing as lines
from rightcall.bench._corpora.lives import writing as lives
from rightcall.bench._corpora.pages import Document
from rightcall.bench._corpora.people import writing as people
from rightcall.bench._corpora.ringing import writing as ringing
from rightcall.bench._corpora.turns import writing as turns
from rightcall.bench._corpora.unseen import writing as unseen
from rightcall.bench._corpora.ways import writing as ways

_WHOLE = {
    "afterwards": afterwards.CORPUS,
    "asides": asides.CORPUS,
    "fresh": fresh.CORPUS,
    "hours": hours.CORPUS,
    "lines": lines.CORPUS,
    "lives": lives.CORPUS,
    "people": people.CORPUS,
    "ringing": ringing.CORPUS,
    "shown": unseen.SHOWN,
    "turns": turns.CORPUS,
    "unseen": unseen.CORPUS,
    "ways": ways.CORPUS,
}
PARTS = (*writing.PARTS, *_WHOLE)
OF_WHOLE_TEXTS = frozenset(_WHOLE)
PATTERNS = {
    "fresh": fresh.PATTERNS,
    "lines": lines.PATTERNS,
    "lives": lives.PATTERNS,
    "shown": unseen.PATTERNS,
    "unseen": unseen.PATTERNS,
}


def documents(part: str, many: int, seed: int, *, language: str | None = None) -> Iterator[Document]:
    """Of one of `PARTS`."""
    made = (
        _WHOLE[part].documents(many, seed, language=language)
        if part in _WHOLE
        else writing.documents(part, many, seed, language=language)
    )
    yield from made


def cards_calls(part: str, many: int, seed: int) -> Iterator[Document]:
    """Conversations in which a card is paid with, each with its code."""
    yield from _WHOLE[part].cards_calls(many, seed) if part in _WHOLE else writing.cards_calls(part, many, seed)
