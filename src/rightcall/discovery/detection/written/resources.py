"""The lists of words that belong to what is told in words, read once."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib import resources as files

from rightcall.discovery.detection.written.lexicon import Role, fold


@cache
def file(name: str) -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads((files.files(__package__) / name).read_text(encoding="utf-8"))


@cache
def places(section: str, part: str | None = None) -> frozenset[str]:
    """Of places.toml, as `words`."""
    return frozenset(word for key, each in file("places.toml")[section].items() if part in (None, key) for word in each)


@cache
def folded(name: str, section: str, part: str | None = None) -> frozenset[bytes]:
    return frozenset(fold(word) for key, each in file(name)[section].items() if part in (None, key) for word in each)


@cache
def words(section: str, part: str | None = None) -> frozenset[str]:
    """Of people.toml, all of a section or a part of it, in small letters."""
    found = file("people.toml")[section]
    return frozenset(word for key, each in found.items() if part in (None, key) for word in each)


@cache
def phrases(section: str) -> tuple[str, ...]:
    """The longest first."""
    return tuple(sorted(words(section), key=lambda phrase: -len(phrase)))


def names(section: str) -> Iterator[str]:
    """From names.txt: `given`, `family`, `words`, `lower` or `accented`."""
    is_wanted = False
    for line in (files.files(__package__) / "names.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            is_wanted = line[1:-1].split()[0] == section
        elif is_wanted and not line.startswith("#"):
            yield from line.split()


@cache
def roles() -> Mapping[bytes, int]:
    """Every word that is known, and as what."""
    known: dict[bytes, int] = {}
    for role, given in _lists():
        for word in given:
            known[fold(word)] = known.get(fold(word), 0) | role
    names_too = {fold(word) for word in names("words")}
    return {word: role | Role.GIVEN_WORD if word in names_too else role for word, role in known.items() if word}


def _lists() -> Iterator[tuple[int, Iterator[str] | frozenset[str]]]:
    yield Role.GIVEN, names("given")
    yield Role.FAMILY, names("family")
    yield Role.TITLE, words("titles")
    yield Role.NAME_CUE, words("cues")
    yield Role.STREET, places("street")
    yield Role.STREET_NUMBER, places("street_then_number")
    yield Role.BEFORE_STREET, places("before_street")
    yield Role.POSTCODE_CUE, places("cues", "code")
    yield Role.ADDRESS_CUE, places("cues", "address")
    yield Role.BOX, places("cues", "box")
    yield Role.UNIT, places("units", "words") & {"flat", "apartment", "apt"}
    yield Role.CITY, places("towns")


@cache
def lower_words() -> frozenset[bytes]:
    """Names that are words where they have no capital."""
    return frozenset(map(fold, names("lower")))


@cache
def _accented() -> Mapping[bytes, str]:
    return {fold(word): word for word in names("accented")}


def lacks_accents(word: str) -> bool:
    """Then it is another word: `par` is no `Pär`."""
    return _accented().get(fold(word), lower := word.lower()) != lower


@lru_cache(maxsize=1 << 16)
def role_of(word: str) -> int:
    return 0 if lacks_accents(word) else roles().get(fold(word), 0)


@lru_cache(maxsize=1 << 14)
def roles_of(word: str) -> int:
    """As `role_of`; a double name that nobody knows is what all of its parts are, and one that is no word makes it none."""
    roles = role_of(word)
    if roles or word.isalpha():
        return roles
    parts = [role_of(part) for part in re.split("['’-]", word) if len(part) > 1]
    if not parts or not all(parts):
        return 0
    names = parts[0]
    for each in parts[1:]:
        names &= each | Role.GIVEN_WORD
    return names & (Role.GIVEN | Role.FAMILY | (Role.GIVEN_WORD if all(each & Role.GIVEN_WORD for each in parts) else 0))
