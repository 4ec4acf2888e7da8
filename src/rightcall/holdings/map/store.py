"""The map's counters, which the database keeps with every row that comes, changes or goes; counting all rows anew; and people."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from rightcall.database.connection import Transaction
from rightcall.database.sql import Row, all_rows, execute, maybe_row, one_row
from rightcall.database.walk import Walk, both_ways
from rightcall.holdings.categories import Category, Sensitivity
from rightcall.holdings.map.model import Cell, Ending, Kept, People, Sort, Which
from rightcall.ids import HoldingId, SubjectId, SystemId

_OURS = UUID(int=0)


def cells(tx: Transaction, today: date) -> list[Cell]:
    """By the counters."""
    rows = all_rows(
        tx,
        """
        SELECT system, category, sensitivity, sum(items)::bigint AS items,
               sum(without_purpose)::bigint AS without_purpose, coalesce(max(past), 0)::bigint AS past_term
          FROM holding_counts
          LEFT JOIN (SELECT system, category, sensitivity, sum(items) AS past
                       FROM holding_terms
                      WHERE controller = %(controller)s AND last_day < %(today)s
                      GROUP BY system, category, sensitivity) over_term USING (system, category, sensitivity)
         WHERE controller = %(controller)s
         GROUP BY system, category, sensitivity
        HAVING sum(items) <> 0 OR sum(without_purpose) <> 0
         ORDER BY system, category, sensitivity
        """,
        controller=tx.of,
        today=today,
    )
    return [_cell(row) for row in rows]


def ending(tx: Transaction, first: date | None, last: date) -> list[Ending]:
    """By the counters: what has its last day from `first` (None: from ever) to `last`."""
    rows = all_rows(
        tx,
        """
        SELECT last_day, system, category, sum(items)::bigint AS items
          FROM holding_terms
         WHERE controller = %(controller)s AND last_day <= %(last)s AND (%(first)s::date IS NULL OR last_day >= %(first)s)
         GROUP BY last_day, system, category
        HAVING sum(items) > 0
         ORDER BY last_day, system, category
        """,
        controller=tx.of,
        first=first,
        last=last,
    )
    return [
        Ending(
            last_day=row["last_day"],
            system=None if row["system"] == _OURS else SystemId(row["system"]),
            category=Category(row["category"]),
            items=row["items"],
        )
        for row in rows
    ]


_OF_SORT = """
SELECT holding FROM holdings
 WHERE controller = %(controller)s AND system {system} AND category = %(category)s AND disposed_at IS NULL AND gone_at IS NULL
   AND holding {{beyond}} %(id)s {only}
 ORDER BY system {{way}}, holding {{way}} LIMIT %(limit)s
