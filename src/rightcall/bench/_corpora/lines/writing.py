"""The part that is heavy in telephone numbers and accounts: its ways of talking, and the number of one's own that is given with
it."""

from rightcall.bench._corpora.lines.kinds import KINDS
from rightcall.bench._corpora.lines.voices import Caller
from rightcall.bench._corpora.making.corpus import Corpus
from rightcall.bench._corpora.making.values import Habits
from rightcall.bench._corpora.making.writing import Manner, taken_from_beside

PATTERNS = ("member_number=LN-[0-9]{4}-[0-9]{2}",)
_SPEAKERS = (
    ("agent", "caller"), ("Agent", "Customer"), ("spk1", "spk2"), ("0", "1"), ("Rep", "Cust"), ("operator", "client"),
)  # fmt: skip
_MANNER = Manner(
    kinds=KINDS,
    speakers=_SPEAKERS,
    in_digits={"heard": 0.15, "written": 0.6},
    pauses=0.12,
    echoes=0.35,
    stamped=0.2,
    breaks_digits=True,
    slip=taken_from_beside,
)
CORPUS = Corpus("lines", __package__, _MANNER, Habits(Caller))
