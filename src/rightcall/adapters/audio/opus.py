"""Opus as received, in an Ogg file (RFC 7845) made in memory: no sample is decoded; gaps are filled with silent packets."""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from rightcall.adapters.audio.placing import Piece

_RATE = 48_000
_SERIAL = 1
# CELT, fullband, mono, one frame (RFC 6716, section 3.1), which decodes to silence: of 20, 10, 5 and 2.5 milliseconds.
_SILENCE = ((960, b"\xf8\xff\xfe"), (480, b"\xf0\xff\xfe"), (240, b"\xe8\xff\xfe"), (120, b"\xe0\xff\xfe"))
_SILK_FRAMES = (480, 960, 1920, 2880)
_HYBRID_FRAMES = (480, 960)
_CELT_FRAMES = (120, 240, 480, 960)
_LONGEST = 5_760


@dataclass(frozen=True, slots=True, kw_only=True)
class OggOpus:
    body: bytes
    samples: int


def samples_of(packet: bytes) -> int | None:
    """How long a packet lasts, in samples at 48 kHz (RFC 6716, section 3.1); None where it is no Opus packet."""
    if not packet:
        return None
    config, code = packet[0] >> 3, packet[0] & 3
    frame = _frame(config)
    if code == 3:
        if len(packet) < 2:
            return None
        frames = packet[1] & 0x3F
    else:
        frames = 1 if code == 0 else 2
    return frame * frames if 0 < frame * frames <= _LONGEST else None


def _frame(config: int) -> int:
    if config < 12:
        return _SILK_FRAMES[config % 4]
    if config < 16:
        return _HYBRID_FRAMES[config % 2]
    return _CELT_FRAMES[config % 4]


def ogg_opus(pieces: Iterable[Piece], channels: int) -> OggOpus:
    """One logical stream. Gaps of 2.5 milliseconds and more are filled; a packet due before the last one ended follows it."""
    pages = [_page(0, 0, 2, [_head(channels)]), _page(1, 0, 0, [_tags()])]
    packets = list(_timed(pieces))
    position = 0
    for number, (packet, samples) in enumerate(packets):
        position += samples
        last = 4 if number == len(packets) - 1 else 0
        pages.append(_page(number + 2, position, last, [packet]))
    return OggOpus(body=b"".join(pages), samples=position)


def _timed(pieces: Iterable[Piece]) -> Iterator[tuple[bytes, int]]:
    """The packets with their length in samples, and silence where nothing came. What is no Opus packet is a gap."""
    position = 0
    for piece in pieces:
        samples = samples_of(piece.payload)
        if samples is None:
            continue
        missing = round(piece.at_ms * _RATE / 1000) - position
        for length, packet in _SILENCE:
            count, missing = divmod(missing, length) if missing > 0 else (0, missing)
            position += count * length
            yield from ((packet, length) for _ in range(count))
        position += samples
        yield piece.payload, samples


def _head(channels: int) -> bytes:
    return b"OpusHead" + struct.pack("<BBHIhB", 1, channels, 0, _RATE, 0, 0)


def _tags() -> bytes:
    vendor = b"rightcall"
    return b"OpusTags" + struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", 0)


def _page(number: int, position: int, flags: int, packets: list[bytes]) -> bytes:
    """One Ogg page (RFC 3533, section 6)."""
    lacing = b"".join(b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets)
    head = b"OggS" + struct.pack("<BBqII", 0, flags, position, _SERIAL, number)
    tail = bytes([len(lacing)]) + lacing + b"".join(packets)
    return head + struct.pack("<I", _checksum(head + bytes(4) + tail)) + tail


def _checksum(page: bytes) -> int:
    value, table = 0, _table()
    for byte in page:
        value = (value << 8) & 0xFFFF_FFFF ^ table[value >> 24 ^ byte]
    return value


@lru_cache(maxsize=1)
def _table() -> tuple[int, ...]:
    """CRC-32 with the polynomial 0x04C11DB7, not reflected."""
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1 ^ (0x04C1_1DB7 if value & 0x8000_0000 else 0)) & 0xFFFF_FFFF
        table.append(value)
    return tuple(table)
