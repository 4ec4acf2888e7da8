"""What a source gives to be looked at: running text, rows of a table, or the turns of a conversation. Each is bounded, whatever
the source holds: a long text and a long cell come in pieces, a table in batches of rows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rightcall.errors import Malformed

IN_NAME = "_file_name"
"""The field of what stands in the name of an object, and not in what it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """Running text that comes in pieces, each with the bytes it took at the source. `object`: the path relative to the source;
    within a file that holds others, `outer!/inner`. `field`: which part of it this is (`subject`, `body`, a sheet's cell)."""

    object: str
    pieces: Iterator[tuple[int, str]]
    field: str | None = None


_NUMBERED = re.compile(r"\d+#([0-9a-f]{32}(?:/\d+)?)")


def steady(key: str) -> str:
    """What of a row's key stays the same when rows before it come or go: all of it, or what it says where it has a number."""
    numbered = _NUMBERED.fullmatch(key)
    return key if numbered is None else numbered[1]


@dataclass(frozen=True, slots=True)
class Row:
    """`key` tells it from every other of its table, as text: its primary key, or its number in the file with a digest of what it
    says. `known_by`: what it is the same row by though what it says changes, where something in it tells that."""

    key: str
    cells: tuple[str | None, ...]
    known_by: str | None = None

    @property
    def record(self) -> str:
        return steady(self.key) if self.known_by is None else self.known_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A batch of one table's rows, under the table's heads. `bytes`: what they took at the source. `measured`: the columns, by
    number, whose type at the source is a date, a time, a truth or a fraction: no numbers of people or cards stand there."""

    object: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    bytes: int
    measured: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if any(len(row.cells) != len(self.heads) for row in self.rows):
            raise Malformed("A row has as many cells as its table has heads. See to the reader of this source.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a table that is too long to be held, in pieces as a text is. `row`: the row that it is of, without it."""

    object: str
    heads: tuple[str, ...]
    row: Row
    column: int
    pieces: Iterator[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker said at a stretch. `speaker` counts parties from 0; `at`: seconds from the beginning, where known.
    `is_of_staff`: None where nobody can tell."""

    speaker: int
    text: str
    at: float | None = None
    is_of_staff: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """A stretch of a conversation, in order. `first`: how many turns came before it."""

    object: str
    turns: tuple[Turn, ...]
    bytes: int
    field: str | None = None
    first: int = 0


Part = Prose | Rows | Cell | Turns
