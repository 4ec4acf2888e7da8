"""What the words around a place say it is. The nearest word that we know decides: the head of its column in a table,
before it on its line, on the line above where it stands alone, else right behind it."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from itertools import product
from typing import NamedTuple

import re2

from rightcall.discovery.detection.looks import ROOM, Looks, spans
from rightcall.discovery.detection.model import SPECIAL, Kind
from rightcall.discovery.detection.plain import unescaped

REACH = 60
"""So many characters before a place are looked at."""
_BEHIND = 36
_LONGEST = 4
_AGAINST, _MADE, _PHONE_HEADS = "against", "made", "phone_heads"
_ONLY_HEADS = frozenset((Kind.PERSON_NAME, Kind.POSTAL_ADDRESS, *SPECIAL))
_AFTER = "stands behind it"
_TITLE = 4
_AHEAD = 2
"""Words behind a word within which a number of its own begins: `reference TKT-12345`."""
_SHORTEST_BARE = 4
_BARE = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss"})
_SPELLED_OUT = str.maketrans({"ø": "oe", "æ": "ae", "å": "aa", "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_BETWEEN = r"[^0-9A-Za-z\x80-\xff]{0,8}"
_TOKEN = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")
_MAIL = re.compile(r"[\w.+-]+@[\w.-]+")
"""Its parts are no words that say anything of what stands beside it."""
_MARKED = re.compile(r"(?<![\w'’])[A-Za-z][.:] ?$")
_HUMP = re.compile(r"(?<=[a-zæøåäöü])(?=[A-Z])")
_DELIMITERS = ",;\t|"
_HEADS = "heads its column"
_LONGEST_HEADS, _FEWEST_DELIMITERS = 240, 2


class Stance(StrEnum):
    FOR = "for"
    AGAINST = "against"
    OTHER = "other"
    NONE = "none"


class Label(NamedTuple):
    """The word that decides, where it stands, whether no other number lies between, and whether no other word does."""

    word: str
    meanings: frozenset[str]
    where: str
    is_near: bool
    is_last: bool = False

    def stance(self, kind: Kind) -> Stance:
        if kind in self.meanings:
            return Stance.FOR
        return Stance.AGAINST if _AGAINST in self.meanings else Stance.OTHER

    @property
    def is_behind(self) -> bool:
        return self.where == _AFTER

    @property
    def is_head(self) -> bool:
        return self.where == _HEADS

    def in_words(self) -> str:
        return f"the word “{self.word}” {self.where}"


@dataclass(frozen=True, slots=True)
class Columns:
    """The heads of a table's columns, as far as we know their words."""

    delimiter: str
    labels: tuple[Label | None, ...]

    def has(self, kind: Kind) -> bool:
        return any(label is not None and kind in label.meanings for label in self.labels)

    def fields(self, text: str, kind: Kind) -> Iterator[tuple[int, int]]:
        """Where the fields under heads for `kind` lie, without their quotes."""
        return ((start, end) for start, end, _ in self.cells(text, kind))

    def cells(self, text: str, kind: Kind) -> Iterator[tuple[int, int, str]]:
        """The same, each with its head."""
        wanted = {index: label.word for index, label in enumerate(self.labels) if label is not None and kind in label.meanings}
        start = 0
        while wanted and start < len(text):
            end = text.find("\n", start)
            end = len(text) if end < 0 else end
            yield from self._fields_of(text[start:end], start, wanted)
            start = end + 1

    def _fields_of(self, line: str, at: int, wanted: Mapping[int, str]) -> Iterator[tuple[int, int, str]]:
        fields = line.split(self.delimiter) if '"' not in line else _quoted(line, self.delimiter)
        for index, head in wanted.items():
            if index < len(fields) and (field := fields[index].strip(' "\r')):
                start = at + sum(len(each) + 1 for each in fields[:index]) + fields[index].index(field)
                yield start, start + len(field), head

    def label(self, text: str, row: int, place: int) -> Label | None:
        """For the field that begins or goes on at `place`; `row` is where its row begins."""
        if text.find('"', row, place) < 0:
            index = text.count(self.delimiter, row, place)
        else:
            index = re.sub(r'"[^"]*(?:"|$)', "", text[row:place]).count(self.delimiter)
        return self.labels[index] if index < len(self.labels) else None


def _quoted(line: str, delimiter: str) -> list[str]:
    """The fields of a line in which a field may hold the delimiter between quotes."""
    fields, is_open = [""], False
    for piece in re.split(f'([{re.escape(delimiter)}"])', line):
        is_open ^= piece == '"'
        if piece == delimiter and not is_open:
            fields.append("")
        else:
            fields[-1] += piece
    return fields


