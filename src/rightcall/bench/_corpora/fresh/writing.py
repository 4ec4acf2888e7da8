"""The fresh part: its ways of talking, and the numbers of one's own that are given with it."""

from rightcall.bench._corpora.fresh.kinds import KINDS
from rightcall.bench._corpora.making.corpus import Corpus
from rightcall.bench._corpora.making.values import Habits
from rightcall.bench._corpora.making.writing import Manner

PATTERNS = ("customer_number=KX[0-9]{7}", "case_number=CAS-[0-9]{2}-[0-9]{5}")
"""The numbers of one's own that these texts hold, as they would be given to a scan."""
_SPEAKERS = (
    ("agent", "customer"), ("Agent", "Customer"), ("speaker 0", "speaker 1"), ("A", "C"), ("spk_0", "spk_1"),
    ("advisor", "caller"),
)  # fmt: skip
_MANNER = Manner(kinds=KINDS, speakers=_SPEAKERS, in_digits={"heard": 0.2}, pauses=0.15, echoes=0.25)
CORPUS = Corpus("fresh", __package__, _MANNER, Habits())
