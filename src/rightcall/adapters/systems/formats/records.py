"""Nested values as rows: each place in a value is a column, named by its path (`customer.phones[].number`).

A key that is no plain name is data, not a name: its place is `*`, and the key is a cell of its own.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from rightcall.adapters.systems.formats.keys import Equals, Known, identifying
from rightcall.adapters.systems.formats.rows import digest
from rightcall.discovery.parts import Row, Rows

OUTSIDE = "0"
"""The key of what stands around the records of a document."""
BARE = "value"
"""The head of values that have no path."""
_PLAIN = re.compile(r"[A-Za-z_@$#](?:[A-Za-z_ .:/-]|\d(?!\d{3})){0,63}")
_DATA = "*"
_MOST_PATHS = 200
_MOST_ROWS = 500
_MOST_CHARACTERS = 1 << 18


@dataclass(slots=True)
class Record:
    """Values by path; of one path in order. `characters`: of both. `key` tells it from the others of its object;
    `known_by`: see `parts.Row`."""

    key: str
    cells: dict[str, list[str]] = field(default_factory=dict)
    characters: int = 0
    known_by: str | None = None

    def add(self, path: str, value: str) -> None:
        if path not in self.cells:
            self.characters += len(path)
        self.cells.setdefault(path or BARE, []).append(value)
        self.characters += len(value)

    def mark(self) -> str:
        return digest(part for path, values in self.cells.items() for part in (path, *values))


def id_of(record: Record) -> str | None:
    """What tells it from the others of its object, where something in it does."""
    paths = tuple(record.cells)
    column = identifying(paths) if len(paths) <= _MOST_PATHS else None
    return None if column is None else "\n".join(record.cells[paths[column]])


def known(records: Iterable[Record]) -> Iterator[Record]:
    """Records whose keys are their numbers, told by what stays when others come before them. What stands around them is one."""
    equals, ids = Equals(), Known()
    for record in records:
        if record.key != OUTSIDE:
            record.known_by = ids.by(id_of(record)) or equals.told(record.mark())
        yield record


class Pairs(tuple[tuple[str, Any], ...]):
    """An object with all its keys, those that it has twice too."""

    __slots__ = ()


def place(path: str, key: str, record: Record) -> str:
    """The path of what lies under that key."""
    if _is_plain(key):
        return f"{path}.{key}" if path else key
    inside = f"{path}.{_DATA}" if path else _DATA
    record.add(inside, key)
    return inside


@lru_cache(maxsize=1024)
def _is_plain(key: str) -> bool:
    """The same few keys come with every record."""
    return _PLAIN.fullmatch(key) is not None and "@" not in key[1:]


def flatten(value: object, record: Record, nesting: int, *, path: str = "") -> None:
    """A nested value's places into the record. Raises RecursionError where it is nested too deep."""
    if isinstance(value, Pairs | dict | list):
        _inside(value, record, nesting, path)
    elif value is not None:
        record.add(path, _text(value))


def _inside(value: Pairs | dict[object, object] | list[object], record: Record, nesting: int, path: str) -> None:
    for at, inner in _places(value, record, path):
        if nesting < 1:
            raise RecursionError
        if isinstance(inner, str):
            record.add(at, inner)
        elif isinstance(inner, Pairs | dict | list):
            _inside(inner, record, nesting - 1, at)
        elif inner is not None:
            record.add(at, _text(inner))


def _places(value: Pairs | dict[object, object] | list[object], record: Record, path: str) -> list[tuple[str, object]]:
    if isinstance(value, list):
        return [(f"{path}[]", inner) for inner in value]
    pairs = value if isinstance(value, Pairs) else value.items()
    return [(place(path, str(key), record), inner) for key, inner in pairs]


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return str(value)


def sheets(object: str, records: Iterable[Record], columns: int, taken: Callable[[], int]) -> Iterator[Rows]:
    """Batches, each under the heads that its records need."""
    waiting: list[Record] = []
    heads: dict[str, None] = {}
    characters = 0
    for record in records:
        if waiting and (len(waiting) >= _MOST_ROWS or characters >= _MOST_CHARACTERS or len(heads) > columns):
            yield _sheet(object, waiting, tuple(heads)[:columns], taken())
            waiting, heads, characters = [], {}, 0
        waiting.append(record)
        heads.update(dict.fromkeys(record.cells))
        characters += record.characters
    amount = taken()
    if waiting or amount:
        yield _sheet(object, waiting, tuple(heads)[:columns], amount)


def _sheet(object: str, records: list[Record], heads: tuple[str, ...], amount: int) -> Rows:
    """Values beyond the heads that there may be are put to those of the last."""
    return Rows(object=object, heads=heads, rows=tuple(_row(record, heads) for record in records), bytes=amount)


def _row(record: Record, heads: tuple[str, ...]) -> Row:
    known = set(heads)
    beyond = [value for path, values in record.cells.items() if path not in known for value in values]
    cells = {path: "\n".join(values) for path, values in record.cells.items() if path in known}
    if beyond:
        cells[heads[-1]] = "\n".join([*([cells[heads[-1]]] if heads[-1] in cells else []), *beyond])
    return Row(record.key, tuple(cells.get(head) for head in heads), record.known_by)
