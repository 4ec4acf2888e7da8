"""What lies at one spot of an object, picked from what its source gives to be looked at: a row as JSON by its heads, else its
text."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence

from rightcall.discovery.model import PassedOver
from rightcall.discovery.parts import IN_NAME, Cell, Part, Prose, Row, Rows, steady
from rightcall.discovery.ports import REFUSALS, Refusal, Spot


def is_whole(spot: Spot) -> bool:
    return spot.row is None and spot.field is None and spot.start is None


def picked(spot: Spot, parts: Iterable[Part | PassedOver]) -> bytes | None:
    """In UTF-8; None where nothing lies there (any more). A row that moved in its file is told by what it says."""
    found, moved = list[str](), list[str]()
    for part in parts:
        if spot.field == IN_NAME and part.object == spot.object:
            return spot.object[spot.start : spot.end].encode("utf-8", "replace")
        found.extend(_at(spot, part))
        moved.extend(_moved(spot, part) if not found and not moved else ())
    found = found or moved
    return "\n".join(found)[spot.start : spot.end].encode("utf-8", "replace") if found else None


def picked_rows(spots: Iterable[Spot], parts: Iterable[Part | PassedOver]) -> dict[Spot, bytes]:
    """The same of many spots in rows, by looking through the parts once."""
    exactly, by_words = dict[tuple[str, str], list[Spot]](), dict[tuple[str, str], list[Spot]]()
    for spot in spots:
        if spot.row is not None:
            exactly.setdefault((spot.object, spot.row), []).append(spot)
            if steady(spot.row) != spot.row:
                by_words.setdefault((spot.object, steady(spot.row)), []).append(spot)
    found, moved = dict[Spot, str](), dict[Spot, str]()
    for part in parts:
        if isinstance(part, Prose):
            _through(part)
        elif isinstance(part, Rows):
            for row in part.rows:
                for spot in exactly.get((part.object, row.key), ()):
                    found[spot] = "\n".join(filter(None, (found.get(spot), _row(part.heads, row, spot.field))))
                for spot in by_words.get((part.object, steady(row.key)), ()):
                    moved.setdefault(spot, _row(part.heads, row, spot.field))
    return {spot: text[spot.start : spot.end].encode("utf-8", "replace") for spot, text in (moved | found).items()}


def one_by_one(export: Callable[[Spot], bytes], spots: Sequence[Spot]) -> Iterator[tuple[Spot, bytes | Refusal]]:
    """For a source that is asked for each by itself."""
    for spot in spots:
        try:
            yield spot, export(spot)
        except REFUSALS as refusal:
            yield spot, refusal


def _through(part: Prose) -> None:
    for _ in part.pieces:
        pass


def _at(spot: Spot, part: Part | PassedOver) -> Iterator[str]:
    if isinstance(part, Prose):
        text = "".join(piece for _, piece in part.pieces) if _is_of(spot, part) else ""
        if text:
            yield text
    elif isinstance(part, PassedOver | Cell) or part.object != spot.object:  # a database hands its cells out itself
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
