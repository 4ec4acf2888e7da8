"""A round that fails is tried again after longer and longer."""

import pytest

from rightcall.worker.main import pause_after


@pytest.mark.parametrize(
    ("failures", "seconds", "pause"),
    [(0, 0.1, 0.1), (1, 0.1, 0.2), (3, 0.1, 0.8), (9, 0.1, 15.0), (5000, 0.1, 15.0), (2, 60.0, 60.0)],
)
def test_after_each_failure_the_pause_is_longer_up_to_a_bound(failures: int, seconds: float, pause: float) -> None:
    assert pause_after(failures, seconds) == pytest.approx(pause)
