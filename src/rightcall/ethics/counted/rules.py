"""Which periods are counted, and when it is time to count anew. Pure."""

import math
from datetime import UTC, datetime, timedelta

from rightcall.ethics.counted.model import Count
from rightcall.ethics.outcomes.model import Changes

_WEEK = timedelta(days=7)
_SHORT = 4
_PAUSE = timedelta(hours=1)
"""Between two counts of one day, where reports of earlier calls go on coming."""


def midnight(now: datetime) -> datetime:
    """The last one (UTC)."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def periods(kept: timedelta) -> tuple[int, ...]:
    """In whole weeks: four, and all that is kept. Whole weeks up to midnight: two answers side by side must not single out a call
    that is in one only."""
    longest = _in_weeks(kept)
    return (_SHORT, longest) if longest > _SHORT else (longest,)


def period_for(count: Count, back: timedelta) -> int:
    """The shortest that reaches as far back; the longest where none does."""
    return next((each for each in count.weeks if each >= _in_weeks(back)), count.weeks[-1])


def since(until: datetime, weeks: int) -> datetime:
    return until - weeks * _WEEK


def is_due(
    last: Count | None, now: datetime, *, kept: timedelta, least: int, looked_at: datetime | None, changes: Changes | None
) -> bool:
    """Where a day is over, the settings say otherwise, or a look has taken in what the wire told; at once after somebody's calls
    were forgotten; and now and then while calls of earlier days are reported, or reported anew."""
    if last is None or (last.weeks, last.least, last.until) != (periods(kept), least, midnight(now)):
        return True
    if looked_at is not None and looked_at >= last.begun_at:
        return True
    return changes is not None and (changes.forgotten or now - last.begun_at >= _PAUSE)


def _in_weeks(time: timedelta) -> int:
    return max(1, math.ceil(time / _WEEK))
