"""Rows of a table written as text, so that the same detectors look at them, and what was found told in rows and fields again.

A cell stands between tabs, its row on a line, and nothing in a cell looks like either: so every character keeps its place and a
finding's place is that in the cell as it came. A long cell is a text of its own under the head of its column: in its row it would
push the heads out of reach of the cells behind it.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from rightcall.discovery.parts import Row, Rows

DELIMITER = "\t"
LONG_CELL = 160
_MOST_TEXT = 1 << 16
_FLAT = str.maketrans(dict.fromkeys('\t\n\r\v\f"', " ") | {"\x85": " ", "\u2028": " ", "\u2029": " "})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Some rows as one text. `begins`: where each row's line begins in it."""

    text: str
    rows: tuple[Row, ...]
    begins: tuple[int, ...]

    def spans(self, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
        """Row, column, first and last character within the cell, of every cell that the stretch touches."""
        row = max(bisect_right(self.begins, start) - 1, 0)
        while row < len(self.begins) and self.begins[row] < end:
            at = self.begins[row]
            behind = self.begins[row + 1] - 1 if row + 1 < len(self.begins) else len(self.text)
            for column, cell in enumerate(self.text[at:behind].split(DELIMITER)):
                first, last = max(start, at), min(end, at + len(cell))
                if first < last:
                    yield row, column, first - at, last - at
                at += len(cell) + 1
            row += 1


def sheets(part: Rows) -> Iterator[Sheet]:
    """The batch in stretches of bounded text, whole rows each. Long cells are left empty here."""
    lines: list[str] = []
    rows: list[Row] = []
    size = 0
    for row in part.rows:
        line = DELIMITER.join(_short(cell) for cell in row.cells)
        if lines and size + len(line) > _MOST_TEXT:
            yield _sheet(lines, rows)
            lines, rows, size = [], [], 0
        lines.append(line)
        rows.append(row)
        size += len(line) + 1
    if lines:
        yield _sheet(lines, rows)


def long_cells(part: Rows) -> Iterator[tuple[Row, int, str]]:
    """Row, column and text of each cell that is a text of its own."""
    for row in part.rows:
        for column, cell in enumerate(row.cells):
            if cell is not None and len(cell) > LONG_CELL:
                yield row, column, cell


def _short(cell: str | None) -> str:
    return "" if cell is None or len(cell) > LONG_CELL else cell.translate(_FLAT)


def _sheet(lines: Sequence[str], rows: Sequence[Row]) -> Sheet:
    begins = accumulate((len(line) + 1 for line in lines[:-1]), initial=0)
    return Sheet(text="\n".join(lines), rows=tuple(rows), begins=tuple(begins))
