"""Days of birth as ISO 8601, however they are written, and as some national ids tell them.

Digits with the day or the month first are read as the regions write them: the United States the month first, all others the day
first. With dots the day is first everywhere. Where the regions do not settle it and both readings are days, both are given. A
year of two digits is of the last century from 30 on, else of either.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date

from stdnum.dk import cpr
from stdnum.exceptions import ValidationError
from stdnum.se import personnummer

from rightcall.discovery.detection.context import months
from rightcall.discovery.detection.model import Kind

_NUMERIC = re.compile(r"([0-9]{1,4})([./-])([0-9]{1,2})\2([0-9]{1,4})")
_COMPACT = re.compile(r"[0-9]{8}")
_WORDS = re.compile(r"[^\W\d_]{3,12}|[0-9]{1,4}")
_HETU = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})([-+A-FU-Y])[0-9]{3}[0-9A-Y]", re.I)
_CENTURIES = {"+": 1800, **dict.fromkeys("-UVWXY", 1900), **dict.fromkeys("ABCDEF", 2000)}
_MONTH_FIRST = frozenset({"US"})
_SHORT_YEAR_FROM = 30
_FIRST_YEAR, _LAST_YEAR = 1890, 2100


def read(text: str, regions: Sequence[str] = ()) -> tuple[str, ...]:
    """Every day that it may be, as YYYY-MM-DD; none where it is no day."""
    written = text.strip()
    numeric = _NUMERIC.fullmatch(written)
    if numeric is not None:
        first, mark, middle, last = numeric.groups()
        days = _numeric(first, middle, last, () if mark == "." else regions, is_dotted=mark == ".")
    elif _COMPACT.fullmatch(written):
        days = [*_days(written[:4], written[4:6], written[6:]), *_days(written[4:], written[2:4], written[:2])][:1]
    else:
        days = list(_with_month(written))
    return tuple(dict.fromkeys(days))


def in_national_id(type: str, value: str) -> tuple[str, ...]:
    """Only from numbers that tell the century. None where they do not hold a day."""
    bare = "".join(value.split())
    if type == Kind.FI_HETU and (match := _HETU.fullmatch(bare)):
        year = _CENTURIES[match[4].upper()] + int(match[3])
        return tuple(_days(str(year), match[2], match[1]))
    with suppress(ValidationError, ValueError):
        if type == Kind.DK_CPR:
            return (cpr.get_birth_date(bare).isoformat(),)
        if type == Kind.SE_PERSONNUMMER and len("".join(filter(str.isdigit, bare))) == 12:
            return (personnummer.get_birth_date(bare).isoformat(),)
    return ()


def _numeric(first: str, middle: str, last: str, regions: Sequence[str], *, is_dotted: bool) -> list[str]:
    if len(first) == 4:
        return list(_days(first, middle, last))
    month_first = [each in _MONTH_FIRST for each in regions] or [False, True]
    orders = {False} if is_dotted else set(month_first)
    days = [day for order in sorted(orders) for day in _days(last, *((first, middle) if order else (middle, first)))]
    return days or list(_days(last, first, middle)) or list(_days(last, middle, first))


def _with_month(text: str) -> Iterator[str]:
    words = _WORDS.findall(text.lower())
    known = months()
    named = [known[key] for word in words if (key := word if word in known else word[:3]) in known and not word.isdigit()]
    numbers = [word for word in words if word.isdigit()]
    if len(named) == 1 and len(numbers) == 2:
        day, year = sorted(numbers, key=len) if len(numbers[0]) == 4 else numbers
        yield from _days(year, str(named[0]), day)


def _days(year: str, month: str, day: str) -> Iterator[str]:
    short = int(year)
    years = [short] if len(year) == 4 else [1900 + short, *([2000 + short] if short < _SHORT_YEAR_FROM else [])]
    for each in years:
        if _FIRST_YEAR <= each <= _LAST_YEAR:
            with suppress(ValueError):
                yield date(each, int(month), int(day)).isoformat()
