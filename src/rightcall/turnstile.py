"""So many at once and no more, for what is asked without a token: one for each way in, in each process."""

import threading
import time


class Turnstile:
    """So many a second, with bursts of twice that, whoever asks: nobody is told apart."""

    def __init__(self, per_second: float) -> None:
        self._rate, self._level, self._before = per_second, 2 * per_second, time.monotonic()
        self._lock = threading.Lock()

    def admits(self, now: float) -> bool:
        with self._lock:
            self._level = min(2 * self._rate, self._level + max(0.0, now - self._before) * self._rate)
            self._before = now
            admitted = self._level >= 1.0
            self._level -= 1.0 if admitted else 0.0
            return admitted
