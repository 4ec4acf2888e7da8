"""The data map: how much of which category lies in which system, each figure leading to what it counts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from rightcall.clock import day_of
from rightcall.console.door import Inside, inside
from rightcall.console.tables import shown as answered
from rightcall.console.tables import walk_of
from rightcall.database.connection import Transaction
from rightcall.database.walk import Walk
from rightcall.design.tables import Column, Table, View
from rightcall.discovery.seen import actions as seeing
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.errors import NotFound
from rightcall.holdings import saying
from rightcall.holdings.categories import Category
from rightcall.holdings.map import actions as every_cell
from rightcall.holdings.map.model import Cell, Which
from rightcall.holdings.map.page import name_of
from rightcall.holdings.model import Holding
from rightcall.ids import PurposeId, SystemId
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/map")
OURS = "rightcall"
"""What an address calls what we keep ourselves."""
Looking = Annotated[Inside, Depends(inside(Deed.SEE_MAP))]
Short = Annotated[str, Query(max_length=60)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """`systems` across (None: ours), categories down, the gravest first; `items` of each pair that has any, and
    `nobodys`: what was found there and is nobody's."""

    systems: Sequence[SystemId | None]
    categories: Sequence[Category]
    items: Mapping[tuple[SystemId | None, Category], int]
    nobodys: Mapping[tuple[SystemId | None, Category], int]


def _cells(names: SystemNames) -> Table[Cell]:
    return Table(
        file="data-map",
        order="-items",
        columns=(
            Column("category", "Category", lambda cell: saying.category(cell.category)),
            Column("system", "System", lambda cell: name_of(cell.system, names), is_picked=True),
            Column("items", "Things", lambda cell: cell.items, is_number=True),
            Column("people", "People", lambda cell: cell.people, is_number=True),
            Column("without_purpose", "No purpose", lambda cell: cell.without_purpose, is_number=True),
            Column("past_term", "Past term", lambda cell: cell.past_term, is_number=True),
            Column("nobodys", "Nobody's", lambda cell: cell.nobodys, is_number=True),
            Column("sensitivity", "Sensitivity", lambda cell: cell.sensitivity, is_picked=True, is_shown=False),
            Column("term", "Term", lambda cell: cell.category, is_shown=False),
        ),
    )


@router.get("")
def show(request: Request, who: Looking) -> Response:

    def deed(tx: Transaction) -> tuple[list[Cell], SystemNames, list[str]]:
        return seeing.data_map(tx, who.house.clock), system_names(tx), seeing.told(tx)

    cells, names, unknown = who.run(deed)
    given = {
        "matrix": _matrix(cells, names),
        "cells": cells,
        "shown": _cells(names).of(cells, request.query_params),
        "systems": _systems(cells, names),
        "names": names,
        "unknown": unknown,
        "at": who.house.clock.now(),
        "yesterday": day_of(who.house.clock.now()) - timedelta(days=1),
    }
    return answered(request, "map", who, **given, grave=saying.GRAVE, sort_of=saying.category, name_of=name_of, key=key)


def _things(known: Mapping[PurposeId, Purpose]) -> Table[Holding]:
    def why(each: Holding) -> str:
        return "; ".join(f"{known[term.purpose].title} {term.last_day or ''}".strip() for term in each.terms)

    return Table(
        file="things",
        order="-since",
        columns=(
            Column("whose", "Whose", lambda each: str(each.subject), is_sorted=False),
            Column("since", "Since", lambda each: each.made_at),
            Column("ends", "Last day", _ends, is_period=True, is_sorted=False, is_shown=False),
            Column("purpose", "Purpose", _none, is_picked=True, is_sorted=False, is_shown=False, options=("none",)),
            Column("came", "How it came", lambda each: saying.CAME[each.provenance.source], is_sorted=False),
            Column("why", "Why, and until when", why, is_sorted=False),
        ),
    )


@router.get("/things")
def things(
    request: Request,
    who: Annotated[Inside, Depends(inside(Deed.SEE_HOLDINGS))],
    system: Short = OURS,
    category: Short = "",
) -> Response:
    """What one cell counts, each with whose it is."""
    of, sort = _system(system), _category(category)

    def fetch(asked: View, limit: int) -> list[Holding]:
        return who.run(lambda tx: every_cell.things(tx, of, sort, _walk(asked), _which(asked), limit=limit))

    names, known = who.run(lambda tx: (system_names(tx), {each.id: each for each in purposes.all_purposes(tx)}))
    if of is not None and of not in names:
        raise _no_system()
    found = _things(known).behind(fetch, lambda each: each.id, request.query_params)
    given = {"found": found, "known": known, "came": saying.CAME}
    return answered(request, "map-things", who, **given, title=saying.category(sort), where=name_of(of, names))


def _walk(asked: View) -> Walk:
    """The days in an address are last days here; what the database goes along is the order in which things came."""
    return replace(walk_of(asked), since=None, until=None)


def _which(asked: View) -> Which:
    return Which(last_from=asked.since, last_to=asked.until, without_purpose="purpose" in asked.picked)


def _ends(each: Holding) -> date | None:
    return max((term.last_day for term in each.terms if term.last_day), default=None)


def _none(each: Holding) -> str | None:
    return None if each.terms else "none"


def key(system: SystemId | None) -> str:
    return OURS if system is None else str(system)


def _matrix(cells: Sequence[Cell], names: SystemNames) -> Matrix:
    items: Counter[tuple[SystemId | None, Category]] = Counter()
    nobodys: Counter[tuple[SystemId | None, Category]] = Counter()
    for cell in cells:
        items[cell.system, cell.category] += cell.items
        nobodys[cell.system, cell.category] += cell.nobodys
    there = [cell for cell in cells if cell.items or cell.nobodys]
    gravest = {cell.category: cell.sensitivity for cell in sorted(there, key=_grave, reverse=True)}
    ordered = sorted(gravest, key=lambda each: (list(saying.GRAVE).index(gravest[each]), saying.category(each)))
    return Matrix(systems=_systems(cells, names), categories=ordered, items=+items, nobodys=+nobodys)


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
        raise _no_system() from error


def _no_system() -> NotFound:
    return NotFound("There is no such system here. The data map shows those there are.")


def _category(given: str) -> Category:
    try:
        return Category(given)
    except ValueError as error:
        raise NotFound("There is no such category. The data map shows those there are.") from error
