"""How these people say figures, and how a recogniser of speech hears them."""

from random import Random

from rightcall.bench._corpora.making.saying import Voice, digit, number

_HUNDRED = {"en": " hundred", "de": "hundert", "fr": " cent", "da": " hundrede", "sv": "hundra"}
_AND = {"en": " and ", "de": "", "fr": " ", "da": " og ", "sv": ""}
_ONE = {"en": "one", "de": "ein", "fr": "", "da": "et", "sv": "ett"}
_MISHEARD = {"two": "to", "four": "for", "eight": "ate", "oh": "o"}


class Caller(Voice):
    """One may say hundreds, another pairs; a recogniser may put some groups in figures, or write a word that sounds alike."""

    def __init__(self, language: str, chance: Random) -> None:
        super().__init__(language, chance)
        self._says_hundreds = chance.random() < {"en": 0.15, "de": 0.35, "fr": 0.25, "da": 0.3, "sv": 0.35}[language]
        self._in_figures = chance.choice((0.0, 0.0, 0.0, 0.15, 0.4))
        if language == "en" and chance.random() < 0.06:
            self._zero = "nought"
        self._misheard = 0.12 if language == "en" and chance.random() < 0.2 else 0.0

    def group(self, figures: str) -> str:
        if figures.isdigit() and self.chance.random() < self._in_figures:
            return figures
        if len(figures) == 3 and figures.isdigit() and figures[0] != "0" and (self._says_hundreds or figures.endswith("00")):
            return self._hundreds(figures)
        return self._heard(super().group(figures))

    def _hundreds(self, figures: str) -> str:
        first, rest = figures[0], int(figures[1:])
        lead = _ONE[self.language] if first == "1" else digit(first, self.language)
        said = f"{lead}{_HUNDRED[self.language]}".strip()
        return said + (f"{_AND[self.language]}{number(rest, self.language)}" if rest else "")

    def _heard(self, said: str) -> str:
        if not self._misheard:
            return said
        return " ".join(_MISHEARD.get(word, word) if self.chance.random() < self._misheard else word for word in said.split(" "))
