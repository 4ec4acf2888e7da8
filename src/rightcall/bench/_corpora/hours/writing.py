"""The part about all hours. Its values stand in its texts, but for those of cards, which are made each time."""

from rightcall.bench._corpora.making.corpus import Corpus
from rightcall.bench._corpora.making.kinds import NAMES, NUMBERS, Kinds
from rightcall.bench._corpora.making.values import Habits
from rightcall.bench._corpora.making.writing import Manner

_SPEAKERS = (("Agent", "Customer"), ("A", "B"), ("Speaker 1", "Speaker 2"), ("agent", "caller"), ("S0", "S1"))
_TOLD = frozenset(
    ("phone", "iban", "bank_account", "bank_code", "date_of_birth", "email", "postal_address", "passport", "dk_cpr",
     "se_personnummer", "fr_nir", "de_steuer_id", "uk_nino", "uk_nhs", "us_ssn")
)  # fmt: skip
_MANNER = Manner(
    kinds=Kinds(NAMES, NUMBERS, each_new=frozenset()),
    speakers=_SPEAKERS,
    in_digits={"heard": 0.1},
    pauses=0.1,
    echoes=0.3,
    stamped=0.2,
    told=_TOLD,
)
CORPUS = Corpus("hours", __package__, _MANNER, Habits())
