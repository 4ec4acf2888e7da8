"""The tables `counted`, `counted_kept` and `counted_used`: of each controller what was counted last, and nothing before it."""

from collections.abc import Sequence
from datetime import datetime

from rightcall.activities.counting.model import Counted
from rightcall.actors import Role
from rightcall.database.connection import Transaction
from rightcall.database.sql import all_rows, execute, maybe_row, one_row
from rightcall.holdings.map.model import Kept
from rightcall.holdings.map.store import kept_of
from rightcall.holdings.uses.model import Made, UseAct


def are_more_uses_than(tx: Transaction, number: int, since: datetime) -> bool:
    """Whether things were used more often than that since then."""
    row = one_row(
        tx,
        """
        SELECT count(*) > %(number)s AS is_more
          FROM (SELECT FROM holding_uses WHERE controller = %(controller)s AND used_at >= %(since)s LIMIT %(number)s + 1) AS used
        """,
        controller=tx.of,
        number=number,
        since=since,
    )
    return bool(row["is_more"])


def forget(tx: Transaction) -> None:
    execute(tx, "DELETE FROM counted WHERE controller = %(controller)s", controller=tx.of)


def insert(tx: Transaction, counted: Counted) -> None:
    execute(
        tx,
        "INSERT INTO counted (controller, uses_since, counted_at) VALUES (%(controller)s, %(since)s, %(at)s)",
        controller=tx.of,
        since=counted.uses_since,
        at=counted.at,
    )


def insert_kept(tx: Transaction, kept: Sequence[Kept]) -> None:
    execute(
        tx,
        """
        INSERT INTO counted_kept (controller, nth, purpose, system, category, items, people)
        SELECT %(controller)s, nth, purpose, system, category, items, people
          FROM unnest(%(purposes)s::uuid[], %(systems)s::uuid[], %(categories)s::text[], %(items)s::bigint[],
                      %(people)s::bigint[]) WITH ORDINALITY AS k (purpose, system, category, items, people, nth)
        """,
        controller=tx.of,
        purposes=[each.purpose for each in kept],
        systems=[each.system for each in kept],
        categories=[each.category.value for each in kept],
        items=[each.items for each in kept],
        people=[each.people for each in kept],
    )


def insert_used(tx: Transaction, used: Sequence[Made]) -> None:
    execute(
        tx,
        """
        INSERT INTO counted_used (controller, purpose, act, role, times)
        SELECT %(controller)s, * FROM unnest(%(purposes)s::uuid[], %(acts)s::text[], %(roles)s::text[], %(times)s::bigint[])
        """,
        controller=tx.of,
        purposes=[each.purpose for each in used],
        acts=[each.act.value for each in used],
        roles=[each.role.value for each in used],
        times=[each.times for each in used],
    )


def counted_at(tx: Transaction) -> datetime | None:
    row = maybe_row(tx, "SELECT counted_at FROM counted WHERE controller = %(controller)s", controller=tx.of)
    return None if row is None else row["counted_at"]


def counted(tx: Transaction) -> Counted | None:
    row = maybe_row(tx, "SELECT uses_since, counted_at FROM counted WHERE controller = %(controller)s", controller=tx.of)
    if row is None:
        return None
    return Counted(kept=tuple(_kept(tx)), used=tuple(_used(tx)), uses_since=row["uses_since"], at=row["counted_at"])


def _kept(tx: Transaction) -> list[Kept]:
    rows = all_rows(
        tx,
        """
        SELECT purpose, system, category, items, people FROM counted_kept WHERE controller = %(controller)s ORDER BY nth
        """,
        controller=tx.of,
    )
    return [kept_of(row) for row in rows]


def _used(tx: Transaction) -> list[Made]:
    rows = all_rows(
        tx,
        "SELECT purpose, act, role, times FROM counted_used WHERE controller = %(controller)s ORDER BY purpose, act, role",
        controller=tx.of,
    )
    return [Made(purpose=row["purpose"], act=UseAct(row["act"]), role=Role(row["role"]), times=row["times"]) for row in rows]
