"""The vault's tests rotate and restore, so they have a database of their own besides the shared one."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from rightcall.database.connection import Database
from rightcall.database.migrate import migrate
from tests.vault.tables import empty


@pytest.fixture(scope="session")
def vault_url(database_url: str) -> str:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE rightcall_vault")
    url = database_url.replace("@/rightcall?", "@/rightcall_vault?")
    migrate(url)
    return url


@pytest.fixture(scope="session")
def vault_pool(vault_url: str) -> Iterator[Database]:
    database = Database(vault_url)
    yield database
    database.close()


@pytest.fixture
def own_database(vault_pool: Database) -> Database:
    """Its vault is empty: no epoch yet."""
    empty(vault_pool.url)
    return vault_pool


@pytest.fixture
def key_path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "keys"
