"""The data map from above: how much of which category lies in which system, about how many people, how much of it without a
purpose, and how much past its term. Figures alone."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from rightcall.api.door import Door, door_for
from rightcall.api.forms import Shape
from rightcall.api.named import SystemNames, system_names
from rightcall.api.pages import html
from rightcall.database.connection import Transaction
from rightcall.holdings.categories import Sensitivity
from rightcall.holdings.map import actions as data_map
from rightcall.holdings.map.model import Cell
from rightcall.holdings.map.page import page
from rightcall.staff.model import Deed

router = APIRouter(prefix="/map", tags=["map"])


class CellShape(Shape):
    """One category in one system (null: Rightcall itself). `people`: how many it is about. `past_term`: every last day is
    over."""

    system: UUID | None
    system_name: str | None
    category: str
    sensitivity: Sensitivity
    items: int
    people: int
    without_purpose: int
    past_term: int


class MapShape(Shape):
    """What is there now; what was disposed of or has gone is not counted."""

    cells: list[CellShape]


@router.get("")
def look(door: Annotated[Door, Depends(door_for(Deed.SEE_MAP))]) -> MapShape:
    """Every category in every system that anything is held of."""
    cells, names = door.run(lambda tx: gather(tx, door))
    return document(cells, names)


@router.get("/page.html", response_class=HTMLResponse)
def matrix(door: Annotated[Door, Depends(door_for(Deed.SEE_MAP))]) -> Response:
    """The same as a page to read."""
    return html(page(*door.run(lambda tx: gather(tx, door))))


def gather(tx: Transaction, door: Door) -> tuple[list[Cell], SystemNames]:
    return data_map.look(tx, door.house.clock), system_names(tx)


def document(cells: list[Cell], names: SystemNames) -> MapShape:
    return MapShape(
        cells=[
            CellShape(
                system=cell.system,
                system_name=None if cell.system is None else names.get(cell.system),
                category=cell.category.value,
                sensitivity=cell.sensitivity,
                items=cell.items,
                people=cell.people,
                without_purpose=cell.without_purpose,
                past_term=cell.past_term,
            )
            for cell in cells
        ]
    )
