"""Tables, columns and rows of somebody else's database, as far as a scan and an erasure need to know them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from rightcall.discovery.model import NotRead, Reason

LONGEST_CELL = 1 << 20
"""Characters of a cell that comes with its row; a longer one comes in pieces of so many."""
MOST_OF_CELL = 64 << 20
"""Characters of a cell that are looked at; what is beyond is told."""

Place = tuple[object, ...]
"""Where a reading has come to in a table: the key of the last row, as its database knows it."""


class Kind(StrEnum):
    """`text` may be cut and emptied; a `document` (JSON, XML, a list) may be cut; a `value` (a number, a date) is whole or not
    there; `binary` is not looked at."""

    TEXT = "text"
    DOCUMENT = "document"
    VALUE = "value"
    BINARY = "binary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`type`: as the database calls it. `is_readable`: this account may read it. `is_measured`: it holds dates, times, truths or
    fractions, and nothing else."""

    name: str
    type: str
    kind: Kind
    is_nullable: bool
    is_readable: bool = True
    is_measured: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`name`: as it is told. `path`: as its database knows it, the schema first. `key`: columns that tell each row from every
    other, none of them empty; () where it has none. `size` in bytes. `has_parts`: rows of the tables beneath it are its own."""

    name: str
    path: tuple[str, ...]
    columns: tuple[Column, ...]
    key: tuple[Column, ...]
    size: int | None = None
    fingerprint: str | None = None
    has_parts: bool = False

    @property
    def readable(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.is_readable and column.kind is not Kind.BINARY)

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: its place, its key as text, its cells, which of them (by number) are empty here, since they come in pieces, and
    which are not told whole, and why."""

    place: Place
    key: str
    cells: tuple[str | None, ...] = field(repr=False)
    long: tuple[int, ...] = ()
    untold: Mapping[int, Reason] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """`is_last`: no row comes after these. `place`: where to go on."""

    lines: tuple[Line, ...]
    place: Place | None
    is_last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`column` None: the row goes. Else the column gets `value`; None makes it empty (NULL). `was`: only where it still holds
    that; Conflict where it does not."""

    table: Table
    key: str
    column: Column | None = None
    value: str | None = field(default=None, repr=False)
    was: str | None = field(default=None, repr=False)


def without_long(cells: Sequence[str | None]) -> tuple[tuple[str | None, ...], tuple[int, ...]]:
    """The cells of a row without those that come in pieces, and which these are."""
    long = tuple(number for number, cell in enumerate(cells) if cell is not None and len(cell) > LONGEST_CELL)
    return tuple(None if number in long else cell for number, cell in enumerate(cells)), long


def in_pieces(ask: Callable[[int], tuple[str, int] | None]) -> Iterator[tuple[str, int]]:
    """`ask`: for the piece of so many characters that begins behind as many, and how many bytes come after it there; None where
    nothing lies there any more."""
    start = 0
    while (piece := ask(start)) is not None:
        yield piece
        start += LONGEST_CELL
        if not piece[1]:
            return


class TooSlow(NotRead):
    """The database took longer than it may; a smaller question may do."""

    def __init__(self) -> None:
        super().__init__(Reason.TOO_SLOW)


class Altered(NotRead):
    """The table is not what it was when it was described."""

    def __init__(self) -> None:
        super().__init__(Reason.CHANGED)
