"""Stretches of numbers in what is said, with what leads into them, and what each says in every language that has its words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from rightcall.discovery.detection.looks import spans
from rightcall.discovery.detection.spoken.asking import Cues
from rightcall.discovery.detection.spoken.floor import Floor, Line
from rightcall.discovery.detection.spoken.gaps import corrections, neutral
from rightcall.discovery.detection.spoken.numerals import LANGUAGES, LINKS, Sort, Word, alphabet, anyones, pattern, vocabulary
from rightcall.discovery.detection.spoken.reading import Part, Token, parts, stretches, tokens

_LONGEST_DIGIT, _LONGEST_TWO = 7, 6
_LEADING_ON = (" ", ",")
_CLOCK = re.compile(r"[0-9]:[0-9]")
_BEFORE, _AFTER = re.compile(r"\n?[ ,]+([^\W_]+)"), re.compile(r"[ ,]+([^\W_]+)")
"""A word before a place, of the text read backwards, and one behind it."""
_WORD_REACH = 24
_LETTER_O, _LETTER = re.compile(r"(?<![\w'’.@-])(?:[oO][ ,]{1,2}){1,4}$"), re.compile(r"(?<![\w'’])[^\W\d_][ ,]*$")
_LETTER_REACH, _BEFORE_O = 24, ("o", "O", ",", " ")
_LEADING = re.compile(r"(?:[0-9]{1,19}[ ,.-]{1,2}){1,9}$")
_LEADING_REACH = 60
OTHER_WAY = "+"


@dataclass(slots=True)
class Stretch:
    """`languages`: those that have all its words; what it says is worked out in each when asked. `digits`: in the first."""

    tokens: list[Token]
    languages: tuple[str, ...]
    line: Line
    has_words: bool
    start: int
    end: int
    digits: str
    _parts: dict[str, tuple[Part, ...]] = field(default_factory=dict)

    def parts(self, language: str) -> tuple[Part, ...]:
        """Digits are the same in every language."""
        key = language if self.has_words else ""
        if key not in self._parts:
            self._parts[key] = parts(self.tokens, language.removesuffix(OTHER_WAY), with_twenties=language.endswith(OTHER_WAY))
        return self._parts[key]


def stretches_in(floor: Floor, cues: Cues) -> Iterator[Stretch]:
    text = floor.text
    for start, end, line in _spans(floor):
        if start == end or _is_apart(text, start, end) or start < line.start:
            continue
        if _is_cry(text, start, end) and not text[line.start : start].strip():
            continue
        # as the number in "the three digits"
        if cues.around(start, end) or (
            ":" in text[max(0, start - 2) : end + 2] and _CLOCK.search(text, max(0, start - 2), end + 2)
        ):
            continue
        if (single := _single(text, start, end, line)) is not None:
            yield single
            continue
        for found, languages in stretches(tokens(text, start, end)):
            if (stretch := _several(found, languages, line, floor)) is not None:
                yield stretch


def _spans(floor: Floor) -> Iterator[tuple[int, int, Line]]:
    """Where numbers lie in what is said, with what leads into them and less what makes a moment of them."""
    text, behind = floor.text, 0
    for start, end in spans(pattern(digits_alone=floor.has_conversation), text.encode("latin-1", "replace")):
        line = floor.line_at(start)
        if start >= line.start:
            if not floor.has_conversation:
                start = _with_digits(text, max(behind, start - _LEADING_REACH), start)
            if text[start - 2 : start - 1] in _BEFORE_O:
                start = _with_letter_o(text, max(behind, start - _LETTER_REACH), start)
            yield start, without_a_moment(text, start, end), line
        behind = end


def without_a_moment(text: str, start: int, end: int) -> int:
    """Where the number ends that "one second" or "zwei sekunden" stands behind; where it begins if there is no other."""
    if text[end : end + 1] not in _LEADING_ON:
        return end
    last = text.rfind(" ", start, end) + 1 or start
    if end - last > _LONGEST_TWO:
        return end
    waits = _waits().get(text[last:end].lower())
    if waits is None:
        return end
    after = _AFTER.match(text, end)
    return max(start, last - 1) if after is not None and after[1].lower() in waits else end


@cache
def _waits() -> Mapping[str, frozenset[str]]:
    """By the word for one or two, what makes a moment of it."""
    return {**dict.fromkeys(anyones("two"), anyones("seconds")), **dict.fromkeys(anyones("pronouns"), anyones("waits"))}


def _with_digits(text: str, low: int, start: int) -> int:
    """Where the digits begin that lead into a number."""
    if not (text[start - 2 : start - 1].isdigit() or text[start - 3 : start - 2].isdigit()):
        return start
    led = _LEADING.search(text, low, start)
    return led.start() if led else start


def _with_letter_o(text: str, low: int, start: int) -> int:
    """Where the number begins that "o" leads into, as in "o eight two". Among letters that are spelled it is one of them."""
    if text[start - 1 : start] not in (" ", ","):
        return start
    led = _LETTER_O.search(text, low, start)
    if led is None or _LETTER.search(text, low, led.start()) is not None:
        return start
    before = _BEFORE.match(text[max(0, led.start() - _WORD_REACH) : led.start()][::-1])
    return start if before is not None and before[1][::-1].lower() in alphabet() else led.start()


def _single(text: str, start: int, end: int, line: Line) -> Stretch | None:
    """Of one short word, which most are: looked up and no more."""
    if end - start > _LONGEST_DIGIT or (known := _digits_by_word().get(word := text[start:end].lower())) is None:
        return None
    if text[end : end + 1].isalpha() or text[start - 1 : start].isalpha():
        return None
    meanings, languages, digits = known
    return Stretch([Token(start, end, meanings, word)], languages, line, True, start, end, digits)


@cache
def _digits_by_word() -> Mapping[str, tuple[Mapping[str, Word], tuple[str, ...], str]]:
    """Words for one digit: their meanings, the languages that have them, and the digit in the first."""
    known = {}
    for word, meanings in vocabulary().items():
        languages = tuple(each for each in LANGUAGES if each in meanings and meanings[each].sort is Sort.DIGIT)
        if languages:
            known[word] = (meanings, languages, str(meanings[languages[0]].value))
    return known


def _several(found: list[Token], languages: tuple[str, ...], line: Line, floor: Floor) -> Stretch | None:
    """The text's own language goes first where a word of another only sounds like a digit: `9 2 to` in Danish."""
    has_words = any(each.meanings is not None for each in found)
    saying = tuple(each for each in languages if _has_number(found, each)) if has_words else languages
    if has_words and len(saying) > 1 and _is_alike(found, saying[0]) and floor.language in saying:
        saying = tuple(sorted(saying, key=lambda each: each != floor.language))
    said = parts(found, saying[0]) if saying else ()
    if not said:
        return None
    digits = "".join(part.readings[0] for part in said)
    known = {saying[0] if has_words else "": said}
    return Stretch(found, saying, line, has_words, said[0].start, said[-1].end, digits, known)


