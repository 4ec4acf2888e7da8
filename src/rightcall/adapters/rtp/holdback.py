"""Sound that waits for the tone detector while somebody is asked to press a key.

A key's tone is certain only some packets after it began. So each packet waits until the detector has judged, and found free of
tones, every block of samples that a tone begun in this packet could first be found in. Where a tone is found, everything that
waits is dropped, and so is what follows until a block has passed without it. A packet that nobody has judged to the end is never
stored: at most the last four of 20 ms before the question is over are missing from the take.
"""

from collections import deque

from rightcall.adapters.rtp.tones import LATEST_FOUND

Waiting = tuple[int, int, bytearray]


class HoldBack:
    """Packets as (arrived at, ends at sample, bytes)."""

    __slots__ = ("_heard", "_quiet_from", "_waiting")

    def __init__(self) -> None:
        self._waiting: deque[Waiting] = deque()
        self._heard = self._quiet_from = 0

    def put(self, now: int, packet: bytes, samples: int, *, sounding: bool, late: int) -> list[tuple[int, bytes]]:
        """One packet that the detector has just heard, of which it may hear the last `late` samples only with what follows.
        Returns those that may be stored now, in order."""
        begins, self._heard = self._heard, self._heard + samples
        if sounding:
            self.drop()
            self._quiet_from = self._heard + LATEST_FOUND
        if begins >= self._quiet_from:
            self._waiting.append((now, self._heard + late, bytearray(packet)))
        free = []
        while self._waiting and self._waiting[0][1] + LATEST_FOUND <= self._heard:
            arrived, _, waited = self._waiting.popleft()
            free.append((arrived, bytes(waited)))
            waited[:] = bytes(len(waited))
        return free

    def drop(self) -> None:
        """What waits is overwritten and gone."""
        for _, _, waited in self._waiting:
            waited[:] = bytes(len(waited))
        self._waiting.clear()
