"""Cues: what is asked for, or said before a value, so that an answer can be told for what it is. The words of `words.toml`, and
the longer phrases of speech in `questions.toml`."""

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib import resources
from itertools import product
from typing import Any, NamedTuple

import re2

from rightcall.discovery.detection.context import known_words, made_of, spellings
from rightcall.discovery.detection.looks import spans
from rightcall.discovery.detection.model import Kind
from rightcall.discovery.detection.spoken.numerals import compiled, vocabulary

_NONE, _AGAINST, _MADE, _PLACE = "none", "against", "made", "place"
_Group = tuple[str, str, list[list[str]]]
_JOINING = ("de", "da", "sv")
"""These write two nouns as one word."""
_CODE = "cod"
_OF_ANOTHER = re.compile(
    r" (?:of|from|in|on|de|du|von|der|des|vom|af|i|på|av|fra|från) ?"
    r"(?:your |the |my |votre |mon |ihrer? |deiner? |meiner? |din |dit |ditt |mit |mitt )?(?:old |new )?"
    r"(?:mobile|phone|telephone|account|iban|téléphone|portable|compte|kontos?|handys?|handynummer"
    r"|mobil(?:en|nummer|numret|nummeret)?|telefon(?:en|nummer|numret|nummeret)?|kontot|kontoen|kontonum(?:mer|ret|meret))"
    r"(?![^\W_])",
    re.IGNORECASE,
)
"""What the last three digits are of that are no card's: "the last three digits of your mobile"."""
_OF_A_BILL = re.compile(
    r"(?: number)? (?:on|for|from|with) (?:(?:your|my|the|our) )?(?:(?:last|latest|gas|electricity|electric|energy|water|power"
    r"|broadband|phone|council tax|tv|shopping|store|customer|online) ){0,2}(?:us|bill|invoice|letter|policy|meter)\b",
    re.IGNORECASE,
)
"""Whose account that is no bank's: "the account number on your gas bill"."""
_GAP = r"[ .'-]{1,3}"
_BARE = re.compile("[a-z0-9]+")
_CUE_BEFORE, _WIDER = 12, 2
"""Between two words up to three characters may stand."""
_PIECE = 1500
"""Characters of a piece, and what is left of its last line."""


class Cue(NamedTuple):
    start: int
    end: int
    phrase: str
    meanings: frozenset[str]


def _pieces(text: str) -> Iterator[int]:
    """Where each begins. A text that is one endless line is one piece, and is walked once."""
    start = 0
    while True:
        yield start
        end = text.find("\n", start + _PIECE)
        if end < 0:
            return
        start = end + 1


class _Piece(NamedTuple):
    """Cues and where they begin, and where words for places begin."""

    cues: list[Cue]
    starts: list[int]
    places: list[Cue]


class Cues:
    """All cues of a text, in order. Those of a few lines are looked for once somebody asks: most lines have no number that is
    said, and no cue goes on over the end of a line."""

    def __init__(self, text: str, *, has_numbered: bool = True) -> None:
        """`has_numbered`: some phrase in which a number is may stand in the text."""
        self._text = text
        self._latin: bytes | None = None
        self._begins = list(_pieces(text))
        self._known: list[_Piece | None] = [None] * len(self._begins)
        self._numbered: tuple[list[int], list[int]] | None = None if has_numbered else ([], [])

    def within(self, start: int, end: int) -> list[Cue]:
        """Those that begin between, in order."""
        found: list[Cue] = []
        for number in range(bisect_right(self._begins, start, 1) - 1, bisect_left(self._begins, end)):
            piece = self._known[number] or self._in_piece(number)
            found += piece.cues[bisect_left(piece.starts, start) : bisect_left(piece.starts, end)]
        return found

    def place(self, start: int, end: int) -> Cue | None:
        """The last word between for where a number stands, as in "on the label"."""
        last = None
        for number in range(bisect_right(self._begins, start, 1) - 1, bisect_left(self._begins, end)):
            for cue in (self._known[number] or self._in_piece(number)).places:
                last = cue if start <= cue.start < end else last
        return last

    def around(self, start: int, end: int) -> bool:
        """Whether this stretch, which says a number, is within a cue. Few phrases have a number: all are looked for only where
        one of these is near."""
        if not self._is_near_a_numbered_one(start, end):
            return False
        return any(cue.start <= start and end <= cue.end for cue in self.within(start - _CUE_BEFORE, end))

    def _is_near_a_numbered_one(self, start: int, end: int) -> bool:
        if self._numbered is None:
            found = list(spans(numbered(), self._encoded()))
            self._numbered = [first for first, _ in found], [last for _, last in found]
        starts, ends = self._numbered
        if not starts:
            return False
        place = bisect_left(ends, start - _longest())
        return place < len(starts) and starts[place] <= end + _longest()

    def _encoded(self) -> bytes:
        if self._latin is None:
            self._latin = self._text.encode("latin-1", "replace")
        return self._latin

    def _in_piece(self, number: int) -> _Piece:
        low, *high = self._begins[number : number + 2]
        found = spans(_pattern(), self._encoded(), low, *high)
        all_of_it = [cue for start, end in found if (cue := _cue(self._text, start, end))]
        cues = [cue for cue in all_of_it if _PLACE not in cue.meanings]
        places = [cue for cue in all_of_it if _PLACE in cue.meanings]
        self._known[number] = piece = _Piece(cues, [cue.start for cue in cues], places)
        return piece


