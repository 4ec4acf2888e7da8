"""One look over a text for many expressions at once says which of them it has anywhere. Most texts have few, and nothing is done
about the others."""

from collections.abc import Mapping
from typing import Generic, TypeVar

import re2

_ROOM = 64 << 20
_Name = TypeVar("_Name")
_ANY = b""


class Looks(Generic[_Name]):
    """Expressions in RE2's syntax, by name. Texts are in Latin-1."""

    def __init__(self, expressions: Mapping[_Name, bytes]) -> None:
        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        options.max_mem = _ROOM
        self._names = tuple(expressions)
        self._set = re2.Set.SearchSet(options)
        for expression in (*expressions.values(), _ANY):
            self._set.Add(expression)
        self._set.Compile()

    def over(self, text: bytes) -> frozenset[_Name]:
        """The names of those that stand anywhere. Every text has the one for anything: where not even that is told, the look went
        wrong, and everything may be there."""
        found = self._set.Match(text) or ()
        *there, last = sorted(found) or (-1,)
        return frozenset([self._names[place] for place in there]) if last == len(self._names) else frozenset(self._names)
