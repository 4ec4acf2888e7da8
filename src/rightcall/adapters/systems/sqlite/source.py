"""SQLite as a source: one connection to the file, read-only by word of SQLite itself. Whether a table changed is told by a digest
of its rows; under a limit, which no table is gone through at once for, by one of the file (docs/adr/0023)."""

import codecs
import hashlib
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from rightcall.adapters.systems.pace import Pace
from rightcall.adapters.systems.sqlite import catalogue, file
from rightcall.adapters.systems.sqlite.catalogue import Found, quoted
from rightcall.adapters.systems.tables.model import (
    LONGEST_CELL,
    Altered,
    Batch,
    Change,
    Column,
    Line,
    Place,
    Table,
    TooSlow,
    without_long,
)
from rightcall.adapters.systems.tables.naming import key_of, path_of, values_of
from rightcall.adapters.systems.tables.system import TableSystem
from rightcall.discovery.model import NotRead, PassedOver, Reason, SourceGone
from rightcall.discovery.ports import SafetyFact, Seen, System
from rightcall.errors import Conflict, Malformed, NotAllowed

T = TypeVar("T")
_STEPS = 10_000
_AT_ONCE = 500
"""Keys in one question."""
_SHARED = "Several rows share this key, so it does not say which one is meant. Give each row a key of its own."
_BLOB = 0
"""What stands for a value that is no text: text comes as bytes, so nothing else is a number."""


def open_sqlite(url: str, *, writable: bool = False, pace: Pace | None = None) -> System:
    """`url`: sqlite:///path, sqlite:////path/from/the/root. NotFound, Malformed or SourceGone where it is no file to read."""
    parts = urlsplit(url)
    if parts.netloc or parts.query or len(parts.path) < 2:
        raise Malformed("An SQLite file's address is sqlite:///PATH, or sqlite:////PATH from the root.")
    pace = pace or Pace()
    return TableSystem(SQLite(Path(unquote(parts.path[1:])), writable=writable, pace=pace), writable=writable, pace=pace)


