"""Texts by somebody who had read no rule: their ways of talking, and the numbers of one's own that are given with them.

One half of the texts, chosen by their digest, is shown to whoever makes rules; the other half judges, and nobody who makes rules
reads it. Both are of one hand, and share their names and ways of writing numbers.
"""

from hashlib import sha256

from rightcall.bench._corpora.making.corpus import Corpus
from rightcall.bench._corpora.making.values import Habits
from rightcall.bench._corpora.making.writing import Manner, taken_from_beside
from rightcall.bench._corpora.unseen.kinds import KINDS
from rightcall.bench._corpora.unseen.voices import Speaker

PATTERNS = ("customer_number=NB-[0-9]{2}-[0-9]{6}", "case_number=INC[0-9]{7}")
"""The numbers of one's own that these texts hold, as they would be given to a scan."""
_SPEAKERS = (
    ("Agent", "Caller"), ("AGENT", "CUSTOMER"), ("ch0", "ch1"), ("Speaker A", "Speaker B"), ("S1", "S2"),
    ("Operator", "Customer"), ("rep", "client"),
)  # fmt: skip
_MANNER = Manner(
    kinds=KINDS,
    speakers=_SPEAKERS,
    in_digits={"heard": 0.15, "written": 0.75},
    pauses=0.12,
    echoes=0.3,
    stamped=0.2,
    breaks_digits=True,
    slip=taken_from_beside,
)
_FIRSTS = {**dict.fromkeys("wxy", "women"), **dict.fromkeys("mhz", "men")}


def is_shown(text: str) -> bool:
    return sha256(text.encode()).digest()[0] % 2 == 0


SHOWN = Corpus("shown", __package__, _MANNER, Habits(Speaker, _FIRSTS), is_shown)
CORPUS = Corpus("unseen", __package__, _MANNER, Habits(Speaker, _FIRSTS), lambda text: not is_shown(text))
