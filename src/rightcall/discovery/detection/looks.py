"""One look over a text for many expressions at once says which of them it has anywhere. Most texts have few, and nothing is done
about the others."""

from collections.abc import Iterator, Mapping
from typing import Any

import re2

ROOM = 64 << 20
_ANY = b""
_ANYWHERE = re2._Anchor.UNANCHORED


class Looks:
    """Expressions in RE2's syntax, by name. Texts are in Latin-1."""

    def __init__(self, expressions: Mapping[Any, bytes]) -> None:
        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        options.max_mem = ROOM
        self._names = tuple(expressions)
        self._set = re2.Set.SearchSet(options)
        for expression in (*expressions.values(), _ANY):
            self._set.Add(expression)
        self._set.Compile()

    def over(self, text: bytes) -> frozenset[object]:
        """The names of those that stand anywhere. Every text has the one for anything: where not even that is told, the look went
        wrong, and everything may be there."""
        found = self._set.Match(text) or ()
        *there, last = sorted(found) or (-1,)
        return frozenset([self._names[place] for place in there]) if last == len(self._names) else frozenset(self._names)


def spans(expression: "re2._Regexp[bytes]", text: bytes, low: int = 0, high: int | None = None) -> Iterator[tuple[int, int]]:
    """Where it stands, as `finditer` has it, less the object that is made of each match, which takes as long as finding it."""
    find, end = expression._regexp.Match, len(text) if high is None else high
    while True:
        place, behind = find(_ANYWHERE, text, low, end)[0]
        if place < 0:
            return
        yield place, behind
        low = behind if behind > low else low + 1
        if low > end:
            return
