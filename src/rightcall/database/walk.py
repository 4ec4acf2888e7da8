"""Which part of a list that may be long is looked at: along an index, from one end or the other, from behind what was seen last.

A statement that answers it is written once, with `{beyond}` and `{way}` where the direction stands (`both_ways`). Its bounds are
always there, so that a plan made without looking at them walks the index just the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import LiteralString
from uuid import UUID

_LEAST, _MOST = UUID(int=0), UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """`since` and `until`: of these days (UTC), both with. `at` and `id`: of what was seen last, `at` where the order is one of
    time. `oldest_first`: the other way round."""

    since: date | None = None
    until: date | None = None
    at: datetime | None = None
    id: UUID | None = None
    oldest_first: bool = False

    def bounds(self) -> dict[str, object]:
        """For a statement: `since`, `before`, `at` and `id`."""
        end, last = ("-infinity", _LEAST) if self.oldest_first else ("infinity", _MOST)
        return {
            "since": "-infinity" if self.since is None else datetime.combine(self.since, time(), UTC),
            "before": _after(self.until),
            "at": self.at or end,
            "id": self.id or last,
        }


def _after(until: date | None) -> datetime | str:
    """The first moment after that day; the last day that can be written down has none after it."""
    if until is None or until == date.max:
        return "infinity"
    return datetime.combine(until, time(), UTC) + timedelta(days=1)


def both_ways(statement: LiteralString) -> Mapping[bool, LiteralString]:
    """By `oldest_first`."""
    return {False: statement.format(beyond="<", way="DESC"), True: statement.format(beyond=">", way="ASC")}
