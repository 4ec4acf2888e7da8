"""CSV and its kin: cells parted by comma, semicolon, tab, bar or unit separator; quotes that are doubled or escaped and may hold
line ends. Rows as they come, whatever their width.

A row's key is its number in the file (the heads are row 1) and a digest of its content, so that the same row is found again when
others before it have come or gone.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from rightcall.adapters.systems.formats.breaking import Break
from rightcall.adapters.systems.formats.decoding import decoded, encoding_of, text_of
from rightcall.adapters.systems.formats.dialect import Dialect, dialect_of, heads_of, split
from rightcall.adapters.systems.formats.keys import Equals, Known, identifying
from rightcall.adapters.systems.formats.limits import Limits
from rightcall.adapters.systems.formats.lines import Lines
from rightcall.adapters.systems.formats.model import Format, Head, Told, Within, ending_of
from rightcall.adapters.systems.formats.rows import batches, digest, is_sampled
from rightcall.adapters.systems.formats.stream import Stream
from rightcall.discovery.model import PassedOver, Reason
from rightcall.discovery.parts import Row

ENDINGS = (".csv", ".tsv", ".tab", ".psv")
_MOST_LINES = 1000
_MOST_OPEN = 3


def fits(head: Head) -> bool:
    return head.ending in ENDINGS and encoding_of(head.bytes) is not None


def parts(name: str, stream: Stream, within: Within) -> Told:
    lines = Lines(decoded(stream), within.limits.cell)
    records = records_of(name, stream, lines, within.limits)
    broken = Break()
    numbered = broken.before((records.number, record) for record in records)
    heads, ahead = heads_of(numbered, lambda one: one[1])
    yield from batches(name, heads, _rows(chain(ahead, numbered), heads, within.sample), lines.taken)
    if lines.is_cut or records.is_cut:
        yield PassedOver(object=name, reason=Reason.TOO_LONG)
    broken.tell()


def records_of(name: str, stream: Stream, lines: Lines, limits: Limits) -> "Records":
    """The records of these lines, in the dialect that the head of the stream is in."""
    dialect = dialect_of(text_of(stream.head()), ending_of(name)) or Dialect(",")
    return Records(lines, dialect, limits.cell, limits.columns)


def _rows(records: Iterable[tuple[int, list[str]]], heads: tuple[str, ...], sample: float) -> Iterator[Row]:
    equals, known, column = Equals(), Known(), identifying(heads)
    for number, cells in records:
        mark = digest(cells)
        if is_sampled(mark, sample):
            id = cells[column] if column is not None and column < len(cells) else None
            yield Row(f"{number}#{equals.told(mark)}", tuple(cells), known.by(id))


class Records(Iterator[list[str]]):
    """`number`: of the last, from 1. `source`: its lines as they stand in the file. A quote that is never closed is taken as it
    stands; where that goes on, all are."""

    def __init__(self, lines: Lines, dialect: Dialect, cell: int, columns: int) -> None:
        self._lines, self._dialect, self._cell, self._columns = lines, dialect, cell, columns
        self._never_closed = 0
        self.number, self.is_cut = 0, False
        self.source: list[str] = []

    def __next__(self) -> list[str]:
        self.number += 1
        return self._bounded(self._record())

    def _record(self) -> list[str]:
        cells: list[str] = []
        self.source = [next(self._lines)]
        rest = split(_bare(self.source[0]), self._dialect, cells, None)
        size = len(self.source[0])
        while rest is not None:
            line = next(self._lines, None)
            if line is None or len(self.source) >= _MOST_LINES or size > self._cell:
                return self._literally(line)
            self.source.append(line)
            size += len(line)
            rest.append(_end(self.source[-2]))
            rest = split(_bare(line), self._dialect, cells, rest)
        return cells

    def _literally(self, line: str | None) -> list[str]:
        """The first line alone, its quotes as they stand; the others are read anew."""
        first, *others = self.source
        self._lines.back(others if line is None else [*others, line])
        self._never_closed += 1
        plain = Dialect(self._dialect.delimiter, quote="")
        if self._never_closed >= _MOST_OPEN:
            self._dialect = plain
        cells: list[str] = []
        self.source = [first]
        split(_bare(first), plain, cells, None)
        return cells

    def _bounded(self, cells: list[str]) -> list[str]:
        if len(cells) <= self._columns:
            return cells
        self.is_cut = True
        return [*cells[: self._columns - 1], self._dialect.delimiter.join(cells[self._columns - 1 :])]


def _bare(line: str) -> str:
    return line.rstrip("\r\n")


def _end(line: str) -> str:
    return line[len(_bare(line)) :]


FORMAT = Format(
    name="CSV and TSV",
    fits=fits,
    parts=parts,
    endings=ENDINGS,
    reads="Every row under its heads; delimiter, quotes, encoding and heads (below titles too) by its content; rows of any width",
    leaves=(
        "Where a table has no heads and its first row is all words, that row is taken for heads; a row or cell longer than the"
        " limit is read in pieces, and told; old Macintosh line ends (CR alone) make one long row"
    ),
)
