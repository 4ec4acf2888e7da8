"""The form of a stored stream inside its sealed file: one record for each packet, as received.

    u32  milliseconds since the take was opened     u16  length of the packet     the RTP packet (RFC 3550), after SRTP

Big-endian, no padding, no header. A record that does not fit is never skipped: the bytes were authenticated before they
came here, so a wrong record means that something broke when they were written.
"""

import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rightcall.errors import Malformed, Tampered

_HEAD = struct.Struct(">IH")
HEAD_BYTES = _HEAD.size
RTP_HEADER_BYTES = 12
MAX_PACKET_BYTES = 4096
MAX_MILLISECONDS = 0xFFFF_FFFF
BLOCK_BYTES = 16 * 1024


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
        raise Malformed("A packet of sound has 12 to 4096 bytes. Drop what is no RTP packet before it is stored.")
    return _HEAD.pack(milliseconds, len(packet)) + packet


def unpack_parts(parts: Iterable[bytes], *, cut_short: bool = False) -> Iterator[StoredPacket]:
    """The packets in the order they were stored, from consecutive pieces; no more than one piece and one record is held in
    memory. `cut_short`: the file was cut off, so an unfinished last record is expected."""
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
    if not RTP_HEADER_BYTES <= length <= MAX_PACKET_BYTES:
        raise Tampered("A stored stream holds a record that is no packet. Stop, keep the bytes, and tell the DPO.")
    start = at + HEAD_BYTES
    if len(stored) - start < length:
        return None
    packet = stored[start : start + length]
    if packet[0] >> 6 != 2:
        raise Tampered("A stored stream holds a packet that is not RTP version 2. Stop, keep the bytes, and tell the DPO.")
    return StoredPacket(milliseconds=milliseconds, packet=packet)


def seek(read: Callable[[int, int], bytes], length: int, milliseconds: int) -> int:
    """Where the first record at or after `milliseconds` begins, reading only a few blocks. `read(start, length)` gives content.

    Records are of any length and no index is kept, so blocks are searched by halving, and within a block the records are found
    by following them: see `_synchronise`.
    """
    low, high = 0, length // BLOCK_BYTES
    while low < high:
        middle = (low + high + 1) // 2
        found = _synchronise(read, length, middle)
        if found is None or found[1] >= milliseconds:
            high = middle - 1
        else:
            low = middle
    start = 0
    if low:
        found = _synchronise(read, length, low)
        if found is None:
            raise Tampered("A stored stream cannot be followed where it could before. Stop, keep the bytes, and tell the DPO.")
        start = found[0]
    return _walk(read, length, start, milliseconds)


def _walk(read: Callable[[int, int], bytes], length: int, start: int, milliseconds: int) -> int:
    """From a record's beginning onward to the first at or after `milliseconds`."""
    at, block, base = start, b"", start
    while at < length:
        record = _record(block, at - base)
        if record is None:
            more = read(base + len(block), BLOCK_BYTES)
            if not more:
                return length
            block, base = block[at - base :] + more, at
            continue
        if record.milliseconds >= milliseconds:
            return at
        at += HEAD_BYTES + len(record.packet)
    return length


def _synchronise(read: Callable[[int, int], bytes], length: int, block: int) -> tuple[int, int] | None:
    """The beginning and moment of the first record that begins in `block` or later; None where the content ends before.

    What looks like a record inside a packet leads, followed on, either nowhere or to the end of that very packet. So the search
    begins a whole block earlier, four packets at the least, and what it followed there is not used. Someone who builds records
    into their own sound could make a search within that sound land elsewhere in it, and gains nothing by it.
    """
    wanted = block * BLOCK_BYTES
    base = max(0, wanted - BLOCK_BYTES)
    content = read(base, 3 * BLOCK_BYTES)
    ends = base + len(content) >= length
    for begin in range(BLOCK_BYTES):
        found = _follow(content, begin if base else 0, wanted - base, ends)
        if found is not None or not base:
            return None if found is None else (base + found[0], found[1])
    return None


def _follow(content: bytes, begin: int, wanted: int, ends: bool) -> tuple[int, int] | None:
    """Walks records from `begin` through `content`; the first at or after `wanted`. None where the walk is not one of records."""
    at, earlier, first = begin, 0, None
    while len(content) - at >= HEAD_BYTES:
        milliseconds, length = _HEAD.unpack_from(content, at)
        packet = at + HEAD_BYTES
        if not RTP_HEADER_BYTES <= length <= MAX_PACKET_BYTES or milliseconds < earlier:
            return None
        if packet < len(content) and content[packet] >> 6 != 2:
            return None
        if first is None and at >= wanted:
            first = (at, milliseconds)
        at, earlier = packet + length, milliseconds
    if ends and at != len(content):
        return None
    return first
