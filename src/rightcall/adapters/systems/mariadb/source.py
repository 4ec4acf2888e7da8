"""MariaDB, and MySQL, as a source: one connection; each question a short transaction of its own, read-only by word of the server.

A table without a key cannot be gone through in parts, so it is read in one go, row by row as the server sends them; until it is
through, nobody can alter that table, and the server is not held to any patience. Whether a table with a key changed is told by a
digest of its rows, which the server makes: it forgets when a table last changed as it starts, and its own checksum has 32 bits
(docs/adr/0023).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import pymysql
from pymysql.cursors import SSCursor

from rightcall.adapters.systems.mariadb import catalogue, connecting, errors, safety
from rightcall.adapters.systems.mariadb.catalogue import words
from rightcall.adapters.systems.pace import Pace
from rightcall.adapters.systems.tables.model import (
    LONGEST_CELL,
    Batch,
    Change,
    Column,
    Kind,
    Line,
    Place,
    Table,
    in_pieces,
    without_long,
)
from rightcall.adapters.systems.tables.naming import name_of, path_of
from rightcall.adapters.systems.tables.system import TableSystem
from rightcall.discovery.model import PassedOver, Reason
from rightcall.discovery.ports import Seen, System
from rightcall.errors import Conflict

T = TypeVar("T")
Given = Sequence[object]
_DIGEST = """
    SELECT COUNT(*), COUNT(digest), COALESCE(SUM(CAST(CONV(LEFT(digest, 16), 16, 10) AS UNSIGNED)), 0),
           COALESCE(SUM(CAST(CONV(SUBSTR(digest, 17, 16), 16, 10) AS UNSIGNED)), 0)
      FROM (SELECT SHA2(CONCAT({cells}), 256) AS digest FROM {table}) AS digests
"""


def open_mariadb(url: str, *, writable: bool = False, pace: Pace | None = None) -> System:
    """`url`: mariadb://user:password@host:port/database, see `connecting`. SourceGone where it does not answer."""
    pace = pace or Pace()
    return TableSystem(MariaDB(url, writable=writable, pace=pace), writable=writable, pace=pace)


