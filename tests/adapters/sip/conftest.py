"""One recorder process for the tests that need no settings of their own; a module that does has a `shared` of its own."""

from collections.abc import Iterator

import pytest

from tests.adapters.sip.phone import Phone, Recorder


@pytest.fixture(scope="package")
def shared() -> Iterator[Recorder]:
    with Recorder(limits={"strangers_seconds": 0.5}) as recorder:
        yield recorder


@pytest.fixture
def srs(shared: Recorder) -> Recorder:
    """The shared recorder with nothing left over from the test before."""
    shared.reset()
    return shared


@pytest.fixture
def phone(srs: Recorder) -> Iterator[Phone]:
    with Phone(srs.port) as phone:
        yield phone
