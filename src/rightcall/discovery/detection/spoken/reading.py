"""What digits a stretch of number words says. "twenty three" may be 23, or 20 and 3: each part has its readings, the likeliest
first."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rightcall.discovery.detection.spoken.numerals import LANGUAGES, LINKS, Sort, Word, vocabulary

_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_LETTER_O, _OH = "o", "oh"
_CLOCK = re.compile(r"['’ ]? ?clock|['’]")


_AS_THEY_STAND = Word(Sort.WHOLE, 0)


class Part(NamedTuple):
    """A number as it was said, and the digits that it may stand for."""

    start: int
    end: int
    readings: tuple[str, ...]


class Token(NamedTuple):
    start: int
    end: int
    meanings: Mapping[str, Word] | None
    """By language; None: digits as they stand."""
    text: str
    is_tied: bool = False
    """A hyphen ties the next to it."""


def tokens(text: str, start: int, end: int) -> list[Token]:
    """Of a stretch that the pattern found. A word that is no number word after all is left out."""
    known = vocabulary()
    found = []
    while end < len(text) and text[end].isalpha():
        end += 1
    while start > 0 and text[start - 1].isalpha():
        start -= 1
    for match in _TOKEN.finditer(text, start, end):
        word, (first, behind) = match[0].lower(), match.span()
        meanings = known.get(_as_digit(text, behind) if word == _LETTER_O else word)
        if meanings is not None or word.isdigit():
            found.append(Token(first, behind, meanings, word, text[behind : behind + 1] == "-"))
    return found


def _as_digit(text: str, end: int) -> str:
    """The letter o among numbers is a zero, and not that of five o'clock."""
    return _LETTER_O if _CLOCK.match(text, end) else _OH


def stretches(found: Sequence[Token]) -> list[tuple[list[Token], tuple[str, ...]]]:
    """Cut where no language has all the words, with the languages that have."""
    cut: list[tuple[list[Token], tuple[str, ...]]] = []
    held: list[Token] = []
    languages: tuple[str, ...] = LANGUAGES
    for token in found:
        left = languages if token.meanings is None else _of_both(languages, tuple(token.meanings))
        if not left:
            cut.append((held, languages))
            held, left = [], LANGUAGES if token.meanings is None else tuple(token.meanings)
        held.append(token)
        languages = left
    return [*cut, (held, languages)] if held else cut


