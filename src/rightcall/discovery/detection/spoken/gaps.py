"""What stands between two numbers: small words, or a word or phrase that takes something back."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from rightcall.discovery.detection.spoken.numerals import Sort, anyones, vocabulary

_WORD = re.compile(r"[^\W\d_]+")
_CLOCKS = frozenset(":=+")
"""As in half past nine."""
_MARKS = " ,.;:-–…/()!?'\"\n\r"
_LONGEST_PHRASE = 48
_SIGN = re.compile(
    r"(?:\+|\bplus|\bcountry code|\binternational code|\b(?:landes|länder)?vorwahl|\bindicatif|\blandekoden?"
    r"|\blands(?:kod|nummer|numret)(?:en)?)[ :,]{0,2}$",
    re.IGNORECASE,
)
"""What stands before the code of a country."""
_SIGN_ENDS = ("+", "us", "de", "wahl", "f", "od", "en", "er", "ret")
_SIGN_REACH = 20


def before_a_sign(text: str, low: int, place: int) -> int:
    """Where what stands for the sign of a country's code begins right before a place; the place itself where nothing does."""
    low = max(low, place - _SIGN_REACH)
    if not text[low:place].rstrip(" :,").casefold().endswith(_SIGN_ENDS):
        return place
    found = _SIGN.search(text, low, place)
    return found.start() if found is not None else place


def between(gap: str, most: int) -> bool | None:
    """Whether words between two numbers take back what was said; None where they are no mere fillers."""
    if gap in _CLOCKS:
        return None
    if not gap.strip(_MARKS):
        return False
    if "£" in gap or "€" in gap or "$" in gap or "%" in gap:
        return None
    taking_back, fillers = corrections(), _passed_over()
    words: list[str] = []
    for match in _WORD.finditer(gap):
        word = match[0].lower()
        if len(words) == most or (word not in fillers and word not in taking_back):
            return _takes_back(gap) if word in _of_phrases() else None
        words.append(word)
    if not words or any(character.isdigit() for character in gap):
        return None
    return any(word in taking_back and word not in fillers for word in words)


def _takes_back(gap: str) -> bool | None:
    """True where a whole phrase says so, as in "i tell a lie", False where it is only thought aloud, as in "what is it"; and
    nothing but small words stands beside it."""
    if len(gap) > _LONGEST_PHRASE:
        return None
    words = _WORD.findall(gap.lower())
    if not _small_or_of_phrases().issuperset(words):
        return None
    said, was_said, was_taken_back = f" {' '.join(words)} ", False, False
    for phrase, takes_back in _phrases_of(words):
        if phrase in said:
            said, was_said, was_taken_back = said.replace(phrase, " "), True, was_taken_back or takes_back
    if not was_said or any(character.isdigit() for character in gap):
        return None
    left = said.split()
    return was_taken_back or not corrections().isdisjoint(left) if _small().issuperset(left) else None


def _phrases_of(words: Sequence[str]) -> list[tuple[str, bool]]:
    """Those that begin with one of these words, the longest first."""
    by_first = _by_first_words()
    found = [each for word in dict.fromkeys(words) for each in by_first.get(word, ())]
    return sorted(found, key=lambda each: len(each[0]), reverse=True)


@cache
def _by_first_words() -> Mapping[str, tuple[tuple[str, bool], ...]]:
    known: dict[str, tuple[tuple[str, bool], ...]] = {}
    for phrase, takes_back in _whole_phrases():
        first = phrase.split()[0]
        known[first] = (*known.get(first, ()), (phrase, takes_back))
    return known


@cache
def _whole_phrases() -> tuple[tuple[str, bool], ...]:
    """The longest first, each between spaces, and whether it takes something back."""
    known = {f" {' '.join(_WORD.findall(phrase))} ": False for phrase in anyones("aloud")}
    known |= {f" {' '.join(_WORD.findall(phrase))} ": True for phrase in anyones("taken_back")}
    return tuple(sorted(known.items(), key=lambda each: len(each[0]), reverse=True))


@cache
def _of_phrases() -> frozenset[str]:
    """A word that is neither small nor one of these leads to none."""
    return frozenset(word for phrase, _ in _whole_phrases() for word in phrase.split()) | anyones("cries")


@cache
def _small() -> frozenset[str]:
    return neutral() | corrections() | anyones("cries")


@cache
def _small_or_of_phrases() -> frozenset[str]:
    return _small() | _of_phrases()


@cache
def thought_aloud() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """By their first words, the longest first."""
    return _by_firsts("aloud")


@cache
def retractions() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Phrases that take something back, as those above."""
    return _by_firsts("taken_back")


def _by_firsts(name: str) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    known: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(anyones(name), key=len, reverse=True):
        words = tuple(_WORD.findall(phrase))
        known.setdefault(words[0], []).append(words)
    return {first: tuple(each) for first, each in known.items()}


@cache
def phrases() -> frozenset[str]:
    return anyones("fillers", "backchannels")


@cache
def neutral() -> frozenset[str]:
    return frozenset(word for phrase in anyones("fillers", "backchannels") for word in _WORD.findall(phrase)) - {"sorry", "no"}


@cache
def _passed_over() -> frozenset[str]:
    """Fillers, and words that are broken off, as in "double, no, triple two"."""
    return neutral() | {word for word, means in vocabulary().items() if any(each.sort is Sort.REPEAT for each in means.values())}


@cache
def corrections() -> frozenset[str]:
    return frozenset(word for phrase in anyones("corrections") for word in _WORD.findall(phrase))
