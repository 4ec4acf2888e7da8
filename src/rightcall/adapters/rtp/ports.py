"""UDP ports for RTP: an even one for sound, the next for RTCP. A port that was used rests before another call gets it, so that
packets which still fly to the old call never land in a new one. One that a killed process had rests for longer: its call may
still be on, and will ask for it."""

import heapq
import time
from collections import deque
from collections.abc import Callable, Set

from rightcall.errors import RecorderGone

REST_SECONDS = 30.0
ASKED_FOR_WITHIN_SECONDS = 300.0


class PortPool:
    """Pairs between `first` and `last`, in turn. `left` are those that a process before this one had."""

    def __init__(
        self,
        first: int,
        last: int,
        *,
        left: Set[int] = frozenset(),
        rest_seconds: float = REST_SECONDS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        pairs = range(first + first % 2, last, 2)
        self._free = deque(port for port in pairs if port not in left)
        self._resting = [(now() + ASKED_FOR_WITHIN_SECONDS, port) for port in pairs if port in left]
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

    def take_again(self, port: int) -> bool:
        """This very one, for the stream that had it before. Whether it can be had."""
        resting = [entry for entry in self._resting if entry[1] != port]
        if len(resting) < len(self._resting):
            heapq.heapify(resting)
            self._resting = resting
        elif port in self._free:
            self._free.remove(port)
        else:
            return False
        self._taken.add(port)
        return True

    def give_back(self, port: int) -> None:
        """It rests first. Giving back what was not taken does nothing."""
        if port in self._taken:
            self._taken.remove(port)
            heapq.heappush(self._resting, (self._now() + self._rest, port))

    @property
    def free(self) -> int:
        self._wake()
        return len(self._free)

    def _wake(self) -> None:
        now = self._now()
        while self._resting and self._resting[0][0] <= now:
            self._free.append(heapq.heappop(self._resting)[1])
