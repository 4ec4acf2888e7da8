"""What is to be done in the quarter, in the order of time."""

import heapq
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from rightcall.demo.quarter.calendar import Calendar
from rightcall.errors import Mistake

Deed = Callable[[], object]
_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Agenda:
    """`last`: the last day of the quarter, from which days are counted back. `left_out`: what was refused when its time came."""

    last: date
    left_out: int = 0
    _entries: list[tuple[datetime, int, Deed]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    def enter(self, at: datetime, deed: Deed) -> None:
        heapq.heappush(self._entries, (at, next(self._numbers), deed))

    def before_the_end(self, days: int, hour: int, deed: Deed) -> None:
        """So many days before the last one."""
        self.enter(datetime.combine(self.last - timedelta(days=days), time(hour), UTC), deed)

    def work_off(self, calendar: Calendar, until: datetime, tell: Callable[[datetime], None]) -> None:
        """More may be entered meanwhile. What is later than `until` is left; what is refused is left out, and counted."""
        while self._entries and self._entries[0][0] < until:
            at, _, deed = heapq.heappop(self._entries)
            calendar.go_to(max(calendar.now(), at))
            tell(at)
            try:
                deed()
            except Mistake as error:
                self.left_out += 1
                _log.warning("something of the quarter was refused, and is left out", extra={"why": str(error)})
