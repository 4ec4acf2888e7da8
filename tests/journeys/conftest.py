"""One whole Rightcall for the journeys that leave it as it was: started once, ended in order when all are done."""

from collections.abc import Iterator

import pytest

from tests.journeys.deployment import Deployment, deployed


@pytest.fixture(scope="session")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with deployed(tmp_path_factory.mktemp("journeys")) as deployment:
        yield deployment
