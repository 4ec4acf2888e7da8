"""The day that a cell tells."""

from datetime import date

import pytest

from rightcall.discovery.days import day_in


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-03-04", date(2026, 3, 4)),
        (" 2026-03-04 23:30:00 ", date(2026, 3, 4)),
        ("2026-03-04T23:30:00-05:00", date(2026, 3, 5)),
        ("2026-03-04 23:30:00.123456+00", date(2026, 3, 4)),
        ("2026-03-04T23:30:00Z", date(2026, 3, 4)),
        ("20260304", date(2026, 3, 4)),
        ("2026/03/04", date(2026, 3, 4)),
        ("4.3.2026", date(2026, 3, 4)),
        ("31/12/2026", date(2026, 12, 31)),
        ("12/31/2026", date(2026, 12, 31)),
        ("05/05/2026", date(2026, 5, 5)),
        ("03/04/2026", None),
        ("3-4-2026", None),
        ("31.02.2026", None),
        ("2026-02-30", None),
        ("0000-00-00 00:00:00", None),
        ("9999-12-31", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("20260304123", None),
        ("1772582400", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_a_day_is_told_where_there_is_no_doubt(cell: str | None, day: date | None) -> None:
    assert day_in(cell) == day
