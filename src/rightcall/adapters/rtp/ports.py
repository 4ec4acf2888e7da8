"""UDP ports for RTP: an even one for sound, the next for RTCP. A port that was used rests before another call gets it, so that
packets which still fly to the old call never land in a new one."""

import time
from collections import deque
from collections.abc import Callable

from rightcall.errors import RecorderGone

REST_SECONDS = 30.0


class PortPool:
    """Pairs between `first` and `last`, in turn."""

    def __init__(
        self,
        first: int,
        last: int,
        *,
        rest_seconds: float = REST_SECONDS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._free = deque(range(first + first % 2, last, 2))
        self._resting: deque[tuple[float, int]] = deque()
        self._taken: set[int] = set()
        self._rest = rest_seconds
        self._now = now

    def take(self) -> int:
        """The even port of a free pair."""
        self._wake()
        if not self._free:
            raise RecorderGone("No RTP port is free. Widen RIGHTCALL_RTP_PORTS, or start another media recorder.")
        port = self._free.popleft()
        self._taken.add(port)
        return port

    def give_back(self, port: int) -> None:
        """It rests first. Giving back what was not taken does nothing."""
        if port in self._taken:
            self._taken.remove(port)
            self._resting.append((self._now() + self._rest, port))

    @property
    def free(self) -> int:
        self._wake()
        return len(self._free)

    def _wake(self) -> None:
        now = self._now()
        while self._resting and self._resting[0][0] <= now:
            self._free.append(self._resting.popleft()[1])
