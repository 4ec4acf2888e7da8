"""Which language somebody is answered in, and how it writes numbers and days."""

from datetime import UTC, date, datetime

import pytest

from rightcall.design.tongues import Tongue, tongue_for


@pytest.mark.parametrize(
    ("accepted", "chosen", "code"),
    [
        ("", "", "en"),
        ("de-AT,de;q=0.9,en;q=0.8", "", "de"),
        ("en;q=0.2, sv;q=0.9", "", "sv"),
        ("ja, da;q=0", "", "en"),
        ("de", "fi", "fi"),
        ("de", "xx", "de"),
        ("fr;q=often, nl;q=0.1", "", "nl"),
    ],
)
def test_the_wish_that_we_speak_is_answered(accepted: str, chosen: str, code: str) -> None:
    assert tongue_for(accepted, chosen=chosen).code == code


def test_numbers_days_and_moments_are_written_as_the_language_writes_them() -> None:
    at = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)
    assert Tongue("en").number(1234567) == "1,234,567"
    assert Tongue("de").number(1234567) == "1.234.567"
    assert Tongue("da").day(date(2026, 11, 26)) == "26. november 2026"
    assert Tongue("en", "Europe/Copenhagen").day(at) == "27 November 2026"
    assert Tongue("fr", "Europe/Copenhagen").zone_name == "heure d’Europe centrale"
    assert Tongue("de").moment(at) == "26. Nov. 2026 23:30"
    assert (Tongue("en", is_long=True).moment(at), Tongue("de", is_long=True).moment(at)) == (
        "26 November 2026 23:30",
        "26. November 2026 23:30",
    )
    assert Tongue("fi").instant(at) == "26.11.2026 23.30.00"
    assert Tongue("fr").zone_name == "UTC"
    assert Tongue("fr").listed(["un", "deux", "trois"]) == "un, deux et trois"
    assert [Tongue("fr").day(date(2026, 11, day)) for day in (1, 11, 21)] == [
        "1er novembre 2026", "11 novembre 2026", "21 novembre 2026",
    ]  # fmt: skip
    assert Tongue("fr").moment(datetime(2026, 11, 1, 9, 5, tzinfo=UTC)) == "1er nov. 2026 09:05"
    assert (Tongue("da").day(date(2026, 11, 1)), Tongue("de").month(date(2026, 11, 1))) == ("1. november 2026", "November 2026")
    assert (Tongue("fr").country("DK"), Tongue("fi").country("DK"), Tongue().country("ZZZ")) == ("Danemark", "Tanska", "ZZZ")
    assert (Tongue("fr").colon, Tongue("de").colon) == ("\u00a0:", ":")


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "29 Mar 2026 01:59"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "29 Mar 2026 03:00"),
        (datetime(2026, 10, 25, 0, 59, tzinfo=UTC), "25 Oct 2026 02:59"),
        (datetime(2026, 10, 25, 1, 0, tzinfo=UTC), "25 Oct 2026 02:00"),
    ],
)
def test_moments_are_told_by_the_clock_that_hangs_on_the_wall_there(at: datetime, told: str) -> None:
    assert Tongue("en", "Europe/Copenhagen").moment(at) == told
