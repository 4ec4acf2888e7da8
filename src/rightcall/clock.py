"""The time, always aware and in UTC. Deeds take a `Clock`, so that tests can set it and rules never read it themselves."""

from datetime import UTC, date, datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def day_of(instant: datetime) -> date:
    """The UTC day an instant falls on. Terms are counted in these days."""
    return instant.astimezone(UTC).date()


def milliseconds_of(instant: datetime) -> int:
    """Unix time in whole milliseconds: the form that instants take in statements."""
    return int(instant.timestamp() * 1000)
