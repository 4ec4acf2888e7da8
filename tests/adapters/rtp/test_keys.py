"""Keys are heard while a question is pending, and no sound of them is stored, not even after it."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rightcall.adapters.rtp.ears import Ears
from rightcall.adapters.rtp.keys import LET_GO_AFTER_MS
from rightcall.adapters.rtp.stream import Terms
from tests.adapters.rtp.fakes import encoded, event, packets_of, rtp, silence, tone
from tests.adapters.rtp.house import House


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


def test_the_rest_of_a_key_that_answered_is_not_stored(house: House, clock: list[int]) -> None:
    """The answer opens a gate while the key is still down. What follows is stored once nothing was heard of it for a while."""
    stream = house.stream()
    stream.listen(True)
    house.send(stream, rtp(0), rtp(1, payload_type=101, payload=event("1"), timestamp=160, marker=True))
    stream.listen(False)
    stream.open(house.take())
    rest = [rtp(n, payload_type=101, payload=event("1", ended=n > 30), timestamp=160) for n in range(2, 34)]
    for packet in rest:
        clock[0] += 20
        house.send(stream, packet)
    clock[0] += LET_GO_AFTER_MS + 1
    later = [rtp(40), rtp(41, payload_type=101, payload=event("5"), timestamp=6560), rtp(42)]
    house.send(stream, *later)
    assert house.digits == ["1"]
    assert stream.plain
    assert house.stored(stream) == later


def test_a_sender_that_moves_the_timestamp_within_a_press_has_nothing_of_it_stored(house: House, clock: list[int]) -> None:
    """Against RFC 4733, section 2.5.1.2, and seen. The same key once more, after it was let go, is another press."""
    stream = house.stream()
    stream.listen(True)
    house.send(stream, rtp(0, payload_type=101, payload=event("1"), timestamp=0, marker=True))
    stream.listen(False)
    stream.open(house.take())
    for n in range(1, 20):
        clock[0] += 20
        house.send(stream, rtp(n, payload_type=101, payload=event("1", ended=n > 16), timestamp=160 * n))
    assert stream.take is not None
    assert stream.take.packets == 0
    again = rtp(20, payload_type=101, payload=event("1"), timestamp=160 * 20, marker=True)
    house.send(stream, again)
    assert house.stored(stream) == [again]


def test_sound_beside_the_rest_of_a_key_is_stored(house: House, clock: list[int]) -> None:
    stream = house.stream()
    stream.open(house.take())
    stream.listen(True)
    sent = [rtp(n) if n % 2 else rtp(n, payload_type=101, payload=event("1"), timestamp=0) for n in range(40)]
    for n, packet in enumerate(sent):
        clock[0] += 20
        house.send(stream, packet)
        stream.listen(n < 5)
    assert house.stored(stream) == sent[1:-6:2]


def test_another_key_than_the_one_that_answered_is_stored(house: House) -> None:
    stream = house.stream()
    stream.listen(True)
    house.send(stream, rtp(0, payload_type=101, payload=event("1"), timestamp=0))
    stream.listen(False)
    stream.open(house.take())
    other = rtp(2, payload_type=101, payload=event("5"), timestamp=320)
    house.send(stream, rtp(1, payload_type=101, payload=event("1"), timestamp=0), other, rtp(3))
    assert house.digits == ["1"]
    assert house.stored(stream) == [other, rtp(3)]


@pytest.mark.parametrize("moving", [False, True])
def test_the_rest_of_a_key_that_was_down_before_the_gate_opened_is_not_stored(
    house: House, clock: list[int], moving: bool
) -> None:
    """A pause ends in the middle of a press. The closed gate knows of the press, and not which key it is."""
    stream = house.stream()
    press = [
        rtp(n, payload_type=101, payload=event("7", ended=n > 36), timestamp=160 * n if moving else 0, marker=n == 0)
        for n in range(40)
    ]
    for n, packet in enumerate(press):
        clock[0] += 20
        if n == 20:
            assert not any(stream._scratch[2:])
            stream.open(house.take())
        house.send(stream, packet)
    assert stream.take is not None
    assert stream.take.packets == 0
    clock[0] += LET_GO_AFTER_MS + 1
    later = [rtp(40), rtp(41, payload_type=101, payload=event("5"), timestamp=6560), rtp(42)]
    house.send(stream, *later)
    assert stream.plain
    assert house.digits == []
    assert house.stored(stream) == later


def test_a_key_that_waits_in_the_socket_when_the_gate_opens_is_down(house: House, clock: list[int]) -> None:
    stream = house.stream()
    house.phone.sendto(rtp(0, payload_type=101, payload=event("7"), timestamp=0, marker=True), ("127.0.0.1", stream.port))
    clock[0] += 20
    stream.open(house.take())
    house.send(stream, rtp(1, payload_type=101, payload=event("7"), timestamp=0))
    assert house.stored(stream) == []


def test_the_next_press_after_one_that_was_down_is_stored(house: House, clock: list[int]) -> None:
    """Its marker says that it is another."""
    stream = house.stream()
    house.send(stream, rtp(0, payload_type=101, payload=event("7", ended=True), timestamp=0))
    clock[0] += 60
    stream.open(house.take())
    new = [rtp(n, payload_type=101, payload=event("7"), timestamp=800, marker=n == 5) for n in range(5, 8)]
    house.send(stream, *new)
    assert house.stored(stream) == new


def test_without_a_key_that_is_down_the_gate_takes_the_fast_way_at_once(house: House, clock: list[int]) -> None:
    stream = house.stream()
    house.send(stream, rtp(0, payload_type=101, payload=event("7", ended=True), timestamp=0), b"\x80")
    clock[0] += LET_GO_AFTER_MS + 1
    house.send(stream, rtp(1))
    stream.open(house.take())
    assert stream.plain


def test_a_key_that_is_held_for_long_is_one_press(house: House, clock: list[int]) -> None:
    """Longer than an event can last: it goes on under another timestamp. Nor does it answer the next question."""
    stream = house.stream()
    stream.listen(True)
    house.send(stream, rtp(0, payload_type=101, payload=event("1"), timestamp=0))
    stream.listen(False)
    stream.listen(True)
    house.send(stream, rtp(1, payload_type=101, payload=event("1"), timestamp=0))
    house.send(stream, rtp(2, payload_type=101, payload=event("1"), timestamp=0xFFFF))
    stream.listen(False)
    stream.open(house.take())
    house.send(stream, rtp(3, payload_type=101, payload=event("1"), timestamp=0xFFFF))
    house.send(stream, rtp(4, payload_type=101, payload=event("1"), timestamp=2 * 0xFFFF))
    assert house.digits == ["1"]
    assert house.stored(stream) == []


@pytest.mark.parametrize("answered_at", [8, 12, 30])
def test_the_rest_of_a_tone_that_answered_is_not_stored(house: House, clock: list[int], answered_at: int) -> None:
    """A tone of 500 ms, its question over while it sounds: until it ends, not a packet of it is stored."""
    stream = house.stream()
    stream.listen(True)
    parts = list(packets_of(silence(60) + tone("4", 500) + silence(1000)))
    for n, part in enumerate(parts):
        if n == answered_at:
            stream.listen(False)
            stream.open(house.take())
        clock[0] += 20
        house.send(stream, rtp(n, payload=part))
    stored = house.stored(stream)
    assert house.digits == ["4"]
    assert not [n for n in range(3, 29) if rtp(n, payload=parts[n]) in stored]
    assert stored[-20:] == [rtp(n, payload=parts[n]) for n in range(len(parts) - 20, len(parts))]
    assert not stream._hears


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


@pytest.mark.parametrize("codec", ["G722", "OPUS"])
@pytest.mark.parametrize("offset_ms", [0, 5, 13])
@pytest.mark.parametrize("digit", "19#")
def test_tones_in_other_codecs_answer_and_are_not_stored(house: House, codec: str, offset_ms: int, digit: str) -> None:
    """Decoders are late by some samples: still no packet that was made of any of the tone is stored."""
    begins, ends = 300 + offset_ms, 300 + offset_ms + 110
    parts = encoded(codec, [("", begins), (digit, 110), ("", 500)])
    stream = house.stream(Terms(payload_types=frozenset({96}), sounds=((96, codec),), networks=("127.0.0.1/32",)))
    stream.open(house.take())
    stream.listen(True)
    sent = [rtp(n, payload_type=96, payload=part) for n, part in enumerate(parts)]
    house.send(stream, *sent)
    stored = [sent.index(packet) for packet in house.stored(stream)]
    assert house.digits == [digit]
    assert [n for n in stored if 20 * n < ends and 20 * (n + 1) > begins] == []
    assert {n for n in range(len(sent)) if 20 * (n + 1) < begins - 120 or ends + 160 < 20 * n < 20 * len(sent) - 120} <= set(
        stored
    )


def test_sound_in_which_nobody_hears_tones_waits_for_the_question_to_be_over(house: House) -> None:
    stream = house.stream(Terms(payload_types=frozenset({0, 96}), sounds=((0, "PCMU"),), networks=("127.0.0.1/32",)))
    stream.open(house.take())
    house.send(stream, rtp(0, payload_type=96))
    stream.listen(True)
    house.send(stream, rtp(1, payload_type=96), rtp(2), rtp(3, payload_type=96))
    stream.listen(False)
    house.send(stream, rtp(4, payload_type=96))
    assert house.stored(stream) == [rtp(0, payload_type=96), rtp(4, payload_type=96)]


@given(st.lists(st.binary(max_size=400), max_size=20))
@settings(max_examples=40, deadline=None)
def test_any_bytes_are_sound_or_none(payloads: list[bytes]) -> None:
    ears = Ears({0: "PCMU", 8: "PCMA", 9: "G722", 96: "OPUS"})
    for payload in payloads:
        for payload_type in (0, 8, 9, 96, 97):
            sound = ears.hear(payload_type, payload)
            assert sound is None or (np.abs(sound) < 8).all()


def test_another_offer_in_mid_question_names_other_codecs(house: House) -> None:
    stream = house.stream()
    stream.listen(True)
    stream.agree(Terms(payload_types=frozenset({96}), sounds=((96, "G722"),), networks=("127.0.0.1/32",)))
    parts = encoded("G722", [("", 60), ("5", 110), ("", 60)])
    house.send(stream, *(rtp(n, payload_type=96, payload=part) for n, part in enumerate(parts)))
    assert house.digits == ["5"]


def test_sound_that_waited_for_the_detector_before_the_yes_is_not_stored(house: House, clock: list[int]) -> None:
    stream = house.stream()
    stream.listen(True)
    for n in range(10):
        clock[0] += 20
        house.send(stream, rtp(n))
    house.send(stream, rtp(10, payload_type=101, payload=event("1"), timestamp=1600))
    clock[0] += 20
    stream.listen(False)
    stream.open(house.take())
    for n in range(11, 60):
        clock[0] += 20
        house.send(stream, rtp(n))
    stored = house.stored(stream)
    assert stored[0] == rtp(11)
    assert len(stored) >= 49 - 4


@pytest.mark.parametrize("listens_on", [True, False])
def test_with_tones_before_the_yes_nothing_from_before_it_reaches_the_take(
    house: House, clock: list[int], listens_on: bool
) -> None:
    stream = house.stream()
    stream.listen(True)
    parts = list(packets_of(silence(200) + tone("1", 120) + silence(1200)))
    opened_at = 14
    for n, part in enumerate(parts):
        if n == opened_at:
            stream.open(house.take())
            stream.listen(listens_on)
        clock[0] += 20
        house.send(stream, rtp(n, payload=part))
    kept = house.stored(stream)
    stored = [n for n in range(len(parts)) if rtp(n, payload=parts[n]) in kept]
    assert stored[0] > opened_at
    assert len(stored) > stored[-1] - stored[0] - 4
    assert stored[-1] >= len(parts) - 5