def _is_alike(found: Sequence[Token], language: str) -> bool:
    return any(each.meanings is not None and each.meanings[language].sort is Sort.ALIKE for each in found)


def _has_number(found: Sequence[Token], language: str) -> bool:
    """A word that only means a number between others is none by itself."""
    return any(each.meanings is None or each.meanings[language].sort not in LINKS for each in found)


def _is_apart(text: str, start: int, end: int) -> bool:
    """One short word with another behind it and none that leads to it, as in "one of them": it belongs to no longer number. Nor
    does "one" behind another word, as in "the short one"."""
    if end - start > _LONGEST_DIGIT or " " in (said := text[start:end]) or "-" in said or said[-1].isdigit():
        return False
    after = _AFTER.match(text, end)
    if said.lower() not in anyones("pronouns") if after is None else _may_belong(after[1].lower()):
        return False
    before = _BEFORE.match(text[max(0, start - _WORD_REACH) : start][::-1])
    return after is not None if before is None else not _may_belong(before[1][::-1].lower())


def _is_cry(text: str, start: int, end: int) -> bool:
    """As in "oh right"."""
    if text[start:end].lower() not in anyones("cries"):
        return False
    after = _AFTER.match(text, end)
    word = after[1].lower() if after is not None else ""
    return word in anyones("backchannels") and word not in anyones("fillers")


def _may_belong(word: str) -> bool:
    return len(word) == 1 or word.isdigit() or word in _belonging()


@cache
def _belonging() -> frozenset[str]:
    return neutral() | corrections() | frozenset(vocabulary()) | frozenset(alphabet())
