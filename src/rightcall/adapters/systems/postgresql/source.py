"""PostgreSQL as a source: one connection; each question a short transaction of its own, read-only by word of the server.

Row-level security is refused rather than obeyed: a table of which some rows would be hidden is told as unreadable, not as read.
Whether a table changed is told by a digest of its rows, which the server makes: its counters of changes come late, can be turned
off, and start anew after a crash (docs/adr/0023).
"""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any, LiteralString, TypeVar, cast

import psycopg
from psycopg import sql
from psycopg.abc import Buffer
from psycopg.adapt import Loader

from rightcall.adapters.systems.pace import Pace
from rightcall.adapters.systems.postgresql import catalogue, errors, safety
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
from rightcall.adapters.systems.tables.naming import key_of, path_of, values_of
from rightcall.adapters.systems.tables.system import TableSystem
from rightcall.discovery.model import NotRead, PassedOver, Reason
from rightcall.discovery.ports import Seen, System
from rightcall.errors import Conflict

T = TypeVar("T")
_CONNECT_SECONDS = 10
_PREPARE: LiteralString = """
    SELECT set_config('statement_timeout', %(patience)s, true), set_config('lock_timeout', %(patience)s, true),
           set_config('row_security', 'off', true), set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO', true),
           set_config('bytea_output', 'hex', true), set_config('synchronize_seqscans', 'off', true),
           set_config('max_parallel_workers_per_gather', '0', true)
"""

_DIGEST: LiteralString = """
    SELECT count(*)::text, coalesce(sum(('x' || encode(substr(digest, 1, 8), 'hex'))::bit(64)::bigint), 0)::text,
           coalesce(sum(('x' || encode(substr(digest, 9, 8), 'hex'))::bit(64)::bigint), 0)::text
      FROM (SELECT sha256(convert_to(ROW({row})::text, 'UTF8')) AS digest FROM {table}) AS digests
"""
"""Of rows in any order. A row that has none makes the question fail."""


def open_postgresql(url: str, *, writable: bool = False, pace: Pace | None = None) -> System:
    """`url`: postgresql://user:password@host:port/database, with libpq's own parameters. SourceGone where it does not answer."""
    pace = pace or Pace()
    return TableSystem(PostgreSQL(url, writable=writable, pace=pace), writable=writable, pace=pace)


