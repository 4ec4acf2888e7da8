"""Years made by chance, from fixed seeds: nothing where nothing is, and exactly what was planted where something is.

Larger ones: `rightcall bench parity --json`.
"""

import pytest

from rightcall.bench.parity import Planted, year
from rightcall.ethics.model import Measure


def test_years_of_parity_raise_no_flag_while_an_uncorrected_dashboard_cries_wolf() -> None:
    years = [year(seed, 250, None) for seed in range(8)]
    assert [each.flags for each in years] == [{}] * 8
    assert sum(each.uncorrected for each in years) >= 7


@pytest.mark.parametrize(
    ("measure", "size"),
    [
        (Measure.WAITING, 1.8),
        (Measure.HANDLING, 0.65),
        (Measure.HANDLING, 1.5),
        (Measure.TRANSFERS, 2.0),
        (Measure.UNRESOLVED, 0.18),
        (Measure.HANG_UPS, 0.08),
    ],
)
def test_what_was_planted_is_found_and_nothing_else(measure: Measure, size: float) -> None:
    planted = Planted(purpose=1, measure=measure, size=size)
    found = year(21, 400, planted, weeks=16).flags
    assert set(found) == {(1, measure)}


def test_a_gap_that_begins_late_is_not_hidden_by_the_weeks_before() -> None:
    planted = Planted(purpose=1, measure=Measure.HANDLING, size=0.75, week=27)
    found = year(21, 400, planted, weeks=44).flags
    assert set(found) == {(1, Measure.HANDLING)}
    assert found[1, Measure.HANDLING] >= 27


def test_a_gap_that_favours_the_noes_is_no_detriment() -> None:
    assert year(21, 400, Planted(purpose=1, measure=Measure.WAITING, size=0.5), weeks=16).flags == {}
