"""Real sources, as the tests of the adapters have them."""

import pytest

from tests.adapters.systems.conftest import mariadb, mariadb_server, mariadb_url, postgresql, postgresql_url, sqlite
from tests.adapters.systems.s3.conftest import address, bucket, client, endpoint
from tests.erasure.elsewhere.scene import Away
from tests.erasure.fakes import World

__all__ = [
    "address",
    "bucket",
    "client",
    "endpoint",
    "mariadb",
    "mariadb_server",
    "mariadb_url",
    "postgresql",
    "postgresql_url",
    "sqlite",
]


@pytest.fixture
def away(world: World) -> Away:
    return Away(world=world)
