"""What the recorder's processes say to each other: orders to the media process, and its answers.

Deliberately not here: names, numbers, notices, keys of holdings. The media process reads what it may keep from the database;
an order only says where sound will come from, or that a decision has changed. SRTP keys (RFC 4568) do travel here, which is why
the line belongs on a loopback or otherwise private address.
"""

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec

PROTOCOL = 1


class Message(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Tagged with its own name on the line."""


class SrtpKey(msgspec.Struct, frozen=True, kw_only=True):
    """One direction's master key and salt, concatenated, as in an `a=crypto` line after decoding."""

    suite: str
    key: bytes

    def __repr__(self) -> str:
        return f"SrtpKey(suite={self.suite!r}, key=…)"


class CodecOffer(msgspec.Struct, frozen=True, kw_only=True):
    """One negotiated payload type. Packets of any other are dropped."""

    payload_type: int
    name: str
    clock_rate: int


class StreamOffer(msgspec.Struct, frozen=True, kw_only=True):
    """One m-line. `remote` and `port` are what the SDP names, where it names an address; `networks` is believed otherwise."""

    stream: UUID
    codecs: tuple[CodecOffer, ...]
    remote: str | None = None
    port: int | None = None
    networks: tuple[str, ...] = ()
    held: bool = False
    srtp: SrtpKey | None = None


class StreamPorts(msgspec.Struct, frozen=True, kw_only=True):
    """Where one stream is received. `srtp` is our own key, for the answer's `a=crypto` line."""

    stream: UUID
    rtp: int
    rtcp: int
    srtp: SrtpKey | None = None


class Hello(Message, frozen=True, kw_only=True, tag=True):
    """The first frame of every connection."""

    secret: bytes
    protocol: int = PROTOCOL

    def __repr__(self) -> str:
        return "Hello(…)"


class Allocate(Message, frozen=True, kw_only=True, tag=True):
    """Ports for the streams of a call. Asking again for a stream that has ports answers the same ports; so does the next start of
    a killed process, where they are free."""

    controller: UUID
    call: UUID
    streams: tuple[StreamOffer, ...]


class Update(Message, frozen=True, kw_only=True, tag=True):
    """The streams of a call as they are now (held, resumed, a new address, other codecs). Those not named stay as they are."""

    call: UUID
    streams: tuple[StreamOffer, ...]


class Settle(Message, frozen=True, kw_only=True, tag=True):
    """Read anew what may be kept of this call, and answer only when it holds."""

    controller: UUID
    call: UUID


class Release(Message, frozen=True, kw_only=True, tag=True):
    """The call is over: everything open is cut and the ports go back. Knows no unknown call: releasing twice is fine."""

    call: UUID


class Status(Message, frozen=True, kw_only=True, tag=True):
    """How is the media process?"""


class Welcome(Message, frozen=True, kw_only=True, tag=True):
    recorder: UUID
    started_at: datetime


class Allocated(Message, frozen=True, kw_only=True, tag=True):
    """`since`: when the process started that gave them. One that started later knows nothing of the call."""

    address: str
    since: datetime
    streams: tuple[StreamPorts, ...]


class Updated(Message, frozen=True, kw_only=True, tag=True):
    pass


class Settled(Message, frozen=True, kw_only=True, tag=True):
    """`holds` is False only where the decision could not be read; every gate of the call is then closed and `reason` says why."""

    at: datetime
    version: int
    opened: int
    closed: int
    holds: bool
    last_packet_at: datetime | None = None
    reason: str | None = None


class Released(Message, frozen=True, kw_only=True, tag=True):
    pass


class StatusReport(Message, frozen=True, kw_only=True, tag=True):
    recorder: UUID
    started_at: datetime
    calls: int
    streams: int
    open: int
    free_ports: int
    packets: int
    stored: int
    refused: int
    database_answers: bool
    silent: tuple[UUID, ...] = ()


class Refused(Message, frozen=True, kw_only=True, tag=True):
    """The order was not carried out. `kind` names the branch of `errors.py` that the client raises."""

    kind: str
    message: str


Order: TypeAlias = Hello | Allocate | Update | Settle | Release | Status
Answer: TypeAlias = Welcome | Allocated | Updated | Settled | Released | StatusReport | Refused
