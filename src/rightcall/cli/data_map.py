"""`rightcall map`: how much of which data lies in which system."""

from itertools import groupby
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from rightcall.api.data_map import Map, as_page, gather
from rightcall.api.data_map import document as map_document
from rightcall.cli.exits import answer_no
from rightcall.cli.home import house_of
from rightcall.cli.place import ControllerOption, DataOption, HtmlOption, JsonOption, controller_of
from rightcall.cli.telling import not_known, print_lines
from rightcall.cli.words import words, write_file
from rightcall.discovery.systems.naming import SystemNames
from rightcall.holdings import saying
from rightcall.holdings.map import actions as every_cell
from rightcall.holdings.map.model import Cell, Miscount
from rightcall.holdings.map.page import counted_when, figured, name_of
from rightcall.settings import load_settings


def data_map(
    check: Annotated[
        bool, typer.Option("--check", help="Count every row anew. Ends with 1 where a counter says otherwise.")
    ] = False,
    as_json: JsonOption = False,
    html: HtmlOption = None,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """How much of which data lies in which system, about how many people; without a purpose, past its term."""
    with house_of(load_settings(data=data)) as house:
        owner = controller_of(house.database, controller).id
        with house.database.transaction(owner) as tx:
            found = gather(tx, house.clock)
            miscounts = every_cell.check(tx, house.clock) if check else []
    if html is not None:
        write_file(html, as_page(found))
    if as_json:
        print(map_document(found).model_dump_json(indent=2))
    else:
        _show_map(found)
        print_lines(not_known([each.says for each in found.unknown]))
    for each in miscounts:
        words().print(_miscounted(each, found.names), markup=False)
    if miscounts:
        raise answer_no()
    if check:
        words().print("Every counter says what its rows say.")


def _show_map(found: Map) -> None:
    if not found.cells:
        print("Nothing is held yet.")
    for system, of_system in groupby(found.cells, key=lambda cell: cell.system):
        table = Table(title=name_of(system, found.names), title_justify="left", title_style="bold", box=None, pad_edge=False)
        table.add_column("category")
        table.add_column("sensitivity")
        for heading in ("items", "people", "no purpose", "past term", "about\nnobody\nwe know"):
            table.add_column(heading, justify="right", no_wrap=True)
        for cell in of_system:
            figures = (cell.items, found.people.about(cell), cell.without_purpose, cell.past_term, cell.nobodys)
            table.add_row(
                saying.category(cell.category),
                saying.GRAVE[cell.sensitivity],
                *("–" if each == 0 else figured(each) for each in figures),
            )
        Console(highlight=False).print(table, "")
    if found.cells and (when := counted_when(found.people)):
        print(when + "\n")


def _miscounted(each: Miscount, names: SystemNames) -> str:
    cell = each.found or each.counted
    if cell is None:
        return "A counter and its rows are both missing."
    where = f"{name_of(cell.system, names)}, {saying.category(cell.category)}"
    return f"{where}: the counter says {_figures(each.counted)}, the rows say {_figures(each.found)}. Tell the DPO."


def _figures(cell: Cell | None) -> str:
    return "nothing" if cell is None else f"{cell.items} items, {cell.without_purpose} without a purpose"
