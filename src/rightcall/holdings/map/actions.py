"""Looking at the data map from above, and checking its counters against what they count."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from rightcall.clock import Clock, day_of
from rightcall.database.connection import Transaction
from rightcall.database.walk import Walk
from rightcall.holdings import actions as holdings
from rightcall.holdings.categories import Category
from rightcall.holdings.map import store
from rightcall.holdings.map.model import Cell, Ending, Kept, Miscount, People, Sort, Sorted, Which
from rightcall.holdings.model import Holding
from rightcall.ids import SubjectId, SystemId

AT_ONCE = 10_000
"""So many things are gone through while somebody waits."""


def look(tx: Transaction, clock: Clock) -> list[Cell]:
    """Every system and sort of data that anything is held of, ours first."""
    return store.cells(tx, day_of(clock.now()))


def is_much(tx: Transaction) -> bool:
    """More than is gone through while somebody waits."""
    return store.items(tx) > AT_ONCE


def people(tx: Transaction, clock: Clock) -> People:
    """How many people each sort is about: now where little is there, else as the worker counted it last."""
    if is_much(tx):
        return store.counted_people(tx)
    return People(of_sort=store.people(tx, None, None), at=clock.now(), is_now=True)


def people_are_due(tx: Transaction, clock: Clock) -> bool:
    """Whether it is much, and was not counted today, or was when a tenth less or more was there."""
    items, last = store.items(tx), store.last_count(tx)
    if items <= AT_ONCE or last is None:
        return items > AT_ONCE
    at, were = last
    return day_of(at) < day_of(clock.now()) or abs(items - were) * 10 > were


def count_people(tx: Transaction, clock: Clock, *, people: int = 20_000) -> None:
    """Of all sorts, to be told until they are counted again. Reads the whole map, so many people at a time."""
    at, items, found = clock.now(), store.items(tx), Counter[Sort]()
    for after, last in slices(tx, people):
        found.update(store.people(tx, after, last))
    store.keep_people(tx, found, items, at)


def things(
    tx: Transaction, system: SystemId | None, category: Category, walk: Walk, which: Which, *, limit: int = 100
) -> list[Holding]:
    """What one cell counts, thing by thing, in the order in which they came onto the map."""
    ids = store.of_sort(tx, system, category, walk, which, limit)
    found = holdings.of_ids(tx, ids)
    return [found[id] for id in ids]


def ending(tx: Transaction, clock: Clock, *, days: int) -> list[Ending]:
    """What has the last day of its terms from today on, within so many days, by the counters: what a hold keeps beyond it is
    among it (`retention.coming` tells it apart)."""
    today = day_of(clock.now())
    return store.ending(tx, today, today + timedelta(days=days - 1))


def by_sort(found: Iterable[Ending]) -> list[Sorted]:
    """Summed over the days; the most first."""
    sums: dict[tuple[SystemId | None, Category], Sorted] = {}
    for each in found:
        known = sums.get((each.system, each.category))
        sums[each.system, each.category] = Sorted(
            system=each.system,
            category=each.category,
            first_on=each.last_day if known is None else min(known.first_on, each.last_day),
            last_on=each.last_day if known is None else max(known.last_on, each.last_day),
            items=each.items + (0 if known is None else known.items),
        )
    return sorted(sums.values(), key=lambda each: (-each.items, str(each.system or ""), each.category))


def late(tx: Transaction, clock: Clock) -> list[Ending]:
    """What is there still though its last day is over, the longest over first. Of ours only what a hold or a quarantine keeps, or
    what is being deleted; of other systems what nobody let go of."""
    return store.ending(tx, None, day_of(clock.now()) - timedelta(days=1))


def check(tx: Transaction, clock: Clock, *, people: int = 20_000) -> list[Miscount]:
    """Counts every row anew, and says where the counters differ. Reads the whole map, so many people at a time: for a quiet hour,
    since what is written meanwhile may show as a difference."""
    today = day_of(clock.now())
    found = _recounted(tx, today, people)
    counted = {cell.sort: cell for cell in store.cells(tx, today)}
    sorts = [*counted, *(sort for sort in found if sort not in counted)]
    return [Miscount(counted=counted.get(sort), found=found.get(sort)) for sort in sorts if counted.get(sort) != found.get(sort)]


def _recounted(tx: Transaction, today: date, people: int) -> dict[Sort, Cell]:
    found: dict[Sort, Cell] = {}
    for after, last in slices(tx, people):
        for each in store.recount(tx, today, after, last):
            found[each.sort] = each if each.sort not in found else _sum(found[each.sort], each)
    return found


def _sum(one: Cell, other: Cell) -> Cell:
    """Of different people."""
    return replace(
        one,
        items=one.items + other.items,
        without_purpose=one.without_purpose + other.without_purpose,
        past_term=one.past_term + other.past_term,
    )


def by_purpose(tx: Transaction, *, people: int = 20_000) -> list[Kept]:
    """What is there now for each purpose, and for none. Reads the whole map, so many people at a time."""
    found: dict[tuple[object, ...], Kept] = {}
    for after, last in slices(tx, people):
        for each in store.kept(tx, after, last):
            sort = (each.purpose, each.system, each.category)
            known = found.get(sort)
            more = each if known is None else replace(each, items=each.items + known.items, people=each.people + known.people)
            found[sort] = more
    return sorted(found.values(), key=lambda each: (str(each.purpose or ""), str(each.system or ""), each.category))


def slices(tx: Transaction, people: int) -> Iterator[tuple[SubjectId | None, SubjectId | None]]:
    """All people, so many at a time: behind the first up to the last of each pair; None where there is no end."""
    after = None
    while (last := store.last_of_slice(tx, after, people)) is not None:
        yield after, last
        after = last
    yield after, None
