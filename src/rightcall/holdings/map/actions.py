"""Looking at the data map from above, and checking its counters against what they count."""

from dataclasses import replace

from rightcall.clock import Clock, day_of
from rightcall.database.connection import Transaction
from rightcall.holdings.map import store
from rightcall.holdings.map.model import Cell, Kept, Miscount


def look(tx: Transaction, clock: Clock) -> list[Cell]:
    """Every system and sort of data that anything is held of, ours first."""
    return store.cells(tx, day_of(clock.now()))


def check(tx: Transaction, clock: Clock) -> list[Miscount]:
    """Counts every row anew, and says where the counters differ. Reads the whole map: for a quiet hour."""
    today = day_of(clock.now())
    found = {(cell.system, cell.category, cell.sensitivity): cell for cell in store.recount(tx, today)}
    counted = {(cell.system, cell.category, cell.sensitivity): cell for cell in store.cells(tx, today)}
    sorts = [*counted, *(sort for sort in found if sort not in counted)]
    return [Miscount(counted=counted.get(sort), found=found.get(sort)) for sort in sorts if counted.get(sort) != found.get(sort)]


def by_purpose(tx: Transaction, *, people: int = 20_000) -> list[Kept]:
    """What is there now for each purpose, and for none. Reads the whole map, so many people at a time."""
    found: dict[tuple[object, ...], Kept] = {}
    after = None
    while True:
        last = store.last_of_slice(tx, after, people)
        for each in store.kept(tx, after, last):
            sort = (each.purpose, each.system, each.category)
            known = found.get(sort)
            more = each if known is None else replace(each, items=each.items + known.items, people=each.people + known.people)
            found[sort] = more
        if last is None:
            return sorted(found.values(), key=lambda each: (str(each.purpose or ""), str(each.system or ""), each.category))
        after = last
