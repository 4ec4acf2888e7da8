"""Rows of a table written as text, so that the same detectors look at them, and what was found told in rows and fields again.

A cell stands between tabs, its row on a line, and nothing in a cell looks like either: so every character keeps its place and a
finding's place is that in the cell as it came. A long cell is a text of its own under the head of its column: in its row it would
push the heads out of reach of the cells behind it.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rightcall.discovery.parts import Row, Rows

DELIMITER = "\t"
LONG_CELL = 160
_MOST_TEXT = 1 << 16
_FLAT = str.maketrans(dict.fromkeys('\t\n\r\v\f"', " ") | {"\x85": " ", "\u2028": " ", "\u2029": " "})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Some rows as one text. `starts`, `ends`, `cells`: where each cell lies in it, and which row and column that is."""

    text: str
    rows: tuple[Row, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    cells: tuple[tuple[int, int], ...]

    def spans(self, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
        """Row, column, first and last character within the cell, of every cell that the stretch touches."""
        at = max(bisect_right(self.starts, start) - 1, 0)
        while at < len(self.starts) and self.starts[at] < end:
            first, last = max(start, self.starts[at]), min(end, self.ends[at])
            if first < last:
                yield *self.cells[at], first - self.starts[at], last - self.starts[at]
            at += 1


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
    starts: list[int] = []
    ends: list[int] = []
    cells: list[tuple[int, int]] = []
    place = 0
    for row, line in enumerate(lines):
        at = place
        for column, cell in enumerate(line.split(DELIMITER)):
            starts.append(at)
            ends.append(at + len(cell))
            cells.append((row, column))
            at += len(cell) + 1
        place += len(line) + 1
    text = "\n".join(lines)
    return Sheet(text=text, rows=tuple(rows), starts=tuple(starts), ends=tuple(ends), cells=tuple(cells))
