"""How these callers say figures: some are written by a recogniser that mixes figures and words within one group."""

from random import Random

from rightcall.bench._corpora.making.saying import words
from rightcall.bench._corpora.turns.voices import Teller


class Mixer(Teller):
    """As others say it; of one in five, single figures come out as figures among the words: `zero 7 seven double 0`."""

    def __init__(self, language: str, chance: Random) -> None:
        super().__init__(language, chance)
        self._mixes = chance.choice((0.0, 0.0, 0.0, 0.0, 0.45))

    def _one_by_one(self, figures: str) -> str:
        said = super()._one_by_one(figures)
        if not self._mixes:
            return said
        figures_of = {str(each): str(place) for place, each in enumerate(words(self.language)["digits"])}
        return " ".join(
            figures_of[each] if each in figures_of and self.chance.random() < self._mixes else each for each in said.split()
        )
