"""The data map: how much of which category lies in which system, each figure leading to what it counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.console.door import Inside, inside
from rightcall.console.sheets import page, tongue_of
from rightcall.database.connection import Transaction
from rightcall.design.answers import html
from rightcall.design.exports import table_file
from rightcall.discovery.seen import actions as seeing
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.errors import NotFound
from rightcall.holdings import saying
from rightcall.holdings.categories import Category
from rightcall.holdings.map import actions as every_cell
from rightcall.holdings.map.model import Cell
from rightcall.holdings.map.page import name_of
from rightcall.holdings.model import Holding
from rightcall.ids import HoldingId, PurposeId, SystemId
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/map")
OURS = "rightcall"
"""What an address calls what we keep ourselves."""
_A_PAGE = 50
_ORDER: Mapping[str, Callable[[Cell], int]] = {
    "items": lambda cell: cell.items,
    "people": lambda cell: cell.people,
    "without_purpose": lambda cell: cell.without_purpose,
    "past_term": lambda cell: cell.past_term,
    "nobodys": lambda cell: cell.nobodys,
}
Looking = Annotated[Inside, Depends(inside(Deed.SEE_MAP))]
Short = Annotated[str, Query(max_length=60)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """`systems` across (None: ours), categories down, the gravest first; `items` of each pair that has any."""

    systems: Sequence[SystemId | None]
    categories: Sequence[Category]
    items: Mapping[tuple[SystemId | None, Category], int]


@router.get("")
def show(request: Request, who: Looking, system: Short = "", sort: Short = "items") -> HTMLResponse:
    """`system`: only what lies there. `sort`: which figure is highest first."""

    def deed(tx: Transaction) -> tuple[list[Cell], SystemNames, list[str]]:
        return seeing.data_map(tx, who.house.clock), system_names(tx), seeing.told(tx)

    cells, names, unknown = who.run(deed)
    shown = [cell for cell in cells if not system or system == key(cell.system)]
    order = sort if sort in _ORDER else "items"
    given = {
        "matrix": _matrix(cells, names),
        "cells": cells,
        "shown": sorted(shown, key=_ORDER[order], reverse=True),
        "systems": [(key(each), name_of(each, names)) for each in _systems(cells, names)],
        "picked": system,
        "sort": order,
        "names": names,
        "unknown": unknown,
        "at": who.house.clock.now(),
    }
    return html(page(request, "map", who, **given, grave=saying.GRAVE, sort_of=saying.category, name_of=name_of, key=key))


@router.get("/map.csv")
def exported(request: Request, who: Looking) -> Response:
    cells, names = who.run(lambda tx: (seeing.data_map(tx, who.house.clock), system_names(tx)))
    _ = tongue_of(request).words.gettext
    heads = [_("System"), _("Category"), _("Sensitivity"), _("Things"), _("People")]
    heads += [_("Without a purpose"), _("Past term"), _("Nobody's")]
    figures = [
        (
            name_of(each.system, names),
            each.category.value,
            each.sensitivity.value,
            each.items,
            each.people,
            each.without_purpose,
            each.past_term,
            each.nobodys,
        )
        for each in cells
    ]
    return table_file("data-map", heads, figures)


@router.get("/things")
def things(
    request: Request,
    who: Annotated[Inside, Depends(inside(Deed.SEE_HOLDINGS))],
    system: Short = OURS,
    category: Short = "",
    after: UUID | None = None,
) -> HTMLResponse:
    """What one cell counts, each with whose it is."""
    of, sort = _system(system), _category(category)
    last = None if after is None else HoldingId(after)

    def deed(tx: Transaction) -> tuple[list[Holding], SystemNames, dict[PurposeId, Purpose]]:
        found = every_cell.things(tx, of, sort, after=last, limit=_A_PAGE)
        return found, system_names(tx), {each.id: each for each in purposes.all_purposes(tx)}

    found, names, known = who.run(deed)
    following = found[-1].id if len(found) == _A_PAGE else None
    given = {"found": found, "system": system, "category": sort, "following": following, "known": known, "came": saying.CAME}
    return html(page(request, "map-things", who, **given, title=saying.category(sort), where=name_of(of, names)))


def key(system: SystemId | None) -> str:
    return OURS if system is None else str(system)


def _matrix(cells: Sequence[Cell], names: SystemNames) -> Matrix:
    items: dict[tuple[SystemId | None, Category], int] = {}
    for cell in cells:
        items[cell.system, cell.category] = items.get((cell.system, cell.category), 0) + cell.items
    there = [cell for cell in cells if cell.items]
    gravest = {cell.category: cell.sensitivity for cell in sorted(there, key=_grave, reverse=True)}
    ordered = sorted(gravest, key=lambda each: (list(saying.GRAVE).index(gravest[each]), saying.category(each)))
    return Matrix(systems=_systems(cells, names), categories=ordered, items={pair: many for pair, many in items.items() if many})


def _grave(cell: Cell) -> int:
    return list(saying.GRAVE).index(cell.sensitivity)


def _systems(cells: Sequence[Cell], names: SystemNames) -> list[SystemId | None]:
    """Ours first, the others by name."""
    found = {cell.system for cell in cells}
    return sorted(found, key=lambda each: "" if each is None else name_of(each, names))


def _system(given: str) -> SystemId | None:
    if given == OURS:
        return None
    try:
        return SystemId(UUID(given))
    except ValueError as error:
        raise NotFound("There is no such system here. The data map shows those there are.") from error


def _category(given: str) -> Category:
    try:
        return Category(given)
    except ValueError as error:
        raise NotFound("There is no such category. The data map shows those there are.") from error
