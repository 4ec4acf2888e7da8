"""`rightcall terms`: what goes in the next days, drawn, and what outlives its term."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Annotated

import typer

from rightcall.api.terms import MOST_DAYS, EndingShape, TermsShape, gather
from rightcall.cli.exits import answer_no
from rightcall.cli.home import house_of
from rightcall.cli.place import ControllerOption, DataOption, controller_of
from rightcall.holdings import saying
from rightcall.holdings.categories import Category
from rightcall.settings import load_settings

_WIDEST = 40


def terms(
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="How many days to look ahead, today among them.")] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """What ends in the next days, and what outlives its term. Ends with 1 where something does."""
    with house_of(load_settings(data=data)) as house:
        owner = controller_of(house.database, controller).id
        with house.database.transaction(owner) as tx:
            found = gather(tx, house.clock, days)
    print(found.model_dump_json(indent=2) if as_json else "\n".join(_told(found, days)))
    if found.late:
        raise answer_no()


def _told(found: TermsShape, days: int) -> list[str]:
    lines = _drawn(found.ending) or [f"Nothing has its last day within {days:,} days."]
    if found.held:
        lines += ["", f"{found.held:,} things are kept longer by a hold."]
    if found.late:
        lines += ["", "There still, though the last day is over:", *_late(found.late)]
    return lines


def _drawn(found: Sequence[EndingShape]) -> list[str]:
    """A bar for each day, and what it is made of."""
    by_day = [(day, list(of_day)) for day, of_day in groupby(found, key=lambda each: each.last_day)]
    most = max((sum(each.items for each in of_day) for _, of_day in by_day), default=0)
    lines = []
    for day, of_day in by_day:
        items = sum(each.items for each in of_day)
        bar = "█" * max(1, round(_WIDEST * items / most))
        sorts = ", ".join(f"{number:,} {sort}" for sort, number in _by_sort(of_day).most_common(3))
        lines.append(f"{day}  {items:>10,}  {bar}  {sorts}")
    return lines


def _by_sort(found: Sequence[EndingShape]) -> Counter[str]:
    sorts: Counter[str] = Counter()
    for each in found:
        sorts[_sort(each)] += each.items
    return sorts


def _late(found: Sequence[EndingShape]) -> list[str]:
    since = {sort: min(each.last_day for each in found if _sort(each) == sort) for sort in map(_sort, found)}
    return [f"  {number:>10,}  {sort}, the oldest since {since[sort]}" for sort, number in _by_sort(found).most_common()]


def _sort(each: EndingShape) -> str:
    return f"{saying.category(Category(each.category))} in {each.system_name or 'Rightcall'}"
