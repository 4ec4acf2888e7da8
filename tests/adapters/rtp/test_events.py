"""A key is told once a press, whatever packets of it arrive."""

from hypothesis import given, settings
from hypothesis import strategies as st

from rightcall.adapters.rtp.events import DIGITS, KeypadEvent, KeypadReader, NoEvent, parse_events
from tests.adapters.rtp.fakes import event


@given(st.binary(max_size=40))
@settings(max_examples=200)
def test_any_bytes_are_events_or_none(payload: bytes) -> None:
    found = parse_events(payload)
    assert isinstance(found, NoEvent) or len(found) * 4 == len(payload)


def test_all_sixteen_keys() -> None:
    for digit in DIGITS:
        assert parse_events(event(digit, ended=True, duration=800)) == (KeypadEvent(digit, True, 10, 800),)


def test_other_events_are_no_keys() -> None:
    assert isinstance(parse_events(bytes([16, 10, 0, 0])), NoEvent)  # flash
    assert isinstance(parse_events(b""), NoEvent)
    assert isinstance(parse_events(event("1")[:3]), NoEvent)


@given(st.lists(st.tuples(st.sampled_from(DIGITS), st.sets(st.integers(0, 7), min_size=1)), max_size=12))
@settings(max_examples=100)
def test_each_press_once_with_any_loss_and_repetition(presses: list[tuple[str, set[int]]]) -> None:
    reader, told = KeypadReader(), []
    for number, (digit, arriving) in enumerate(presses):
        for packet in sorted(arriving):
            heard = reader.hear(7, 1000 * number, event(digit, ended=packet >= 5, duration=160 * (packet + 1)))
            told += [] if heard is None else [heard]
    assert told == [digit for digit, _ in presses]
