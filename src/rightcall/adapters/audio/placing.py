"""Puts stored packets where they belong in time: by their RTP timestamps (RFC 3550), not by when the network brought them.

A run is one source in one codec whose timestamps go on without a jump. Within it, order and gaps follow from the timestamps;
where it begins follows from when its packets arrived. Keypad events, comfort noise and broken packets carry no sound and are
left out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rightcall.adapters.rtp.packet import Packet, parse
from rightcall.recordings.model import Codec, Recorded
from rightcall.recordings.packets import StoredPacket

SOUND = ("PCMU", "PCMA", "G722", "OPUS")
_JUMP_MS = 2_000
_WRAP = 1 << 32
_HALF = 1 << 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """The payload of one packet, and its place in milliseconds from the beginning of the stretch."""

    at_ms: float
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    codec: str
    channels: int
    pieces: tuple[Piece, ...]


@dataclass(slots=True)
class _Open:
    """A run that is still growing. `base` is its first packet's timestamp, `last` the newest, both unwrapped; `offset` the least
    delay seen, so that one late packet does not shift the whole run."""

    codec: Codec
    ssrc: int
    base: int
    last: int
    offset: float
    payloads: dict[int, bytes]

    def place(self, timestamp: int) -> int:
        """The timestamp unwrapped to the turn that is nearest to the newest one."""
        return self.last + ((timestamp - self.last + _HALF) % _WRAP) - _HALF

    def since_base(self, timestamp: int) -> float:
        return (timestamp - self.base) * 1000 / self.codec.clock_rate


def runs(recorded: Recorded) -> list[Run]:
    """The runs of a stretch in the order they begin."""
    codecs = {codec.payload_type: codec for codec in recorded.codecs if codec.name.upper() in SOUND}
    closed = [_closed(run, recorded.start_ms) for run in _grow(recorded.packets, codecs)]
    return sorted((run for run in closed if run.pieces), key=lambda run: run.pieces[0].at_ms)


def _grow(packets: Iterable[StoredPacket], codecs: Mapping[int, Codec]) -> Iterator[_Open]:
    run: _Open | None = None
    for stored in packets:
        packet = parse(stored.packet)
        if not isinstance(packet, Packet) or packet.payload_type not in codecs or packet.begins == packet.ends:
            continue
        codec, payload = codecs[packet.payload_type], stored.packet[packet.begins : packet.ends]
        if run is None or not _continues(run, packet, codec, stored.milliseconds):
            if run is not None:
                yield run
            run = _Open(codec, packet.ssrc, packet.timestamp, packet.timestamp, stored.milliseconds, {})
        timestamp = run.place(packet.timestamp)
        run.payloads.setdefault(timestamp, payload)
        run.last = max(run.last, timestamp)
        run.offset = min(run.offset, stored.milliseconds - run.since_base(timestamp))
    if run is not None:
        yield run


def _continues(run: _Open, packet: Packet, codec: Codec, milliseconds: int) -> bool:
    if packet.ssrc != run.ssrc or codec != run.codec:
        return False
    expected = run.offset + run.since_base(run.place(packet.timestamp))
    return abs(milliseconds - expected) <= _JUMP_MS


def _closed(run: _Open, start_ms: int) -> Run:
    pieces = tuple(
        Piece(at_ms=max(0.0, run.offset + run.since_base(timestamp) - start_ms), payload=payload)
        for timestamp, payload in sorted(run.payloads.items())
    )
    return Run(codec=run.codec.name.upper(), channels=run.codec.channels, pieces=pieces)