class SQLite:
    """Implements `tables.ports.Source`."""

    def __init__(self, path: Path, *, writable: bool, pace: Pace) -> None:
        self._path = path
        self._patience, self._is_limited = pace.patience_seconds, pace.is_limited
        head = file.checked(path)
        address = file.address(path, head, writable=writable)
        self._is_taken_as_unchanging = "immutable" in address
        self._stamp = file.stamp(path)
        self._connection = _connected(address, pace.patience_seconds)
        self._encoding = "utf-8"
        self._encoding = str(self._ask(lambda: self._connection.execute("PRAGMA encoding").fetchone()[0])).lower()

    def tables(self) -> Iterator[Table | PassedOver]:
        fingerprint = file.fingerprint(self._path) if self._is_limited else None
        for each in self._ask(lambda: list(catalogue.tables(self._connection, fingerprint))):
            yield each if isinstance(each, PassedOver) else each.table

    def table(self, name: str) -> Table | None:
        found = self._found(name)
        return None if found is None else found.table

    def batch(self, table: Table, columns: Sequence[Column], *, after: Place | None, most: int, most_bytes: int) -> Batch:
        along = self._along(table)
        where = "" if after is None else f" WHERE ({', '.join(along)}) > ({_marks(along)})"
        order = f" ORDER BY {', '.join(along)} LIMIT {most}"
        return self._gathered(table, columns, along, where + order, after or (), most, most_bytes)

    def these(self, table: Table, columns: Sequence[Column], places: Sequence[Place]) -> Batch:
        along = self._along(table)
        wanted = ", ".join([f"({_marks(along)})"] * len(places))
        where = f" WHERE ({', '.join(along)}) IN (VALUES {wanted}) ORDER BY {', '.join(along)}"
        given = tuple(value for place in places for value in place)
        return self._gathered(table, columns, along, where, given, len(places) + 1, None)

    def pieces(self, table: Table, column: Column, place: Place) -> Iterator[tuple[str, int]]:
        """By bytes, since SQLite would end a text at a NUL."""
        along, cell = self._along(table), f"CAST(CAST({quoted(column.name)} AS TEXT) AS BLOB)"
        where = f"WHERE ({', '.join(along)}) = ({_marks(along)})"
        statement = f"SELECT substr({cell}, ?, {LONGEST_CELL}), length({cell}) FROM {_from(table)} {where}"  # noqa: S608 - names of its own, quoted
        decoder, start, behind = codecs.getincrementaldecoder(self._encoding)("replace"), 0, 1
        while behind:
            row = self._ask(partial(self._first, statement, (start + 1, *place)))
            if row is None or row[0] is None:
                return
            start += len(row[0])
            behind = row[1] - start if row[0] else 0
            yield decoder.decode(row[0], final=not behind), behind

    def _first(self, statement: str, given: Place) -> tuple[bytes | None, int] | None:
        row: tuple[bytes | None, int] | None = self._connection.execute(statement, given).fetchone()
        return row

    def whole(self, table: Table, key: str) -> Mapping[str, str | bytes | None] | None:
        return self.wholes(table, [key]).get(key)

    def wholes(self, table: Table, keys: Sequence[str]) -> Mapping[str, Mapping[str, str | bytes | None]]:
        """Keys are compared as text, so each is told as it was asked."""
        cells = [f"typeof({name}), CAST({name} AS BLOB)" for name in (quoted(column.name) for column in table.columns)]
        rows = self._ask(lambda: self._by_key(table, keys, cells).fetchall())
        first = len(table.key)
        return {key_of([self._words(each) for each in row[:first]]): self._whole(table, row[first:]) for row in rows}

    def _by_key(self, table: Table, keys: Sequence[str], cells: Sequence[str]) -> sqlite3.Cursor:
        """These rows, each with its key before its cells. One walk through the table, since its key is compared as text."""
        texts = [f"CAST({quoted(column.name)} AS TEXT)" for column in table.key]
        told = ", ".join([*(f"CAST({text} AS BLOB)" for text in texts), *cells])
        asked = sorted((_values(table, key) for key in keys), key=lambda values: None in values)
        whole = [values for values in asked if None not in values]
        ways = [f"({', '.join(texts)}) IN (VALUES {', '.join([f'({_marks(texts)})'] * len(whole))})"] if whole else []
        alone = f"({' AND '.join(f'{text} IS ?' for text in texts)})"
        ways += [alone] * (len(asked) - len(whole))  # a null is in no list
        statement = f"SELECT {told} FROM {_from(table)} WHERE {' OR '.join(ways)}"  # noqa: S608 - names of its own, quoted
        return self._connection.execute(statement, [value for values in asked for value in values])

    def _whole(self, table: Table, row: Sequence[object]) -> dict[str, str | bytes | None]:
        pairs = zip(row[::2], row[1::2], strict=True)
        return {
            column.name: value if type == "blob" and isinstance(value, bytes) else self._words(value)
            for column, (type, value) in zip(table.columns, pairs, strict=True)
        }

    def digest(self, table: Table) -> str | None:
        """Of its rows in any order. Where no key tells them, each with where it lies, since findings name that."""
        is_keyed = bool(table.key) and not any(column.is_nullable for column in table.key)
        told = [f"CAST(CAST({quoted(column.name)} AS TEXT) AS BLOB)" for column in table.key]
        told += [] if is_keyed else self._along(table)
        told += [_cell(quoted(column.name)) for column in table.readable]
        statement = f"SELECT {', '.join(told)} FROM {_from(table)}"  # noqa: S608 - names of its own, quoted

        def added_up() -> str:
            rows = total = 0
            for row in self._connection.execute(statement):
                rows += 1
                total += int.from_bytes(hashlib.sha256(repr(row).encode()).digest())
            return f"{rows} {total:x}"

        return self._ask(added_up)

    def change(self, changes: Sequence[Change]) -> None:
        along = {table: self._along(table) for table in {change.table: None for change in changes}}

        def all_of_them() -> None:
            self._connection.execute("BEGIN IMMEDIATE")
            places = self._places(changes, along)
            for change in changes:
                place = places.get((change.table, change.key))
                if place is not None:
                    self._change(change, along[change.table], place)
            self._connection.execute("COMMIT")
            if not self._is_moved_into_the_file():
                raise SourceGone("It is gone, but others have the file open, and keep what was there beside it. Try again later.")

        self._ask(all_of_them, about=_about_changing)

    def _is_moved_into_the_file(self) -> bool:
        """What was there before stays in the log beside a file in WAL mode until all of that is moved into it."""
        busy = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        return not busy

    def safety(self) -> Iterator[Seen]:
        yield Seen(fact=SafetyFact.UNENCRYPTED_AT_REST, object=None, evidence="The file is an SQLite database in the clear.")
        if self._path.stat().st_mode & stat.S_IROTH:
            evidence = "Every account of its machine may read the file, where it may enter the folder."
            yield Seen(fact=SafetyFact.WORLD_READABLE, object=None, evidence=evidence)

    def close(self) -> None:
        self._connection.close()

    def _found(self, name: str) -> Found | None:
        path = path_of(name)
        if len(path) != 1:
            return None
        if self._is_taken_as_unchanging and file.stamp(self._path) != self._stamp:
            raise NotRead(Reason.CHANGED)
        return self._ask(lambda: catalogue.table(self._connection, path[0]))

    def _along(self, table: Table) -> tuple[str, ...]:
        found = self._found(table.name)
        if found is None:
            raise Altered
        return found.along

    def _gathered(
        self,
        table: Table,
        columns: Sequence[Column],
        along: Sequence[str],
        rest: str,
        given: Sequence[object],
        most: int,
        most_bytes: int | None,
    ) -> Batch:
        names = [quoted(column.name) for column in table.key] or along
        key = [f"CAST(CAST({name} AS TEXT) AS BLOB)" for name in names]
        cells = [_cell(quoted(column.name)) for column in columns]
        statement = f"SELECT {', '.join([*along, *key, *cells])} FROM {_from(table)}{rest}"  # noqa: S608 - names of its own, quoted

        def gather() -> Batch:
            lines: list[Line] = []
            amount = 0
            for row in self._connection.execute(statement, given):
                lines.append(self._line(row, len(along), len(key)))
                amount += sum(len(cell) for cell in row if isinstance(cell, bytes))
                if most_bytes is not None and amount >= most_bytes:
                    return Batch(lines=tuple(lines), place=lines[-1].place, is_last=False)
            return Batch(lines=tuple(lines), place=lines[-1].place if lines else None, is_last=len(lines) < most)

        return self._ask(gather)

    def _line(self, row: Sequence[object], along: int, keys: int) -> Line:
        found = row[along + keys :]
        untold = {number: Reason.BINARY for number, cell in enumerate(found) if cell == _BLOB}
        cells, long = without_long([self._words(cell) for cell in found])
        values = [self._words(value) for value in row[along : along + keys]]
        if None in values:  # several rows may share it: each is told by where it lies, and none can be let go of
            values += [str(each) for each in row[:along]]
        return Line(place=tuple(row[:along]), key=key_of(values), cells=cells, long=long, untold=untold)

    def _words(self, value: object) -> str | None:
        """In the file's own encoding; what is wrong in it is shown as such."""
        return value.decode(self._encoding, "replace") if isinstance(value, bytes) else None

    def _places(self, changes: Sequence[Change], along: Mapping[Table, Sequence[str]]) -> dict[tuple[Table, str], Place]:
        """Where in its table each row lies that is there: so that each is found once, and not once for each change."""
        wanted: dict[Table, dict[str, None]] = {}
        for change in changes:
            wanted.setdefault(change.table, {})[change.key] = None
        places: dict[tuple[Table, str], Place] = {}
        for table, keys in wanted.items():
            first, asked = len(table.key), list(keys)
            for start in range(0, len(asked), _AT_ONCE):
                for row in self._by_key(table, asked[start : start + _AT_ONCE], along[table]):
                    at = table, key_of([self._words(each) for each in row[:first]])
                    if at in places:
                        raise Conflict(_SHARED)
                    places[at] = tuple(row[first:])
        return places

    def _change(self, change: Change, along: Sequence[str], place: Place) -> None:
        table, where = change.table, " WHERE " + " AND ".join(f"{name} IS ?" for name in along)
        if change.column is None:
            self._connection.execute(f"DELETE FROM {_from(table)}{where}", place)  # noqa: S608 - names of its own, quoted
            return
        name = quoted(change.column.name)
        if change.was is not None:
            held = self._connection.execute(f"SELECT CAST({name} AS BLOB) FROM {_from(table)}{where}", place).fetchone()  # noqa: S608 - names of its own, quoted
            if held is not None and self._words(held[0]) != change.was:
                raise Conflict("What lies there has changed since it was looked at. Scan again, then try again.")
        self._connection.execute(f"UPDATE {_from(table)} SET {name} = ?{where}", (change.value, *place))  # noqa: S608 - names of its own, quoted

    def _ask(self, question: Callable[[], T], *, about: "Callable[[sqlite3.Error], Exception] | None" = None) -> T:
        """What goes wrong is raised outside of the handler, so that nothing hangs on to SQLite's words."""
        until = time.monotonic() + self._patience
        self._connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
        try:
            return question()
        except (sqlite3.Error, UnicodeError, OverflowError) as error:
            translated = (about or _about_reading)(error) if isinstance(error, sqlite3.Error) else NotRead(Reason.UNREADABLE)
        finally:
            if self._connection.in_transaction:
                self._connection.rollback()
        raise translated