class PostgreSQL:
    """Implements `tables.ports.Source`."""

    def __init__(self, url: str, *, writable: bool, pace: Pace) -> None:
        self._connection = _connected(url)
        self._writable = writable
        self._patience = str(max(1, int(pace.patience_seconds * 1000)))

    def tables(self) -> Iterator[Table | PassedOver]:
        rows = self._ask(lambda cursor: cursor.execute(catalogue.RELATIONS, {"schema": None, "table": None}).fetchall())
        roots = self._ask(lambda cursor: cursor.execute(catalogue.PARTITIONS).fetchall())
        found = [(row[2], self._table(row)) for row in rows]
        keyed = {table.path for kind, table in found if kind == catalogue.PARTITIONED and table.key}
        in_a_whole = {(schema, name) for schema, name, *root in roots if tuple(root) in keyed}
        wholes = keyed - {(schema, name) for schema, name, *_ in roots}
        for kind, table in found:
            if kind in (catalogue.VIEW, catalogue.FOREIGN):
                yield PassedOver(object=table.name, reason=Reason.VIEW if kind == catalogue.VIEW else Reason.FOREIGN)
            elif table.path not in in_a_whole and (kind != catalogue.PARTITIONED or table.path in wholes):
                yield table

    def table(self, name: str) -> Table | None:
        path = path_of(name)
        if len(path) != 2:
            return None
        asked = {"schema": path[0], "table": path[1]}
        row = self._ask(lambda cursor: cursor.execute(catalogue.RELATIONS, asked).fetchone())
        return None if row is None or row[2] in (catalogue.VIEW, catalogue.FOREIGN) else self._table(row)

    def batch(self, table: Table, columns: Sequence[Column], *, after: Place | None, most: int, most_bytes: int) -> Batch:
        statement = self._select(table, columns)
        if after is not None:
            statement += sql.SQL(" WHERE {} > {}").format(_key(table), _values(table))
        if table.key:
            statement += sql.SQL(" ORDER BY {}").format(_names(table.key))
        statement += sql.SQL(" LIMIT {}").format(sql.Literal(most))
        return self._ask(lambda cursor: _gathered(cursor, statement, after or (), table, most, most_bytes))

    def these(self, table: Table, columns: Sequence[Column], places: Sequence[Place]) -> Batch:
        one = _values(table)
        wanted = sql.SQL(", ").join([one] * len(places))
        statement = self._select(table, columns) + sql.SQL(" WHERE {} IN ({}) ORDER BY {}").format(
            _key(table), wanted, _names(table.key)
        )
        given = tuple(value for place in places for value in place)
        return self._ask(lambda cursor: _gathered(cursor, statement, given, table, len(places) + 1, None))

    def pieces(self, table: Table, column: Column, place: Place) -> Iterator[tuple[str, int]]:
        text = sql.SQL("{}::text").format(sql.Identifier(column.name))
        statement = sql.SQL("SELECT substr({0}, %s, {1}), octet_length(substr({0}, %s)) FROM {2} WHERE {3} = {4}").format(
            text, sql.Literal(LONGEST_CELL), _from(table), _key(table), _values(table)
        )

        def ask(start: int) -> tuple[str, int] | None:
            given = (start + 1, start + LONGEST_CELL + 1, *place)
            row = self._ask(lambda cursor: cursor.execute(statement, given).fetchone())
            return None if row is None or row[0] is None else (row[0], row[1])

        return in_pieces(ask)

    def whole(self, table: Table, key: str) -> Mapping[str, str | bytes | None] | None:
        cells = sql.SQL(", ").join(_whole(column) for column in table.columns)
        statement = sql.SQL("SELECT {} FROM {} WHERE {} = {}").format(cells, _from(table), _key(table), _values(table))
        values = values_of(key, len(table.key))
        row = self._ask(lambda cursor: cursor.execute(statement, values).fetchone())
        if row is None:
            return None
        return {column.name: value for column, value in zip(table.columns, row, strict=True)}

    def wholes(self, table: Table, keys: Sequence[str]) -> Mapping[str, Mapping[str, str | bytes | None]]:
        wanted = sql.SQL(", ").join([_values(table)] * len(keys))
        cells = sql.SQL(", ").join([*map(_text, table.key), *map(_whole, table.columns)])
        statement = sql.SQL("SELECT {} FROM {} WHERE {} IN ({})").format(cells, _from(table), _key(table), wanted)
        given = [value for key in keys for value in values_of(key, len(table.key))]
        rows = self._ask(lambda cursor: cursor.execute(statement, given).fetchall())
        names, first = [column.name for column in table.columns], len(table.key)
        return {key_of(row[:first]): dict(zip(names, row[first:], strict=True)) for row in rows}

    def digest(self, table: Table) -> str | None:
        cells = [_whole(column) for column in table.readable]
        row = sql.SQL(", ").join(cells if table.key else [_ROW, *cells])
        statement = sql.SQL(_DIGEST).format(row=row, table=_from(table))
        rows, *sums = self._ask(lambda cursor: cursor.execute(statement).fetchone()) or (None,)
        return None if rows is None else " ".join(map(str, (rows, *sums)))

    def change(self, changes: Sequence[Change]) -> None:
        def all_of_them(cursor: psycopg.Cursor[Any]) -> None:
            with self._connection.pipeline():
                done = [self._connection.execute(*_changed(change)) for change in changes]
            undone = (change for change, each in zip(changes, done, strict=True) if not each.rowcount)
            if any(change.was is not None and cursor.execute(*_found(change)).fetchone() for change in undone):
                raise Conflict("What lies there has changed since it was looked at. Scan again, then try again. Nothing changed.")

        self._ask(all_of_them, about=errors.about_changing, is_change=True)

    def safety(self) -> Iterator[Seen]:
        info = self._connection.info
        is_open = not self._connection.pgconn.ssl_in_use and not info.host.startswith("/") and bool(info.host)
        return iter(self._ask(lambda cursor: safety.seen(cursor, is_open=is_open, writable=self._writable)))

    def close(self) -> None:
        self._connection.close()

    def _table(self, row: Sequence[Any]) -> Table:
        return catalogue.table_of(row, knows_encoding=self._connection.info.encoding != "ascii")

    def _select(self, table: Table, columns: Sequence[Column]) -> sql.Composed:
        cells = [_text(column) for column in (*table.key, *columns)] if table.key else [_ROW, *map(_text, columns)]
        return sql.SQL("SELECT {} FROM {}").format(sql.SQL(", ").join(cells), _from(table))

    def _ask(
        self,
        question: "Callable[[psycopg.Cursor[Any]], T]",
        *,
        about: Callable[[psycopg.Error], Exception] = errors.about_reading,
        is_change: bool = False,
    ) -> T:
        """One transaction. What goes wrong is raised outside of the handler, so that nothing hangs on to the server's words."""
        try:
            self._connection.read_only = not (is_change and self._writable)
            with self._connection.transaction(), self._connection.cursor() as cursor:
                cursor.execute(_PREPARE, {"patience": self._patience})
                return question(cursor)
        except psycopg.Error as error:
            translated = about(error)
        except UnicodeError:
            translated = NotRead(Reason.UNREADABLE)
        raise translated


