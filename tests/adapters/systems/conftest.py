"""Databases that stand for a contact centre's: real servers, started once."""

import secrets
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from rightcall.adapters.systems.postgresql.source import open_postgresql
from tests.adapters.systems.estate import Estate


@pytest.fixture
def postgresql_url(database_url: str) -> Iterator[str]:
    """An empty database of one's own on the server of the tests."""
    name = f"estate_{secrets.token_hex(4)}"
    with psycopg.connect(database_url, autocommit=True) as owner:
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield make_conninfo(database_url, dbname=name)
        owner.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[Estate]:
    with psycopg.connect(postgresql_url, autocommit=True) as owner:

        def ask(*statements: str) -> None:
            for statement in statements:
                owner.execute(statement)

        yield Estate(schema="public.", ask=ask, open=lambda **how: open_postgresql(postgresql_url, **how))