def _connected(address: str, patience: float) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(address, uri=True, timeout=patience, isolation_level=None)
    except sqlite3.Error:
        connection = None
    if connection is None:
        raise SourceGone("The SQLite file cannot be opened. See to its rights, and to those of its folder.")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA secure_delete = ON")
    return connection


def _about_reading(error: sqlite3.Error) -> Exception:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_INTERRUPT:
        return TooSlow()
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_BUSY):
        return SourceGone(
            "The SQLite file cannot be read as it lies: it is locked, damaged, or was left in the middle of a change."
            " Open it once with the program that it belongs to, then try again."
        )
    if code == sqlite3.SQLITE_ERROR:
        return Altered()
    return NotRead(Reason.UNREADABLE)


def _about_changing(error: sqlite3.Error) -> Exception:
    whole = getattr(error, "sqlite_errorcode", 0)
    if whole in (sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY, sqlite3.SQLITE_CONSTRAINT_TRIGGER):
        return Conflict("Rows of other tables point at this one, so the database keeps it. Let go of those first.")
    if whole == sqlite3.SQLITE_CONSTRAINT_NOTNULL:
        return Conflict("The database does not allow this field to be empty. Let go of the whole row.")
    if whole & 0xFF == sqlite3.SQLITE_READONLY:
        return NotAllowed("The file may not be changed. Give the account that Rightcall runs as the right to write it.")
    if whole & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_IOERR):
        return SourceGone("The file is in use by others, or its disk failed. Try again when it is free.")
    return Conflict("A rule of the database itself refuses this change (a check, a trigger, a type).")


def _from(table: Table) -> str:
    return quoted(table.path[0])


def _marks(along: Sequence[str]) -> str:
    return ", ".join("?" for _ in along)


def _values(table: Table, key: str) -> tuple[str | None, ...]:
    return values_of(key, len(table.key))


def _cell(name: str) -> str:
    """Text as bytes, since SQLite would end it at a NUL, and would take no part of nothing; nothing of what is no text."""
    return (
        f"CASE typeof({name}) WHEN 'blob' THEN {_BLOB} WHEN 'null' THEN NULL"
        f" ELSE coalesce(substr(CAST(CAST({name} AS TEXT) AS BLOB), 1, {4 * (LONGEST_CELL + 1)}), x'') END"
    )