class MariaDB:
    """Implements `tables.ports.Source`."""

    def __init__(self, url: str, *, writable: bool, pace: Pace) -> None:
        self._address = connecting.address_of(url)
        self._writable = writable
        self._patience = pace.patience_seconds
        self._connection = self._connected()
        self._stream: SSCursor | None = None

    def tables(self) -> Iterator[Table | PassedOver]:
        for schema, name, type, engine, size in self._rows(catalogue.TABLES, self._asked(None)):
            shown = name_of((words(schema), words(name)))
            if words(type) == catalogue.VIEW:
                yield PassedOver(object=shown, reason=Reason.VIEW)
            elif words(engine).upper() in catalogue.FOREIGN_ENGINES:
                yield PassedOver(object=shown, reason=Reason.FOREIGN)
            else:
                yield self._described(words(schema), words(name), size)
                if words(type) == catalogue.VERSIONED:
                    yield PassedOver(object=shown, reason=Reason.UNREADABLE, field="rows of the past")

    def table(self, name: str) -> Table | None:
        path = path_of(name)
        if len(path) != 2 or self._address.database not in (None, path[0]):
            return None
        rows = self._rows(catalogue.TABLES, {"schema": path[0], "table": path[1]})
        found = [row for row in rows if (words(row[0]), words(row[1])) == path and words(row[2]) != catalogue.VIEW]
        return self._described(*path, found[0][4]) if found else None

    def batch(self, table: Table, columns: Sequence[Column], *, after: Place | None, most: int, most_bytes: int) -> Batch:
        if not table.key:
            return self._streamed(table, columns, after, most, most_bytes)
        where, given = ("", ()) if after is None else _beyond(table, after)
        rest = f"{where} ORDER BY {', '.join(_name(column.name) for column in table.key)} LIMIT {most}"
        return self._gathered(table, columns, rest, given, most, most_bytes)

    def these(self, table: Table, columns: Sequence[Column], places: Sequence[Place]) -> Batch:
        one = f"({', '.join(['%s'] * len(table.key))})"
        names = ", ".join(_name(column.name) for column in table.key)
        rest = f" WHERE ({names}) IN ({', '.join([one] * len(places))}) ORDER BY {names}"
        return self._gathered(table, columns, rest, [value for place in places for value in place], len(places) + 1, None)

    def pieces(self, table: Table, column: Column, place: Place) -> Iterator[tuple[str, int]]:
        """Of a table with a key: of others no row is found again."""
        text, where = _whole(column), " AND ".join(f"{_name(each.name)} = %s" for each in table.key)
        statement = (
            f"SELECT SUBSTRING({text}, %s, {LONGEST_CELL}), OCTET_LENGTH(SUBSTRING({text}, %s)) FROM {_from(table)} WHERE {where}"  # noqa: S608 - names of its own, quoted
        )

        def ask(start: int) -> tuple[str, int] | None:
            rows = self._rows(statement, (start + 1, start + LONGEST_CELL + 1, *place))
            return (words(rows[0][0]), int(rows[0][1])) if rows and rows[0][0] is not None else None

        return in_pieces(ask)

    def whole(self, table: Table, key: str) -> Mapping[str, str | bytes | None] | None:
        cells = ", ".join(_whole(column) for column in table.columns)
        where, given = _at(table, key)
        rows = self._rows(f"SELECT {cells} FROM {_from(table)}{where}", given)  # noqa: S608 - names of its own, quoted
        return _cells(table, rows[0]) if rows else None

    def wholes(self, table: Table, keys: Sequence[str]) -> Mapping[str, Mapping[str, str | bytes | None]]:
        names = [_name(column.name) for column in table.key]
        cells = ", ".join([*names, *map(_whole, table.columns)])
        wanted = ", ".join([f"({', '.join(['%s'] * len(names))})"] * len(keys))
        where = f" WHERE ({', '.join(names)}) IN ({wanted})"
        given = [value for key in keys for value in catalogue.key_values(table, key)]
        rows = self._rows(f"SELECT {cells} FROM {_from(table)}{where}", given)  # noqa: S608 - names of its own, quoted
        first = len(names)
        return {catalogue.key_text(table, [each or b"" for each in row[:first]]): _cells(table, row[first:]) for row in rows}

    def digest(self, table: Table) -> str | None:
        """None too where the text of a row is larger than the server lets a value be: it has no digest."""
        if not table.key or not table.readable:
            return None
        cells = ", ".join(_counted(column) for column in table.readable)
        [(rows, digests, *sums)] = self._rows(_DIGEST.format(cells=cells, table=_from(table)), ())
        return " ".join(map(words, (rows, *sums))) if rows == digests else None

    def change(self, changes: Sequence[Change]) -> None:
        def all_of_them(cursor: SSCursor) -> None:
            cursor.execute("START TRANSACTION")
            for change in changes:
                _change(cursor, change)
            cursor.execute("COMMIT")

        self._ask(all_of_them, about=errors.about_changing)

    def safety(self) -> Iterator[Seen]:
        is_local = self._address.socket is not None
        return iter(self._ask(lambda _: safety.seen(self._connection, is_local=is_local, writable=self._writable)))

    def close(self) -> None:
        self._end_stream()
        if self._connection.open:
            self._connection.close()

    def _connected(self) -> connecting.Connection:
        return connecting.connected(self._address, writable=self._writable, patience_seconds=self._patience)

    def _asked(self, table: str | None) -> dict[str, str | None]:
        return {"schema": self._address.database, "table": table}

    def _described(self, schema: str, name: str, size: bytes | None) -> Table:
        asked = {"schema": schema, "table": name}
        return catalogue.table_of(schema, name, size, self._rows(catalogue.COLUMNS, asked), self._rows(catalogue.INDICES, asked))

    def _rows(self, statement: str, given: Mapping[str, object] | Given) -> list[tuple[Any, ...]]:
        def ask(cursor: SSCursor) -> list[tuple[Any, ...]]:
            cursor.execute(statement, given)
            return list(cursor.fetchall())

        return self._ask(ask)

    def _gathered(
        self, table: Table, columns: Sequence[Column], rest: str, given: Given, most: int, most_bytes: int | None
    ) -> Batch:
        def gather(cursor: SSCursor) -> Batch:
            cursor.execute(_select(table, columns) + rest, given)
            return _taken(cursor, table, most, most_bytes)

        return self._ask(gather)

    def _streamed(self, table: Table, columns: Sequence[Column], after: Place | None, most: int, most_bytes: int) -> Batch:
        """The next rows of the one answer that is under way. A place is how many came before."""
        before = 0 if after is None else int(str(after[0]))
        if after is None:
            self._ask(lambda cursor: _let_stream(cursor, self._connection))
            self._stream = self._connection.cursor()
            stream, statement = self._stream, _select(table, columns)
            return self._next_of(lambda: (stream.execute(statement, ()), _taken(stream, table, most, most_bytes, before))[1])
        stream_under_way = self._stream
        if stream_under_way is None:
            raise errors.about_reading(pymysql.InterfaceError())
        return self._next_of(lambda: _taken(stream_under_way, table, most, most_bytes, before))

    def _next_of(self, question: Callable[[], Batch]) -> Batch:
        try:
            batch = question()
        except (pymysql.MySQLError, OSError) as error:
            translated = errors.about_reading(error)
        else:
            if batch.is_last:
                self._end_stream()
            return batch
        self._end_stream()
        raise translated

    def _end_stream(self) -> None:
        """An answer that is not read to its end is left by closing the connection; so the next question has a new one."""
        if self._stream is not None:
            _left(self._stream)
            self._stream = None
            self._connection._force_close()

    def _ask(self, question: Callable[[SSCursor], T], *, about: Callable[[Exception], Exception] = errors.about_reading) -> T:
        """What goes wrong is raised outside of the handler, so that nothing hangs on to the server's words."""
        self._end_stream()
        if not self._connection.open:
            self._connection = self._connected()
        try:
            with _asking(self._connection) as cursor:
                return question(cursor)
        except (pymysql.MySQLError, OSError) as error:
            translated = about(error)
        finally:
            self._leave()
        raise translated

    def _leave(self) -> None:
        """No transaction stays open, and no lock."""
        try:
            if self._connection.open:
                self._connection.rollback()
        except (pymysql.MySQLError, OSError):
            self._connection._force_close()


