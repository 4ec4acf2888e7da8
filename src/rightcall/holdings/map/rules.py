"""What lies in a system beside what is on the map of it. Figures in, figures out."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rightcall.holdings.categories import Category
from rightcall.holdings.map.model import Cell
from rightcall.ids import SystemId


def with_nobodys(cells: Iterable[Cell], nobodys: Mapping[tuple[SystemId, Category], int]) -> list[Cell]:
    """Each sort with what is linked to nobody, ours first; also one of which nothing else is there."""
    left, found = dict(nobodys), list[Cell]()
    for cell in cells:
        more = 0 if cell.system is None else left.pop((cell.system, cell.category), 0)
        found.append(replace(cell, nobodys=more) if more else cell)
    found += [_bare(system, category, number) for (system, category), number in left.items()]
    return sorted(found, key=lambda cell: (str(cell.system or ""), cell.category, cell.sensitivity))


def _bare(system: SystemId, category: Category, nobodys: int) -> Cell:
    return Cell(
        system=system,
        category=category,
        sensitivity=category.sensitivity,
        items=0,
        without_purpose=0,
        past_term=0,
        nobodys=nobodys,
    )
