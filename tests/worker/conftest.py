"""A whole house on a database of its own: real keys, real objects, and Ada's call in it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from rightcall.database.connection import Database
from rightcall.ids import ControllerId
from rightcall.settings import load_settings
from rightcall.vault.actions import Vault
from rightcall.wiring import House, build
from tests.conftest import FixedClock
from tests.erasure.fakes import World, world_of
from tests.ledger.fakes import own_database


@pytest.fixture(scope="session")
def database_url(database_url: str) -> Iterator[str]:
    with own_database(database_url, "worker_tests") as url:
        yield url


@pytest.fixture(scope="session")
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder."""
    folder = tmp_path_factory.mktemp("worker") / "data"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture(scope="session")
def house(database: Database, data: Path) -> Iterator[House]:
    with build(load_settings(data=data), database) as house:
        yield house


@pytest.fixture
def vault(house: House) -> Vault:
    return house.vault


@pytest.fixture
def world(house: House, controller: ControllerId, data: Path) -> World:
    clock = FixedClock()
    clock.at = house.clock.now() - timedelta(hours=1)
    world = world_of(house.database, controller, house.vault, clock, data)
    world.objects, world.signer, world.origin = house.objects, house.signer, house.settings.ledger_origin
    return world
