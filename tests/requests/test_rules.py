"""The clocks of the laws: the one that is over first counts, and more time is taken once, before it is over."""

from datetime import date
from pathlib import Path

import pytest

from rightcall.errors import Breach
from rightcall.requests import clocks as reading
from rightcall.requests.clocks import clocks
from rightcall.requests.model import RequestKind
from rightcall.requests.rules import Span, days_of

EU, UK, CALIFORNIA = frozenset({"EU", "DK"}), frozenset({"UK"}), frozenset({"US", "US-CA"})


@pytest.mark.parametrize(
    ("received", "due", "longest"),
    [
        (date(2026, 11, 24), date(2026, 12, 24), date(2027, 2, 24)),
        (date(2026, 12, 31), date(2027, 1, 31), date(2027, 3, 31)),
        (date(2027, 1, 31), date(2027, 2, 28), date(2027, 4, 30)),
        (date(2028, 1, 30), date(2028, 2, 29), date(2028, 4, 30)),
        (date(2026, 11, 30), date(2026, 12, 30), date(2027, 2, 28)),
    ],
)
@pytest.mark.parametrize("places", [EU, UK, frozenset({"BR"})])
def test_a_request_is_due_in_a_month_and_in_three_at_the_most(
    received: date, due: date, longest: date, places: frozenset[str]
) -> None:
    days = days_of(clocks(), RequestKind.ACCESS, places, received)
    assert (days.due_on, days.longest_on, days.acknowledge_by) == (due, longest, None)


def test_california_acknowledges_in_ten_business_days_and_answers_in_45_and_in_90_at_the_most() -> None:
    days = days_of(clocks(), RequestKind.ERASURE, CALIFORNIA, date(2026, 11, 26))
    assert days.acknowledge_by == date(2026, 12, 10)
    assert (days.due_on, days.longest_on) == (date(2027, 1, 10), date(2027, 2, 24))
    assert days.law == "US-CA"
    assert "1798.130" in days.cite


def test_an_opt_out_in_california_has_fifteen_business_days_and_no_more() -> None:
    days = days_of(clocks(), RequestKind.OBJECTION, CALIFORNIA, date(2026, 11, 26))
    assert (days.due_on, days.longest_on) == (date(2026, 12, 17), date(2026, 12, 17))


def test_of_two_laws_each_day_is_the_one_that_comes_first() -> None:
    """Europe's month is over before California's 45 days; California's 90 before Europe's three months; it has its word."""
    days = days_of(clocks(), RequestKind.ACCESS, EU | CALIFORNIA, date(2026, 11, 26))
    assert days.law == "EU"
    assert (days.due_on, days.longest_on, days.acknowledge_by) == (date(2026, 12, 26), date(2027, 2, 24), date(2026, 12, 10))


@pytest.mark.parametrize("kind", RequestKind)
@pytest.mark.parametrize("places", [EU, UK, CALIFORNIA, frozenset[str]()])
def test_every_kind_has_a_clock_everywhere(kind: RequestKind, places: frozenset[str]) -> None:
    days = days_of(clocks(), kind, places, date(2026, 11, 26))
    assert date(2026, 11, 26) < days.due_on <= days.longest_on
    assert days.cite


def test_a_law_counts_from_the_day_it_is_in_force() -> None:
    assert days_of(clocks(), RequestKind.ACCESS, CALIFORNIA, date(2023, 3, 28)).law == "*"
    assert days_of(clocks(), RequestKind.ACCESS, CALIFORNIA, date(2023, 3, 29)).law == "US-CA"


@pytest.mark.parametrize(
    ("friday", "days", "then"), [(date(2026, 11, 27), 1, date(2026, 11, 30)), (date(2026, 11, 28), 5, date(2026, 12, 4))]
)
def test_no_weekend_is_a_business_day(friday: date, days: int, then: date) -> None:
    assert Span(business_days=days).after(friday) == then


def test_a_clock_without_a_cite_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = tmp_path / "clocks.toml"
    planted.write_text('[[clock]]\njurisdiction = "EU"\nkinds = ["access"]\nmonths = 9\nlast_checked = 2026-11-26\n')
    monkeypatch.setattr(reading, "_FILE", planted)
    clocks.cache_clear()
    try:
        with pytest.raises(Breach, match="no cite"):
            clocks()
    finally:
        clocks.cache_clear()
