"""What an SQLite file says of its tables. Rows are read along the rowid that nearly every table has; a row is told by its
primary key or another. Where it has none, the rowid tells it until the file is vacuumed, and nothing can be let go of."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from rightcall.adapters.systems.tables.model import Column, Kind, Table
from rightcall.adapters.systems.tables.naming import name_of
from rightcall.discovery.model import PassedOver, Reason

_TABLES = (
    "SELECT name, type, wr FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
)
_COLUMNS = 'SELECT name, type, "notnull", pk, hidden FROM pragma_table_xinfo(?) ORDER BY cid'
_UNIQUE = """
    SELECT name, origin = 'pk' FROM pragma_index_list(?)
     WHERE "unique" AND NOT partial
     ORDER BY origin = 'pk' DESC, name
"""
_PARTS = "SELECT name FROM pragma_index_info(?) ORDER BY seqno"
_OWN = ("table", "shadow")
"""What holds rows: tables, and those that lie behind a virtual one, such as an index of words."""
_ROWID = ("rowid", "oid", "_rowid_")
_NUMBERS = ("INT", "REAL", "FLOA", "DOUB", "NUMERIC", "DECIMAL", "BOOL", "DATE", "TIME")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`along`: the expressions that its rows are read along."""

    table: Table
    along: tuple[str, ...]


def tables(connection: sqlite3.Connection, fingerprint: str | None) -> Iterator[Found | PassedOver]:
    for name, type, without_rowid in connection.execute(_TABLES).fetchall():
        if type in ("view", "virtual"):
            yield PassedOver(object=name_of((name,)), reason=Reason.VIEW)
        elif type in _OWN:
            yield _found(connection, name, bool(without_rowid), fingerprint)


def table(connection: sqlite3.Connection, name: str) -> Found | None:
    for found, type, without_rowid in connection.execute(_TABLES).fetchall():
        if found == name and type in _OWN:
            return _found(connection, name, bool(without_rowid), None)
    return None


def quoted(name: str) -> str:
    """Not by quotation marks: SQLite takes a name in these that it does not know for words."""
    return "`" + name.replace("`", "``") + "`"


def _found(connection: sqlite3.Connection, name: str, without_rowid: bool, fingerprint: str | None) -> Found:
    rows = connection.execute(_COLUMNS, (name,)).fetchall()
    columns = [
        Column(name=column, type=type, kind=_kind(type), is_nullable=not is_not_null and not (pk and without_rowid))
        for column, type, is_not_null, pk, hidden in rows
        if hidden != 1
    ]
    by_name = {column.name: column for column in columns}
    primary = [by_name[row[0]] for row in sorted(rows, key=lambda row: row[3]) if row[3]]
    is_rowid = len(primary) == 1 and primary[0].type.upper() == "INTEGER" and not without_rowid
    key = tuple(primary) if is_rowid or without_rowid else _key(connection, name, by_name)
    hidden_name = next((each for each in _ROWID if each not in {column.name.lower() for column in columns}), None)
    along = tuple(quoted(column.name) for column in primary) if without_rowid or hidden_name is None else (hidden_name,)
    described = Table(name=name_of((name,)), path=(name,), columns=tuple(columns), key=key, fingerprint=fingerprint)
    return Found(table=described, along=along)


def _key(connection: sqlite3.Connection, name: str, columns: dict[str, Column]) -> tuple[Column, ...]:
    """SQLite lets parts of a primary key be empty, and then several rows may share it; whoever changes one looks for that."""
    for index, is_primary in connection.execute(_UNIQUE, (name,)).fetchall():
        parts = [part for (part,) in connection.execute(_PARTS, (index,)).fetchall()]
        if all(part in columns and (is_primary or not columns[part].is_nullable) for part in parts):
            return tuple(columns[part] for part in parts)
    return ()


def _kind(type: str) -> Kind:
    """A column may hold anything, whatever it was declared for, so none is left out."""
    declared = type.upper()
    if "JSON" in declared:
        return Kind.DOCUMENT
    return Kind.VALUE if any(each in declared for each in _NUMBERS) else Kind.TEXT
