"""A few steps along indexes for each system: its last scan, its last whole one, and its counters of findings on no map."""

from collections.abc import Mapping

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.discovery.seen.model import Seen, SeenState
from rightcall.holdings.categories import Category, category_named
from rightcall.ids import SystemId

_ENDED = {"failed": SeenState.FAILED, "cancelled": SeenState.CANCELLED}


def seen(tx: Transaction, system: SystemId | None) -> list[Seen]:
    """Of every system, retired or not; or of the one."""
    rows = sql.all_rows(
        tx,
        """
        SELECT s.system, s.retired_at, l.stage, l.outcome, l.sample, l.followed_at IS NOT NULL AS followed, l.objects,
               l.looked_at, l.not_read, l.parts_not_read, w.ended_at AS whole_at, c.nobodys, c.waiting
          FROM systems s
          LEFT JOIN LATERAL (
               SELECT stage, outcome, sample, followed_at, objects, looked_at, not_read, parts_not_read FROM scans
                WHERE controller = %(controller)s AND system = s.system ORDER BY scan DESC LIMIT 1) l ON true
          LEFT JOIN LATERAL (
               SELECT ended_at FROM scans
                WHERE controller = %(controller)s AND system = s.system AND outcome = 'done' AND sample IS NULL
                  AND followed_at IS NOT NULL
                ORDER BY scan DESC LIMIT 1) w ON true
         CROSS JOIN LATERAL (
               SELECT coalesce(sum(nobodys), 0)::bigint AS nobodys, coalesce(sum(waiting), 0)::bigint AS waiting
                 FROM finding_counts WHERE controller = %(controller)s AND system = s.system) c
         WHERE s.controller = %(controller)s AND (%(system)s::uuid IS NULL OR s.system = %(system)s)
         ORDER BY s.name
        """,
        controller=tx.of,
        system=system,
    )
    return [_seen(row) for row in rows]


def nobodys(tx: Transaction) -> Mapping[tuple[SystemId, Category], int]:
    """Of each sort in each system: findings that are linked to nobody."""
    rows = sql.all_rows(
        tx,
        """
        SELECT system, category, sum(nobodys)::bigint AS nobodys FROM finding_counts
         WHERE controller = %(controller)s
         GROUP BY system, category HAVING sum(nobodys) > 0 ORDER BY system, category
        """,
        controller=tx.of,
    )
    found: dict[tuple[SystemId, Category], int] = {}
    for row in rows:
        sort = SystemId(row["system"]), category_named(row["category"])
        found[sort] = found.get(sort, 0) + row["nobodys"]
    return found


def _seen(row: sql.Row) -> Seen:
    return Seen(
        system=SystemId(row["system"]),
        state=_state(row),
        objects=row["objects"],
        looked_at=row["looked_at"],
        not_read=row["not_read"] or 0,
        parts_not_read=row["parts_not_read"] or 0,
        sample=None if row["sample"] is None else round(row["sample"], 6),
        whole_at=row["whole_at"],
        nobodys=row["nobodys"],
        waiting=row["waiting"],
        retired_at=row["retired_at"],
    )


def _state(row: sql.Row) -> SeenState:
    if row["retired_at"] is not None:
        return SeenState.RETIRED
    if row["stage"] is None:
        return SeenState.NEVER
    if row["outcome"] is None:
        return SeenState.GOING_ON
    if row["outcome"] in _ENDED:
        return _ENDED[row["outcome"]]
    if not row["followed"]:
        return SeenState.FOLLOWING
    return SeenState.WHOLE if row["sample"] is None else SeenState.SAMPLED
