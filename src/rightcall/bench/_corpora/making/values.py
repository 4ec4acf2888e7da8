"""A value about somebody who does not exist, and what its making needs: chance, a language, names, a voice."""

import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from rightcall.bench._corpora.making.saying import Voice

LETTERS = "ABCDEFGHJKLMNPRSTVWXY"


@dataclass(frozen=True, slots=True)
class Value:
    """`kind` None: nothing to be found."""

    kind: str | None
    written: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Person:
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Habits:
    """How people of a part say figures, and which list of first names those of a key have: `first` where none is told."""

    voice: type[Voice] = Voice
    firsts: Mapping[str, str] = field(default_factory=dict)


class Maker:
    """Who makes the values of one text, and what was made."""

    def __init__(self, chance: Random, language: str, names: Mapping[str, list[str]], habits: Habits) -> None:
        self.chance, self.language, self.names = chance, language, names
        self.voice, self._firsts = habits.voice(language, chance), habits.firsts
        self._people: dict[str, Person] = {}
        self.made: dict[tuple[str, str], Value] = {}

    def said(self, kind: str | None, written: str, *groups: str) -> Value:
        return Value(kind, written, tuple(self.voice.group(each) for each in groups))

    def person(self, key: str) -> Person:
        if key not in self._people:
            firsts = self.names[self._firsts.get(key, "first")]
            self._people[key] = Person(self.chance.choice(firsts), self.chance.choice(self.names["last"]))
        return self._people[key]


def figures_of(chance: Random, many: int) -> str:
    return "".join(chance.choices(string.digits, k=many))


def split(figures: str, *sizes: int) -> list[str]:
    pieces, place = [], 0
    for size in sizes:
        pieces.append(figures[place : place + size])
        place += size
    return [each for each in [*pieces, figures[place:]] if each]


def some_day(chance: Random) -> tuple[int, int, int]:
    return chance.randrange(1938, 2007), chance.randrange(1, 13), chance.randrange(1, 29)
