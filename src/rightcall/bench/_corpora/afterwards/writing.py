"""The part that was written after `asides`, and is written down as that is. Its values stand in its texts."""

from rightcall.bench._corpora.asides.writing import MANNER
from rightcall.bench._corpora.making.corpus import Corpus
from rightcall.bench._corpora.making.values import Habits

CORPUS = Corpus("afterwards", __package__, MANNER, Habits(), languages=("en", "da", "sv"))
