"""The sending side of RTP (RFC 3550): one socket a leg, a packet each 20 ms, sound and keypad events from a queue."""

import secrets
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Sequence

from rightcall.testcall.model import Leg, Sent
from rightcall.testcall.sound import FRAME, SILENCE, events_of

PCMU = 0
EVENTS = 101
_TICK = 0.02


class LegSender:
    """What one person says. Silence where nothing is queued, as a real SRC would send."""

    def __init__(self, leg: Leg, host: str) -> None:
        self.leg = leg
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((host, 0))
        self.port: int = self.socket.getsockname()[1]
        self._target: tuple[str, int] | None = None
        self._queue: deque[tuple[int, bytes, bool]] = deque()
        self._ssrc = secrets.randbits(32)
        self._sequence = secrets.randbits(15)
        self._timestamp = secrets.randbits(31)
        self._event_timestamp = 0
        self.packets = self.octets = self.digits = 0

    def aim(self, target: tuple[str, int] | None) -> None:
        """Where the recorder listens; None: the leg is held, nothing is sent."""
        self._target = target

    def say(self, frames: Sequence[bytes]) -> None:
        self._queue.extend((PCMU, frame, False) for frame in frames)

    def key(self, digits: str) -> None:
        for digit in digits:
            self._queue.extend((EVENTS, payload, first) for payload, first in events_of(digit))
            self._queue.extend((PCMU, SILENCE, False) for _ in range(3))

    @property
    def is_speaking(self) -> bool:
        return bool(self._queue)

    def tick(self) -> None:
        """Send what 20 ms hold."""
        kind, payload, first = self._queue.popleft() if self._queue else (PCMU, SILENCE, False)
        self._timestamp = (self._timestamp + FRAME) & 0xFFFFFFFF
        if self._target is None:
            return
        if kind == EVENTS and first:
            self._event_timestamp = self._timestamp
            self.digits += 1
        self._sequence = (self._sequence + 1) & 0xFFFF
        timestamp = self._event_timestamp if kind == EVENTS else self._timestamp
        header = struct.pack("!BBHII", 0x80, kind | (0x80 if first else 0), self._sequence, timestamp, self._ssrc)
        self.socket.sendto(header + payload, self._target)
        self.packets += 1
        self.octets += len(payload)

    def close(self) -> None:
        self.socket.close()

    def sent(self) -> Sent:
        return Sent(label=self.leg.label, packets=self.packets, octets=self.octets, digits=self.digits)


class Pacer:
    """Ticks all legs every 20 ms by the monotonic clock until it is stopped."""

    def __init__(self, legs: list[LegSender]) -> None:
        self._legs = legs
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="rtp", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def add(self, leg: LegSender) -> None:
        self._legs.append(leg)

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2)

    def _run(self) -> None:
        due = time.monotonic()
        while not self._stopping.is_set():
            for leg in list(self._legs):
                leg.tick()
            due += _TICK
            time.sleep(max(0.0, due - time.monotonic()))
