"""How a table of delimited text is written: what parts its cells, how quotes are meant, and whether its first row is its
heads."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from rightcall.adapters.systems.formats.rows import named
from rightcall.discovery.detection.context import headed

DELIMITERS = ",;\t|\x1f"
_LINES = 40
_MOST_ABOVE = 10
T = TypeVar("T")
_SHARE = 0.7
_LONGEST_HEAD = 64
_DIGITS = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Dialect:
    """`escape` stands before a quote that is not the end; None where quotes are doubled. `quote` is empty where there are
    none."""

    delimiter: str
    quote: str = '"'
    escape: str | None = None


def split(line: str, dialect: Dialect, cells: list[str], open_cell: list[str] | None) -> list[str] | None:
    """Adds the line's cells to `cells`. What a quoted cell has so far where the line ends within it (it goes on in the next);
    `open_cell` is that of the line before."""
    at, size = 0, len(line)
    while True:
        if open_cell is None and not (dialect.quote and line.startswith(dialect.quote, at)):
            end = line.find(dialect.delimiter, at)
            cells.append(line[at:] if end < 0 else line[at:end])
            if end < 0:
                return None
            at = end + 1
            continue
        if open_cell is None:
            open_cell, at = [], at + 1
        closing = _closing(line, at, dialect, open_cell)
        if closing is None:
            return open_cell
        end = line.find(dialect.delimiter, closing)
        open_cell.append(line[closing : size if end < 0 else end])
        cells.append("".join(open_cell))
        open_cell = None
        if end < 0:
            return None
        at = end + 1


def _closing(line: str, at: int, dialect: Dialect, cell: list[str]) -> int | None:
    """Where the quoted cell's closing quote ends; its text goes to `cell`. None where it goes on in the next line."""
    while True:
        end = line.find(dialect.quote, at)
        if end < 0:
            cell.append(line[at:])
            return None
        if dialect.escape and end > at and line[end - 1] == dialect.escape:
            cell.append(line[at : end - 1] + dialect.quote)
            at = end + 1
        elif not dialect.escape and line.startswith(dialect.quote, end + 1):
            cell.append(line[at : end + 1])
            at = end + 2
        else:
            cell.append(line[at:end])
            return end + 1


def dialect_of(text: str, ending: str) -> Dialect | None:
    """From its first lines; None where no delimiter parts them evenly."""
    escape = "\\" if text.count('\\"') > text.count('""') else None
    delimiters = ("\t" + DELIMITERS) if ending in {".tsv", ".tab"} else DELIMITERS
    found = [(each, *_evenness(text, Dialect(each, escape=escape))) for each in delimiters]
    even = [(share, width, each) for each, share, width, parted in found if parted >= _SHARE and width > 1]
    return Dialect(max(even, key=lambda one: (round(one[0], 1), one[1]))[2], escape=escape) if even else None


def _evenness(text: str, dialect: Dialect) -> tuple[float, int, float]:
    """The share of records that have the commonest number of cells, that number, and the share of those with more than one."""
    widths, cells, rest = Counter[int](), [], None  # type: Counter[int], list[str], list[str] | None
    lines = text.split("\n")
    for line in lines[: min(_LINES, max(1, len(lines) - 1))]:
        rest = split(line, dialect, cells, rest)
        if rest is None:
            if any(cell.strip() for cell in cells):
                widths[len(cells)] += 1
            cells = []
    if not widths:
        return 0.0, 0, 0.0
    width, number = widths.most_common(1)[0]
    parted = sum(count for each, count in widths.items() if each > 1)
    return number / widths.total(), width, parted / widths.total()


def heads_of(records: Iterator[T], cells: Callable[[T], Sequence[str | None]]) -> tuple[tuple[str, ...], list[T]]:
    """A table's heads, () where it has none, and those of its first rows that are none. Titles and empty rows may stand above
    heads, which then must have a word that is known."""
    ahead: list[T] = []
    words: list[list[str]] = []
    for record in islice(records, _MOST_ABOVE):
        ahead.append(record)
        words.append([(cell or "").strip() for cell in cells(record)])
        if sum(map(bool, words[-1])) > 1:
            break
    if len(ahead) > 1 and are_heads(words[-1]) and sum(map(bool, words[-1])) > 1 and _is_known(words[-1]):
        return _as_heads(words[-1]), ahead[:-1]
    return (_as_heads(words[0]), ahead[1:]) if ahead and are_heads(words[0]) else ((), ahead)


def _as_heads(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(word or named(number) for number, word in enumerate(words, 1))


def _is_known(words: Sequence[str]) -> bool:
    return any(headed(words, "\t").labels)


def are_heads(cells: list[str]) -> bool:
    """Words that differ, none of which looks like a value."""
    words = [cell.strip() for cell in cells]
    filled = [word for word in words if word]
    return (
        len(filled) >= max(1, len(words) - 1)
        and len(set(filled)) == len(filled)
        and not any(len(word) > _LONGEST_HEAD or "@" in word or 2 * len(_DIGITS.findall(word)) > len(word) for word in filled)
    )
