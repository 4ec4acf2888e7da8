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
    assert Tongue("fr").listed(["un", "deux", "trois"]) == "un, deux et trois"
