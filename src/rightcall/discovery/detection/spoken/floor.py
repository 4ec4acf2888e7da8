"""Who has the floor: the lines of a text as turns of a conversation. Speakers are known from the source, or read from the names
that begin the lines (`Agent: …`), or not known."""

import re
from bisect import bisect_right
from dataclasses import dataclass

_CLOCK = r"[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?[\])]?[ \t]*(?:-[ \t]*)?"
_NAMED = re.compile(rf"[ \t]*(?:{_CLOCK})?([^\W\d_][\w .'-]{{0,24}}?)[ \t]?(?:\([^)\n]{{1,16}}\))?:(?=[ \t])")
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Line:
    """`start`: where what is said begins."""

    number: int
    start: int
    end: int
    speaker: str | None


class Floor:
    def __init__(self, text: str, speakers: tuple[int, ...] | None) -> None:
        self.text = text
        self._begins = [0, *(match.end() for match in re.finditer("\n", text))]
        self._lines: dict[int, Line] = {}
        self._speakers = speakers
        self.is_conversation = speakers is not None or _is_named(text)

    def line(self, number: int) -> Line:
        if number not in self._lines:
            begin = self._begins[number]
            end = self._begins[number + 1] - 1 if number + 1 < len(self._begins) else len(self.text)
            self._lines[number] = self._line(number, begin, end)
        return self._lines[number]

    def line_at(self, place: int) -> Line:
        return self.line(bisect_right(self._begins, place) - 1)

    def _line(self, number: int, begin: int, end: int) -> Line:
        if self._speakers is not None:
            speaker = str(self._speakers[number]) if number < len(self._speakers) else None
            return Line(number, begin, end, speaker)
        name = _NAMED.match(self.text, begin, end) if self.is_conversation else None
        return Line(number, name.end() if name else begin, end, name[1].lower() if name else None)


_LOOK = 4096


def _is_named(text: str) -> bool:
    """Whether lines near its beginning have names, of which one comes again."""
    names = [match[1].lower() for match in re.finditer(rf"(?m)^{_NAMED.pattern}", text[:_LOOK])]
    return len(names) >= _FEWEST and (len(set(names)) < len(names) or len(names) == _FEWEST)
