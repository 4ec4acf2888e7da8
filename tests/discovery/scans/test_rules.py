"""What figures say: how long it takes, what a sample tells, and when a scan tells nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.discovery.ports import Load
from rightcall.discovery.scans.model import Amount, How, ObjectState, Progress, Unit
from rightcall.discovery.scans.rules import estimates, interval, sample_size, says_nothing, seconds_left
from rightcall.errors import Malformed


@pytest.mark.parametrize(
    ("hits", "tries", "least", "most"),
    [(0, 10, 0.0, 0.3085), (10, 10, 0.6915, 1.0), (1, 20, 0.0013, 0.2487), (50, 100, 0.3983, 0.6017), (3, 2000, 0.0003, 0.0044)],
)
def test_the_interval_is_clopper_and_pearson_s(hits: int, tries: int, least: float, most: float) -> None:
    """As tables and other programs have it."""
    assert interval(hits, tries) == pytest.approx((least, most), abs=6e-5)


@given(st.integers(1, 3000).flatmap(lambda tries: st.tuples(st.integers(0, tries), st.just(tries))))
def test_the_interval_holds_what_was_seen(figures: tuple[int, int]) -> None:
    hits, tries = figures
    least, most = interval(hits, tries)
    assert 0 <= least <= hits / tries <= most <= 1
    assert most - least > 0


def test_an_interval_of_nothing_is_none() -> None:
    for hits, tries in ((0, 0), (3, 2), (-1, 2)):
        with pytest.raises(ValueError, match="at least one try"):
            interval(hits, tries)


def test_an_estimate_for_each_type() -> None:
    [one] = estimates(Unit.ROWS, 10, {"phone": 10})
    assert (one.type, one.with_it, one.looked_at, one.most) == ("phone", 10, 10, 1.0)


@pytest.mark.parametrize(
    ("done", "taken", "left", "expected"),
    [
        (Amount(objects=1, size=100, seconds=2.0), Amount(objects=1, size=100), Amount(objects=8, size=800), 18.0),
        (Amount(objects=1, size=100, seconds=2.0), Amount(), Amount(objects=9, size=900), None),
        (Amount(objects=1, size=100, seconds=2.0), Amount(objects=2, size=200), Amount(objects=7, size=700), 9.0),
        (Amount(objects=2, seconds=2.0), Amount(objects=1), Amount(objects=7), 8.0),
        (Amount(objects=2, size=10, seconds=2.0), Amount(objects=1), Amount(objects=7), 8.0),
        (Amount(objects=1, size=10, seconds=2.0), Amount(), Amount(objects=2, size=3_000_000), None),
        (Amount(objects=1, size=100), Amount(), Amount(objects=9, size=900), None),
        (Amount(), Amount(), Amount(objects=8), None),
        (Amount(objects=2, seconds=2.0), Amount(), Amount(), 0.0),
        (Amount(), Amount(objects=1, size=800, bytes=200, seconds=4.0), Amount(objects=1, size=200), 16.0),
        (Amount(), Amount(objects=1, size=800, bytes=800, seconds=4.0), Amount(objects=1, size=200), 1.0),
        (
            Amount(objects=2, size=8, seconds=4.0),
            Amount(objects=1, size=8, bytes=90, seconds=9.0),
            Amount(objects=1, size=2),
            4.0,
        ),
        (Amount(objects=2, size=8, seconds=4.0), Amount(objects=1, size=8, bytes=90, seconds=9.0), Amount(), None),
    ],
)
def test_time_left_is_told_by_bytes_where_they_are_known_and_not_before_a_share_was_read(
    done: Amount, taken: Amount, left: Amount, expected: float | None
) -> None:
    amounts = {ObjectState.READ: done, ObjectState.TAKEN: taken, ObjectState.WAITING: left}
    progress = Progress(amounts=amounts, skipped={}, inside={})
    assert seconds_left(progress) == expected
    assert progress.so_far.bytes == done.bytes + taken.bytes


def test_a_pause_keeps_the_pace_of_bytes_and_of_rows() -> None:
    assert Load(bytes=1000).pause(bytes=1000, rows=9, seconds=0.5) == 0.5
    assert Load(bytes=1000).pause(bytes=1000, rows=9, seconds=2.0) == 0.0
    assert Load(rows=10).pause(bytes=10**9, rows=20, seconds=0.5) == 1.5
    assert Load(bytes=1000, rows=10).pause(bytes=4000, rows=20, seconds=1.0) == 3.0
    assert Load().pause(bytes=10**9, rows=10**9, seconds=0.0) == 0.0


def test_of_two_limits_the_stricter_holds_and_those_who_read_share_it() -> None:
    assert Load(bytes=10, rows=5).within(Load(bytes=7)) == Load(bytes=7, rows=5)
    assert Load().within(Load(rows=3)) == Load(rows=3)
    assert not Load().within(Load()).is_limited
    assert Load(bytes=10, rows=1).shared(4) == Load(bytes=2, rows=1)


def test_a_sample_is_never_smaller_than_what_says_something() -> None:
    assert sample_size(10_000, 0.05) == 500
    assert sample_size(100, 0.05) == 30
    assert sample_size(7, 0.05) == 7


def figures(**objects: int) -> Progress:
    amounts = {ObjectState(state): Amount(objects=number, bytes=number) for state, number in objects.items()}
    return Progress(amounts=amounts, skipped={"not text": objects.get("skipped", 0)}, inside={}, seconds_left=None)


def test_a_scan_that_read_nothing_is_no_clean_bill() -> None:
    assert says_nothing(figures(read=1, skipped=5)) is None
    assert says_nothing(figures(unchanged=1)) is None
    assert "3 not text" in (says_nothing(figures(skipped=3)) or "")
    assert "nothing in this system" in (says_nothing(figures()) or "")
    empty = Progress(amounts={ObjectState.READ: Amount(objects=2)}, skipped={}, inside={}, seconds_left=None)
    assert "nothing in this system" in (says_nothing(empty) or "")


@pytest.mark.parametrize("wrong", [{"sample": 0.0}, {"sample": 1.0}, {"workers": 0}, {"workers": 65}])
def test_how_a_scan_cannot_be_done_is_a_mistake(wrong: dict[str, float]) -> None:
    with pytest.raises(Malformed):
        How(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [{"bytes": 0}, {"rows": 0}, {"bytes": -1}, {"rows": -1, "bytes": 5}])
def test_what_is_no_limit_is_a_mistake(wrong: dict[str, int]) -> None:
    with pytest.raises(Malformed):
        Load(**wrong)
