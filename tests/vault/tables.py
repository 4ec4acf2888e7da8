"""Backing up and putting back the vault's tables, as a database administrator would, past every rule of the vault."""

import psycopg
from psycopg.sql import SQL, Identifier

TABLES = (
    "vault_families",
    "epochs",
    "epoch_seeds",
    "blind_keys",
    "subject_keys",
    "grant_keys",
    "term_keys",
    "content_locks",
    "hold_keys",
    "held_content",
    "origin_grants",
)
Rows = dict[str, bytes]


def back_up(url: str) -> Rows:
    rows: Rows = {}
    with psycopg.connect(url) as connection:
        for table in TABLES:
            with connection.cursor().copy(SQL("COPY {} TO STDOUT").format(Identifier(table))) as copy:
                rows[table] = b"".join(bytes(part) for part in copy)
    return rows


def restore(url: str, rows: Rows) -> None:
    with psycopg.connect(url) as connection:
        _truncate(connection)
        for table in TABLES:
            with connection.cursor().copy(SQL("COPY {} FROM STDIN").format(Identifier(table))) as copy:
                copy.write(rows[table])


def empty(url: str) -> None:
    with psycopg.connect(url) as connection:
        _truncate(connection)


def _truncate(connection: psycopg.Connection) -> None:
    """With what other rooms hang on these rows: nothing, in a database of the vault's own."""
    connection.execute(SQL("TRUNCATE {} CASCADE").format(SQL(", ").join(map(Identifier, TABLES))))
