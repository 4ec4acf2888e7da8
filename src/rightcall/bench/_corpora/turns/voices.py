"""How these callers say figures: each has a habit for groups, and a recogniser writes tens together or apart."""

from random import Random

from rightcall.bench._corpora.making.saying import Voice, number

_HABITS = {
    "en": ("one", "one", "one", "pairs", "tails"), "de": ("one", "one", "pairs", "hundreds", "tails"),
    "fr": ("pairs", "pairs", "pairs", "hundreds", "one"), "da": ("pairs", "pairs", "pairs", "one", "tails", "hundreds"),
    "sv": ("one", "pairs", "pairs", "hundreds", "tails"),
}  # fmt: skip
_HUNDREDS = {
    "en": ("hundred", " and "), "de": ("hundert", ""), "fr": ("cent", " "), "da": ("hundrede", " og "), "sv": ("hundra", ""),
}  # fmt: skip
_BY_NAME = {
    "de": "anton berta cäsar dora emil friedrich gustav heinrich ida julius kaufmann ludwig martha nordpol otto paula quelle "
    "richard samuel theodor ulrich viktor wilhelm xanthippe ypsilon zacharias",
    "fr": "anatole berthe célestin désiré eugène françois gaston henri irma joseph kléber louis marcel nicolas oscar pierre "
    "quintal raoul suzanne thérèse ursule victor william xavier yvonne zoé",
    "da": "anna bent carl dorte erik frederik georg hans inger johan karen ludvig mari niels otto peter quintus rasmus søren "
    "theodor ulla viggo william xerxes yrsa zackarias",
    "sv": "adam bertil cesar david erik filip gustav helge ivar johan kalle ludvig martin niklas olof petter quintus rudolf "
    "sigurd tore urban viktor wilhelm xerxes yngve zäta",
}
_AS_IN = {"de": "wie", "fr": "comme", "da": "som i", "sv": "som i"}
_BELGIAN = (("soixante-dix", "septante"), ("soixante et onze", "septante et un"), ("quatre-vingt-dix", "nonante"))


class Teller(Voice):
    """`one`: figure by figure; `pairs`: in tens; `tails`: the last two of a group in tens; `hundreds`: three as a number."""

    def __init__(self, language: str, chance: Random) -> None:
        super().__init__(language, chance)
        self._habit = chance.choice(_HABITS[language])
        self._in_figures = chance.choice((0.0, 0.0, 0.0, 0.0, 0.2, 0.5))
        self._names_letters = chance.random() < 0.3
        self._is_belgian = language == "fr" and chance.random() < 0.08
        self._is_treble = language == "en" and chance.random() < 0.5
        if language == "en":
            self._zero = chance.choice(("oh", "oh", "oh", "zero", "zero", "nought"))

    def group(self, figures: str) -> str:
        if not figures.isdigit():
            return self._one_by_one(figures)
        if self.chance.random() < self._in_figures:
            return figures
        if self._habit == "pairs" or (self._habit == "tails" and len(figures) == 2):
            return self._pairs(figures)
        if self._habit == "tails" and len(figures) > 2:
            return f"{self._one_by_one(figures[:-2])} {self._pairs(figures[-2:])}"
        if self._habit == "hundreds" and len(figures) == 3 and figures[0] != "0":
            return self._hundreds(figures)
        return self._one_by_one(figures)

    def _pairs(self, figures: str) -> str:
        """From the front; a third of three stands alone at their front."""
        odd = len(figures) % 2
        lead = [self._one_by_one(figures[:1])] if odd else []
        pairs = [figures[place : place + 2] for place in range(odd, len(figures), 2)]
        return " ".join([*lead, *(self._one_by_one(each) if each[0] == "0" else self._number(int(each)) for each in pairs)])

    def _hundreds(self, figures: str) -> str:
        word, joint = _HUNDREDS[self.language]
        first = {"de": "ein", "fr": "", "da": "et"}.get(self.language) if figures[0] == "1" else None
        lead = self._figure(figures[0]) if first is None else first
        glue = "" if self.language in ("de", "sv") else " "
        rest = f"{joint}{self._number(int(figures[1:]))}" if figures[1:] != "00" else ""
        return f"{lead}{glue}{word}{rest}".strip()

    def _number(self, value: int) -> str:
        said = number(value, self.language)
        if self._is_belgian:
            for usual, own in _BELGIAN:
                said = said.replace(usual, own)
        if self._is_joined:
            return said
        if self.language == "de" and value > 20:
            return said.replace("und", " und ")
        if self.language == "sv" and value > 20 and value % 10:
            ten = number(value // 10 * 10, "sv")
            return f"{ten} {said.removeprefix(ten)}"
        return said.replace("og", " og ") if self.language == "da" and value > 20 else said.replace("-", " ")

    def _thrice(self) -> str:
        return "treble" if self._is_treble else super()._thrice()

    def letter(self, letter: str) -> str:
        if self._names_letters and self.language in _BY_NAME and letter.isascii():
            name = _BY_NAME[self.language].split()[ord(letter.lower()) - ord("a")]
            return self.chance.choice((name, f"{letter.lower()} {_AS_IN[self.language]} {name}"))
        return super().letter(letter)
