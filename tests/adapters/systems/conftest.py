"""Databases that stand for a contact centre's: real servers, started once."""

import secrets
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from rightcall.adapters.systems.mariadb.source import open_mariadb
from rightcall.adapters.systems.postgresql.source import open_postgresql
from rightcall.adapters.systems.sqlite.source import open_sqlite
from tests.adapters.systems.estate import Estate
from tests.adapters.systems.mariadb_server import MariaDBServer, running
from tests.database.servers import make_certificate


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


@pytest.fixture(scope="session")
def mariadb_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDBServer]:
    folder = tmp_path_factory.mktemp("mariadb")
    with running(folder, make_certificate(folder)) as server:
        yield server


@pytest.fixture
def mariadb_url(mariadb_server: MariaDBServer) -> Iterator[str]:
    """An empty database of one's own on it, by its socket."""
    name = f"estate_{secrets.token_hex(4)}"
    with mariadb_server.connection() as root, root.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        yield mariadb_server.url(name)
        cursor.execute(f"DROP DATABASE {name}")


@pytest.fixture
def mariadb(mariadb_server: MariaDBServer, mariadb_url: str) -> Iterator[Estate]:
    name = urlsplit(mariadb_url).path.strip("/")
    with mariadb_server.connection(name) as root, root.cursor() as cursor:

        def ask(*statements: str) -> None:
            for statement in statements:
                cursor.execute(statement)

        yield Estate(schema=f"{name}.", long_text="longtext", ask=ask, open=lambda **how: open_mariadb(mariadb_url, **how))


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Estate]:
    path = tmp_path / "estate.db"
    connection = sqlite3.connect(path, isolation_level=None)

    def ask(*statements: str) -> None:
        for statement in statements:
            connection.execute(statement)

    yield Estate(schema="", ask=ask, open=lambda **how: open_sqlite(f"sqlite:///{path}", **how))
    connection.close()
