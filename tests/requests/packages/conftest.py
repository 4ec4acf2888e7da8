"""A deployment of its own, with Ada's call in it and systems that hold things about her."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rightcall.adapters.keys.file import Cost, KeyFile
from rightcall.database.connection import Database
from rightcall.ids import ControllerId
from rightcall.vault.actions import Vault
from tests.adapters.systems.s3.conftest import address, bucket, client, endpoint
from tests.conftest import FixedClock
from tests.erasure.elsewhere.scene import Away
from tests.erasure.fakes import World, world_of
from tests.ledger.fakes import own_database
from tests.requests.packages.scene import Desk

__all__ = ["address", "bucket", "client", "endpoint"]


@pytest.fixture(scope="session")
def database_url(database_url: str) -> Iterator[str]:
    with own_database(database_url, "package_tests") as url:
        yield url


@pytest.fixture(scope="session")
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyFile:
    return KeyFile(tmp_path_factory.mktemp("package-keys") / "keys", b"a passphrase for tests", cost=Cost(n=16))


@pytest.fixture
def world(database: Database, controller: ControllerId, vault: Vault, clock: FixedClock, tmp_path: Path) -> World:
    return world_of(database, controller, vault, clock, tmp_path)


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    return Desk(world=world, away=Away(world=world), spool=tmp_path / "packages")