def _connected(url: str) -> psycopg.Connection[Any]:
    try:
        connection = psycopg.connect(url, connect_timeout=_CONNECT_SECONDS, application_name="rightcall", client_encoding="utf8")
        if connection.info.parameter_status("server_encoding") == "SQL_ASCII":
            connection.execute("SET client_encoding TO 'SQL_ASCII'")
        for type in ("text", "varchar", "bpchar", "name"):
            connection.adapters.register_loader(type, _Words)
        connection.commit()
        connection.prepare_threshold = None
        return connection
    except psycopg.Error as error:
        translated = errors.about_connecting(error)
    raise translated


class _Words(Loader):
    """A database that knows no encoding gives whatever it was given."""

    def load(self, data: Buffer) -> str:
        return bytes(data).decode("utf-8", "replace")


_ROW = sql.SQL("ctid::text")


def _from(table: Table) -> sql.Composed:
    """Without the rows of tables that inherit from it; those of partitions are its own."""
    return sql.SQL("{}" if table.has_parts else "ONLY {}").format(sql.Identifier(*table.path))


def _names(columns: Sequence[Column]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)


def _key(table: Table) -> sql.Composed:
    return sql.SQL("({})").format(_names(table.key) if table.key else sql.SQL("ctid"))


def _values(table: Table) -> sql.Composed:
    types = [column.type for column in table.key] or ["tid"]
    return sql.SQL("({})").format(sql.SQL(", ").join(sql.SQL("%s::{}").format(sql.SQL(each)) for each in types))


def _text(column: Column) -> sql.Composed:
    return sql.SQL("left({}::text, {})").format(sql.Identifier(column.name), sql.Literal(LONGEST_CELL + 1))


def _whole(column: Column) -> sql.Composed:
    form = "{}" if column.kind is Kind.BINARY else "{}::text"
    return sql.SQL(form).format(sql.Identifier(column.name))


def _gathered(
    cursor: psycopg.Cursor[Any],
    statement: sql.Composed,
    given: Sequence[object],
    table: Table,
    most: int,
    most_bytes: int | None,
) -> Batch:
    """Row by row as they come, so that no more than `most_bytes` and one row are held."""
    lines: list[Line] = []
    amount = 0
    with closing(cast(Generator[Any, None, None], cursor.stream(statement, given))) as stream:
        for row in stream:
            lines.append(_line(row, max(1, len(table.key))))
            amount += sum(len(cell) for cell in row if cell)
            if most_bytes is not None and amount >= most_bytes:
                return Batch(lines=tuple(lines), place=lines[-1].place, is_last=False)
    return Batch(lines=tuple(lines), place=lines[-1].place if lines else None, is_last=len(lines) < most)


def _line(words: Sequence[str | None], keys: int) -> Line:
    cells, long = without_long(words[keys:])
    return Line(place=tuple(words[:keys]), key=key_of(words[:keys]), cells=cells, long=long)


def _changed(change: Change) -> tuple[sql.Composed, tuple[object, ...]]:
    table, values = change.table, values_of(change.key, len(change.table.key))
    where = sql.SQL(" WHERE {} = {}").format(_key(table), _values(table))
    if change.column is None:
        return sql.SQL("DELETE FROM {}").format(_from(table)) + where, values
    put = sql.SQL("UPDATE {} SET {} = %s::{}").format(
        _from(table),
        sql.Identifier(change.column.name),
        sql.SQL(change.column.type),
    )
    if change.was is None:
        return put + where, (change.value, *values)
    same = sql.SQL(" AND {}::text = %s").format(sql.Identifier(change.column.name))
    return put + where + same, (change.value, *values, change.was)


def _found(change: Change) -> tuple[sql.Composed, tuple[object, ...]]:
    table = change.table
    statement = sql.SQL("SELECT 1 FROM {} WHERE {} = {}").format(_from(table), _key(table), _values(table))
    return statement, values_of(change.key, len(table.key))
