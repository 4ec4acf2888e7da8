"""The part about ways of telling: how its people talk."""

from rightcall.bench._corpora.making.corpus import Corpus
from rightcall.bench._corpora.making.values import Habits
from rightcall.bench._corpora.making.writing import Manner
from rightcall.bench._corpora.turns.writing import begun_or_beside
from rightcall.bench._corpora.ways.kinds import KINDS
from rightcall.bench._corpora.ways.voices import Mixer

_SPEAKERS = (("Agent", "Customer"), ("OP", "CALLER"), ("spk_0", "spk_1"), ("Handler", "Client"), ("a", "c"))
_MANNER = Manner(
    kinds=KINDS,
    speakers=_SPEAKERS,
    in_digits={"heard": 0.1, "written": 0.55},
    pauses=0.12,
    echoes=0.45,
    stamped=0.15,
    breaks_digits=True,
    slip=begun_or_beside,
)
CORPUS = Corpus("ways", __package__, _MANNER, Habits(Mixer))
