"""Whose last day on the map another term of a purpose would move."""

from collections.abc import Sequence
from datetime import date

from rightcall.database.connection import Transaction
from rightcall.database.sql import all_rows, by_walking
from rightcall.discovery.mapping.model import Redated
from rightcall.ids import PurposeId, SystemId


def redated(
    tx: Transaction,
    purpose: PurposeId,
    among: Sequence[SystemId],
    *,
    was_days: int,
    days: int,
    since: date | None,
    today: date,
    most: int | None,
) -> list[Redated]:
    """By system: what lasts these `was_days` for the purpose, from the day on which it was first seen or from one in its row, and
    would last `days`. `since`: only what is kept until then at least. `most`: of each system only the first so many things."""
    with by_walking(tx):
        rows = all_rows(
            tx,
            """
            SELECT system, count(*) FILTER (WHERE moves) AS items, count(DISTINCT subject) FILTER (WHERE moves) AS people,
                   count(*) FILTER (WHERE moves AND last_day + %(days)s - %(was_days)s < %(today)s) AS over,
                   count(*) < %(most)s::integer IS NOT FALSE AS is_all
              FROM (SELECT h.system, h.subject, p.last_day,
                           p.last_day >= coalesce(%(since)s::date, '-infinity') AND coalesce(p.last_day - %(was_days)s
                           IN ((h.made_at AT TIME ZONE 'UTC')::date, f.dated_on), false) AS moves
                      FROM unnest(%(among)s::uuid[]) AS s (system)
                     CROSS JOIN LATERAL (
                           SELECT holding, system, subject, made_at, purposes, last_days FROM holdings
                            WHERE controller = %(controller)s AND system = s.system AND disposed_at IS NULL AND gone_at IS NULL
                            ORDER BY category, holding LIMIT %(most)s::integer) h
                      LEFT JOIN LATERAL unnest(h.purposes, h.last_days) AS p (purpose, last_day) ON p.purpose = %(purpose)s
                      LEFT JOIN findings f ON f.controller = %(controller)s AND f.finding = h.holding) AS looked_at
             GROUP BY system
             ORDER BY system
            """,
            controller=tx.of,
            purpose=purpose,
            among=list(among),
            was_days=was_days,
            days=days,
            since=since,
            today=today,
            most=most,
        )
    return [Redated(**row) for row in rows if row["items"] or not row["is_all"]]
