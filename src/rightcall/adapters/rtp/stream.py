"""One stream as it is received: who is believed, which packets are new, and the gate.

The gate is closed unless a take is open. A closed gate reads two bytes of each packet, to take it off the socket and count it;
the kernel throws the rest away. The second says whether it is a key event: a key that is down when the gate opens, as after a
pause, is not stored until it is let go. Of a key that is sent as sound the closed gate knows nothing. Two exceptions, both
without a trace of the sound left behind: while a keypad question is pending for the party, packets are read for digits; and of
an SRTP stream some packets are authenticated, since libsrtp would else lose count of the sequence's turns (RFC 3711, section
3.3.1) and could open nothing later.

Who is believed: the address and port that the SDP names, always. Some clients send from another port than they name, so until
that source is heard, the first from a believed address is taken for it; whose turn that is is noted at the closed gate already,
so that nobody can wait there for the moment at which the gate opens. SRTP says by its keys who sends, and is noted by them alone.

While a question is pending and the gate is open for another purpose, keys are not stored: neither packets that carry key events,
nor sound in which a tone is (`keys`), and the last of them not before it is let go, whatever it answered. Nor is sound in a codec
in which nobody here hears tones: in such a codec only key events (RFC 4733) answer.
"""

import contextlib
import ipaddress
import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from rightcall.adapters.rtp.keys import LET_GO_AFTER_MS, NEVER, Keys
from rightcall.adapters.rtp.packet import HEADER, HEADER_BYTES, LARGEST, Packet, Refusal, parse
from rightcall.adapters.rtp.replay import ReplayWindow
from rightcall.adapters.rtp.spool import SealedTake
from rightcall.adapters.rtp.srtp import Opener
from rightcall.ids import StreamId