@contextmanager
def _asking(connection: connecting.Connection) -> Iterator[SSCursor]:
    """Whatever is left of the answer is read, but where something went wrong: then there may be nobody to read it from."""
    cursor = connection.cursor()
    try:
        yield cursor
    except BaseException:
        _left(cursor)
        raise
    cursor.close()


def _left(cursor: SSCursor) -> None:
    """Nobody is going to read the rest of its answer."""
    if cursor._result is not None:
        cursor._result.unbuffered_active = False
    cursor.connection = None


def _let_stream(cursor: SSCursor, connection: connecting.Connection) -> None:
    """Without a view of the past that the server would have to keep as long as it takes."""
    limit = "max_statement_time" if connecting.is_mariadb(connection) else "max_execution_time"
    cursor.execute(f"SET SESSION {limit} = 0")
    cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED")


def _taken(cursor: SSCursor, table: Table, most: int, most_bytes: int | None, before: int = 0) -> Batch:
    """Row by row as they come, so that no more than `most_bytes` and one row are held."""
    lines: list[Line] = []
    amount = 0
    while len(lines) < most and (row := cursor.fetchone()) is not None:
        lines.append(_line(table, row, before + len(lines) + 1))
        amount += sum(len(cell) for cell in row if cell)
        if most_bytes is not None and amount >= most_bytes:
            return Batch(lines=tuple(lines), place=lines[-1].place, is_last=False)
    return Batch(lines=tuple(lines), place=lines[-1].place if lines else None, is_last=len(lines) < most)


