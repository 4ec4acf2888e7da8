"""Keypad events that travel as packets of their own (RFC 4733, telephone-event). Card digits travel in them too: see the gate."""

import struct
from dataclasses import dataclass

DIGITS = "0123456789*#ABCD"
_EVENT = struct.Struct("!BBH")
_LONGEST = 0xFFFF


@dataclass(frozen=True, slots=True)
class KeypadEvent:
    """`duration` is in the units of the stream's clock."""

    digit: str
    ended: bool
    volume: int
    duration: int


@dataclass(frozen=True, slots=True)
class NoEvent:
    """Not the payload of a keypad event: too short, not a multiple of four bytes, or an event other than the 16 keys."""


def parse_events(payload: bytes | bytearray | memoryview) -> tuple[KeypadEvent, ...] | NoEvent:
    """The events in one packet, oldest first (section 2.5.1.5 allows several)."""
    if len(payload) < _EVENT.size or len(payload) % _EVENT.size:
        return NoEvent()
    events = []
    for number, flags, duration in _EVENT.iter_unpack(payload):
        if number >= len(DIGITS):
            return NoEvent()
        events.append(KeypadEvent(DIGITS[number], bool(flags & 0x80), flags & 0x3F, duration))
    return tuple(events)


class KeypadReader:
    """Tells presses from packets: one press is many packets with the same timestamp, some of them lost, some repeated. A press of
    eight seconds goes on under another timestamp, as far on as an event can say that it lasts (section 2.5.1.3)."""

    __slots__ = ("_last",)

    def __init__(self) -> None:
        self._last: tuple[int, int] | None = None

    def hear(self, ssrc: int, timestamp: int, payload: bytes | bytearray | memoryview) -> str | None:
        """The key, once a press, with the first of its packets to arrive."""
        events = parse_events(payload)
        if isinstance(events, NoEvent) or self.holds(ssrc, timestamp):
            return None
        goes_on = self.holds(ssrc, (timestamp - _LONGEST) & 0xFFFFFFFF)
        self._last = (ssrc, timestamp)
        return None if goes_on else events[-1].digit

    def holds(self, ssrc: int, timestamp: int) -> bool:
        """Whether a packet of that timestamp belongs to the press that was heard last."""
        return (ssrc, timestamp) == self._last