def _cue(text: str, start: int, end: int) -> Cue | None:
    if text[start - 1 : start].isalpha() or text[end : end + 1].isalpha():
        return None
    phrase, meanings = _meant(text[start:end].lower())
    if Kind.CARD_CODE in meanings and _CODE not in phrase.replace("k", "c") and _OF_ANOTHER.match(text, end) is not None:
        meanings = frozenset((_AGAINST,))
    if Kind.BANK_ACCOUNT in meanings and "account" in phrase and _OF_A_BILL.match(text, end) is not None:
        meanings = frozenset((_AGAINST,))
    return Cue(start, end, phrase, meanings) if meanings and _NONE not in meanings else None


@lru_cache(maxsize=1 << 12)
def _meant(written: str) -> tuple[str, frozenset[str]]:
    """Of one of our own phrases as it was written: there are few, and they come again and again."""
    phrase = " ".join(re.findall(r"[^\W_]+", written))
    return phrase, _meanings().get(phrase, frozenset())


@cache
def _meanings() -> Mapping[str, frozenset[str]]:
    known = {word: set(meanings) for word, meanings in known_words().items()}
    known |= {definite: set(known[word]) for word in tuple(known) for definite in _definite(word)}
    for meaning, phrase in _made():
        known.setdefault(phrase, set()).add(meaning)
    for meaning, spelling in ((meaning, each) for meaning, phrase in _listed() for each in spellings(phrase)):
        if meaning == _NONE:
            known[spelling] = {_NONE}
            continue
        for each in (spelling, *_definite(spelling)):
            known.setdefault(each, set()).add(meaning)
    return {word: frozenset(meanings) for word, meanings in known.items()}


def _listed() -> Iterator[tuple[str, str]]:
    """Meanings and phrases as they stand in the file, `none` last."""
    for meaning, languages in _file().items():
        if meaning != _MADE:
            yield from ((meaning, phrase) for phrases in languages.values() for phrase in map(_bare, phrases))


def _made() -> Iterator[tuple[str, str]]:
    """Meanings, and phrases put together of one word of each list."""
    for meaning, language, lists in _groups():
        for words in product(*lists):
            yield meaning, " ".join(words)
            if language in _JOINING:
                yield meaning, "".join(words)


@cache
def _groups() -> tuple[_Group, ...]:
    """Meaning, language, and lists of words in all their spellings."""
    return tuple(
        (
            next(kind for kind in (*Kind, _AGAINST) if section == kind or section.startswith(f"{kind}_")),
            language,
            [sorted({spelling for word in words for spelling in spellings(_bare(word))}) for words in lists],
        )
        for section, languages in _file()[_MADE].items()
        for language, lists in languages.items()
    ) + tuple((kind, _JOINING[0], [*map(list, lists)]) for kind in Kind for lists in made_of(kind).values())


def _bare(phrase: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", phrase))


def _definite(phrase: str) -> tuple[str, ...]:
    """Danish and Swedish put the article behind: ordrenummeret, ordernumret."""
    return (f"{phrase}et", f"{phrase[:-3]}ret") if phrase.endswith("nummer") else ()


@cache
def _pattern() -> "re2._Regexp[bytes]":
    made = {phrase for _, phrase in _made()}
    return _any_of((phrase for phrase in _meanings() if phrase not in made), _groups())


@cache
def numbered() -> "re2._Regexp[bytes]":
    """The phrases in which a number is, as in "the three digits"."""
    made = {phrase for _, phrase in _made()}
    numbered = (phrase for phrase in _meanings() if phrase not in made and any(map(_is_number, phrase.split())))
    return _any_of(numbered, tuple(_with_numbers()))


def _with_numbers() -> Iterator[_Group]:
    """The groups with only those words of one list that are or have a number."""
    for meaning, language, lists in _groups():
        for place, words in enumerate(lists):
            if few := [word for word in words if any(map(_is_number, word.split()))]:
                yield meaning, language, [*lists[:place], few, *lists[place + 1 :]]


@cache
def _is_number(word: str) -> bool:
    """Or has one between letters that the pattern of numbers takes for the ends of words."""
    return any(each in vocabulary() or each[0].isdigit() for each in (word, *_BARE.findall(word)))


@cache
def _longest() -> int:
    return max(len(phrase) + _WIDER * phrase.count(" ") for phrase in _meanings())


def _any_of(phrases: Iterable[str], groups: Iterable[_Group] = ()) -> "re2._Regexp[bytes]":
    """Whole words; what bounds them is told of letters without accents only. `groups`: phrases as lists of their words."""
    known = [_gapped(_begun(_ended(phrase))) for phrase in sorted(phrases, reverse=True) if _is_latin(phrase)]
    for _, language, lists in groups:
        gap = r"[ .'-]{0,3}" if language in _JOINING else _GAP
        ends = [
            f"(?:{'|'.join(map(_gapped, words))})"
            for words in ([*map(_begun, lists[0])], *lists[1:-1], [*map(_ended, lists[-1])])
        ]
        known.append(gap.join(ends))
    return compiled("|".join(known), longest=True)


def _gapped(phrase: str) -> str:
    return _GAP.join(phrase.split())


def _begun(phrase: str) -> str:
    return rf"\b{phrase}" if phrase[0].isascii() else phrase


def _ended(phrase: str) -> str:
    return rf"{phrase}\b" if phrase[-1].isascii() else phrase


def _is_latin(word: str) -> bool:
    return all(ord(letter) < 256 and (letter.isalnum() or letter == " ") for letter in word)


@cache
def _file() -> dict[str, dict[str, Any]]:
    return tomllib.loads((resources.files(__package__) / "questions.toml").read_text(encoding="utf-8"))
