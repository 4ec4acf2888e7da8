"""One RTP packet, read strictly (RFC 3550, section 5.1): any bytes become a packet or a named refusal, never an exception.

Deliberately not here: whether the packet is from whom it should be, is new, or may be kept. See `stream`.
"""

import struct
from dataclasses import dataclass
from enum import StrEnum

HEADER_BYTES = 12
LARGEST = 2048
VERSION = 2
HEADER = struct.Struct("!HHII")
_EXTENSION = struct.Struct("!HH")


class Refusal(StrEnum):
    """Why a packet was not taken. These are the labels in the metrics."""

    SHORT = "short"
    LARGE = "large"
    VERSION = "version"
    CONTRIBUTORS = "contributors"
    EXTENSION = "extension"
    PADDING = "padding"
    PAYLOAD_TYPE = "payload_type"
    STRANGER = "stranger"
    OTHER_SOURCE = "other_source"
    REPLAYED = "replayed"
    JUMP = "jump"
    FLOOD = "flood"
    NOT_AUTHENTIC = "not_authentic"


@dataclass(frozen=True, slots=True)
class Packet:
    """`begins` and `ends` bound the payload, padding excluded, counted from the packet's first byte."""

    payload_type: int
    marker: bool
    sequence: int
    timestamp: int
    ssrc: int
    begins: int
    ends: int


def parse(data: bytes | bytearray | memoryview, start: int = 0, end: int | None = None) -> Packet | Refusal:
    """The packet in `data[start:end]`."""
    length = (len(data) if end is None else end) - start
    if length < HEADER_BYTES:
        return Refusal.SHORT
    if length > LARGEST:
        return Refusal.LARGE
    word, sequence, timestamp, ssrc = HEADER.unpack_from(data, start)
    if word >> 14 != VERSION:
        return Refusal.VERSION
    begins = HEADER_BYTES + 4 * (word >> 8 & 0xF)
    if begins > length:
        return Refusal.CONTRIBUTORS
    if word & 0x1000:
        if begins + _EXTENSION.size > length:
            return Refusal.EXTENSION
        begins += _EXTENSION.size + 4 * _EXTENSION.unpack_from(data, start + begins)[1]
        if begins > length:
            return Refusal.EXTENSION
    ends = length
    if word & 0x2000:
        padding = data[start + length - 1]
        if padding == 0 or begins + padding > length:
            return Refusal.PADDING
        ends -= padding
    return Packet(word & 0x7F, bool(word & 0x80), sequence, timestamp, ssrc, begins, ends)
