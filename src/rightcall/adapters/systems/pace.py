"""How hard a source may be worked: it is somebody else's, and has customers of its own to serve."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from rightcall.errors import Malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """One connection at a time; at most so many rows a second on average, a pause after each batch, and no single question that
    takes longer than `patience_seconds`."""

    rows_per_second: float = 20_000.0
    pause_seconds: float = 0.0
    patience_seconds: float = 30.0
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        if self.rows_per_second <= 0 or self.pause_seconds < 0 or self.patience_seconds <= 0:
            raise Malformed("A pace has rows and seconds above nothing, and a pause that is not negative. Correct it.")

    def rest(self, rows: int, seconds: float) -> None:
        """After a batch of `rows` that took `seconds`."""
        wanted = max(self.pause_seconds, rows / self.rows_per_second - seconds)
        if wanted > 0:
            self.sleep(wanted)
