"""Columns whose head says nothing (`x2`), told by what nearly all of their cells are: bare telephone numbers of countries that
write them without a zero before. A number by itself could be anything; a whole column of them, each in use there and none counted
on from another, is hardly that.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from rightcall.discovery.detection import danish, numbering
from rightcall.discovery.detection.context import Columns
from rightcall.discovery.detection.model import Finding, Kind

_BARE = ("DK", "NO", "FO", "GL", "IS", "ES", "PT", "PL", "CZ")
"""Where one dials no zero before."""
_NUMBER = re.compile(
    r"\s*((?:[2-9][0-9]{5,8})|(?:[2-9][0-9](?: [0-9]{2}){3})|(?:[2-9][0-9]{3} [0-9]{4})|(?:[2-9][0-9]{2}(?: [0-9]{3}){2}))\s*"
)
_DAY = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]|[0-3][0-9](?:0[1-9]|1[0-2])(?:19|20)[0-9]{2}")
_FEWEST, _SHARE, _FEWEST_BEGINNINGS, _BEGINNING = 8, 0.9, 5, 2
CONFIDENCE = 0.45


def phones(columns: Columns, rows: Sequence[Sequence[str | None]], regions: tuple[str, ...]) -> dict[tuple[int, int], Finding]:
    """By row and column, each in its cell."""
    where = [region for region in regions if region in _BARE]
    found: dict[tuple[int, int], Finding] = {}
    for column, label in enumerate(columns.labels if where else ()):
        if label is None:
            cells = {row: cells[column] or "" for row, cells in enumerate(rows) if column < len(cells) and cells[column]}
            found |= {(row, column): each for row, each in _numbers(cells, where).items()}
    return found


def _numbers(cells: dict[int, str], regions: Sequence[str]) -> dict[int, Finding]:
    matches = {row: match for row, cell in cells.items() if (match := _NUMBER.fullmatch(cell)) is not None}
    if len(matches) < _FEWEST or len(matches) < _SHARE * len(cells):
        return {}
    digits = {row: match[1].replace(" ", "") for row, match in matches.items()}
    in_use = {row: match for row, match in matches.items() if _may_be_phone(digits[row], regions)}
    if len(in_use) < _SHARE * len(matches) or not _are_scattered([digits[row] for row in in_use]):
        return {}
    why = f"a number in use in {' or '.join(regions)}, as nearly all of its column are, and no head calls them something else"
    return {
        row: Finding(start=match.start(1), end=match.end(1), type=Kind.PHONE, confidence=CONFIDENCE, why=why)
        for row, match in in_use.items()
    }


def _may_be_phone(digits: str, regions: Sequence[str]) -> bool:
    if _DAY.fullmatch(digits) or danish.HOURS.fullmatch(digits):
        return False
    return any(numbering.is_in_use(digits, region) for region in regions)


def _are_scattered(numbers: Sequence[str]) -> bool:
    """Numbers that are given out one after another rise, or begin alike."""
    values = [int(each) for each in dict.fromkeys(numbers)]
    rises = sum(one < other for one, other in pairwise(values))
    is_counted = rises >= _SHARE * (len(values) - 1) or rises <= (1 - _SHARE) * (len(values) - 1)
    beginnings = {each[:_BEGINNING] for each in numbers}
    return len(values) >= _FEWEST and not is_counted and len(beginnings) >= _FEWEST_BEGINNINGS
