"""The keys of one stream while somebody is asked to press one: which was pressed, and what of the sound carries none.

A key is heard before it is let go: the answer is known with the first packet of a press, or 51 ms into its tone, and the rest
still comes while the answer already opens a gate. So nothing of that press is stored, until nothing was heard of it for a while.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from rightcall.adapters.rtp.ears import Ears
from rightcall.adapters.rtp.events import KeypadEvent, KeypadReader, NoEvent, parse_events
from rightcall.adapters.rtp.holdback import HoldBack
from rightcall.adapters.rtp.packet import Packet
from rightcall.adapters.rtp.tones import ToneReader

# A key that is held sends an event at least every 50 ms (RFC 4733, section 2.5.1.2), and each of them may be lost.
LET_GO_AFTER_MS = 300
NEVER = -1 << 62


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """`free` may be stored now, in order, as (arrived at, packet). `pressed_anew`: an event of another press than the last."""

    digit: str | None = None
    pressed_anew: bool = False
    free: list[tuple[int, bytes]] = field(default_factory=list)


class Keys:
    __slots__ = ("_ears", "_event", "_held_back", "_keypad", "_sounded_at", "_tones", "_unheard")

    def __init__(self) -> None:
        self._keypad, self._tones, self._held_back = KeypadReader(), ToneReader(), HoldBack()
        self._ears = Ears({})
        self._sounded_at = NEVER
        self._event: KeypadEvent | None = None
        self._unheard = False

    def start(self, codecs: Mapping[int, str]) -> None:
        """A question is pending from now on, and sound comes in these codecs. Presses are not forgotten: a key that is still held
        from before answers nothing."""
        self._held_back.drop()
        self._ears, self._tones, self._held_back = Ears(codecs), ToneReader(), HoldBack()

    def join(self, codecs: Mapping[int, str], sounded_at: int) -> None:
        """Somebody sent key events at that time, which nobody has read: whatever goes on without a marker is of that press."""
        self.start(codecs)
        self._sounded_at, self._event, self._unheard = sounded_at, None, True

    def drop(self) -> None:
        """What waits to be judged is never stored."""
        self._held_back.drop()

    def are_held(self, now: int) -> bool:
        """Whether something of a press was heard a moment ago."""
        return now - self._sounded_at <= LET_GO_AFTER_MS

    def hear(self, now: int, packet: Packet, data: bytes | memoryview, events: Set[int]) -> Heard:
        """One packet in which a key may be. Sound waits until the detector has judged it; what it cannot hear is never free."""
        payload = data[packet.begins : packet.ends]
        if packet.payload_type in events:
            return self._hear_event(now, packet, payload)
        sound = self._ears.hear(packet.payload_type, payload)
        if sound is None:
            return Heard()
        digit, sounding = self._tones.hear(sound), self._tones.sounding
        if sounding:
            self._sounded_at = now
        late = self._ears.late(packet.payload_type)
        return Heard(digit=digit, free=self._held_back.put(now, bytes(data), len(sound), sounding=sounding, late=late))

    def _hear_event(self, now: int, packet: Packet, payload: bytes | memoryview) -> Heard:
        digit = self._keypad.hear(packet.ssrc, packet.timestamp, payload)
        events = parse_events(payload)
        if isinstance(events, NoEvent):
            return Heard()
        anew = digit is not None and not self._goes_on(now, packet, events[-1])
        self._sounded_at, self._event, self._unheard = now, events[-1], False
        return Heard(digit=digit, pressed_anew=anew)

    def _goes_on(self, now: int, packet: Packet, event: KeypadEvent) -> bool:
        """Some senders give each packet of a press a timestamp of its own: while nobody said that the key is up, it is the same
        press all the same, unless a marker begins another."""
        if self._unheard:
            return not packet.marker
        before = self._event
        if before is None or before.digit != event.digit or packet.marker or not self.are_held(now):
            return False
        return event.ended or not before.ended
