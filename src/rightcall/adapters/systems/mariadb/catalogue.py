"""What MariaDB's (and MySQL's) information_schema says of the tables that this account may see."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from rightcall.adapters.systems.tables.model import Column, Kind, Table
from rightcall.adapters.systems.tables.naming import key_of, name_of, values_of

TABLES = """
    SELECT table_schema, table_name, table_type, coalesce(engine, ''), data_length
      FROM information_schema.tables
     WHERE table_schema NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')
       AND table_type NOT IN ('SEQUENCE', 'TEMPORARY', 'SYSTEM VIEW')
       AND (%(schema)s IS NULL OR table_schema = %(schema)s) AND (%(table)s IS NULL OR table_name = %(table)s)
     ORDER BY binary table_schema, binary table_name
"""
COLUMNS = """
    SELECT column_name, data_type, is_nullable = 'YES', find_in_set('select', privileges) > 0
      FROM information_schema.columns
     WHERE table_schema = %(schema)s AND table_name = %(table)s
     ORDER BY ordinal_position
"""
INDICES = """
    SELECT index_name, column_name, sub_part IS NOT NULL OR nullable = 'YES' OR column_name IS NULL
      FROM information_schema.statistics
     WHERE table_schema = %(schema)s AND table_name = %(table)s AND NOT non_unique
     ORDER BY index_name <> 'PRIMARY', index_name, seq_in_index
"""
VIEW, VERSIONED = "VIEW", "SYSTEM VERSIONED"
FOREIGN_ENGINES = frozenset({"FEDERATED", "CONNECT", "SPIDER", "S3"})
_BINARY = frozenset({"blob", "tinyblob", "mediumblob", "longblob", "binary", "varbinary", "bit", "geometry", "point", "polygon"})
_BINARY_MORE = frozenset({"linestring", "multipoint", "multilinestring", "multipolygon", "geometrycollection", "vector"})
_TEXT = frozenset({"char", "varchar", "text", "tinytext", "mediumtext", "longtext"})
_INTEGERS = frozenset({"tinyint", "smallint", "mediumint", "int", "bigint", "year"})
_DECIMALS = frozenset({"decimal", "numeric"})
_MEASURED = frozenset({"date", "datetime", "timestamp", "time", "year", "float"})
_BYTES = frozenset({"binary", "varbinary"})
_NO_KEYS = frozenset({"float", "double", "real", "enum", "set", "bit", "json"}) | (_BINARY | _BINARY_MORE) - _BYTES
"""Types whose order is not the one that their text is compared in, or whose text does not say all of them."""


def words(value: bytes | None) -> str:
    return (value or b"").decode("utf-8", "replace")


def table_of(
    schema: str, name: str, size: bytes | None, columns: Sequence[Sequence[bytes]], indices: Sequence[Sequence[bytes]]
) -> Table:
    found = [_column(*row) for row in columns]
    return Table(
        name=name_of((schema, name)),
        path=(schema, name),
        columns=tuple(found),
        key=_key({column.name: column for column in found}, indices),
        size=None if size is None else int(size),
    )


def key_text(table: Table, values: Sequence[bytes]) -> str:
    """A key of bytes as `0x…`."""
    return key_of(
        ["0x" + value.hex() if each.type in _BYTES else words(value) for each, value in zip(table.key, values, strict=True)]
    )


def key_values(table: Table, key: str) -> tuple[object, ...]:
    return tuple(_typed(column, value or "") for column, value in zip(table.key, values_of(key, len(table.key)), strict=True))


def place_of(table: Table, values: Sequence[bytes]) -> tuple[object, ...]:
    """Each in a type that compares as its column does: a number as text would compare as a float."""
    return tuple(
        value if column.type in _BYTES else _typed(column, words(value)) for column, value in zip(table.key, values, strict=True)
    )


def _typed(column: Column, value: str) -> object:
    try:
        if column.type in _INTEGERS:
            return int(value)
        if column.type in _DECIMALS:
            return Decimal(value)
        if column.type in _BYTES:
            return bytes.fromhex(value.removeprefix("0x"))
    except (ValueError, ArithmeticError):
        return None
    return value


def _column(name: bytes, type: bytes, is_nullable: bytes, is_readable: bytes) -> Column:
    said = words(type).lower()
    return Column(
        name=words(name),
        type=said,
        kind=_kind(said),
        is_nullable=is_nullable == b"1",
        is_readable=is_readable == b"1",
        is_measured=said in _MEASURED,
    )


def _kind(type: str) -> Kind:
    if type in _BINARY or type in _BINARY_MORE:
        return Kind.BINARY
    if type in _TEXT:
        return Kind.TEXT
    return Kind.DOCUMENT if type == "json" else Kind.VALUE


def _key(columns: Mapping[str, Column], indices: Sequence[Sequence[bytes]]) -> tuple[Column, ...]:
    parts: dict[str, list[Column | None]] = {}
    for index, column, is_partial in indices:
        found = columns.get(words(column))
        is_good = found is not None and found.is_readable and found.type not in _NO_KEYS and is_partial == b"0"
        parts.setdefault(words(index), []).append(found if is_good else None)
    for each in parts.values():
        whole = tuple(column for column in each if column is not None)
        if len(whole) == len(each):
            return whole
    return ()
