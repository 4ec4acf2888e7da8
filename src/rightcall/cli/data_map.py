"""`rightcall map`: how much of which data lies in which system."""

from collections.abc import Sequence
from itertools import groupby
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from rightcall.api.data_map import document as map_document
from rightcall.api.data_map import gather
from rightcall.cli.exits import answer_no
from rightcall.cli.home import house_of
from rightcall.cli.place import ControllerOption, DataOption, HtmlOption, JsonOption, controller_of
from rightcall.cli.telling import not_known, print_lines
from rightcall.cli.words import words, write_file
from rightcall.discovery.systems.naming import SystemNames
from rightcall.holdings import saying
from rightcall.holdings.map import actions as every_cell
from rightcall.holdings.map.model import Cell, Miscount
from rightcall.holdings.map.page import name_of, page
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
            cells, names, unknown = gather(tx, house.clock)
            miscounts = every_cell.check(tx, house.clock) if check else []
    if html is not None:
        write_file(html, page(cells, names, [each.says for each in unknown]))
    if as_json:
        print(map_document(cells, names, unknown).model_dump_json(indent=2))
    else:
        _show_map(cells, names)
        print_lines(not_known([each.says for each in unknown]))
    for each in miscounts:
        words().print(_miscounted(each, names), markup=False)
    if miscounts:
        raise answer_no()
    if check:
        words().print("Every counter says what its rows say.")


def _show_map(cells: Sequence[Cell], names: SystemNames) -> None:
    if not cells:
        print("Nothing is held yet.")
    for system, of_system in groupby(cells, key=lambda cell: cell.system):
        table = Table(title=name_of(system, names), title_justify="left", title_style="bold", box=None, pad_edge=False)
        table.add_column("category")
        table.add_column("sensitivity")
        for heading in ("items", "people", "no purpose", "past term", "about\nnobody\nwe know"):
            table.add_column(heading, justify="right", no_wrap=True)
        for cell in of_system:
            figures = (cell.items, cell.people, cell.without_purpose, cell.past_term, cell.nobodys)
            table.add_row(
                saying.category(cell.category),
                saying.GRAVE[cell.sensitivity],
                *(f"{each:,}" if each else "–" for each in figures),
            )
        Console(highlight=False).print(table, "")


def _miscounted(each: Miscount, names: SystemNames) -> str:
    cell = each.found or each.counted
    if cell is None:
        return "A counter and its rows are both missing."
    where = f"{name_of(cell.system, names)}, {saying.category(cell.category)}"
    return f"{where}: the counter says {_figures(each.counted)}, the rows say {_figures(each.found)}. Tell the DPO."


def _figures(cell: Cell | None) -> str:
    return "nothing" if cell is None else f"{cell.items} items of {cell.people} people, {cell.without_purpose} without a purpose"
