"""A database of the ledger's own: its tests build the one log from its first leaf, and break it."""

from collections.abc import Iterator

import pytest

from rightcall.database.connection import Database
from tests.ledger.fakes import own_database


@pytest.fixture(scope="session")
def database_url(database_url: str) -> Iterator[str]:
    with own_database(database_url, "ledger_tests") as url:
        yield url


@pytest.fixture(scope="session")
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()
