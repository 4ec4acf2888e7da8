"""Which words and phrases tell of special categories, as their files list them and put them together, and by which word of a
text each is looked for."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from rightcall.discovery.detection.model import SPECIAL, Kind
from rightcall.discovery.detection.written.lexicon import fold
from rightcall.discovery.detection.written.resources import file, words

ASKED = "asked"
PEOPLE, BODIES = "people", "bodies"
_FILES = ("special.toml", "special_more.toml", "special_people.toml", "special_everyday.toml")
_SURER = ("sure", "about", PEOPLE, BODIES, ASKED)
"""A phrase that stands in several parts is of the first."""
_TOKEN = re.compile(r"[^\W\d_]+")
_LONG = 6
_FORMS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "en": {"": ("s",)},
    "fr": {"": ("s",)},
    "de": {"e": ("n",), "ung": ("en",), "ion": ("en", "s"), "": ("s",)},
    "da": {"e": ("n", "r", "rne"), "": ("en", "et", "er")},
    "sv": {"a": ("n", "or"), "e": ("n", "t"), "": ("en", "et", "er")},
}
"""What ends an illness or its cure where it is meant, or said of more than one, by how the word ends."""


@dataclass(frozen=True, slots=True)
class Cue:
    phrase: str
    offset: int
    kind: Kind
    part: str

    @property
    def is_sure(self) -> bool:
        return self.sort == "sure"

    @property
    def sort(self) -> str:
        return self.part.partition("_")[0]


@cache
def cues() -> Mapping[bytes, tuple[Cue, ...]]:
    """By the rarest word of each phrase: so few places as may be are looked at."""
    found: dict[bytes, dict[tuple[Kind, str], Cue]] = {}
    for kind in SPECIAL:
        for part, phrase in sorted(_phrases(kind), key=_surer):
            start, word = _rarest(phrase)
            found.setdefault(fold(word), {}).setdefault((kind, phrase), Cue(phrase, start, kind, part))
    return {word: tuple(sorted(each.values(), key=lambda cue: -len(cue.phrase))) for word, each in found.items()}


def _surer(given: tuple[str, str]) -> int:
    return _SURER.index(given[0].partition("_")[0])


def _phrases(kind: Kind) -> Iterator[tuple[str, str]]:
    for name in _FILES:
        for part, phrases in file(name).get(kind, {}).items():
            yield from ((part, phrase) for phrase in phrases)
    for name in _FILES:
        for part, tables in _made(name, kind).items():
            between = "" if "joined" in part else " "
            yield from ((part, between.join(each)) for lists in tables for each in product(*lists))
    if kind is Kind.HEALTH:
        yield from _in_other_forms()


def _made(name: str, kind: Kind) -> Mapping[str, Sequence[Sequence[Sequence[str]]]]:
    made: Mapping[str, Mapping[str, Sequence[Sequence[Sequence[str]]]]] = file(name).get("made", {})  # type: ignore[assignment]  # lists of lists of lists
    return made.get(kind, {})


def _in_other_forms() -> Iterator[tuple[str, str]]:
    for name in _FILES:
        for part, phrases in file(name).get(Kind.HEALTH, {}).items():
            forms = _FORMS[part.rpartition("_")[2]]
            for phrase in phrases if part.startswith("sure") else ():
                if len(phrase) >= _LONG and phrase.isalpha():
                    endings = next(each for last, each in forms.items() if phrase.endswith(last))
                    yield from ((part, phrase + ending) for ending in endings)


def _rarest(phrase: str) -> tuple[int, str]:
    """The longest, small words and everyday ones last; and where it is."""
    tokens = [(match.start(), match[0]) for match in _TOKEN.finditer(phrase)]
    return max(tokens, key=lambda token: (*_rarity(phrase, *token), len(token[1])))


def _rarity(phrase: str, start: int, word: str) -> tuple[bool, bool, bool]:
    """What has a digit beside it is never looked up."""
    beside = phrase[start - 1 : start] + phrase[start + len(word) : start + len(word) + 1]
    return not any(map(str.isdigit, beside)), word not in listed("everyday"), word not in words("not_a_name")


@cache
def listed(section: str, part: str | None = None) -> frozenset[str]:
    """All words of a section of the files, or of a part of it."""
    tables = [file(name).get(section, {}) for name in _FILES]
    return frozenset(word for table in tables for key, each in table.items() if part in (None, key) for word in each)


@cache
def topics(kind: Kind) -> Mapping[str, list[str]]:
    """What is asked for by the kind's name, the longest first, each with its words."""
    return {phrase: phrase.split() for phrase in sorted(listed("topic", kind), key=lambda phrase: (-len(phrase), phrase))}