"""
_NONE: LiteralString = "AND cardinality(purposes) = 0"
_ENDING: LiteralString = (
    "AND kept_until BETWEEN coalesce(%(last_from)s::date, '-infinity') AND coalesce(%(last_to)s::date, 'infinity')"
)


def of_sort(
    tx: Transaction, system: SystemId | None, category: Category, walk: Walk, which: Which, limit: int
) -> list[HoldingId]:
    """What is there of one sort, in the order of its ids: one walk along one index, past nothing that is gone. The system stands
    in the order, since PostgreSQL does not see that what IS NULL is all the same, and would walk along all ids."""
    none, ending = _NONE if which.without_purpose else "", _ENDING if which.last_from or which.last_to else ""
    place: LiteralString = "IS NULL" if system is None else "= %(system)s"
    statement = both_ways(_OF_SORT.format(system=place, only=f"{none} {ending}"))[walk.oldest_first]
    asked = {"system": system, "category": category.value, "last_from": which.last_from, "last_to": which.last_to}
    rows = all_rows(tx, statement, controller=tx.of, id=walk.bounds()["id"], limit=limit, **asked)
    return [HoldingId(row["holding"]) for row in rows]


def recount(tx: Transaction, today: date, after: SubjectId | None, last: SubjectId | None) -> list[Cell]:
    """By the rows themselves, of the people behind `after` up to `last`."""
    rows = all_rows(
        tx,
        """
        SELECT coalesce(system, '00000000-0000-0000-0000-000000000000') AS system, category, sensitivity, count(*) AS items,
               count(*) FILTER (WHERE cardinality(purposes) = 0) AS without_purpose,
               count(*) FILTER (WHERE kept_until < %(today)s) AS past_term
          FROM holdings
         WHERE controller = %(controller)s AND disposed_at IS NULL AND gone_at IS NULL
           AND (%(after)s::uuid IS NULL OR subject > %(after)s) AND (%(last)s::uuid IS NULL OR subject <= %(last)s)
         GROUP BY 1, category, sensitivity
         ORDER BY 1, category, sensitivity
        """,
        controller=tx.of,
        today=today,
        after=after,
        last=last,
    )
    return [_cell(row) for row in rows]


def people(tx: Transaction, after: SubjectId | None, last: SubjectId | None) -> dict[Sort, int]:
    """Of the people behind `after` up to `last`: how many each sort is about."""
    rows = all_rows(
        tx,
        """
        SELECT system, category, sensitivity, count(*) AS people
          FROM (SELECT DISTINCT coalesce(system, '00000000-0000-0000-0000-000000000000') AS system, category, sensitivity, subject
                  FROM holdings
                 WHERE controller = %(controller)s AND disposed_at IS NULL AND gone_at IS NULL
                   AND (%(after)s::uuid IS NULL OR subject > %(after)s) AND (%(last)s::uuid IS NULL OR subject <= %(last)s)) each
         GROUP BY system, category, sensitivity
        """,
        controller=tx.of,
        after=after,
        last=last,
    )
    return _people_of(rows)


def counted_people(tx: Transaction) -> People:
    """As they were counted last."""
    last = last_count(tx)
    if last is None:
        return People(of_sort={}, at=None, is_now=False)
    rows = all_rows(
        tx,
        "SELECT system, category, sensitivity, people FROM people_of_sorts WHERE controller = %(controller)s",
        controller=tx.of,
    )
    return People(of_sort=_people_of(rows), at=last[0], is_now=False)


def last_count(tx: Transaction) -> tuple[datetime, int] | None:
    """When people were counted last, and how many things there were then."""
    row = maybe_row(tx, "SELECT counted_at, items FROM people_counts WHERE controller = %(controller)s", controller=tx.of)
    return None if row is None else (row["counted_at"], row["items"])


def keep_people(tx: Transaction, found: Mapping[Sort, int], items: int, at: datetime) -> None:
    """Instead of what was counted before."""
    execute(tx, "DELETE FROM people_counts WHERE controller = %(controller)s", controller=tx.of)
    execute(
        tx,
        "INSERT INTO people_counts (controller, items, counted_at) VALUES (%(controller)s, %(items)s, %(at)s)",
        controller=tx.of,
        items=items,
        at=at,
    )
    execute(
        tx,
        """
        INSERT INTO people_of_sorts (controller, system, category, sensitivity, people)
        SELECT %(controller)s, * FROM unnest(%(systems)s::uuid[], %(categories)s::text[], %(grave)s::text[], %(people)s::bigint[])
        """,
        controller=tx.of,
        systems=[system or _OURS for system, _, _ in found],
        categories=[category.value for _, category, _ in found],
        grave=[sensitivity.value for _, _, sensitivity in found],
        people=list(found.values()),
    )


def items(tx: Transaction) -> int:
    """How many things are there, of all sorts."""
    row = one_row(
        tx,
        "SELECT coalesce(sum(items), 0)::bigint AS items FROM holding_counts WHERE controller = %(controller)s",
        controller=tx.of,
    )
    number: int = row["items"]
    return number


def last_of_slice(tx: Transaction, after: SubjectId | None, people: int) -> SubjectId | None:
    """The last of so many people behind `after`; None where there are no more than that."""
    row = maybe_row(
        tx,
        """
        SELECT subject FROM subjects
         WHERE controller = %(controller)s AND (%(after)s::uuid IS NULL OR subject > %(after)s)
         ORDER BY subject OFFSET %(people)s - 1 LIMIT 1
        """,
        controller=tx.of,
        after=after,
        people=people,
    )
    return None if row is None else SubjectId(row["subject"])


def kept(tx: Transaction, after: SubjectId | None, last: SubjectId | None) -> list[Kept]:
    """Of the people behind `after` up to `last`: what is there, for each purpose that it serves."""
    rows = all_rows(
        tx,
        """
        SELECT purpose, system, category, count(*) AS items, count(DISTINCT subject) AS people
          FROM holdings LEFT JOIN LATERAL unnest(purposes) AS served (purpose) ON true
         WHERE controller = %(controller)s AND disposed_at IS NULL AND gone_at IS NULL
           AND (%(after)s::uuid IS NULL OR subject > %(after)s) AND (%(last)s::uuid IS NULL OR subject <= %(last)s)
         GROUP BY purpose, system, category
        """,
        controller=tx.of,
        after=after,
        last=last,
    )
    return [kept_of(row) for row in rows]


def kept_of(row: Row) -> Kept:
    return Kept(
        purpose=row["purpose"],
        system=row["system"],
        category=Category(row["category"]),
        items=row["items"],
        people=row["people"],
    )


def _cell(row: Row) -> Cell:
    system, category, sensitivity = _sort(row)
    return Cell(
        system=system,
        category=category,
        sensitivity=sensitivity,
        items=row["items"],
        without_purpose=row["without_purpose"],
        past_term=row["past_term"],
    )


def _people_of(rows: Iterable[Row]) -> dict[Sort, int]:
    return {_sort(row): row["people"] for row in rows}


def _sort(row: Row) -> Sort:
    system = None if row["system"] == _OURS else SystemId(row["system"])
    return system, Category(row["category"]), Sensitivity(row["sensitivity"])
