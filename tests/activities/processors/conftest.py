"""A processor that runs, and a deployment of its own in which a person's data was given to it."""

from collections.abc import Iterator

import pytest

from tests.activities.processors.authority import Peer, running
from tests.erasure.conftest import database, keys, world
from tests.ledger.fakes import own_database

__all__ = ["database", "keys", "world"]


@pytest.fixture(scope="session")
def database_url(database_url: str) -> Iterator[str]:
    with own_database(database_url, "processor_tests") as url:
        yield url


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    with running(tmp_path_factory.mktemp("processor")) as peer:
        yield peer


@pytest.fixture
def peer(process: Peer) -> Peer:
    process.behaves(
        asked=[],
        known={},
        certificate="cert.pem",
        certificate_url=None,
        results="https://processor.example/secure/",
        copy={},
        takes=[["email", "sha256"], ["controller_customer_id", "raw"], ["phone_number", "raw"]],
    )
    return process
