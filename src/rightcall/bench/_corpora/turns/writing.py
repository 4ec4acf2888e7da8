"""The part that is heavy in numbers told aloud: its ways of talking."""

from collections.abc import Sequence

from rightcall.bench._corpora.making.corpus import Corpus
from rightcall.bench._corpora.making.values import Habits
from rightcall.bench._corpora.making.writing import Manner, taken_from_beside
from rightcall.bench._corpora.turns.kinds import KINDS
from rightcall.bench._corpora.turns.voices import Teller

_SPEAKERS = (
    ("Agent", "Caller"), ("agent", "customer"), ("S1", "S2"), ("speaker 0", "speaker 1"), ("Advisor", "Member"), ("A", "C"),
    ("employee", "customer"),
)  # fmt: skip


def begun_or_beside(groups: Sequence[str], which: int) -> str:
    """The group begun and broken off, or one from beside it."""
    words = groups[which].split()
    return " ".join(words[:-1]) if len(words) > 1 and len(groups) % 2 else taken_from_beside(groups, which)


_MANNER = Manner(
    kinds=KINDS,
    speakers=_SPEAKERS,
    in_digits={"heard": 0.06, "written": 0.5},
    pauses=0.15,
    echoes=0.4,
    stamped=0.15,
    breaks_digits=True,
    slip=begun_or_beside,
)
CORPUS = Corpus("turns", __package__, _MANNER, Habits(Teller))
