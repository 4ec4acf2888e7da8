"""The gate and everything before it, on real sockets: no yes, no byte; strangers, replays and floods change nothing."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rightcall.adapters.rtp import receiver as receiver_module
from rightcall.adapters.rtp.packet import LARGEST, Refusal
from rightcall.adapters.rtp.ports import PortPool
from rightcall.adapters.rtp.receiver import Receiver
from rightcall.adapters.rtp.spool import SealedTake, Spool
from rightcall.adapters.rtp.srtp import Opener, new_key
from rightcall.adapters.rtp.stream import MOST_A_SECOND, RtpStream, Terms
from rightcall.errors import NotConfigured, RecorderGone
from rightcall.ids import ControllerId, HoldingId, StreamId, new_id
from rightcall.recordings.packets import unpack
from rightcall.vault.model import ContentKey
from rightcall.vault.sealing import SealedReader, content_context
from tests.adapters.rtp.fakes import event, packets_of, rtp, silence, tone
from tests.adapters.rtp.test_srtp import sender
from tests.cast import MONDAY

HOST = "127.0.0.1"
CONTROLLER = ControllerId(new_id())
TERMS = Terms(payload_types=frozenset({0, 101}), events=frozenset({101}), networks=("127.0.0.1/32",))


class House:
    """A receiver, a phone and a stranger."""

    def __init__(self, spool: Spool) -> None:
        self.spool = spool
        self.digits: list[str] = []
        self.failed: list[StreamId] = []
        self.receiver = Receiver(
            HOST, PortPool(31000, 31999, rest_seconds=0), heard=lambda _, d: self.digits.append(d), failed=self.failed.append
        )
        self.phone, self.stranger = _socket(HOST), _socket("127.0.0.2")
        self.keys: dict[HoldingId, ContentKey] = {}

    def stream(self, terms: Terms = TERMS, opener: Opener | None = None) -> RtpStream:
        return self.receiver.add(StreamId(new_id()), terms, opener)

    def take(self) -> SealedTake:
        key = ContentKey(holding=HoldingId(new_id()), secret=os.urandom(32))
        self.keys[key.holding] = key
        return self.spool.begin(CONTROLLER, key, opened=receiver_module.monotonic_ms(), opened_at=MONDAY)

    def send(self, stream: RtpStream, *packets: bytes, by: socket.socket | None = None) -> None:
        for packet in packets:
            (by or self.phone).sendto(packet, (HOST, stream.port))
            self.receiver.drain()

    def stored(self, stream: RtpStream) -> list[bytes]:
        """Closes the gate and opens the file."""
        take = stream.close()
        assert take is not None
        file = take.store()
        sealed, key = file.path.read_bytes(), self.keys[take.holding]
        reader = SealedReader(
            key.secret, content_context(CONTROLLER, key.holding), lambda at, n: sealed[at : at + n], len(sealed), file.complete
        )
        return [record.packet for record in unpack(reader.read(0, reader.plain_length))]


def _socket(address: str) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind((address, 0))
    return made


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(Spool(tmp_path / "spool"))
    yield made
    for stream in list(made.receiver.streams.values()):
        take = stream.close()
        if take is not None:
            os.close(take.file.fd)
        made.receiver.remove(stream)
    made.phone.close()
    made.stranger.close()
    made.spool.close()


def test_a_closed_gate_stores_and_reads_nothing(house: House) -> None:
    stream = house.stream()
    house.send(stream, *(rtp(n, payload=b"planted words") for n in range(20)))
    assert stream.seen == 20
    assert bytes(stream._scratch[1:]) == bytes(LARGEST)
    assert house.spool.holdings() == []


def test_an_open_gate_stores_every_packet_as_it_came(house: House) -> None:
    stream = house.stream()
    stream.open(house.take())
    sent = [rtp(n, payload=os.urandom(160)) for n in range(65500, 65800)]
    house.send(stream, *sent)
    assert house.stored(stream) == sent


def test_what_waited_before_the_yes_is_never_stored(house: House) -> None:
    stream = house.stream()
    for n in range(5):
        house.phone.sendto(rtp(n, payload=b"before"), (HOST, stream.port))
    stream.open(house.take())
    house.send(stream, rtp(5, payload=b"after"))
    assert house.stored(stream) == [rtp(5, payload=b"after")]


def test_what_waits_when_the_gate_closes_is_never_stored(house: House) -> None:
    stream = house.stream()
    stream.open(house.take())
    house.send(stream, rtp(0))
    house.phone.sendto(rtp(1), (HOST, stream.port))
    assert house.stored(stream) == [rtp(0)]
    house.receiver.drain()
    assert stream.take is None


def test_strangers_are_dropped_and_counted(house: House) -> None:
    stream = house.stream()
    house.send(stream, rtp(0), by=house.stranger)
    stream.open(house.take())
    house.send(stream, rtp(0, payload=b"planted"), by=house.stranger)
    house.send(stream, rtp(1))
    other_port = _socket(HOST)
    house.send(stream, rtp(2, payload=b"planted"), by=other_port)
    other_port.close()
    assert stream.refused[Refusal.STRANGER] == 3
    assert house.stored(stream) == [rtp(1)]


def test_the_address_of_the_sdp_is_believed_and_no_other(house: House) -> None:
    stream = house.stream(Terms(payload_types=frozenset({0}), remote="127.0.0.2", networks=("127.0.0.0/8",)))
    stream.open(house.take())
    house.send(stream, rtp(0))
    house.send(stream, rtp(1), by=house.stranger)
    stream.agree(Terms(payload_types=frozenset({0}), remote=HOST))
    house.send(stream, rtp(2), by=house.stranger)
    house.send(stream, rtp(3))
    assert house.stored(stream) == [rtp(1), rtp(3)]


def test_without_address_or_network_nobody_is_believed(house: House) -> None:
    stream = house.stream(Terms(payload_types=frozenset({0})))
    stream.open(house.take())
    house.send(stream, rtp(0))
    assert house.stored(stream) == []


def test_only_negotiated_payload_types_pass(house: House) -> None:
    stream = house.stream()
    stream.open(house.take())
    house.send(stream, rtp(0), rtp(1, payload_type=8), rtp(2, payload_type=0, marker=True))
    assert stream.refused[Refusal.PAYLOAD_TYPE] == 1
    assert house.stored(stream) == [rtp(0), rtp(2, marker=True)]


def test_another_ssrc_is_believed_only_once_the_first_is_silent(house: House) -> None:
    stream = house.stream()
    stream.open(house.take())
    kept = [rtp(0), rtp(1), rtp(2)]
    house.send(stream, kept[0], rtp(50, ssrc=9), kept[1], rtp(51, ssrc=9), kept[2])
    assert stream.refused[Refusal.OTHER_SOURCE] == 2
    house.send(stream, rtp(52, ssrc=9), rtp(53, ssrc=9), rtp(54, ssrc=9), rtp(3))
    assert house.stored(stream) == [*kept, rtp(53, ssrc=9), rtp(54, ssrc=9)]


def test_a_replayed_packet_is_stored_once(house: House) -> None:
    stream = house.stream()
    stream.open(house.take())
    house.send(stream, rtp(10), rtp(12), rtp(11), rtp(11), rtp(12), rtp(10))
    assert stream.refused[Refusal.REPLAYED] == 3
    assert house.stored(stream) == [rtp(10), rtp(12), rtp(11)]


def test_a_flood_is_limited_and_harms_no_other_stream(house: House) -> None:
    flooded, other = house.stream(), house.stream()
    flooded.open(house.take())
    other.open(house.take())
    house.send(flooded, *(rtp(n) for n in range(2 * MOST_A_SECOND + 50)))
    muted = flooded.muted
    house.send(other, rtp(0))
    assert len(house.stored(flooded)) == MOST_A_SECOND
    assert house.stored(other) == [rtp(0)]
    house.receiver.tick()
    assert (muted, flooded.muted) == (True, False)
    assert flooded.left == MOST_A_SECOND


def test_a_strangers_flood_is_muted(house: House) -> None:
    stream = house.stream()
    house.send(stream, *(rtp(n) for n in range(2 * MOST_A_SECOND + 50)), by=house.stranger)
    assert stream.muted


@given(st.lists(st.binary(min_size=0, max_size=300), max_size=30))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_garbage_between_packets_changes_nothing(house: House, garbage: list[bytes]) -> None:
    stream = house.stream()
    stream.open(house.take())
    sent = [rtp(n) for n in range(len(garbage) + 1)]
    for packet, noise in zip(sent, garbage, strict=False):
        house.send(stream, packet, b"\x00" + noise)
    house.send(stream, sent[-1])
    assert house.stored(stream) == sent


_steps = st.lists(
    st.tuples(st.sampled_from([1, 1, 2]), st.sampled_from([1, 1, 1, 2, 0, -1, 5000]), st.booleans()), min_size=1, max_size=60
)


def _packets(steps: list[tuple[int, int, bool]]) -> list[bytes]:
    """Two sources that count for themselves, mostly in order."""
    counts, sent = {1: 65530, 2: 90}, []
    for ssrc, step, marker in steps:
        counts[ssrc] += step
        sent.append(rtp(counts[ssrc], ssrc=ssrc, payload_type=96, marker=marker))
    return sent


@given(_steps)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_fast_way_decides_as_the_strict_one(house: House, steps: list[tuple[int, int, bool]]) -> None:
    """The same packets through an open gate, and through one whose fast way is shut because somebody listens. Not G.711, since
    that would wait for the tone detector."""
    terms = Terms(payload_types=frozenset({96}), networks=("127.0.0.1/32",))
    fast, slow = house.stream(terms), house.stream(terms)
    for stream in (fast, slow):
        stream.open(house.take())
    slow.listen(True)
    packets = _packets(steps)
    house.send(fast, *packets)
    house.send(slow, *packets)
    assert fast.refused == slow.refused
    assert house.stored(fast) == house.stored(slow)


def test_keys_are_heard_only_while_a_question_is_pending(house: House) -> None:
    stream = house.stream()
    press = [rtp(n, payload_type=101, payload=event("1", ended=n > 1), timestamp=0) for n in range(4)]
    house.send(stream, *press)
    assert house.digits == []
    stream.listen(True)
    house.send(stream, *(rtp(10 + n, payload_type=101, payload=event("2"), timestamp=9000) for n in range(4)))
    stream.listen(False)
    house.send(stream, rtp(20, payload_type=101, payload=event("3"), timestamp=9900))
    assert house.digits == ["2"]
    assert not any(stream._scratch[12:])


def test_tones_are_heard_while_a_question_is_pending(house: House) -> None:
    stream = house.stream()
    stream.listen(True)
    house.send(stream, *(rtp(n, payload=part) for n, part in enumerate(packets_of(silence(40) + tone("4", 120) + silence(40)))))
    assert house.digits == ["4"]
    assert not any(stream._scratch)


def test_keys_heard_for_a_question_are_not_stored_though_the_gate_is_open(house: House) -> None:
    stream = house.stream()
    stream.open(house.take())
    stream.listen(True)
    key = rtp(1, payload_type=101, payload=event("1"), timestamp=160)
    house.send(stream, rtp(0), key, *(rtp(n) for n in range(2, 6)))
    stream.listen(False)
    later = rtp(6, payload_type=101, payload=event("5"), timestamp=960)
    house.send(stream, later)
    assert house.digits == ["1"]
    assert house.stored(stream) == [rtp(0), rtp(2), later]


@given(st.integers(0, 320), st.sampled_from([80, 160, 240]), st.sampled_from("158#"), st.integers(80, 130))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_tones_heard_for_a_question_are_not_stored_though_the_gate_is_open(
    house: House, before: int, each: int, digit: str, milliseconds: int
) -> None:
    """Wherever in a packet it begins and ends, no packet in which a tone sounds is stored; what is far from it is."""
    house.digits.clear()
    stream = house.stream()
    stream.open(house.take())
    stream.listen(True)
    begins, ends = 1600 + before, 1600 + before + 8 * milliseconds
    sound = silence(200) + b"\xff" * before + tone(digit, milliseconds) + silence(400)
    sent = {n: sound[n * each : (n + 1) * each] for n in range(len(sound) // each)}
    house.send(stream, *(rtp(n, payload=part) for n, part in sent.items()))
    kept = {packet: n for n, part in sent.items() for packet in [rtp(n, payload=part)]}
    stored = [kept[packet] for packet in house.stored(stream)]
    assert house.digits == [digit]
    assert [n for n in stored if n * each < ends and (n + 1) * each > begins] == []
    far = [
        n for n in sent if (n + 1) * each <= begins - 2 * 480 or (ends + 960 <= n * each and (n + 4) * each < len(sound) - 480)
    ]
    assert set(far) <= set(stored)
    assert stored == sorted(stored)


def test_what_the_detector_has_not_judged_is_never_stored(house: House) -> None:
    stream = house.stream()
    stream.open(house.take())
    stream.listen(True)
    house.send(stream, *(rtp(n, payload=part) for n, part in enumerate(packets_of(silence(100) + tone("7", 20)))))
    stream.listen(False)
    house.send(stream, rtp(6))
    assert house.stored(stream) == [rtp(0), rtp(1), rtp(2), rtp(6)]


def test_sound_that_no_detector_hears_passes_while_a_question_is_pending(house: House) -> None:
    stream = house.stream(Terms(payload_types=frozenset({0, 96}), networks=("127.0.0.1/32",)))
    stream.open(house.take())
    stream.listen(True)
    house.send(stream, rtp(0), rtp(1, payload_type=96), rtp(2, payload_type=96))
    assert house.stored(stream) == [rtp(1, payload_type=96), rtp(2, payload_type=96)]


def test_srtp_is_opened_before_it_is_judged_and_stored(house: House) -> None:
    suite = "AES_CM_128_HMAC_SHA1_80"
    key = new_key(suite)
    stream, phone = house.stream(opener=Opener(suite, key)), sender(suite, key)
    stream.open(house.take())
    sent = [rtp(n) for n in range(5)]
    house.send(stream, *(phone.protect(packet) for packet in sent))
    house.send(stream, rtp(5), sender(suite, new_key(suite)).protect(rtp(6)))
    assert stream.refused[Refusal.NOT_AUTHENTIC] == 2
    assert house.stored(stream) == sent


def test_srtp_opens_after_the_sequence_has_turned_behind_a_closed_gate(house: House) -> None:
    suite = "AES_CM_128_HMAC_SHA1_80"
    key = new_key(suite)
    stream, phone = house.stream(opener=Opener(suite, key)), sender(suite, key)
    for n in range(40000, 40000 + 40000):
        house.send(stream, phone.protect(rtp(n, payload=b"x")))
        stream.left = MOST_A_SECOND
    stream.open(house.take())
    house.send(stream, phone.protect(rtp(80000, payload=b"yes")))
    assert house.stored(stream) == [rtp(80000, payload=b"yes")]


def test_silence_is_told_once_and_lets_a_new_source_in(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000_000
    monkeypatch.setattr("rightcall.adapters.rtp.receiver.monotonic_ms", lambda: now)
    stream = house.stream()
    stream.open(house.take())
    house.send(stream, rtp(0))
    assert house.receiver.tick() == []
    now += 16_000
    assert house.receiver.tick() == [stream.id]
    assert house.receiver.tick() == []
    other_port = _socket(HOST)
    house.send(stream, rtp(1), by=other_port)
    other_port.close()
    assert len(house.stored(stream)) == 2


def test_rtcp_keeps_a_stream_alive_and_is_not_read(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000_000
    monkeypatch.setattr("rightcall.adapters.rtp.receiver.monotonic_ms", lambda: now)
    stream = house.stream()
    stream.open(house.take())
    house.send(stream, rtp(0))
    house.receiver.tick()
    now += 16_000
    house.phone.sendto(b"\x80\xc9\x00\x01....", (HOST, stream.port + 1))
    assert house.receiver.tick() == []


def test_a_disk_that_fails_is_told(house: House) -> None:
    stream = house.stream()
    take = house.take()
    stream.open(take)
    os.close(take.file.fd)
    take.file.fd = os.open("/dev/full", os.O_WRONLY)
    house.send(stream, *(rtp(n) for n in range(200)))
    while take.file.whole:
        os.sched_yield()
    house.receiver.tick()
    assert set(house.failed) == {stream.id}


def test_ports_in_use_are_passed_over_and_run_out_clearly() -> None:
    taken = _socket(HOST)
    first = taken.getsockname()[1] & ~1
    receiver = Receiver(HOST, PortPool(first, first + 1), heard=lambda *_: None, failed=lambda _: None)
    with pytest.raises(RecorderGone, match="RIGHTCALL_RTP_PORTS"):
        receiver.add(StreamId(new_id()), TERMS)
    taken.close()


def test_an_address_that_is_not_ours_is_a_mistake() -> None:
    receiver = Receiver("192.0.2.1", PortPool(31000, 31003), heard=lambda *_: None, failed=lambda _: None)
    with pytest.raises(NotConfigured, match="RIGHTCALL_RTP"):
        receiver.add(StreamId(new_id()), TERMS)
