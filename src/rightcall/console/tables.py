"""A page of the console with its tables; or one of them as a file, where the address asks for that. It is the same address, so
whoever may see a table may take it along, and nobody else."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from rightcall.console.door import Inside
from rightcall.console.sheets import page, tongue_of
from rightcall.database.walk import Walk
from rightcall.design.answers import html
from rightcall.design.exports import KINDS, file_of
from rightcall.design.tables import Shown, View
from rightcall.errors import Malformed, NotFound


def shown(request: Request, name: str, who: Inside, /, **given: object) -> Response:
    """`given`: what the sheet is made of, its tables among it."""
    tables = [each for each in given.values() if isinstance(each, Shown)]
    return file_asked(request, *tables) or html(page(request, name, who, **given))


def file_asked(request: Request, *tables: Shown[Any]) -> Response | None:
    """One of these as a file; None where the address asks for the page."""
    kind, of = request.query_params.get("as"), request.query_params.get("of", "")
    if kind is None:
        return None
    for each in tables:
        if each.table.name == of and kind in KINDS:
            return file_of(each, kind, tongue_of(request).words.gettext)
    raise NotFound("There is no such file. The page names those there are, below each table's filter.")


def walk_of(asked: View, zone: str = "UTC") -> Walk:
    """Where the database goes on: the newest first, unless the other way is asked for. `zone`: whose days they are."""
    at, id = _seen(asked.after) if asked.after else (None, None)
    return Walk(since=asked.since, until=asked.until, at=at, id=id, oldest_first=not asked.down, zone=zone)


def seen_last(at: datetime | None, id: UUID) -> str:
    """What an address says of the last row of a page."""
    return str(id) if at is None else f"{at.isoformat()}~{id}"


def _seen(after: str) -> tuple[datetime | None, UUID]:
    at, _, id = after.rpartition("~")
    try:
        return datetime.fromisoformat(at) if at else None, UUID(id)
    except ValueError as error:
        raise Malformed("This page of the table is not one of ours. Open the table anew.") from error
