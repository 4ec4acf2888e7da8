"""Any bytes are a packet or a named refusal; what is read is what was written."""

import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from rightcall.adapters.rtp.packet import LARGEST, Packet, Refusal, parse
from tests.adapters.rtp.fakes import rtp


@given(st.binary(max_size=200))
@settings(max_examples=300)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    found = parse(data)
    if isinstance(found, Packet):
        assert data[0] >> 6 == 2
        assert 12 <= found.begins <= found.ends <= len(data)
    else:
        assert isinstance(found, Refusal)


@given(
    st.integers(0, 127),
    st.booleans(),
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFFFFFFFF),
    st.integers(0, 0xFFFFFFFF),
    st.lists(st.integers(0, 0xFFFFFFFF), max_size=15),
    st.none() | st.binary(max_size=40).map(lambda b: b[: len(b) // 4 * 4]),
    st.binary(max_size=60),
    st.integers(0, 255),
)
@settings(max_examples=200)
def test_what_was_written_is_read(
    payload_type: int,
    marker: bool,
    sequence: int,
    timestamp: int,
    ssrc: int,
    contributors: list[int],
    extension: bytes | None,
    payload: bytes,
    padding: int,
) -> None:
    first = 0x80 | len(contributors) | (0x10 if extension is not None else 0) | (0x20 if padding else 0)
    data = struct.pack("!BBHII", first, payload_type | (marker << 7), sequence, timestamp, ssrc)
    data += b"".join(struct.pack("!I", contributor) for contributor in contributors)
    if extension is not None:
        data += struct.pack("!HH", 0xBEDE, len(extension) // 4) + extension
    begins = len(data)
    data += payload + (bytes(padding - 1) + bytes([padding]) if padding else b"")
    found = parse(b"xx" + data + b"yy", 2, 2 + len(data))
    assert found == Packet(payload_type, marker, sequence, timestamp, ssrc, begins, begins + len(payload))


def test_each_refusal_has_its_packet() -> None:
    good = rtp(1)
    assert parse(good[:11]) is Refusal.SHORT
    assert parse(good + bytes(LARGEST)) is Refusal.LARGE
    assert parse(b"\x40" + good[1:]) is Refusal.VERSION
    assert parse(b"\x8f" + good[1:20]) is Refusal.CONTRIBUTORS
    assert parse(b"\x90" + good[1:14]) is Refusal.EXTENSION
    assert parse(b"\x90" + good[1:12] + b"\x00\x00\x00\x09") is Refusal.EXTENSION
    assert parse(b"\xa0" + good[1:12] + b"\x01\x00") is Refusal.PADDING
    assert parse(b"\xa0" + good[1:12] + b"\x01\x05") is Refusal.PADDING
