"""A worker waits while nothing may be opened: it signs nothing, begins nothing and is not seen to live, and goes on by itself."""

import logging
import threading
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from rightcall.adapters.shut import Doubt
from rightcall.database.connection import Database
from rightcall.erasure.model import Missing
from rightcall.procedures import actions as procedures
from rightcall.procedures.engine import Engine
from rightcall.wiring import House
from rightcall.worker import main
from tests.conftest import FixedClock

DOUBT = Doubt(missing=Missing.LIST)


class Waiting(threading.Event):
    """Passes time instead of waiting. `then`: what happens in the nth pause."""

    def __init__(self, clock: FixedClock, **then: object) -> None:
        super().__init__()
        self.clock, self.then = clock, then
        self.pauses: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.pauses.append(timeout or 0.0)
        self.clock.at += timedelta(seconds=timeout or 0.0)
        deed = self.then.get(f"at_{len(self.pauses)}")
        if callable(deed):
            deed()
        return self.is_set()


def shut_house(database: Database, clock: FixedClock) -> tuple[House, SimpleNamespace]:
    shut = SimpleNamespace(doubt=DOUBT)
    return cast(House, SimpleNamespace(database=database, shut=shut, clock=clock)), shut


def test_it_says_so_once_a_minute_and_goes_on_when_it_is_opened(
    database: Database, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    house, shut = shut_house(database, clock)
    waiting = Waiting(clock, at_20=lambda: setattr(shut, "doubt", None))
    with caplog.at_level(logging.CRITICAL):
        main._wait_until_open(house, waiting)
    assert len(waiting.pauses) == 20, "it looks each few seconds, and goes on with the first look that finds no doubt"
    told = [each.getMessage() for each in caplog.records]
    assert len(told) == 2, "when it began, and after a minute"
    assert all("nothing is done" in each and "DATA/destroyed" in each for each in told)


def test_it_ends_when_it_is_told_to_though_it_was_never_opened(database: Database, clock: FixedClock) -> None:
    house, _ = shut_house(database, clock)
    waiting = Waiting(clock)
    waiting.then["at_3"] = waiting.set
    main._wait_until_open(house, waiting)
    assert len(waiting.pauses) == 3


def test_it_does_not_wait_where_nothing_is_shut(database: Database, clock: FixedClock) -> None:
    house, shut = shut_house(database, clock)
    shut.doubt = None
    waiting = Waiting(clock)
    main._wait_until_open(house, waiting)
    assert waiting.pauses == []


def test_one_that_was_shut_later_is_not_seen_to_live(database: Database, clock: FixedClock) -> None:
    house, _ = shut_house(database, clock)
    engine = cast(Engine, SimpleNamespace(executor="shut-worker"))
    assert main.beat(house, engine) is False
    with database.system() as tx:
        assert "shut-worker" not in procedures.living_workers(tx)
