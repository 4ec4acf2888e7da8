"""What was stored comes back packet by packet; what is broken is Tampered, never silence."""

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rightcall.errors import Malformed, Tampered
from rightcall.recordings.packets import MAX_MILLISECONDS, MAX_PACKET_BYTES, StoredPacket, pack, seek, unpack_parts

NOISE = random.Random(7).randbytes(40_000)  # noqa: S311  # sound, not a secret


def rtp(payload: bytes) -> bytes:
    return b"\x80\x00" + bytes(10) + payload


PACKETS = st.lists(
    st.builds(
        StoredPacket,
        milliseconds=st.integers(0, MAX_MILLISECONDS),
        packet=st.binary(min_size=0, max_size=300).map(rtp),
    ),
    max_size=30,
)


def packed(packets: list[StoredPacket]) -> bytes:
    return b"".join(pack(each.milliseconds, each.packet) for each in packets)


@given(PACKETS, st.integers(1, 70))
@settings(max_examples=60)
def test_what_is_packed_comes_back_in_any_pieces(packets: list[StoredPacket], piece: int) -> None:
    stored = packed(packets)
    assert list(unpack_parts([stored])) == packets
    assert list(unpack_parts(stored[at : at + piece] for at in range(0, len(stored), piece))) == packets


@given(PACKETS.filter(bool), st.data())
@settings(max_examples=60)
def test_a_stream_that_ends_within_a_packet_says_so(packets: list[StoredPacket], data: st.DataObject) -> None:
    stored = packed(packets)
    whole = packed(packets[:-1])
    cut = data.draw(st.integers(len(whole) + 1, len(stored) - 1))
    with pytest.raises(Tampered):
        list(unpack_parts([stored[:cut]]))
    assert list(unpack_parts([stored[:cut]], cut_short=True)) == packets[:-1]


@given(st.binary(max_size=400))
@example(bytes(6))
@example(b"\x00\x00\x00\x00\x00\x0c" + b"\x40" + bytes(11))
@settings(max_examples=100)
def test_garbage_is_tampered_or_packets_of_rtp(garbage: bytes) -> None:
    try:
        packets = list(unpack_parts([garbage]))
    except Tampered:
        return
    assert packed(packets) == garbage
    assert all(packet.packet[0] >> 6 == 2 for packet in packets)


@pytest.mark.parametrize(
    ("milliseconds", "packet"),
    [(-1, rtp(b"")), (MAX_MILLISECONDS + 1, rtp(b"")), (0, bytes(11)), (0, rtp(bytes(MAX_PACKET_BYTES)))],
)
def test_what_does_not_fit_is_not_packed(milliseconds: int, packet: bytes) -> None:
    with pytest.raises(Malformed):
        pack(milliseconds, packet)


STRETCHES = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 1400), st.sampled_from([0, 0x80, 0x55, 0xFF, None])), max_size=250
)


@given(STRETCHES, st.integers(0, 16_000))
@settings(max_examples=60, deadline=None)
def test_seeking_finds_the_first_packet_at_or_after_a_moment(shape: list[tuple[int, int, int | None]], moment: int) -> None:
    packets, now = [], 0
    for later, length, fill in shape:
        now += later
        packets.append(
            StoredPacket(milliseconds=now, packet=rtp(NOISE[now : now + length] if fill is None else bytes([fill]) * length))
        )
    stored = packed(packets)
    start = seek(lambda at, length: stored[at : at + length], len(stored), moment)
    assert list(unpack_parts([stored[start:]])) == [each for each in packets if each.milliseconds >= moment]


def test_seeking_reads_a_few_blocks_of_a_long_stream() -> None:
    stored = b"".join(pack(20 * number, rtp(NOISE[number % 9_973 :][:160])) for number in range(50_000))
    read = []

    def fetch(at: int, length: int) -> bytes:
        read.append(len(stored[at : at + length]))
        return stored[at : at + length]

    start = seek(fetch, len(stored), 600_000)
    assert next(unpack_parts([stored[start : start + 178]])).milliseconds == 600_000
    assert sum(read) < len(stored) / 10
