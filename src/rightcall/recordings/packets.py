"""The form of a stored stream inside its sealed file: one record for each packet, as received.

    u32  milliseconds since the take was opened     u16  length of the packet     the RTP packet (RFC 3550), after SRTP

Big-endian, no padding, no header. A record that does not fit is never skipped: the bytes were authenticated before they
came here, so a wrong record means that something broke when they were written.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rightcall.errors import Malformed, Tampered

_HEAD = struct.Struct(">IH")
HEAD_BYTES = _HEAD.size
RTP_HEADER_BYTES = 12
MAX_PACKET_BYTES = 0xFFFF
MAX_MILLISECONDS = 0xFFFF_FFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPacket:
    """`packet` is the whole RTP packet. `milliseconds` since the take was opened."""

    milliseconds: int
    packet: bytes


def pack(milliseconds: int, packet: bytes) -> bytes:
    """One record."""
    if not 0 <= milliseconds <= MAX_MILLISECONDS:
        raise Malformed("A packet's moment lies within 49 days after its take was opened. Cut the take and open another.")
    if not RTP_HEADER_BYTES <= len(packet) <= MAX_PACKET_BYTES:
        raise Malformed("An RTP packet has 12 to 65535 bytes. Drop what is no RTP packet before it is stored.")
    return _HEAD.pack(milliseconds, len(packet)) + packet


def unpack(stored: bytes, *, cut_short: bool = False) -> Iterator[StoredPacket]:
    """The packets in the order they were stored. `cut_short`: the file was cut off, so an unfinished last record is expected."""
    return unpack_parts((stored,), cut_short=cut_short)


def unpack_parts(parts: Iterable[bytes], *, cut_short: bool = False) -> Iterator[StoredPacket]:
    """The same from consecutive pieces, holding no more than one piece and one record in memory."""
    rest = b""
    for part in parts:
        rest += part
        at = 0
        while (record := _record(rest, at)) is not None:
            yield record
            at += HEAD_BYTES + len(record.packet)
        rest = rest[at:]
    if rest and not cut_short:
        raise Tampered("A stored stream ends within a packet. Stop, keep the bytes, and tell the DPO.")


def _record(stored: bytes, at: int) -> StoredPacket | None:
    """The record at `at`; None where more bytes are needed."""
    if len(stored) - at < HEAD_BYTES:
        return None
    milliseconds, length = _HEAD.unpack_from(stored, at)
    if length < RTP_HEADER_BYTES:
        raise Tampered("A stored stream holds a record that is no packet. Stop, keep the bytes, and tell the DPO.")
    start = at + HEAD_BYTES
    if len(stored) - start < length:
        return None
    packet = stored[start : start + length]
    if packet[0] >> 6 != 2:
        raise Tampered("A stored stream holds a packet that is not RTP version 2. Stop, keep the bytes, and tell the DPO.")
    return StoredPacket(milliseconds=milliseconds, packet=packet)
