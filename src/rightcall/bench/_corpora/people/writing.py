"""The part about people: names in passing, children, unions, origin and health. What is told of them stands in its texts."""

from rightcall.bench._corpora.asides.writing import MANNER
from rightcall.bench._corpora.making.corpus import Corpus
from rightcall.bench._corpora.making.values import Habits

CORPUS = Corpus("people", __package__, MANNER, Habits())
