"""Running one literal statement. Only `store.py` files import this; a linter contract holds it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from struct import pack
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg.abc import DumperKey
from psycopg.adapt import PyFormat
from psycopg.rows import DictRow
from psycopg.types.array import BaseListDumper, ListBinaryDumper, ListDumper

from rightcall.database.connection import Transaction
from rightcall.errors import Breach

Row = Mapping[str, Any]


def all_rows(tx: Transaction, statement: LiteralString, /, **values: object) -> list[Row]:
    return list(_answered(tx, statement, values).fetchall())


def maybe_row(tx: Transaction, statement: LiteralString, /, **values: object) -> Row | None:
    return _answered(tx, statement, values).fetchone()


def one_row(tx: Transaction, statement: LiteralString, /, **values: object) -> Row:
    """The row that must be there: for counts, RETURNING and keys that were just read."""
    row = maybe_row(tx, statement, **values)
    if row is None:
        raise Breach("A statement that must answer one row answered none. Tell the DPO; do not retry.")
    return row


def execute(tx: Transaction, statement: LiteralString, /, **values: object) -> int:
    """Run it and say how many rows it touched."""
    return _answered(tx, statement, values).rowcount


def _answered(tx: Transaction, statement: LiteralString, values: Mapping[str, object]) -> psycopg.Cursor[DictRow]:
    """Among others, the statement is only sent; the answer is there when this deed goes on."""
    tx.cursor.execute(statement, values)
    if tx.put_aside is not None:
        tx.put_aside()
    return tx.cursor


def execute_many(tx: Transaction, statement: LiteralString, rows: Iterable[Mapping[str, object]]) -> None:
    """The same statement for each row, pipelined."""
    with tx.connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def take_turns(tx: Transaction, what: str) -> None:
    """Nobody else of this controller gets past here for the same until the transaction ends: whoever comes second sees what the
    first wrote."""
    execute(
        tx,
        "SELECT pg_advisory_xact_lock(hashtextextended(%(what)s || ' ' || %(controller)s::text, 0))",
        what=what,
        controller=tx.of,
    )


def maybe_bytes(value: bytes | None) -> bytes | None:
    """A column of bytes that may be empty."""
    return None if value is None else bytes(value)


def array(values: Iterable[object]) -> str:
    """Written out as PostgreSQL reads it, for many values that need no quotes: the driver takes longer for a list of them than
    the database does for the statement, which says what they are: `%(numbers)s::integer[]`."""
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


class _IdsDumper(ListBinaryDumper):
    """As PostgreSQL sends them itself, so that nobody writes nor reads a digit."""

    oid = 2951

    def dump(self, obj: list[UUID]) -> bytes:
        return pack(">5i", 1, 0, _UUID, len(obj), 1) + _SIXTEEN_BYTES.join([b"", *[each.bytes for each in obj]])


class _ListDumper(ListDumper):
    """A list of ids is told by itself: the driver asks each id for its digits, which takes longer than many a statement."""

    def get_key(self, obj: list[Any], format: PyFormat) -> DumperKey:
        return (list, _IdsDumper) if _are_ids(obj, format) else super().get_key(obj, format)

    def upgrade(self, obj: list[Any], format: PyFormat) -> BaseListDumper:
        return _IdsDumper(list, self._tx) if _are_ids(obj, format) else super().upgrade(obj, format)


def _are_ids(values: list[Any], format: PyFormat) -> bool:
    """Where the statement leaves the form to us: COPY wants all of a row written out."""
    return format is PyFormat.AUTO and set(map(type, values)) == {UUID}


_UUID, _SIXTEEN_BYTES = 2950, pack(">i", 16)
"""The type's number in every PostgreSQL; what stands before each. Before all: one dimension, no NULL, and from 1 on."""
psycopg.adapters.register_dumper(list, _ListDumper)


@contextmanager
def by_hashing(tx: Transaction) -> Iterator[None]:
    """For a statement that reads many rows of one controller: its tables are joined by hashing. A controller that the planner's
    statistics do not know yet looks to it like one with a single row, and a loop over all rows for each would be chosen."""
    tx.connection.execute("SET LOCAL enable_nestloop = off")
    yield
    tx.connection.execute("SET LOCAL enable_nestloop = on")


@contextmanager
def by_walking(tx: Transaction) -> Iterator[None]:
    """For a statement that takes the first few of many rows in the order of an index: the index is walked. A planner that takes
    them for few would read and sort them all."""
    tx.connection.execute("SET LOCAL enable_sort = off")
    yield
    tx.connection.execute("SET LOCAL enable_sort = on")


@contextmanager
def by_key(tx: Transaction) -> Iterator[None]:
    """For a statement that asks for rows by an index, however many of how many: the table is never gone through. A planner takes
    a table for as large as it was when it last looked."""
    tx.connection.execute("SET LOCAL enable_seqscan = off")
    yield
    tx.connection.execute("SET LOCAL enable_seqscan = on")
