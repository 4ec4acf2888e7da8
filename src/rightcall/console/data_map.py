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
from rightcall.holdings.categories import Category, Sensitivity
from rightcall.holdings.map import actions as every_cell
from rightcall.holdings.map.model import Cell, People, Which
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
class Line:
    """One category: how many `items` each system has (None: ours), and `nobodys`: what was found there and is nobody's."""

    category: Category
    sensitivity: Sensitivity
    items: Mapping[SystemId | None, int]
    nobodys: Mapping[SystemId | None, int]


def _grid(systems: Sequence[SystemId | None], names: SystemNames) -> Table[Line]:
    """Systems across, categories down."""

    def items(system: SystemId | None) -> Column[Line]:
        return Column(key(system), name_of(system, names), lambda line: line.items.get(system), is_number=True)

    def nobodys(system: SystemId | None) -> Column[Line]:
        head = f"Nobody's in {name_of(system, names)}"
        return Column(f"nobodys_{key(system)}", head, lambda line: line.nobodys.get(system), is_number=True, is_shown=False)

    return Table(
        name="grid",
        file="systems-and-categories",
        columns=(
            Column("category", "Category", lambda line: saying.category(line.category)),
            *(items(each) for each in systems),
            *(nobodys(each) for each in systems if each is not None),
            Column(
                "sensitivity", "Sensitivity", lambda line: line.sensitivity, is_picked=True, is_shown=False, words=saying.GRAVE
            ),
        ),
    )


def _cells(names: SystemNames, people: People) -> Table[Cell]:
    return Table(
        file="data-map",
        order="-items",
        columns=(
            Column("category", "Category", lambda cell: saying.category(cell.category)),
            Column("system", "System", lambda cell: name_of(cell.system, names), is_picked=True),
            Column("items", "Things", lambda cell: cell.items, is_number=True),
            Column("people", "People", people.about, is_number=True),
            Column("without_purpose", "No purpose", lambda cell: cell.without_purpose, is_number=True),
            Column("past_term", "Past term", lambda cell: cell.past_term, is_number=True),
            Column("nobodys", "Nobody's", lambda cell: cell.nobodys, is_number=True),
            Column(
                "sensitivity", "Sensitivity", lambda cell: cell.sensitivity, is_picked=True, is_shown=False, words=saying.GRAVE
            ),
            Column("term", "Term", lambda cell: cell.category, is_shown=False),
        ),
    )


@router.get("")
def show(request: Request, who: Looking) -> Response:

    def deed(tx: Transaction) -> tuple[list[Cell], People, SystemNames, list[str]]:
        clock = who.house.clock
        return seeing.data_map(tx, clock), every_cell.people(tx, clock), system_names(tx), seeing.told(tx)

    cells, people, names, unknown = who.run(deed)
    systems = _systems(cells, names)
    given = {
        "grid": _grid(systems, names).of(_lines(cells), request.query_params),
        "cells": cells,
        "people": people,
        "shown": _cells(names, people).of(cells, request.query_params),
        "systems": systems,
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

    names, known = who.run(lambda tx: (system_names(tx), purposes.known(tx)))
    if of is not None and of not in names:
        raise _no_system()
    found = _things(known).behind(fetch, lambda each: each.id, request.query_params)
    given = {"found": found, "known": known, "came": saying.CAME, "last_days": (found.asked.since, found.asked.until)}
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


def _lines(cells: Sequence[Cell]) -> list[Line]:
    """The gravest first."""
    there: dict[Category, list[Cell]] = {}
    for cell in cells:
        if cell.items or cell.nobodys:
            there.setdefault(cell.category, []).append(cell)
    lines = [_line(category, of) for category, of in there.items()]
    return sorted(lines, key=lambda line: (list(saying.GRAVE).index(line.sensitivity), saying.category(line.category)))


def _line(category: Category, cells: Sequence[Cell]) -> Line:
    items: Counter[SystemId | None] = Counter()
    nobodys: Counter[SystemId | None] = Counter()
    for cell in cells:
        items[cell.system] += cell.items
        nobodys[cell.system] += cell.nobodys
    return Line(category=category, sensitivity=min(cells, key=_grave).sensitivity, items=+items, nobodys=+nobodys)


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