def _line(table: Table, row: Sequence[bytes | None], number: int) -> Line:
    keys = len(table.key)
    key = [value or b"" for value in row[:keys]]
    texts = [None if cell is None else words(cell) for cell in row[keys:]]
    cells, long = without_long(texts)
    if keys:
        return Line(place=catalogue.place_of(table, key), key=catalogue.key_text(table, key), cells=cells, long=long)
    return Line(
        place=(number,),
        key=str(number),
        cells=tuple(None if text is None else text[:LONGEST_CELL] for text in texts),
        untold=dict.fromkeys(long, Reason.TOO_LARGE),
    )


def _cells(table: Table, row: Sequence[bytes | None]) -> dict[str, str | bytes | None]:
    return {
        column.name: value if value is None or column.kind is Kind.BINARY else words(value)
        for column, value in zip(table.columns, row, strict=True)
    }


def _change(cursor: SSCursor, change: Change) -> None:
    table = change.table
    where, given = _at(table, change.key)
    if change.column is None:
        cursor.execute(f"DELETE FROM {_from(table)}{where}", given)  # noqa: S608 - names of its own, quoted
        return
    if change.was is not None:
        cursor.execute(f"SELECT {_whole(change.column)} FROM {_from(table)}{where} FOR UPDATE", given)  # noqa: S608 - names of its own, quoted
        held = cursor.fetchall()
        if held and words(held[0][0]) != change.was:
            raise Conflict("What lies there has changed since it was looked at. Scan again, then try again.")
    cursor.execute(f"UPDATE {_from(table)} SET {_name(change.column.name)} = %s{where}", (change.value, *given))  # noqa: S608 - names of its own, quoted


def _select(table: Table, columns: Sequence[Column]) -> str:
    cells = [_name(column.name) for column in table.key] + [f"LEFT({_whole(column)}, {LONGEST_CELL + 1})" for column in columns]
    return f"SELECT {', '.join(cells)} FROM {_from(table)}"  # noqa: S608 - names of its own, quoted


def _whole(column: Column) -> str:
    if column.kind is Kind.BINARY:
        return _name(column.name)
    return f"CONVERT({_name(column.name)} USING utf8mb4)" if column.kind is Kind.TEXT else f"CAST({_name(column.name)} AS CHAR)"


def _counted(column: Column) -> str:
    """As text with its length before it, so that no two rows look the same; nothing where it is empty."""
    text = _whole(column)
    return f"IF({_name(column.name)} IS NULL, '-', CONCAT(LENGTH({text}), ':', {text}))"


def _from(table: Table) -> str:
    return ".".join(map(_name, table.path))


def _name(name: str) -> str:
    """Quoted for MariaDB and for the client, which takes a per cent sign for a place."""
    return "`" + name.replace("`", "``").replace("%", "%%") + "`"


def _at(table: Table, key: str) -> tuple[str, tuple[object, ...]]:
    where = " AND ".join(f"{_name(column.name)} = %s" for column in table.key)
    return f" WHERE {where}", catalogue.key_values(table, key)


def _beyond(table: Table, after: Place) -> tuple[str, list[object]]:
    """(a, b) > (x, y), written out so that the server goes by its index."""
    ways: list[str] = []
    given: list[object] = []
    for number, column in enumerate(table.key):
        same = "".join(f"{_name(each.name)} = %s AND " for each in table.key[:number])
        ways.append(f"({same}{_name(column.name)} > %s)")
        given.extend(after[: number + 1])
    return f" WHERE {' OR '.join(ways)}", given
