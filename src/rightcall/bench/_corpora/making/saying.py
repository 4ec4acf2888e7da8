"""How people say digits, letters, days and e-mail addresses on the telephone, in five languages."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from random import Random
from typing import Any, cast

_NATO = (
    "alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet", "kilo", "lima", "mike",
    "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango", "uniform", "victor", "whiskey", "x-ray", "yankee", "zulu",
)  # fmt: skip
_OTHER_MARKS = {"dash": "hyphen", "ät": "at", "bindestrich": "minus", "punktum": "punkt", "snabel a": "snabela"}


@cache
def words(language: str) -> Mapping[str, Any]:
    """A language's part of `words.toml`."""
    told = tomllib.loads((resources.files(__package__) / "words.toml").read_text(encoding="utf-8"))
    return cast(Mapping[str, Any], told[language])


def digit(figure: str, language: str) -> str:
    return str(words(language)["digits"][int(figure)])


def number(value: int, language: str) -> str:
    """0 to 99 in words."""
    if value < 10:
        return str(words(language)["digits"][value])
    if value < 20:
        return str(words(language)["teens"][value - 10])
    tens, ones = divmod(value, 10)
    if language == "fr":
        return _french(value, tens, ones)
    ten, one = str(words(language)["tens"][tens - 2]), words(language)["digits"][ones]
    if not ones:
        return ten
    if language in ("de", "da"):
        joint = "und" if language == "de" else "og"
        return f"{'ein' if one == 'eins' else one}{joint}{ten}"
    return f"{ten} {one}" if language == "en" else f"{ten}{one}"


def _french(value: int, tens: int, ones: int) -> str:
    ten = words("fr")["tens"][tens - 2]
    if tens in (7, 9):
        return f"{ten}{' et ' if value == 71 else '-'}{words('fr')['teens'][ones]}"
    if ones == 1 and tens != 8:
        return f"{ten} et un"
    return f"{ten}-{words('fr')['digits'][ones]}" if ones else ("quatre-vingts" if tens == 8 else ten)


