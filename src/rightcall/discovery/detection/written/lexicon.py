"""One pass over a text's words: which of them are known, and as what.

In a short text each word is looked up. In a long one all words' hashes are worked out at once with numpy, and looked up in a
table of bits; only what is found there is looked at in Python. Words are compared in small letters and without accents, so
`Müller`, `MÜLLER` and `Muller` are one. Endings of words are known too (`-straße`, `-vej`).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

_LETTERS = 0x250
"""Code points from here on are no letters of the languages that we know."""
_EXTRA = {"æ": 123, "ß": 124, "œ": 125, "þ": 126}
_BASE: Final = 0x9E3779B97F4A7C15
_MODULUS = 1 << 64
_INVERSE: Final = pow(_BASE, -1, _MODULUS)
_MIX: Final = 0xD6E8FEB86659FD93
_BITS = 20
_ENDINGS = range(3, 9)
_LAST = 2
_FEW = 24


_SHORT = 4096
"""Characters of a text whose words are looked up one by one."""
_NONE, _DIGIT = b"\x00", b"\x01"
"""What is no letter. Digits are told from the rest, so that no word with one beside it is known."""
_BEFORE_A_NUMBER = re.compile(rb"\x00(?=.?\x01)", re.DOTALL)
_Codes = NDArray[np.uint8]
_Marks = NDArray[np.bool_]
_Places = NDArray[np.intp]
_PIECE = 1 << 15


class Role:
    """What a word may be, as bits of a number. `GIVEN_WORD`: a name that is a word too. No enum: this is asked for every word."""

    GIVEN = 1
    GIVEN_WORD = 2
    FAMILY = 4
    TITLE = 8
    NAME_CUE = 16
    STREET = 32
    STREET_NUMBER = 64
    BEFORE_STREET = 128
    STREET_ENDING = 256
    POSTCODE_CUE = 1024
    BOX = 2048
    SPECIAL = 4096
    CITY = 512
    UNIT = 8192
    ADDRESS_CUE = 16384


class Word(NamedTuple):
    """A known word of a text, and where it lies. No dataclass: one is made for every such word."""

    start: int
    end: int
    folded: bytes
    roles: int


@cache
def _foldings() -> NDArray[np.uint8]:
    """Of each code point its small letter without accents; 0 where it is no letter."""
    table = np.zeros(_LETTERS, dtype=np.uint8)
    for code in range(_LETTERS):
        table[code] = _folded(chr(code).lower())
    return table


def _folded(letter: str) -> int:
    if letter in _EXTRA:
        return _EXTRA[letter]
    bare = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "i̇": "i"}.get(letter) or unicodedata.normalize("NFD", letter)[0]
    return ord(bare) if "a" <= bare <= "z" else 0


@cache
def _capitals() -> NDArray[np.bool_]:
    return np.array([chr(code).isupper() for code in range(_LETTERS)])


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> bytes:
    """A word as the table has it. What is no letter is left out."""
    table = _foldings()
    return bytes(int(table[ord(each)]) for each in word if ord(each) < _LETTERS and table[ord(each)])


@lru_cache(maxsize=8)
def _powers(size: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Powers of the base and of its inverse, modulo 2^64."""
    tables = []
    for base in (_BASE, _INVERSE):
        steps = np.full(size, base, dtype=np.uint64)
        steps[0] = 1
        tables.append(np.multiply.accumulate(steps))
    return tables[0], tables[1]


def _hash(word: bytes) -> int:
    total, power = 0, 1
    for each in word:
        total, power = (total + each * power) % _MODULUS, power * _BASE % _MODULUS
    return (total * _MIX % _MODULUS) >> (64 - _BITS)