def columns_of(head: str) -> Columns | None:
    """From the first line of a table; None where it is no line of heads."""
    delimiter = max(_DELIMITERS, key=head.count)
    heads = head.rstrip("\r\n").split(delimiter)
    if len(heads) < 2 or any("@" in name or sum(map(str.isdigit, name)) > 2 for name in heads):
        return None
    return Columns(delimiter, tuple(map(_head, heads)))


def pasted(text: str) -> Columns | None:
    """Of a text that is all a small table: a line of heads, one of which says what stands under it, and rows with as many
    cells."""
    head, _, rows = text.partition("\n")
    if len(head) > _LONGEST_HEADS or not rows or max(map(head.count, _DELIMITERS)) < _FEWEST_DELIMITERS:
        return None
    columns = columns_of(head)
    if columns is None or not any(columns.labels):
        return None
    cells = len(columns.labels)
    lines = [line for line in rows.split("\n") if line.strip()]
    is_table = bool(lines) and all(len(_quoted(line, columns.delimiter)) == cells for line in lines)
    return columns if is_table else None


def headed(heads: Sequence[str], delimiter: str) -> Columns:
    """For a table whose heads are known, and whose rows are written with `delimiter` between their cells."""
    return Columns(delimiter, tuple(map(_head, heads)))


def _head(name: str) -> Label | None:
    """`account_opened` heads when, and not which."""
    label = _nearest(name, _HEADS, heads_too=True)
    tokens = _tokens(name)
    if (
        label is None
        or Kind.DATE_OF_BIRTH in label.meanings
        or tokens[-1] not in words_of("when")
        or label.word == " ".join(tokens)
    ):
        return label
    return Label(tokens[-1], frozenset((_AGAINST,)), _HEADS, True)


def label_at(text: str, start: int, end: int, columns: Columns | None = None) -> Label | None:
    if columns is not None:
        edge = max(text.rfind("\n", max(0, start - 8 * REACH), start), -1) + 1
        is_row = edge > 0 or start <= 8 * REACH
        if is_row and (label := columns.label(text, edge, start)) is not None:
            return label
    return _before(text, start) or _behind(text, end)


def _before(text: str, start: int) -> Label | None:
    low = max(0, start - REACH)
    piece = text[low:start]
    if low and text[low - 1].isalnum():
        piece = piece.lstrip(_letters(piece))
    above, newline, line = piece.rpartition("\n")
    label = _nearest(line, "stands before it")
    if label is not None or not newline or any(map(str.isalnum, line)):
        return label
    title = above.rpartition("\n")[2]
    is_title = len(_tokens(title)) <= _TITLE and sum(map(title.count, _DELIMITERS)) < _FEWEST_DELIMITERS
    return _nearest(title, "stands above it") if is_title else None


def _letters(piece: str) -> str:
    """The characters of the word that the edge cut in two."""
    match = _TOKEN.match(piece)
    return match[0] if match else ""


def _behind(text: str, end: int) -> Label | None:
    piece = text[end : end + _BEHIND].partition("\n")[0]
    tokens = _tokens(piece[: -len(_last(piece)) or None] if len(piece) == _BEHIND else piece)
    for index in range(min(_LONGEST, len(tokens))):
        if tokens[index].isdigit():
            return None
        for size in range(min(_LONGEST, len(tokens) - index), 0, -1):
            word = " ".join(tokens[index : index + size])
            if (meanings := known_words().get(word)) is not None:
                is_of_the_next = any(map(_DIGIT.search, tokens[index + size : index + size + _AHEAD]))
                return None if is_of_the_next else Label(word, meanings, _AFTER, True)
    return None


def _last(piece: str) -> str:
    """The word that the edge may have cut in two."""
    tokens = _TOKEN.findall(piece)
    return tokens[-1] if tokens and piece.endswith(tokens[-1]) else ""


def _nearest(piece: str, where: str, *, heads_too: bool = False) -> Label | None:
    """The last known word of a piece."""
    tokens = _tokens(piece)
    known, last_words, is_near = known_words(heads_too=heads_too), _last_words(heads_too=heads_too), True
    for end in range(len(tokens), 0, -1):
        for size in range(min(_LONGEST, end) if tokens[end - 1] in last_words else 0, 0, -1):
            word = " ".join(tokens[end - size : end])
            if end == len(tokens) and len(word) == 1 and _MARKED.search(piece):
                word += ":"
            if (meanings := known.get(word)) is not None:
                return Label(word, meanings, where, is_near, end == len(tokens))
        is_near = is_near and not _DIGIT.search(tokens[end - 1])
    return None


def _tokens(piece: str) -> list[str]:
    piece = unescaped(piece)
    if "@" in piece:
        piece = _MAIL.sub(" ", piece)
    composed = piece if piece.isascii() else unicodedata.normalize("NFC", piece)
    small = composed.lower()
    return _TOKEN.findall(small if small == composed else _HUMP.sub(" ", composed).lower())


