"""How much one address may send. Pure but for the time it is given: a token bucket for each source, bounded in number.

Over the limit a datagram is dropped unread; a SIP client sends it again, a flood is not answered.
"""

from collections import OrderedDict
from dataclasses import dataclass

MOST_SOURCES = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`messages_per_second` for each source, with bursts of twice that; `waiting`: datagrams read and not yet looked at."""

    messages_per_second: float = 2_000.0
    waiting: int = 5_000
    calls: int = 2_000
    jobs: int = 256
    strangers_seconds: float = 10.0


class Buckets:
    def __init__(self, per_second: float) -> None:
        self._rate = per_second
        self._burst = max(2.0, per_second * 2)
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def admits(self, source: str, now: float) -> bool:
        """Takes one token for `source` at `now` (seconds of any steady clock), if there is one."""
        level, before = self._levels.pop(source, (self._burst, now))
        level = min(self._burst, level + max(0.0, now - before) * self._rate)
        admitted = level >= 1.0
        self._levels[source] = (level - 1.0 if admitted else level, now)
        if len(self._levels) > MOST_SOURCES:
            self._levels.popitem(last=False)
        return admitted


class Strangers:
    """Sources that were just told 403, so that a flood of their calls does not reach the database."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until: OrderedDict[tuple[str, str], float] = OrderedDict()

    def note(self, source: str, called: str, now: float) -> None:
        self._until[(source, called)] = now + self._seconds
        self._until.move_to_end((source, called))
        if len(self._until) > MOST_SOURCES:
            self._until.popitem(last=False)

    def knows(self, source: str, called: str, now: float) -> bool:
        return self._until.get((source, called), 0.0) > now
