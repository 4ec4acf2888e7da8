"""A table as a file to keep and reckon with: CSV (RFC 4180), its heads in the reader's tongue, or JSON (RFC 8259).

Rows are written as they come, so a file of millions takes no more memory than one of a hundred.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, islice

from starlette.responses import StreamingResponse

from rightcall.design.tables import Row, Shown, Value

KINDS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
_AT_ONCE = 500
"""Lines that are sent in one piece: each piece takes a way of its own through the server, and that is longer than writing one."""
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def file_of(shown: Shown[Row], kind: str, words: Callable[[str], str]) -> StreamingResponse:
    """`kind`: one of `KINDS`."""
    pieces = _in_pieces(lines_of(shown, kind, words))
    # What fails at once is told as a page, and not as a file that breaks off.
    begun = chain([next(pieces)], pieces)
    headers = {"Content-Disposition": f'attachment; filename="{shown.table.file}.{kind}"'}
    return StreamingResponse(begun, media_type=KINDS[kind], headers=headers)


def lines_of(shown: Shown[Row], kind: str, words: Callable[[str], str]) -> Iterator[str]:
    """All rows that are like what was asked, in the order that stands."""
    told = shown.table.told
    rows = ([each.of(row) for each in told] for row in shown.every())
    if kind == "csv":
        return _csv([words(each.head) for each in told], rows)
    return _json([each.name for each in told], rows)


def _in_pieces(lines: Iterator[str]) -> Iterator[str]:
    while piece := "".join(islice(lines, _AT_ONCE)):
        yield piece


def _csv(heads: list[str], rows: Iterable[Sequence[Value]]) -> Iterator[str]:
    """What a spreadsheet would take for a formula is written as text."""
    yield _line(heads)
    yield from (_line(row) for row in rows)


def _line(row: Iterable[Value]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([_cell(each) for each in row])
    return out.getvalue()


def _cell(value: Value) -> Value:
    if isinstance(value, date):
        return value.isoformat()
    return f"'{value}" if isinstance(value, str) and value.startswith(_BEGINS_A_FORMULA) else value


def _json(names: list[str], rows: Iterable[Sequence[Value]]) -> Iterator[str]:
    """One array, a row on each line."""
    before = "[\n"
    for row in rows:
        told = {name: value.isoformat() if isinstance(value, date) else value for name, value in zip(names, row, strict=True)}
        yield before + json.dumps(told, ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"
