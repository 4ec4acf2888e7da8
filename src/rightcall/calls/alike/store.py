"""`call_traits`, in order of time. The database writes it beside what it tells of (migration `call_traits`)."""

from collections.abc import Sequence

from rightcall.calls.alike.model import Trait
from rightcall.calls.model import Call, TrunkId
from rightcall.calls.store import call_of
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.database.walk import Walk, both_ways
from rightcall.ids import CallId

_ALIKE = both_ways("""
SELECT c.call, c.trunk, c.session_group, c.started_at, c.ended_at
  FROM call_traits t JOIN calls c ON c.controller = t.controller AND c.call = t.call
 WHERE t.controller = %(controller)s AND t.trait = %(first)s AND t.started_at >= %(since)s AND t.started_at < %(before)s
   AND (t.started_at, t.call) {beyond} (%(at)s::timestamptz, %(id)s::uuid)
   AND NOT EXISTS (
       SELECT FROM unnest(%(others)s::text[]) AS other
        WHERE NOT EXISTS (SELECT FROM call_traits o
                           WHERE o.controller = t.controller AND o.trait = other AND o.started_at = t.started_at
                             AND o.call = t.call))
 ORDER BY t.started_at {way}, t.call {way} LIMIT %(limit)s
""")


def page(tx: Transaction, walk: Walk, first: str, others: Sequence[str], limit: int) -> list[Call]:
    """Those that have all of these marks, by when they began: along those that have the first."""
    which = {"first": first, "others": list(others)}
    rows = sql.all_rows(tx, _ALIKE[walk.oldest_first], controller=tx.of, limit=limit, **which, **walk.bounds())
    return [call_of(row) for row in rows]


def traits(tx: Transaction, calls: Sequence[Call]) -> list[tuple[CallId, Trait]]:
    rows = sql.all_rows(
        tx,
        """
        SELECT t.call, t.trait FROM unnest(%(calls)s::uuid[], %(began)s::timestamptz[]) AS c (call, started_at)
         CROSS JOIN unnest(%(known)s::text[]) AS known
          JOIN call_traits t
            ON t.controller = %(controller)s AND t.trait = known AND t.started_at = c.started_at AND t.call = c.call
        """,
        controller=tx.of,
        calls=[each.id for each in calls],
        began=sql.array(f'"{each.started_at.isoformat()}"' for each in calls),
        known=[each.value for each in Trait],
    )
    return [(CallId(row["call"]), Trait(row["trait"])) for row in rows]


def lines(tx: Transaction) -> dict[TrunkId, str]:
    rows = sql.all_rows(
        tx, "SELECT trunk, name FROM trunks WHERE controller = %(controller)s ORDER BY name, trunk", controller=tx.of
    )
    return {TrunkId(row["trunk"]): row["name"] for row in rows}
