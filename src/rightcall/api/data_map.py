"""The data map from above: how much of which category lies in which system, about how many people, how much of it without a
purpose, and how much past its term. Figures alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from rightcall.api.door import Door, door_for
from rightcall.api.forms import Shape
from rightcall.api.not_known import NotKnownShape, not_known
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.design.drawings import html
from rightcall.discovery.seen import actions as seeing
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.holdings.categories import Sensitivity
from rightcall.holdings.map import actions as data_map
from rightcall.holdings.map.model import Cell, People
from rightcall.holdings.map.page import page
from rightcall.staff.model import Deed

router = APIRouter(prefix="/map", tags=["map"])


class CellShape(Shape):
    """One category in one system (null: Rightcall itself). `people`: how many it is about; null where that is not counted yet.
    `past_term`: every last day is over. `nobodys`: what was found there beside the items that is linked to nobody we know."""

    system: UUID | None
    system_name: str | None
    category: str
    sensitivity: Sensitivity
    items: int
    people: int | None
    without_purpose: int
    past_term: int
    nobodys: int


class MapShape(Shape):
    """What is there now; what was disposed of or has gone is not counted. `people_counted_at`: of when `people` is, which is not
    now where much is there; null where they never were. `not_known`: the systems of which the map does not show all, and why."""

    cells: list[CellShape]
    people_counted_at: datetime | None
    not_known: list[NotKnownShape]


@router.get("")
def look(door: Annotated[Door, Depends(door_for(Deed.SEE_MAP))]) -> MapShape:
    """Every category in every system that anything is held of."""
    return document(door.run(lambda tx: gather(tx, door.house.clock)))


@router.get("/page.html", response_class=HTMLResponse)
def matrix(door: Annotated[Door, Depends(door_for(Deed.SEE_MAP))]) -> Response:
    """The same as a page to read."""
    return html(as_page(door.run(lambda tx: gather(tx, door.house.clock))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """The map with what is nobody's, about how many people it is, what its systems are called, and what is not known of them."""

    cells: list[Cell]
    people: People
    names: SystemNames
    unknown: list[NotKnownShape]


def gather(tx: Transaction, clock: Clock) -> Map:
    cells, people = seeing.data_map(tx, clock), data_map.people(tx, clock)
    return Map(cells=cells, people=people, names=system_names(tx), unknown=not_known(tx))


def as_page(found: Map) -> str:
    return page(found.cells, found.people, found.names, [each.says for each in found.unknown])


def document(found: Map) -> MapShape:
    return MapShape(
        not_known=found.unknown,
        people_counted_at=found.people.at,
        cells=[
            CellShape(
                system=cell.system,
                system_name=None if cell.system is None else found.names.get(cell.system),
                category=cell.category.value,
                sensitivity=cell.sensitivity,
                items=cell.items,
                people=found.people.about(cell),
                without_purpose=cell.without_purpose,
                past_term=cell.past_term,
                nobodys=cell.nobodys,
            )
            for cell in found.cells
        ],
    )
