"""How long a notice takes to say, and how hard it is to follow. Pure arithmetic over its words.

*Length.* Aloud, alphabetic languages differ in words a minute, and little in characters: 68 ms each (Trauzettel-Klosinski and
Dietz, Investigative Ophthalmology & Visual Science 53, 2012, 5452 to 5461: read aloud by adults, 14 languages). An
announcement is spoken at two thirds of that speed: 10 characters a second, which is 150 words of four letters a minute. A
figure counts as a word of four letters.

*Level.* LIX: words a sentence plus the percentage of words of more than six letters (Björnsson, Läsbarhet, Liber 1968). To 30
very easy, to 40 easy, to 50 as a newspaper, to 60 as officials write. It needs no syllables, so it is the same for every
language. Some languages put into one word what others say in three: `OFFSETS` is by how much the same notice, said in eight
languages, comes out higher or lower than in English (measured in tests/purposes/test_reading.py). A short notice has few
sentences to go by, so the level is a hint.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

CHARACTERS_A_SECOND = 10
LONGEST_SECONDS = 30
LONGEST_SENTENCE = 25
HARDEST_LIX = 50
OFFSETS: Mapping[str, int] = MappingProxyType({"da": 5, "de": 17, "en": 0, "es": 24, "fi": 32, "fr": 17, "nl": 10, "sv": 2})
_LONG_WORD = 6
_ENOUGH_WORDS = 25
_AS_SPOKEN = 4
"""How many characters one digit is worth."""


def seconds_of(words: Sequence[str]) -> float:
    return sum(_spoken(word) for word in words) / CHARACTERS_A_SECOND


def too_late(words: Sequence[str]) -> int | None:
    """The place of the first word that is said after the longest time; None where all are said before."""
    said = 0.0
    for place, word in enumerate(words):
        said += _spoken(word) / CHARACTERS_A_SECOND
        if said > LONGEST_SECONDS:
            return place
    return None


def lix(words: Sequence[str], sentences: int) -> float:
    """0 where nothing is said."""
    if not words or sentences < 1:
        return 0.0
    long = sum(len(word) > _LONG_WORD for word in words)
    return len(words) / sentences + 100 * long / len(words)


def is_hard(words: Sequence[str], sentences: int, language: str) -> bool:
    """In so few words that nothing can be told of them: no."""
    return len(words) >= _ENOUGH_WORDS and lix(words, sentences) > HARDEST_LIX + OFFSETS.get(language, 0)


def _spoken(word: str) -> int:
    digits = sum(letter.isdecimal() for letter in word)
    return len(word) - digits + _AS_SPOKEN * digits
