"""What lies at one spot of an object, picked from what its source gives to be looked at: a row as JSON by its heads, else its
text."""

import json
from collections.abc import Iterable, Iterator

from rightcall.discovery.model import PassedOver
from rightcall.discovery.parts import Part, Prose, Row, Rows, steady
from rightcall.discovery.ports import Spot


def is_whole(spot: Spot) -> bool:
    return spot.row is None and spot.field is None and spot.start is None


def picked(spot: Spot, parts: Iterable[Part | PassedOver]) -> bytes | None:
    """In UTF-8; None where nothing lies there (any more). A row that moved in its file is told by what it says."""
    found, moved = list[str](), list[str]()
    for part in parts:
        found.extend(_at(spot, part))
        moved.extend(_moved(spot, part) if not found and not moved else ())
    found = found or moved
    return "\n".join(found)[spot.start : spot.end].encode("utf-8", "replace") if found else None


def _at(spot: Spot, part: Part | PassedOver) -> Iterator[str]:
    if isinstance(part, Prose):
        text = "".join(piece for _, piece in part.pieces) if _is_of(spot, part) else ""
        if text:
            yield text
    elif isinstance(part, PassedOver) or part.object != spot.object:
        return
    elif isinstance(part, Rows):
        for row in part.rows:
            if spot.row is None or row.key == spot.row:
                yield _row(part.heads, row, spot.field)
    elif spot.field in {None, part.field}:
        for number, turn in enumerate(part.turns, part.first):
            if spot.row is None or spot.row == str(number):
                yield turn.text


def _moved(spot: Spot, part: Part | PassedOver) -> Iterator[str]:
    if isinstance(part, Rows) and part.object == spot.object and spot.row is not None and steady(spot.row) != spot.row:
        same = next((row for row in part.rows if steady(row.key) == steady(spot.row)), None)
        if same is not None:
            yield _row(part.heads, same, spot.field)


def _is_of(spot: Spot, part: Prose) -> bool:
    return part.object == spot.object and spot.row is None and spot.field in {None, part.field}


def _row(heads: tuple[str, ...], row: Row, field: str | None) -> str:
    cells = dict(zip(heads, row.cells, strict=True))
    return json.dumps(cells, ensure_ascii=False) if field is None else cells.get(field) or ""
