"""What is forgotten goes page by page, each in a transaction of its own, in which what is from before a moment may be deleted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TypeVar

from rightcall.clock import Clock, day_of
from rightcall.controllers.remembering.store import forget_before
from rightcall.database.connection import Database, Transaction
from rightcall.ids import ControllerId

AT_ONCE = 2000
"""Of one transaction."""
MOST = 100_000
"""Of each sort in one run, so that nothing else by the clock waits for long."""
Behind = TypeVar("Behind")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    database: Database
    controller: ControllerId
    before: datetime
    at_once: int

    def each(self, most: int, forget: Callable[[Transaction, Behind | None], tuple[int, Behind | None]]) -> int:
        """Until `most` are forgotten or none are left. `forget` looks at the page behind what it is given, and says how many it
        forgot, and behind what the next one begins: None after the last."""
        forgotten, is_more = 0, most > 0
        behind: Behind | None = None
        while is_more:
            with self.database.transaction(self.controller) as tx:
                forget_before(tx, self.before)
                went, behind = forget(tx, behind)
            forgotten += went
            is_more = behind is not None and forgotten < most
        return forgotten


def days_before(clock: Clock, days: int) -> datetime:
    """What went on one day is known for as many whole days after it."""
    return datetime.combine(day_of(clock.now()) - timedelta(days=days), time(), UTC)
