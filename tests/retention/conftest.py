"""The same world as for erasures, on a database of its own: epochs turn here too."""

from collections.abc import Iterator

import pytest

from tests.erasure.conftest import database, keys, world
from tests.ledger.fakes import own_database

__all__ = ["database", "database_url", "keys", "world"]


@pytest.fixture(scope="session")
def database_url(database_url: str) -> Iterator[str]:
    with own_database(database_url, "retention_tests") as url:
        yield url
