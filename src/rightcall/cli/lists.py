"""Lists as tables: what it is first, the id that other commands take last. A program reads `--json`."""

import sys
from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rightcall.cli.words import printable

_BETWEEN = 2
_WHOLE = 1_000_000


def print_table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """On standard output, with a heading line; nothing where there is no row. On a terminal the table is no wider than that, with
    lines broken between words; where that is not enough, each row stands by itself, a line for each head. No id is broken."""
    cells = [[printable("" if each is None else str(each)) for each in row] for row in rows]
    if not cells:
        return
    columns = list(zip(heads, *cells, strict=True))
    width = Console().width if sys.stdout.isatty() else _WHOLE
    widths = _fitted(columns, width - _BETWEEN * (len(columns) - 1))
    print("\n".join(_table(columns, widths) if widths else _each_by_itself(heads, cells)))


def _fitted(columns: Sequence[Sequence[str]], width: int) -> list[int]:
    """How wide each is within `width`: as it is, else the widest made narrower, none narrower than its longest word. Empty where
    that is not enough."""
    widths = [max(map(cell_len, each)) for each in columns]
    least = [max(map(_longest_word, each)) for each in columns]
    if sum(least) > width:
        return []
    while sum(widths) > width:
        widest = max((each for each in range(len(columns)) if widths[each] > least[each]), key=lambda each: widths[each])
        widths[widest] -= 1
    return widths


def _longest_word(text: str) -> int:
    return max((cell_len(word) for word in text.split()), default=0)


def _table(columns: Sequence[Sequence[str]], widths: Sequence[int]) -> list[str]:
    table = Table(box=None, pad_edge=False, padding=(0, _BETWEEN, 0, 0), header_style="")
    for (head, *_), width in zip(columns, widths, strict=True):
        table.add_column(Text(head), width=width, overflow="fold")
    for row in zip(*(cells for _, *cells in columns), strict=True):
        table.add_row(*(Text(each) for each in row))
    paper = Console(width=_WHOLE, color_system=None, force_terminal=False, highlight=False)
    with paper.capture() as printed:
        paper.print(table)
    return [line.rstrip() for line in printed.get().splitlines()]


def _each_by_itself(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    wide = max(map(cell_len, heads))
    blocks = ([f"{head:<{wide}}  {each}" for head, each in zip(heads, row, strict=True) if each] for row in rows)
    return [line for number, block in enumerate(blocks) for line in ([""] if number else []) + block]
