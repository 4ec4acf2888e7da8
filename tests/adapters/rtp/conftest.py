"""What the tests of the receiver share."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from rightcall.adapters.rtp import receiver as receiver_module
from rightcall.adapters.rtp.spool import Spool
from tests.adapters.rtp.house import HOST, House, socket_at


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(Spool(tmp_path / "spool"))
    yield made
    for stream in list(made.receiver.streams.values()):
        take = stream.close()
        if take is not None:
            take.file.close()
        made.receiver.remove(stream)
    made.phone.close()
    made.stranger.close()
    made.spool.close()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The monotonic clock, in milliseconds, as the test sets it."""
    now = [1_000_000]
    monkeypatch.setattr(receiver_module, "monotonic_ms", lambda: now[0])
    return now


@pytest.fixture
def neighbour() -> Iterator[socket.socket]:
    """Another port of the phone's own address."""
    with socket_at(HOST) as made:
        yield made
