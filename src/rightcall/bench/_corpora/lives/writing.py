"""The part about people's lives: its ways of talking, and the numbers of one's own that are given with it."""

from rightcall.bench._corpora.lives.kinds import KINDS
from rightcall.bench._corpora.making.corpus import Corpus
from rightcall.bench._corpora.making.values import Habits
from rightcall.bench._corpora.making.writing import Manner, taken_from_beside
from rightcall.bench._corpora.unseen.voices import Speaker

PATTERNS = ("customer_number=LV[0-9]{6}", "case_number=REQ-[0-9]{6}")
"""The numbers of one's own that these texts hold, as they would be given to a scan."""
_SPEAKERS = (
    ("Agent", "Customer"), ("agent", "caller"), ("Adviser", "Client"), ("spk_1", "spk_2"), ("A", "B"),
    ("Desk", "Caller"),
)  # fmt: skip
_MANNER = Manner(
    kinds=KINDS,
    speakers=_SPEAKERS,
    in_digits={"heard": 0.15, "written": 0.6},
    pauses=0.18,
    echoes=0.3,
    stamped=0.2,
    breaks_digits=True,
    slip=taken_from_beside,
)
_FIRSTS = {**dict.fromkeys("wxy", "women"), **dict.fromkeys("mhz", "men")}
CORPUS = Corpus("lives", __package__, _MANNER, Habits(Speaker, _FIRSTS))
