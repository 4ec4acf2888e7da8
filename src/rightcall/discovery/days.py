"""The day that a cell of somebody else's table tells, as it counts for a term. Where it can be read in two ways it is none: a
term that is wrong is worse than one that is open."""

import re
from datetime import UTC, date, datetime

_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_YEAR_FIRST = re.compile(r"(\d{4})([-/.]?)(\d{2})\2(\d{2})(?!\d)")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")


def day_in(cell: str | None) -> date | None:
    """Year first, with or without a time; or year last, where it is plain which is the month. A time with an offset is that of
    UTC, as everything here."""
    text = (cell or "").strip()
    found = _moment(text) or _year_first(text) or _year_last(text)
    return found if found is not None and _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def _moment(text: str) -> date | None:
    """With a time of day and an offset."""
    if ":" not in text:
        return None
    try:
        found = datetime.fromisoformat(text)
        return found.date() if found.tzinfo is None else found.astimezone(UTC).date()
    except (ValueError, OverflowError):
        return None


def _year_first(text: str) -> date | None:
    found = _YEAR_FIRST.match(text)
    return None if found is None else _day(found[1], found[3], found[4])


def _year_last(text: str) -> date | None:
    """With dots the day is first; else either may be, unless one of them can be no month."""
    found = _YEAR_LAST.match(text)
    if found is None:
        return None
    day_first, month_first = _day(found[4], found[3], found[1]), _day(found[4], found[1], found[3])
    if found[2] == "." or month_first is None or month_first == day_first:
        return day_first
    return month_first if day_first is None else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
