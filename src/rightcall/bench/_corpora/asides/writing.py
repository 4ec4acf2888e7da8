"""The part about values told in passing. They stand in its texts, but for those of cards, which are made each time."""

from rightcall.bench._corpora.making.corpus import Corpus
from rightcall.bench._corpora.making.kinds import NAMES, NUMBERS, Kinds
from rightcall.bench._corpora.making.values import Habits
from rightcall.bench._corpora.making.writing import Manner

_SPEAKERS = (("Agent", "Customer"), ("A", "B"), ("Speaker 1", "Speaker 2"), ("agent", "caller"), ("S0", "S1"))
MANNER = Manner(
    kinds=Kinds(NAMES, NUMBERS, each_new=frozenset()),
    speakers=_SPEAKERS,
    in_digits={"heard": 0.1},
    pauses=0.1,
    echoes=0.3,
    stamped=0.2,
    told=frozenset(("phone", "bank_account", "bank_code", "fi_hetu", "uk_nino", "vehicle_plate", "date_of_birth")),
)
CORPUS = Corpus("asides", __package__, MANNER, Habits())