class Voice:
    """One person's habits: they hold through a text."""

    def __init__(self, language: str, chance: Random) -> None:
        self.language, self.chance = language, chance
        self._is_double = chance.random() < {"en": 0.6, "de": 0.15, "sv": 0.15}.get(language, 0.05)
        self._is_paired = chance.random() < {"en": 0.2, "de": 0.35, "fr": 0.8, "da": 0.6, "sv": 0.4}[language]
        self._zero = chance.choice(("oh", "oh", "zero", "o") if language == "en" else (words(language)["digits"][0],))
        self._two = chance.choice(("zwei", "zwo")) if language == "de" else words(language)["digits"][2]
        self._is_joined = chance.random() < 0.6

    def group(self, figures: str) -> str:
        """A group of digits and letters, as said in one breath."""
        if self._is_paired and figures.isdigit() and len(figures) % 2 == 0:
            pairs = [figures[place : place + 2] for place in range(0, len(figures), 2)]
            return " ".join(self._one_by_one(each) if each[0] == "0" else self._number(int(each)) for each in pairs)
        return self._one_by_one(figures)

    def code(self, figures: str) -> str:
        return self._one_by_one(figures) if self.chance.random() < 0.8 else self.group(figures)

    def _number(self, value: int) -> str:
        said = number(value, self.language)
        if self.language == "da" and not self._is_joined:
            return said.replace("og", " og ")
        return said if self._is_joined else said.replace("-", " ")

    def _one_by_one(self, figures: str) -> str:
        said, place = list[str](), 0
        while place < len(figures):
            same = 1
            while self._is_double and same < 3 and figures[place : place + same + 1] == figures[place] * (same + 1):
                same += 1
            word = self._figure(figures[place])
            said.append({1: word, 2: f"{self._twice()} {word}", 3: f"{self._thrice()} {word}"}[same])
            place += same
        return " ".join(said)

    def _twice(self) -> str:
        return {"en": "double", "de": "doppel", "fr": "deux fois", "da": "to gange", "sv": "dubbel"}[self.language]

    def _thrice(self) -> str:
        return {"en": "triple", "de": "dreimal", "fr": "trois fois", "da": "tre gange", "sv": "trippel"}[self.language]

    def _figure(self, figure: str) -> str:
        if figure.isdigit():
            return str({"0": self._zero, "2": self._two}.get(figure) or digit(figure, self.language))
        return self.letter(figure)

    def letter(self, letter: str) -> str:
        if self.language == "en" and letter.isascii() and self.chance.random() < 0.2:
            word = _NATO[ord(letter.lower()) - ord("a")]
            return self.chance.choice((word, word, f"{letter.lower()} for {word}"))
        return letter.lower()

    def email(self, address: str) -> str:
        local, domain = address.split("@")
        said = self._local(local)
        marks = words(self.language)["marks"]
        at = marks["@"] if self.chance.random() < 0.7 else _OTHER_MARKS.get(marks["@"], marks["@"])
        if self.language == "en" and domain.startswith("gmail") and self.chance.random() < 0.3:
            return f"{said} {at} g mail dot com"
        return f"{said} {at} {self._marked(domain)}"

    def _local(self, local: str) -> str:
        if self.chance.random() < 0.25:
            return " ".join(self._marked(each) if not each.isdigit() else self.group(each) for each in local)
        return self._marked(local)

    def _marked(self, text: str) -> str:
        said, run = list[str](), ""
        for each in text:
            if each.isalnum() and (not run or run.isalpha() == each.isalpha()):
                run += each
                continue
            said += self._run(run)
            run = each if each.isalnum() else ""
            if not run:
                mark = words(self.language)["marks"][each]
                said.append(mark if self._is_joined else _OTHER_MARKS.get(mark, mark))
        return " ".join(said + self._run(run))

    def _run(self, run: str) -> list[str]:
        if not run:
            return []
        return [self.group(run) if run.isdigit() else run]

    def birth(self, year: int, month: int, day: int) -> str:
        """A day of birth, in one of the ways that are usual."""
        way = self.chance.random()
        if way < 0.25:
            return f"{self._one_by_one(f'{day:02}')} {self._one_by_one(f'{month:02}')} {self.year(year)}"
        name = words(self.language)["months"][month - 1]
        if self.language == "fr":
            return f"{number(day, 'fr') if day > 1 else 'premier'} {name} {self.year(year)}"
        nth = ordinal(day, self.language)
        if self.language == "en":
            return self.chance.choice((f"{nth} of {name} {self.year(year)}", f"{name} {nth} {self.year(year)}"))
        if way < 0.5:
            return f"{nth} {ordinal(month, self.language)} {self.year(year)}"
        return f"{nth} {name} {self.year(year)}"

    def year(self, year: int) -> str:
        """Of the last or of this century, with it or without."""
        century, rest = divmod(year, 100)
        short = self._number(rest) if rest > 9 else f"{self._zero} {digit(str(rest), self.language)}"
        if century == 19 and self.chance.random() < 0.4:
            return short
        if century == 20 and rest < 10:
            base = {"en": "two thousand and", "sv": "tjugohundra"}.get(self.language, words(self.language)["centuries"]["20"])
            glue = "" if self.language in ("de", "sv") else " "
            return f"{base}{glue}{number(rest, self.language)}" if rest else base.removesuffix(" and").removesuffix(" og")
        glue = "" if self.language in ("de", "sv") else " "
        return f"{words(self.language)['centuries'][str(century)]}{glue}{self._number(rest)}"


def ordinal(value: int, language: str) -> str:
    """1 to 31, not in French."""
    firsts = words(language)["firsts"]
    if value <= 12:
        return str(firsts[value - 1])
    if language == "de":
        return number(value, "de") + ("ten" if value < 20 else "sten")
    if language == "en":
        tens, ones = divmod(value, 10)
        if value < 20:
            return number(value, "en") + "th"
        return number(value, "en")[:-1] + "ieth" if not ones else f"{number(tens * 10, 'en')} {firsts[ones - 1]}"
    return _northern(value, language)


def _northern(value: int, language: str) -> str:
    tens, ones = divmod(value, 10)
    if value < 20:
        return number(value, language) + "de"
    if language == "da":
        ten = "tyvende" if tens == 2 else "tredivte"
        return f"{'en' if ones == 1 else number(ones, 'da')}og{ten}" if ones else ten
    ten = "tjugo" if tens == 2 else "trettio"
    return f"{ten}{words('sv')['firsts'][ones - 1] if ones else 'nde'}"


def month(value: int, language: str) -> str:
    return str(words(language)["months"][value - 1])