class Lexicon:
    """The words that are looked for. Those under `capital` count only where they begin with a capital."""

    def __init__(self, words: Mapping[bytes, int], capital: Iterable[bytes], endings: Mapping[bytes, int]) -> None:
        self.words, self._capital, self.endings = words, frozenset(capital), endings
        self._any_bits = self._bits(word for word in words if word not in self._capital)
        self._capital_bits = self._bits(self._capital)
        self._last_letters = frozenset(each[-_LAST:] for each in endings)
        self._all_endings = tuple(endings)
        self._of_capital = {word: roles | self._ending(word) for word, roles in words.items()}
        self._of_small = {**self._of_capital, **{word: self._ending(word) for word in self._capital}}
        self._ending_bits = {size: self._bits(each for each in endings if len(each) == size) for size in _ENDINGS}

    @staticmethod
    def _bits(words: Iterable[bytes]) -> NDArray[np.bool_]:
        bits = np.zeros(1 << _BITS, dtype=np.bool_)
        bits[[_hash(word) for word in words]] = True
        return bits

    def known(self, text: str) -> Iterator[Word]:
        """In their order. Case counts only for those that are known with a capital; words with digits beside them are none."""
        if len(text) <= _SHORT and (latin := _latin(text)) is not None:
            yield from self._one_by_one(text, latin)
            return
        folded, is_capital, is_digit = _codes(text)
        start = 0
        while start < folded.size:
            end = _cut(folded, start + _PIECE)
            yield from self._in_piece(folded, is_capital, is_digit, start, end)
            start = end

    def _one_by_one(self, text: str, latin: bytes) -> Iterator[Word]:
        """Of a short text, for which numpy's calls would take longer than what they do."""
        codes = latin.translate(_latin_codes())
        found: dict[int, bytes] = {}
        bounded, behind = b"\x00%b\x00" % codes, 0
        for word in filter(self.words.__contains__, codes.split(_NONE)):
            start = bounded.index(b"\x00%b\x00" % word, behind)
            found[start], behind = word, start + len(word)
        many = len(found)
        for match in _BEFORE_A_NUMBER.finditer(codes):
            end = match.start()
            if codes[end - _LAST : end] in self._last_letters:
                start = codes.rfind(_NONE, 0, end) + 1
                if _DIGIT not in codes[start:end]:
                    found[start] = codes[start:end]
        for start in sorted(found) if len(found) > many else found:
            word = found[start]
            roles = (self._of_capital if text[start].isupper() else self._of_small).get(word)
            if roles := self._ending(word) if roles is None else roles:
                yield Word(start, start + len(word), word, roles)

    def _in_piece(self, folded: _Codes, is_capital: _Marks, is_digit: _Marks, low: int, high: int) -> Iterator[Word]:
        """Of a stretch that the processor's cache holds. It is cut between words."""
        starts, ends = _runs(folded[low:high])
        is_word = ~(is_digit[low + starts] | is_digit[low + ends + 1])
        starts, ends = starts[is_word], ends[is_word]
        powers, inverses = _powers(1 << (high - low).bit_length())
        sums = np.zeros(high - low + 1, dtype=np.uint64)
        np.cumsum(folded[low:high] * powers[: high - low], out=sums[1:])
        places = _slots(sums, inverses, starts, ends)
        wanted = self._any_bits[places] | (self._capital_bits[places] & is_capital[low + starts])
        has_number = is_digit[low + ends + 2] | is_digit[low + ends + 3]
        wanted |= self._with_endings(sums, inverses, starts, ends, has_number)
        hits = np.flatnonzero(wanted)
        raw = folded[low:high].tobytes()
        capitals = is_capital[low + starts[hits]].tolist()
        for start, end, capital in zip(starts[hits].tolist(), ends[hits].tolist(), capitals, strict=True):
            word = raw[start:end]
            roles = (self._of_capital if capital else self._of_small).get(word)
            if roles := self._ending(word) if roles is None else roles:
                yield Word(low + start, low + end, word, roles)

    def _with_endings(
        self, sums: NDArray[np.uint64], inverses: NDArray[np.uint64], starts: _Places, ends: _Places, has_number: _Marks
    ) -> _Marks:
        """Only of words with a number behind them: a street's. Where these are few, each is looked at."""
        wanted = np.zeros(starts.size, dtype=np.bool_)
        lengths = np.where(has_number, ends - starts, 0)
        numbered = np.flatnonzero(lengths)
        if numbered.size <= _FEW:
            wanted[numbered] = True
            return wanted
        for size, bits in self._ending_bits.items():
            long = numbered[lengths[numbered] > size + 1]
            wanted[long] |= bits[_slots(sums, inverses, ends[long] - size, ends[long])]
        return wanted

    def _ending(self, word: bytes) -> int:
        for size in _ENDINGS if word.endswith(self._all_endings) else ():
            if len(word) > size + 1 and word[-size:] in self.endings:
                return self.endings[word[-size:]]
        return 0


def _latin(text: str) -> bytes | None:
    """None where it has other letters too."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return None


@cache
def _latin_codes() -> bytes:
    """Of each letter of Latin-1 as it is folded, of each digit the same one, 0 of all others."""
    return bytes(_DIGIT[0] if chr(code) in "0123456789" else int(_foldings()[code]) for code in range(1 << 8))


def _codes(text: str) -> tuple[_Codes, _Marks, _Marks]:
    """Each character folded, whether it is a capital, and (moved by one, with none at both ends) whether it is a digit."""
    if text.isascii():
        codes: NDArray[np.uint8] | NDArray[np.uint32] = np.frombuffer(text.encode("ascii"), dtype=np.uint8)
    else:
        codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)
        codes = np.where(codes < _LETTERS, codes, 0)
    is_digit = np.zeros(codes.size + 4, dtype=np.bool_)
    is_digit[1:-3] = (codes >= ord("0")) & (codes <= ord("9"))
    return _foldings()[codes], _capitals()[codes], is_digit


def _cut(folded: _Codes, end: int) -> int:
    """The first place from `end` on where no word goes on."""
    while end < folded.size:
        rest = np.flatnonzero(folded[end : end + _PIECE] == 0)
        if rest.size:
            return end + int(rest[0])
        end += _PIECE
    return int(folded.size)


def _runs(folded: NDArray[np.uint8]) -> tuple[_Places, _Places]:
    """Where runs of letters begin and end."""
    is_letter = np.zeros(folded.size + 2, dtype=np.int8)
    is_letter[1:-1] = folded != 0
    edges = np.diff(is_letter)
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)


def _slots(sums: NDArray[np.uint64], inverses: NDArray[np.uint64], starts: _Places, ends: _Places) -> NDArray[np.uint64]:
    """The place of each stretch in a table of bits."""
    hashes: NDArray[np.uint64] = (sums[ends] - sums[starts]) * inverses[starts] * np.uint64(_MIX)
    return hashes >> np.uint64(64 - _BITS)