def _of_both(some: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    """Each is in the order of `LANGUAGES`."""
    if some is LANGUAGES or some == others:
        return others
    return tuple([each for each in some if each in others])


def parts(found: Sequence[Token], language: str, *, with_twenties: bool = False) -> tuple[Part, ...]:
    """All words of the stretch as numbers in one language. `with_twenties`: "quarante quatre vingt" as 44 and 20, not 40 and 80,
    where no hyphen says which."""
    words = [_AS_THEY_STAND if each.meanings is None else each.meanings[language] for each in found]
    if (singles := _singles(found, words)) is not None:
        return singles
    if language == "fr":
        words = _with_eighties(found, words, with_twenties=with_twenties)
    first, last = 0, len(words)
    while last > first and words[last - 1].sort in LINKS:
        last -= 1
    while first < last and words[first].sort in LINKS:
        first += 1
    said: list[Part] = []
    while first < last:
        readings, behind = _number(found, words, first, last, language)
        if readings:
            said.append(Part(found[first].start, found[behind - 1].end, readings))
        first = behind
    return tuple(said)


def _singles(found: Sequence[Token], words: Sequence[Word]) -> tuple[Part, ...] | None:
    """Where each word is one digit, or digits as they stand."""
    singles = []
    for token, word in zip(found, words, strict=True):
        if word is _AS_THEY_STAND:
            singles.append(Part(token.start, token.end, (token.text,)))
        elif word.sort is Sort.DIGIT:
            singles.append(Part(token.start, token.end, (str(word.value),)))
        else:
            return None
    return tuple(singles)


def _number(found: Sequence[Token], words: list[Word], at: int, last: int, language: str) -> tuple[tuple[str, ...], int]:
    """Its readings, and where the next begins."""
    word = words[at]
    if found[at].meanings is None:
        return (found[at].text,), at + 1
    if word.sort is Sort.REPEAT:
        return _repeated(found, words, at, last, word.value)
    if word.sort is Sort.OFTEN:
        times, digit = divmod(word.value, 10)
        return (str(digit) * times,), at + 1
    if word.sort is Sort.ALIKE:
        return (str(word.value),), at + 1
    if word.sort in LINKS:
        return (), at + 1
    if word.sort is Sort.DIGIT and at + 1 < last and words[at + 1].sort is Sort.TIMES:
        return _repeated(found, words, at + 1, last, word.value)
    return _grouped(found, words, at, last, language)


def _repeated(found: Sequence[Token], words: list[Word], at: int, last: int, times: int) -> tuple[tuple[str, ...], int]:
    """As "double two", "double 2", "zweimal die zwei": the digit stands behind, or behind an article."""
    place = at + 2 if at + 1 < last and words[at + 1].sort is Sort.AND else at + 1
    if place < last and found[place].meanings is None and len(found[place].text) == 1:
        return (found[place].text * times,), place + 1
    if place < last and words[place].sort in (Sort.DIGIT, Sort.ALIKE):
        return (str(words[place].value) * times,), place + 1
    return (), at + 1


def _grouped(found: Sequence[Token], words: list[Word], at: int, last: int, language: str) -> tuple[tuple[str, ...], int]:
    """Thousands, hundreds, tens and ones."""
    if language == "sv" and (joined := _apart_from_its_ones(words, at, last)):
        return joined, at + 2
    head, behind = _below_hundred(words, at, last, language)
    value, split = head[0], head[1:]
    for sort, times in ((Sort.THOUSAND, 1000), (Sort.HUNDRED, 100)):
        if behind < last and words[behind].sort is sort and found[behind].meanings is not None and value:
            value, behind = value * times, behind + 1
            more, after = _rest(found, words, behind, last, language, times)
            if more and sort is Sort.THOUSAND:
                others = (f"{value // times}{times + int(more[0])}",) if language == "fr" and value // times <= _MONTHS else ()
                return (str(value + int(more[0])), *others), after
            apart = (f"{head[0]}{times + int(more[0] if more else 0)}",) if head[0] >= _TEN and language == "fr" else ()
            if more:
                return (str(value + int(more[0])), *apart, f"{value}{more[0]}", *(f"{value}{each}" for each in more[1:])), after
            return (str(value), *apart), behind
    return (str(value), *map(str, split)), behind


def _apart_from_its_ones(words: list[Word], at: int, last: int) -> tuple[str, ...]:
    """As "åttahundrafemtio nio", in two words."""
    after = words[at + 1] if at + 1 < last else None
    is_round = words[at].sort is Sort.WHOLE and words[at].value % 100 >= 20 and words[at].value % 10 == 0 < words[at].value // 100
    if not is_round or after is None or after.sort is not Sort.DIGIT or not after.value:
        return ()
    return str(words[at].value + after.value), f"{words[at].value}{after.value}"


def _rest(
    found: Sequence[Token], words: list[Word], at: int, last: int, language: str, below: int
) -> tuple[tuple[int | str, ...], int]:
    """What follows a hundred or a thousand and is less than it."""
    place = at + 1 if at + 1 < last and words[at].sort is Sort.AND else at
    if place >= last or found[place].meanings is None or words[place].sort in LINKS or words[place].sort is Sort.REPEAT:
        return (), at
    head, behind = _below_hundred(words, place, last, language)
    value: int = head[0]
    if below > 100 and behind < last and words[behind].sort is Sort.HUNDRED:
        more, behind = _rest(found, words, behind + 1, last, language, 100)
        return (value * 100 + (int(more[0]) if more else 0),), behind
    return ((value, *head[1:]), behind) if 0 < value < below else ((), at)


def _below_hundred(words: list[Word], at: int, last: int, language: str) -> tuple[tuple[int, *tuple[str, ...]], int]:
    """The value, other readings, and where the next begins."""
    word = words[at]
    after = words[at + 1] if at + 1 < last else None
    if word.sort in (Sort.HUNDRED, Sort.THOUSAND):
        return (1,), at
    if language == "fr":
        return _french(words, at, last)
    if word.sort is Sort.TENS and after is not None and after.sort is Sort.DIGIT and after.value and language in ("en", "sv"):
        return (word.value + after.value, f"{word.value}{after.value}"), at + 2
    is_turned = word.sort is Sort.DIGIT and after is not None and after.sort is Sort.AND and language in ("de", "da")
    if is_turned and word.value and at + 2 < last and words[at + 2].sort is Sort.TENS:
        return (word.value + words[at + 2].value, f"{word.value}{words[at + 2].value}"), at + 3
    return (word.value,), at + 1


_MONTHS = 12
"""A month before a year: "onze mille neuf cent"."""
_TEN, _SIXTY, _FOUR, _TWENTY, _SEVEN = 10, 60, 4, 20, 7
_EIGHTY = Word(Sort.TENS, 80)


def _with_eighties(found: Sequence[Token], words: list[Word], *, with_twenties: bool) -> list[Word]:
    """Each "quatre" that goes with the "vingt" behind it, and not with what is before it. Of "vingt deux cent" without a hyphen,
    the two goes with the hundred."""
    for place in range(len(words) - 1):
        if words[place] != Word(Sort.DIGIT, _FOUR) or words[place + 1] != Word(Sort.TENS, _TWENTY):
            continue
        if found[place + 1].is_tied and not found[place].is_tied and not found[place - 1].is_tied:
            continue
        is_behind_tens = place > 0 and words[place - 1].sort is Sort.TENS
        is_open = not found[place].is_tied and (with_twenties or found[place - 1].is_tied)
        if not (is_behind_tens and is_open):
            words[place] = _EIGHTY
    for place in range(len(words) - 2):
        tens, ones, hundred = words[place : place + 3]
        if (tens.sort, ones.sort, hundred.sort) == (Sort.TENS, Sort.DIGIT, Sort.HUNDRED) and not found[place].is_tied:
            words[place + 1] = Word(Sort.WHOLE, ones.value)
    return words


def _french(words: list[Word], at: int, last: int) -> tuple[tuple[int, *tuple[str, ...]], int]:
    """soixante-dix, quatre-vingts, quatre-vingt-dix-sept, vingt et un."""
    word, place, value, others = words[at], at + 1, words[at].value, ""
    if word == _EIGHTY:
        value, place, others = 80, place + 1, "420"
    elif word.sort is Sort.TEEN:
        return _teen(words, at, last)
    elif word.sort is not Sort.TENS:
        return (value,), place
    follows = place + 1 if place + 1 < last and words[place].sort is Sort.AND else place
    if follows < last and words[follows].sort is Sort.TEEN and value in (_SIXTY, 80):
        teen, behind = _teen(words, follows, last)
        return (value + teen[0], f"{value}{teen[0]}"), behind
    if follows < last and words[follows].sort is Sort.DIGIT and words[follows].value:
        return (value + words[follows].value, f"{value}{words[follows].value}"), follows + 1
    return ((value, others) if others else (value,)), place


def _teen(words: list[Word], at: int, last: int) -> tuple[tuple[int, *tuple[str, ...]], int]:
    """dix-sept, dix-huit, dix-neuf."""
    value = words[at].value
    if value == _TEN and at + 1 < last and words[at + 1].sort is Sort.DIGIT and words[at + 1].value >= _SEVEN:
        return (value + words[at + 1].value, f"{value}{words[at + 1].value}"), at + 2
    return (value,), at + 1
