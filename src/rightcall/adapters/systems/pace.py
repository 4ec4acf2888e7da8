"""How hard a source may be worked: it is somebody else's, and has customers of its own to serve."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from rightcall.discovery.ports import Load
from rightcall.errors import Malformed

_MOST_ROWS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """One connection at a time; at most so many rows a second on average, a pause after each batch, and no single question that
    takes longer than `patience_seconds`. `is_limited`: somebody set a limit, and nothing is asked that passes over a whole
    table."""

    rows_per_second: float = 20_000.0
    pause_seconds: float = 0.0
    patience_seconds: float = 30.0
    is_limited: bool = False
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        if self.rows_per_second <= 0 or self.pause_seconds < 0 or self.patience_seconds <= 0:
            raise Malformed("A pace has rows and seconds above nothing, and a pause that is not negative. Correct it.")

    @property
    def most_rows(self) -> int:
        """Of one question: no more than a second's worth."""
        return max(1, min(_MOST_ROWS, int(self.rows_per_second)))

    def rest(self, rows: int, seconds: float) -> None:
        """After a batch of `rows` that took `seconds`."""
        wanted = max(self.pause_seconds, rows / self.rows_per_second - seconds)
        if wanted > 0:
            self.sleep(wanted)


def pace_of(load: Load) -> Pace:
    """Of a source that may be worked so hard and no harder. Bytes are counted by whoever reads."""
    usual = Pace()
    rows = usual.rows_per_second if load.rows is None else min(usual.rows_per_second, float(load.rows))
    return Pace(rows_per_second=rows, is_limited=load.is_limited)
