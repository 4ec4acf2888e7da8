"""Which sequence numbers are new (RFC 3550, appendix A.1, with a window against replay as in RFC 3711, section 3.3.2)."""

from rightcall.adapters.rtp.packet import Refusal

WINDOW = 128
LARGEST_STEP = 3000
_SEEN = (1 << WINDOW) - 1
_TURN = 1 << 16


class ReplayWindow:
    """Of one SSRC. A jump is believed when the packet after it follows on: a source that restarted, not a stray packet."""

    __slots__ = ("_candidate", "_highest", "_seen")

    def __init__(self, first: int) -> None:
        self._highest = first
        self._seen = 1
        self._candidate = -1

    @property
    def expected(self) -> int:
        """The sequence number that would follow in order."""
        return (self._highest + 1) % _TURN

    def ran(self, packets: int) -> None:
        """That many packets were taken in order, elsewhere."""
        self._highest = (self._highest + packets) % _TURN
        self._seen = (self._seen << min(packets, WINDOW) | (1 << min(packets, WINDOW)) - 1) & _SEEN

    def take(self, sequence: int) -> Refusal | None:
        """None if it is new; it then counts as seen."""
        ahead = (sequence - self._highest) % _TURN
        if 0 < ahead <= LARGEST_STEP:
            self._seen = (self._seen << min(ahead, WINDOW) | 1) & _SEEN
            self._highest, self._candidate = sequence, -1
            return None
        behind = _TURN - ahead if ahead else 0
        if behind < WINDOW:
            if self._seen >> behind & 1:
                return Refusal.REPLAYED
            self._seen |= 1 << behind
            return None
        if sequence == self._candidate:
            self._highest, self._seen, self._candidate = sequence, 1, -1
            return None
        self._candidate = (sequence + 1) % _TURN
        return Refusal.JUMP
