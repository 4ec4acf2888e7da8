"""A table as a file to keep and reckon with: CSV (RFC 4180), its heads in the reader's tongue."""

import csv
import io
from collections.abc import Iterable, Sequence

from starlette.responses import Response

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table_file(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """`name`: of the file, in letters and hyphens of ours. What a spreadsheet would take for a formula is written as text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([_cell(each) for each in row] for row in rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_BEGINS_A_FORMULA) else value
