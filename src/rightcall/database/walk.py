"""Which part of a list that may be long is looked at: along an index, from one end or the other, from behind what was seen last.

A statement that answers it is written once, with `{beyond}` and `{way}` where the direction stands (`both_ways`). Its bounds are
always there, so that a plan made without looking at them walks the index just the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import LiteralString
from uuid import UUID
from zoneinfo import ZoneInfo

_LEAST, _MOST = UUID(int=0), UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """`since` and `until`: of these days, both with, as `zone` has them, a name of the IANA database. `at` and `id`: of what was
    seen last, `at` where the order is one of time. `oldest_first`: the other way round."""

    since: date | None = None
    until: date | None = None
    at: datetime | None = None
    id: UUID | None = None
    oldest_first: bool = False
    zone: str = "UTC"

    def instants(self) -> tuple[datetime | None, datetime | None]:
        """From when on, and before when; None where it goes without end. The last day that can be written down has none after it,
        and the first one, in zones where it began the day before, no beginning."""
        since = None if self.since is None else _midnight(self.since, self.zone)
        before = None if self.until is None or self.until == date.max else _midnight(self.until + timedelta(days=1), self.zone)
        return since, before

    def bounds(self) -> dict[str, object]:
        """For a statement: `since`, `before`, `at` and `id`."""
        end, last = ("-infinity", _LEAST) if self.oldest_first else ("infinity", _MOST)
        since, before = self.instants()
        return {
            "since": since or "-infinity",
            "before": before or "infinity",
            "at": self.at or end,
            "id": self.id or last,
        }


def _midnight(day: date, zone: str) -> datetime | None:
    """With which that day begins there; None where that is before all that can be written down."""
    try:
        return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    except OverflowError:
        return None


def both_ways(statement: LiteralString) -> Mapping[bool, LiteralString]:
    """By `oldest_first`."""
    return {False: statement.format(beyond="<", way="DESC"), True: statement.format(beyond=">", way="ASC")}
