"""Who has the floor: the lines of a text as turns of a conversation. Speakers are known from the source, or read from the names
that begin the lines (`Agent: …`), or not known."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from functools import cache, cached_property
from itertools import accumulate, islice, repeat
from operator import add
from typing import NamedTuple

from rightcall.discovery.detection.context import known_words
from rightcall.discovery.detection.spoken.numerals import LANGUAGES, listed

_CLOCK = r"[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?[\])]?[ \t]*(?:-[ \t]*)?"
_NAMED = re.compile(
    rf"[ \t]*(?:{_CLOCK})?(?:([^\W\d_][\w .'-]{{0,24}}?|[0-9])[ \t]?(?:\([^)\n]{{1,16}}\))?:"
    r"|[\[<]([^\W\d_][\w .'-]{0,24}|[0-9])[\]>]:?)(?=[ \t])"
)
_FEWEST, _NEAR, _ENOUGH = 2, 400, 12
_AROUND = (-1, 1, -2, 2, -3, 3, -4, 4)
_WORD, _HEARD = re.compile(r"[^\W\d_]+"), 1500


class Line(NamedTuple):
    """`start`: where what is said begins. No dataclass: one is made for nearly every line."""

    number: int
    start: int
    end: int
    speaker: str | None


def _is_conversation(names: list[str]) -> bool:
    """Each line of a form has another name, and each of a list another number."""
    if len(names) < _FEWEST or (names[0].isdigit() and len(set(names)) == len(names) > _FEWEST):
        return False
    return len(names) in (_FEWEST, _ENOUGH) or len(set(names)) < len(names)


@cache
def _small_words() -> Mapping[str, str]:
    """Those that only one language has."""
    return {word: language for language in LANGUAGES for word in listed(language, "small")}


class Floor:
    def __init__(self, text: str, speakers: tuple[int, ...] | None, *, is_table: bool = False) -> None:
        """`is_table`: each line stands by itself."""
        self.text = text
        lengths = [*map(len, text.split("\n"))]
        self._begins = [*map(add, accumulate(lengths, initial=0), range(len(lengths)))]
        self._ends = [*map(add, self._begins, lengths)]
        self._lines: list[Line | None] = [None] * len(lengths)
        self._talks: dict[int, bool] = {}
        self._names: dict[str, str | None] = {}
        self._speakers = speakers
        self.is_table = is_table
        is_unknown = speakers is None and not is_table
        self._leads = [*map(_NAMED.match, repeat(text), self._begins)] if is_unknown else []
        self.has_conversation = (speakers is not None and not is_table) or _is_conversation(self._first_names())

    def _first_names(self) -> list[str]:
        return [*filter(None, map(self._name, islice(filter(None, self._leads), _ENOUGH)))]

    @cached_property
    def language(self) -> str | None:
        """In which most of its small words are, as far as we know any."""
        words = _WORD.findall(self.text[:_HEARD].lower())
        told = Counter(filter(None, map(_small_words().get, words))).most_common(1)
        return told[0][0] if told else None

    @property
    def last(self) -> int:
        """The number of the last line."""
        return len(self._begins) - 1

    def line(self, number: int) -> Line:
        if (line := self._lines[number]) is None:
            self._lines[number] = line = self._line(number, self._begins[number], self._ends[number])
        return line

    def line_at(self, place: int) -> Line:
        number = bisect_right(self._begins, place) - 1
        return self._lines[number] or self.line(number)

    def is_talk(self, line: Line) -> bool:
        """Whether a line is a turn of a conversation: those about it have names, of which one comes again, or two that differ."""
        if self._speakers is not None or not self.has_conversation:
            return self.has_conversation
        if line.number not in self._talks:
            self._talks[line.number] = self._is_named(line)
        return self._talks[line.number]

    def _is_named(self, line: Line) -> bool:
        if line.speaker is None:
            return False
        for each in _AROUND:
            if 0 <= line.number + each < len(self._begins):
                other = self.line(line.number + each)
                if other.speaker is not None and abs(other.start - line.start) < _NEAR:
                    return True
        return False

    def _line(self, number: int, begin: int, end: int) -> Line:
        if self._speakers is not None:
            speaker = str(self._speakers[number]) if number < len(self._speakers) else None
            return Line(number, begin, end, speaker)
        found = self._leads[number] if self.has_conversation else None
        name = self._name(found) if found else None
        return Line(number, found.end() if found and name else begin, end, name)

    def _name(self, found: re.Match[str]) -> str | None:
        """Of whoever speaks: `Agent:`, `[Agent]`, or a number alone, as recognisers give them. None where a form says of what
        the line is: `Order no: …`."""
        written = found[1] or found[2]
        if written not in self._names:
            name = written.lower()
            self._names[written] = None if name in known_words() else name
        return self._names[written]