def mentions(text: bytes, kind: Kind) -> list[int]:
    """Where words for `kind` may begin in a text in Latin-1: too many rather than too few, and fast. A label's words have up to
    eight marks between them."""
    return [start for start, _ in spans(_mentioning(kind), text)]


def kinds_mentioned(text: bytes) -> frozenset[object]:
    """Those for which a word may stand anywhere, less those whose words only head columns."""
    return _looks().over(text)


@cache
def _looks() -> Looks:
    return Looks(mentioning())


def mentioning() -> Mapping[Kind, bytes]:
    """How the words for each type are looked for."""
    return {kind: _mention(kind) for kind in Kind if kind not in _ONLY_HEADS and kind in _file()}


@cache
def _mentioning(kind: Kind) -> "re2._Regexp[bytes]":
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.max_mem = ROOM
    return re2.compile(_mention(kind), options)


def _mention(kind: Kind) -> bytes:
    """No small letter follows: then it is another word."""
    listed = words_of(kind) - _made(kind)
    made = made_of(kind).values()
    words = "|".join([*map(_spaced, sorted(listed)), *(_BETWEEN.join(map(_either_of, lists)) for lists in made)])
    return f"(?:{words})(?:[^a-z]|$)".encode("latin-1")


def _either_of(words: Sequence[str]) -> str:
    return f"(?:{'|'.join(map(_spaced, words))})"


def _spaced(word: str) -> str:
    return _BETWEEN.join(map(_in_any_case, word.split()))


def _in_any_case(word: str) -> str:
    return "".join(_either(letter) if letter.isalpha() else letter.replace(":", "[.:]") for letter in word)


def _either(letter: str) -> str:
    both = f"[{letter}{letter.upper()}]"
    return both if letter.isascii() else rf"(?:{both}|\\u00{ord(letter):02x}|\\u00{ord(letter.upper()):02x})"


@cache
def known_words(*, heads_too: bool = False) -> Mapping[str, frozenset[str]]:
    """Every word of the file, in its spellings, and the types it may mean. `heads_too`: also those that only head columns."""
    known: dict[str, set[str]] = {}
    for word in _file()[_PHONE_HEADS]["all"] if heads_too else ():
        for spelling in spellings(word):
            known.setdefault(spelling, set()).add(Kind.PHONE)
    kinds = set(Kind) if heads_too else set(Kind) - _ONLY_HEADS
    for meaning, languages in _file().items():
        if meaning == _AGAINST or meaning in kinds:
            words = [word for words in languages.values() for word in words]
            for spelling in (*(spelling for word in words for spelling in spellings(word)), *_made(meaning)):
                known.setdefault(spelling, set()).add(meaning)
    return {word: frozenset(meanings) for word, meanings in known.items()}


@cache
def _last_words(*, heads_too: bool) -> frozenset[str]:
    """With which the known ones end: most words are none of them."""
    return frozenset(word.rpartition(" ")[2].rstrip(":") for word in known_words(heads_too=heads_too))


@cache
def words_of(section: str, part: str | None = None) -> frozenset[str]:
    """All of a section, or of one part of it: a language, or what its words say more closely."""
    lists = _file()[section].values() if part is None else [_file()[section][part]]
    listed = frozenset(spelling for words in lists for word in words for spelling in spellings(word))
    return listed | _made(section, part)


@cache
def _made(section: str, part: str | None = None) -> frozenset[str]:
    """Of one word of each list, in order: parted, and as one word."""
    words = [each for name, lists in made_of(section).items() if part in (None, name) for each in product(*lists)]
    return frozenset(" ".join(each) for each in words) | frozenset("".join(each) for each in words)


@cache
def made_of(section: str) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """By part, the lists of which the words of a section are put together, each word in its spellings."""
    given: Mapping[str, Sequence[Sequence[str]]] = _file()[_MADE].get(section, {})  # type: ignore[assignment]  # lists of lists
    return {
        part: tuple(tuple(sorted({each for word in words for each in spellings(word)})) for words in lists)
        for part, lists in given.items()
    }


@cache
def months() -> Mapping[str, int]:
    """The names of months, in small letters, and their numbers."""
    lists = _file()["months"].values()
    return {spelling: number for names in lists for number, name in enumerate(names, 1) for spelling in spellings(name)}


def spellings(word: str) -> set[str]:
    """A long word also as people type it who have no accents: bare, and spelled out."""
    if word.isascii() or len(word) < _SHORTEST_BARE:
        return {word}
    bare = "".join(letter for letter in unicodedata.normalize("NFD", word.translate(_BARE)) if not unicodedata.combining(letter))
    return {word, bare, word.translate(_SPELLED_OUT)} if word.translate(_SPELLED_OUT).isascii() else {word, bare}


@cache
def _file() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((resources.files(__package__) / "words.toml").read_text(encoding="utf-8"))


def tokens_of(head: str) -> list[str]:
    """Its words in small letters, those too that only a capital parts."""
    return _tokens(head)