MOST_A_SECOND = 500
SRTP_EVERY = 64
_WAITING = 4096
Source = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was negotiated for a stream. `sounds` are the codecs in which tones can be heard, by payload type. `remote` and `port`
    are what the SDP names; without an address, one in `networks` is believed."""

    payload_types: frozenset[int]
    events: frozenset[int] = frozenset()
    sounds: tuple[tuple[int, str], ...] = ()
    remote: str | None = None
    port: int | None = None
    networks: tuple[str, ...] = ()
    held: bool = False

    def believes(self, address: str) -> bool:
        return address == self.remote if self.remote is not None else _within(address, self.networks)

    def names(self, source: Source) -> bool:
        """Whether the SDP names this very address and port."""
        return source[1] == self.port and source[0] == self.remote


class RtpStream:
    """The receiver's state of one m-line. `expected`, `left`, `ssrc`, `source`, `words` are what the fast way compares with."""

    __slots__ = (
        "_candidate",
        "_event_at",
        "_events",
        "_keys",
        "_letting_go",
        "_opener",
        "_ran_from",
        "_refused_before",
        "_scratch",
        "_seen_before",
        "_view",
        "_window",
        "expected",
        "heard",
        "id",
        "left",
        "listening",
        "lively_at",
        "muted",
        "plain",
        "port",
        "receive",
        "refused",
        "rtcp",
        "rtp",
        "seen",
        "source",
        "ssrc",
        "take",
        "terms",
        "unread",
        "words",
    )

    def __init__(
        self,
        identity: StreamId,
        rtp: socket.socket,
        rtcp: socket.socket,
        terms: Terms,
        opener: Opener | None = None,
    ) -> None:
        self.id = identity
        self.rtp, self.rtcp = rtp, rtcp
        self.port: int = rtp.getsockname()[1]
        self.receive = rtp.recvfrom_into
        self._opener = opener
        self.take: SealedTake | None = None
        self.listening = self._letting_go = False
        self.plain = False
        self.heard: Callable[[StreamId, str], None] | None = None
        self.refused: Counter[Refusal] = Counter()
        self._refused_before: Counter[Refusal] = Counter()
        self.seen = 0
        self.unread = 0
        self.left = MOST_A_SECOND
        self.muted = False
        self.lively_at = -1
        self._seen_before = 0
        self.source: Source | None = None
        self._scratch = bytearray(LARGEST + 1)
        self._view = memoryview(self._scratch)
        self._keys = Keys()
        self._event_at = NEVER
        self._window: ReplayWindow | None = None
        self.ssrc = self.expected = self._ran_from = -1
        self._candidate: tuple[int, int, int] | None = None
        self.terms = terms
        self.agree(terms)

    def agree(self, terms: Terms) -> None:
        """New terms, from the first offer or a later one. Another remote address or port means another source."""
        moved = (terms.remote, terms.port) != (self.terms.remote, self.terms.port)
        if self._hears and terms.sounds != self.terms.sounds:
            self._keys.start(dict(terms.sounds))
        if self.source is not None and (moved or not terms.believes(self.source[0])):
            self._forget_source()
        self.terms = terms
        self._events = terms.events
        self.words = frozenset(word | t for t in terms.payload_types for word in (0x8000, 0x8080))

    def rekey(self, opener: Opener | None) -> None:
        """A later offer brought another SRTP key, or none."""
        self._opener = opener
        self._choose_way()

    def open(self, take: SealedTake) -> None:
        """What waits in the socket, or for the tone detector, came before the yes: it is thrown away. So is the rest of a key
        that is down."""
        self._throw_away_waiting(take.opened)
        self._keys.drop()
        self.take = take
        if not self._hears and take.opened - self._event_at <= LET_GO_AFTER_MS:
            self._keys.join(dict(self.terms.sounds), self._event_at)
            self._letting_go = True
        self._choose_way()

    def close(self) -> SealedTake | None:
        """From now on nothing passes. The take that was open is sealed to its end and handed over."""
        self._keys.drop()
        take, self.take = self.take, None
        self._choose_way()
        if take is not None:
            take.finish()
        return take

    def listen(self, pending: bool) -> None:
        """Whether a keypad question is pending for the party. Once it is not, the key that answered it is waited out."""
        if pending and not self.listening and not self._letting_go:
            self._keys.start(dict(self.terms.sounds))
        self._letting_go = not pending and (self.listening or self._letting_go)
        self.listening = pending
        self._choose_way()

    def admits(self, data: bytes | bytearray | memoryview, start: int, length: int, source: Source) -> Packet | None:
        """The packet, if it is one, from the source we believe, and new. The fast way in `Receiver` decides the same for
        packets in order."""
        verdict = self._judge(data, start, length, source)
        if isinstance(verdict, Packet):
            return verdict
        self.refused[verdict] += 1
        return None

    def took_in_order(self) -> None:
        """Bookkeeping is left to here: how many packets went the fast way since the window was last looked at."""
        if self._window is not None:
            self._window.ran((self.expected - self._ran_from) % 65536)
            self._ran_from = self.expected

    def closed(self, now: int) -> None:
        """One packet at a gate that is closed, or not plain."""
        self.unread += 1
        if self._letting_go and not self._keys.are_held(now):
            self._let_go()
        if self._hears or self.take is not None or (self._opener is not None and self.unread % SRTP_EVERY == 1):
            self._read(now)
            return
        length, source = self.receive(self._view[:2])
        if self._believes(source):
            self.seen += 1
            self._note(source)
            self._note_event(now, length)
        else:
            self.refused[Refusal.STRANGER] += 1
        self.left -= 1

    def refused_anew(self) -> list[tuple[Refusal, int]]:
        """What was refused since this was last asked."""
        anew = self.refused - self._refused_before
        self._refused_before = self.refused.copy()
        return list(anew.items())

    def tick(self, now: int, silent_after: int) -> bool:
        """Once a second. Whether it has just become silent: the next believed source is then taken for the source."""
        if self.seen != self._seen_before or (self.take is not None and self.take.last > now - 1000) or self.lively_at < 0:
            self.lively_at, self._seen_before = now, self.seen
        self.took_in_order()
        self.left = MOST_A_SECOND
        if now - self.lively_at < silent_after or self.source is None:
            return False
        self._forget_source()
        return True

    def _judge(self, data: bytes | bytearray | memoryview, start: int, length: int, source: Source) -> Packet | Refusal:
        if not self._believes(source):
            self.left -= 1
            return Refusal.STRANGER
        if self.left <= 0:
            self.left -= 1
            return Refusal.FLOOD
        packet = parse(data, start, start + length)
        if isinstance(packet, Refusal):
            self.left -= 1
            return packet
        if packet.payload_type not in self.terms.payload_types:
            self.left -= 1
            return Refusal.PAYLOAD_TYPE
        self._speaks(source)
        refusal = self._new(packet)
        self.left -= 1
        if refusal is not None:
            return refusal
        self.seen += 1
        return packet

    def _new(self, packet: Packet) -> Refusal | None:
        """RFC 3550, appendix A.1: another SSRC is believed after two packets in order while the present one says nothing.
        A candidate is its SSRC, the sequence number that must follow, and how far the present one was then."""
        if self._window is None or packet.ssrc != self.ssrc:
            if self._window is not None and (packet.ssrc, packet.sequence, self.expected) != self._candidate:
                self._candidate = (packet.ssrc, (packet.sequence + 1) % 65536, self.expected)
                return Refusal.OTHER_SOURCE
            self.ssrc, self._window = packet.ssrc, ReplayWindow(packet.sequence)
        else:
            self.took_in_order()
            refusal = self._window.take(packet.sequence)
            if refusal is not None:
                return refusal
        self._candidate = None
        self.expected = self._ran_from = self._window.expected
        return None

    def _read(self, now: int) -> None:
        length, source = self.receive(self._view)
        try:
            self._careful(now, length, source)
        finally:
            self._scratch[:length] = bytes(length)

    def _careful(self, now: int, length: int, source: Source) -> None:
        """The slow way, for SRTP and while listening: into scratch memory, and from there into the take or nowhere."""
        data: bytes | memoryview = self._view[:length]
        if self._opener is not None:
            opened = self._authentic(bytes(data), source)
            if opened is None:
                return
            data = opened
        packet = None
        if self._hears or not self._follows(data, source):
            packet = self.admits(data, 0, len(data), source)
            if packet is None:
                return
        if self._hears and packet is not None:
            self._hear(now, packet, data)
        elif self.take is not None:
            self.take.put(now, bytes(data))
        if self._opener is not None and self.take is None:
            self._opener.wipe()

    def _follows(self, data: bytes | memoryview, source: Source) -> bool:
        """The fast way's question, of a packet that was decrypted: the next in order from the source that is believed."""
        if len(data) < HEADER_BYTES or source != self.source or self.left <= 0:
            return False
        word, sequence, _, ssrc = HEADER.unpack_from(data)
        if sequence != self.expected or ssrc != self.ssrc or word not in self.words:
            return False
        self.expected = (sequence + 1) & 0xFFFF
        self.left -= 1
        self.seen += 1
        return True

    def _authentic(self, data: bytes, source: Source) -> bytes | None:
        """Strangers and floods never reach the cipher."""
        if self._opener is None or self.left <= 0 or not self._believes(source):
            self.refused[Refusal.FLOOD if self.left <= 0 else Refusal.STRANGER] += 1
            self.left -= 1
            return None
        opened = self._opener.open(data)
        if isinstance(opened, Refusal):
            self.refused[opened] += 1
            self.left -= 1
            return None
        return opened

    @property
    def _hears(self) -> bool:
        return self.listening or self._letting_go

    def _hear(self, now: int, packet: Packet, data: bytes | memoryview) -> None:
        """Tells a digit, if there is one and it is asked for, and stores what carries no keys."""
        heard = self._keys.hear(now, packet, data, self._events)
        free = heard.free
        if self._letting_go and heard.pressed_anew:
            self._let_go()
            free = [(now, bytes(data))]
        if self.take is not None:
            for arrived, stored in free:
                self.take.put(arrived, stored)
        if heard.digit is not None and self.listening and self.heard is not None:
            self.heard(self.id, heard.digit)

    def _let_go(self) -> None:
        """The key that answered is up, or another is down, which answers nothing."""
        self._letting_go = False
        self._keys.drop()
        self._choose_way()

    def _believes(self, source: Source) -> bool:
        return source == self.source or self.terms.names(source) or (self.source is None and self.terms.believes(source[0]))

    def _note(self, source: Source) -> None:
        """Somebody we believe sends, while nothing may be kept. Of SRTP only what was authenticated counts."""
        if self._opener is None:
            self._speaks(source)

    def _note_event(self, now: int, length: int) -> None:
        """Whether a key is down, as the payload type says: which one it is stays unread."""
        if length == 2 and self._scratch[1] & 0x7F in self._events:
            self._event_at = now

    def _speaks(self, source: Source) -> None:
        if source != self.source:
            self._forget_source()
            self.source = source

    def _forget_source(self) -> None:
        self.source = None
        self.ssrc = self.expected = self._ran_from = -1
        self._window = self._candidate = None

    def _choose_way(self) -> None:
        """The fast way is for an open gate without SRTP where nobody listens for keys."""
        self.plain = self.take is not None and self._opener is None and not self._hears

    def _throw_away_waiting(self, now: int) -> None:
        with contextlib.suppress(OSError):
            for _ in range(_WAITING):
                length, source = self.receive(self._view[:2])
                if self._believes(source):
                    self._note(source)
                    self._note_event(now, length)


@lru_cache(maxsize=4096)
def _within(address: str, networks: tuple[str, ...]) -> bool:
    host = ipaddress.ip_address(address)
    return any(host in ipaddress.ip_network(network, strict=False) for network in networks)
