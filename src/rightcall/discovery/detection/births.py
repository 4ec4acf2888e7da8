"""Days of birth: a date that a word or a column calls one."""

import re
from collections.abc import Iterator, Mapping

from rightcall.discovery.detection.context import Stance, months
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.national import is_day
from rightcall.discovery.detection.page import Judge, Page

_FIRST_YEAR, _LAST_YEAR = 1890, 2100
_NAMED = re.compile(r"(?<![\w])([0-9]{1,2})(?:\.|st|nd|rd|th)?[ -](?:of |de )?([^\W\d_]{3,12})\.?,?(?: de| del)?[ -]['’]?$")
_NAMED_FIRST = re.compile(r"(?<![\w])([^\W\d_]{3,12})\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ['’]?$")
_CLOCK = re.compile(r"[T ][0-9]{1,2}:[0-9]{2}")
_MIDNIGHT = re.compile(r"[T ](?:0?0:00(?::00(?:[.,]0+)?)?(?![0-9:]|[.,][0-9]| ?[AaPp][Mm])|12:00(?::00)? ?[Aa][Mm](?![^\W_]))")
"""As dates without a time are kept where there is no type for them, in whatever zone."""
_STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?=T[0-9]{2}:[0-9]{2})")
_OWN = re.compile(r"[:=][ \"'(]*$")
_FEW = 8
_SHORT, _SHORT_YEAR, _LONGEST_NAME = 3, 2, 60
_SIGNED = re.compile(
    r"\b(?:regards|cheers|thanks|thank you|faithfully|sincerely|mvh|hälsningar|hilsen|vh|lg|mfg|cordialement|merci"
    r"|gr(?:üße|üßen|uß)|danke|tak|tack)[ ,!.]{1,3}\n?[^\W\d_][\w'’-]*(?: [^\W\d_][\w'’-]*){1,3} \($",
    re.IGNORECASE,
)


def date_of_birth(page: Page, start: int, end: int) -> Finding | None:
    """In digits, the year first or last."""
    if not page.mentions(Kind.DATE_OF_BIRTH, start) and not _is_signed(page, start, end):
        return None
    parts = [int(part) for part in re.split(r"\D", page.plain[start:end])]
    is_first = page.plain[start : start + 4].isdigit()
    year, month, day = parts if is_first else reversed(parts)
    if not is_first and end - start <= 8 and page.plain[end - 3 : end - 2] in "./- ":
        year += 1900
    is_date = is_day(year, month, day) or (not is_first and is_day(year, day, month))
    return _born(page, start, end) if is_date and _FIRST_YEAR <= year <= _LAST_YEAR and _may_have_time(page, start, end) else None


def stamped(page: Page) -> Iterator[Finding]:
    """With a T and a time of day, as computers write them."""
    if page.mentions_at_all(Kind.DATE_OF_BIRTH):
        for match in _STAMP.finditer(page.plain):
            start, end = match.span()
            if not page.plain[start - 1 : start].isalnum() and (found := date_of_birth(page, start, end)) is not None:
                yield found


def _may_have_time(page: Page, start: int, end: int) -> bool:
    """Midnight is no time that anybody told. Any other says that it is the time of something else, but under a head of its own or
    behind a label."""
    if _CLOCK.match(page.plain, end) is None or _MIDNIGHT.match(page.plain, end) is not None:
        return True
    label = page.label(start, end)
    if label is None or not label.is_last:
        return False
    return label.is_head or _OWN.search(page.plain, max(0, start - _FEW), start) is not None


def compact_date_of_birth(page: Page, start: int, end: int) -> Finding | None:
    if not page.mentions(Kind.DATE_OF_BIRTH, start):
        return None
    digits = page.plain[start:end]
    year_first = is_day(int(digits[:4] or "0") or 1, int(digits[4:6]), int(digits[6:]))
    year = int(digits[:4]) if year_first else int(digits[4:])
    is_date = year_first or (year > 0 and is_day(year, int(digits[2:4]), int(digits[:2])))
    return _born(page, start, end) if is_date and _FIRST_YEAR <= year <= _LAST_YEAR else None


def short_date_of_birth(page: Page, start: int, end: int) -> Finding | None:
    """Six digits, the year in two of them."""
    if not page.mentions(Kind.DATE_OF_BIRTH, start):
        return None
    first, second, third = (int(page.plain[place : place + 2]) for place in range(start, end, 2))
    is_date = is_day(1900 + third, second, first) or is_day(1900 + third, first, second) or is_day(1900 + first, second, third)
    return _born(page, start, end) if is_date else None


def date_with_month(page: Page, start: int, end: int) -> Finding | None:
    """With the month's name; `start` is where the year begins, of which two digits may stand there."""
    if not page.mentions(Kind.DATE_OF_BIRTH, start) and page.plain[end : end + 1] != ")":
        return None
    low = max(0, start - 32)
    match = _NAMED.search(page.written, low, start) or _NAMED_FIRST.search(page.written, low, start)
    if match is None:
        return None
    name, day = (match[2], match[1]) if match[1].isdigit() else (match[1], match[2])
    known = months()
    month = known.get(name.lower()) or known.get(name.lower()[:_SHORT] if len(name) <= _SHORT + 1 else "")
    year = int(page.plain[start:end]) + (1900 if end - start == _SHORT_YEAR else 0)
    if month is None or not is_day(year, month, int(day)) or not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    return _born(page, match.start(), end) if page.stands_alone(match.start(), end) else None


def _born(page: Page, start: int, end: int) -> Finding | None:
    if _is_signed(page, start, end):
        return _signed(page, start, end)
    label = page.label(start, end)
    if label is None or not label.is_near or label.is_behind or label.stance(Kind.DATE_OF_BIRTH) is not Stance.FOR:
        return None
    return page.weighed(Kind.DATE_OF_BIRTH, start, end, 0.7, "a date", needs_word=True)


def _is_signed(page: Page, start: int, end: int) -> bool:
    """In brackets behind the name under a letter, as "Thanks, Ann Lee (12/03/1980)"."""
    if page.plain[start - 1 : start] != "(" or page.plain[end : end + 1] != ")":
        return False
    return _SIGNED.search(page.plain, max(0, start - _LONGEST_NAME), start) is not None


def _signed(page: Page, start: int, end: int) -> Finding | None:
    why = "a date in brackets behind the name of whoever signs"
    return page.weighed(Kind.DATE_OF_BIRTH, start, end, 0.6, why)


_IN_GROUPS: Mapping[str, Judge] = {
    mark.join(groups): date_of_birth
    for mark in "-./"
    for groups in (
        ("4", "2", "2"),
        ("2", "2", "4"),
        ("1", "1", "4"),
        ("1", "2", "4"),
        ("2", "1", "4"),
        ("2", "2", "2"),
        ("1", "1", "2"),
        ("1", "2", "2"),
        ("2", "1", "2"),
        ("4", "1", "2"),
    )
} | {"8": compact_date_of_birth, "6": short_date_of_birth}
_WITH_GAPS: Mapping[str, Judge] = {
    f"{day}{mark}{month}{gap}{year}": date_of_birth
    for mark, gap in (("/", " "), (".", " "), ("/", "-"), (" ", " "))
    for day in "12"
    for month in "12"
    for year in ("4", "2")
    if year == "4" or mark == "/"
}
BIRTH_SHAPES: Mapping[str, Judge] = {**_IN_GROUPS, **_WITH_GAPS}
