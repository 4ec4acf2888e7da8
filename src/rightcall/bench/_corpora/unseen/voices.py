"""How these people say figures, besides the ways that the other parts know."""

from random import Random

from rightcall.bench._corpora.making.saying import Voice, digit, month, number, ordinal

_HUNDRED = {"en": " hundred", "de": "hundert", "fr": " cents", "da": " hundrede", "sv": "hundra"}


class Speaker(Voice):
    """Says round hundreds as such, some codes as *four eighteen*, and days of birth in more orders."""

    def __init__(self, language: str, chance: Random) -> None:
        super().__init__(language, chance)
        self._is_round = chance.random() < 0.5

    def group(self, figures: str) -> str:
        if self._is_round and len(figures) == 3 and figures.isdigit() and figures[0] not in "01" and figures.endswith("00"):
            return f"{digit(figures[0], self.language)}{_HUNDRED[self.language]}"
        return super().group(figures)

    def code(self, figures: str) -> str:
        if len(figures) == 3 and "0" not in figures[:2] and self.chance.random() < 0.15:
            return f"{digit(figures[0], self.language)} {number(int(figures[1:]), self.language)}"
        return super().code(figures)

    def birth(self, year: int, when: int, day: int) -> str:
        said = self.year(year)
        if self.chance.random() < 0.2:
            return f"{self._two_figures(day)} {self._two_figures(when)} {said}"
        name = month(when, self.language)
        if self.language == "fr":
            return f"{number(day, 'fr') if day > 1 else 'premier'} {name} {said}"
        nth, nth_month = ordinal(day, self.language), ordinal(when, self.language)
        ways = {
            "en": (f"the {nth} of {name}", f"{nth} {name}", f"{name} the {nth}", f"the {nth} of the {nth_month}"),
            "de": (f"{nth[:-1]}r {name}", f"{nth} {name}", f"{nth[:-1]}r {nth_month[:-1]}r"),
            "da": (f"den {nth} {name}", f"{nth} {name}", f"{nth} i {nth_month}"),
            "sv": (f"den {nth} {name}", f"{nth} {name}", f"{nth} i {nth_month}"),
        }
        return f"{self.chance.choice(ways[self.language])} {said}"

    def _two_figures(self, value: int) -> str:
        return number(value, self.language) if value > 9 else f"{self.group('0')} {number(value, self.language)}"
