"""A sequence number is taken once, in whatever order it comes."""

from hypothesis import given, settings
from hypothesis import strategies as st

from rightcall.adapters.rtp.packet import Refusal
from rightcall.adapters.rtp.replay import LARGEST_STEP, WINDOW, ReplayWindow


@given(st.integers(0, 0xFFFF), st.lists(st.integers(-WINDOW + 1, 200), max_size=200))
@settings(max_examples=200)
def test_nothing_is_taken_twice(first: int, steps: list[int]) -> None:
    window = ReplayWindow(first)
    highest, taken = first, {first}
    for step in steps:
        number = highest + step
        refused = window.take(number % 65536)
        assert (refused is None) == (number not in taken)
        assert refused in (None, Refusal.REPLAYED)
        taken.add(number)
        highest = max(highest, number)


@given(st.integers(0, 0xFFFF), st.integers(0, 1000))
@settings(max_examples=100)
def test_counting_a_run_is_like_taking_each(first: int, run: int) -> None:
    counted, each = ReplayWindow(first), ReplayWindow(first)
    counted.ran(run)
    for step in range(1, run + 1):
        assert each.take((first + step) % 65536) is None
    assert counted.expected == each.expected
    for back in range(WINDOW):
        number = (first + run - back) % 65536
        assert counted.take(number) == each.take(number)


def test_a_jump_is_believed_when_the_next_packet_follows_on() -> None:
    window = ReplayWindow(100)
    far = 100 + LARGEST_STEP + 1
    assert window.take(far) is Refusal.JUMP
    assert window.take(far + 50) is Refusal.JUMP
    assert window.take(far + 51) is None
    assert window.take(far + 51) is Refusal.REPLAYED
