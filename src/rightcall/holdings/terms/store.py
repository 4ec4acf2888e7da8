"""Last days on the data map: what is over, what is kept for a purpose, and until when at the latest."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from rightcall.database.connection import Transaction
from rightcall.database.sql import all_rows, by_walking
from rightcall.holdings.categories import Category
from rightcall.holdings.model import Remnants
from rightcall.ids import HoldingId, PurposeId, SubjectId


def past_term(tx: Transaction, day: date, after: tuple[date, HoldingId] | None, limit: int) -> list[tuple[date, Remnants]]:
    """Ours, not disposed, with every term over before `day`; with its last day, the longest over first, from behind `after`. So
    many are read, and those that lie together are told together."""
    last_day, holding = after or (None, None)
    with by_walking(tx):
        rows = all_rows(
            tx,
            """
            SELECT kept_until, CASE WHEN lie_together THEN left(object_key, -37) ELSE object_key END AS place, lie_together,
                   is_finished, array_agg(holding ORDER BY holding) AS holdings
              FROM (
                SELECT kept_until, holding, object_key, object_key LIKE '%%/%%/%%/' || holding AS lie_together,
                       (object_key = '' OR complete IS NOT NULL) AS is_finished
                  FROM holdings
                 WHERE controller = %(controller)s AND disposed_at IS NULL AND system IS NULL AND kept_until < %(day)s
                   AND (%(last_day)s::date IS NULL OR (kept_until, holding) > (%(last_day)s, %(holding)s))
                 ORDER BY kept_until, holding
                 LIMIT %(limit)s) page
             GROUP BY kept_until, place, lie_together, is_finished, CASE WHEN NOT lie_together THEN holding END
            """,
            controller=tx.of,
            day=day,
            last_day=last_day,
            holding=holding,
            limit=limit,
        )
    found = [
        (row["kept_until"], Remnants(row["place"], row["holdings"], row["is_finished"], lie_together=row["lie_together"]))
        for row in rows
    ]
    return sorted(found, key=lambda each: (each[0], each[1].holdings[0]))


def ending_of(
    tx: Transaction, people: Sequence[SubjectId], first: date | None, last: date
) -> list[tuple[HoldingId, Category, date]]:
    """Ours, about these people and there, whose every term ends from `first` (None: from ever) to `last`: with that day."""
    rows = all_rows(
        tx,
        """
        SELECT holding, category, kept_until
          FROM holdings
         WHERE controller = %(controller)s AND subject = ANY (%(people)s) AND system IS NULL AND disposed_at IS NULL
           AND kept_until BETWEEN coalesce(%(first)s::date, '-infinity') AND %(last)s
         ORDER BY holding
        """,
        controller=tx.of,
        people=list(people),
        first=first,
        last=last,
    )
    return [(row["holding"], Category(row["category"]), row["kept_until"]) for row in rows]


def readable_after(tx: Transaction, after: HoldingId | None, limit: int) -> list[HoldingId]:
    """Ours, whose bytes are whole in the store and were not disposed of; a page, in the order of their ids."""
    with by_walking(tx):
        rows = all_rows(
            tx,
            """
            SELECT holding FROM holdings
             WHERE controller = %(controller)s AND system IS NULL AND disposed_at IS NULL AND object_key <> ''
               AND complete IS NOT NULL AND (%(after)s::uuid IS NULL OR holding > %(after)s)
             ORDER BY holding LIMIT %(limit)s
            """,
            controller=tx.of,
            after=after,
            limit=limit,
        )
    return [row["holding"] for row in rows]


def kept_for(
    tx: Transaction, purpose: PurposeId, after: tuple[date, HoldingId] | None, looked_at: int
) -> tuple[list[tuple[HoldingId, datetime]], tuple[date, HoldingId] | None]:
    """Of the next so many of ours that are there, from behind `after` in the order of their days: those that are kept for this
    purpose, with when each was made; and the last one that was looked at, None after the last of all."""
    last_day, holding = after or (None, None)
    with by_walking(tx):
        rows = all_rows(
            tx,
            """
            SELECT kept_until, holding, made_at, %(purpose)s = ANY (purposes) AS is_of_it
              FROM holdings
             WHERE controller = %(controller)s AND disposed_at IS NULL AND system IS NULL
               AND (%(last_day)s::date IS NULL OR (kept_until, holding) > (%(last_day)s, %(holding)s))
             ORDER BY kept_until, holding
             LIMIT %(limit)s
            """,
            controller=tx.of,
            purpose=purpose,
            last_day=last_day,
            holding=holding,
            limit=looked_at,
        )
    last = (rows[-1]["kept_until"], rows[-1]["holding"]) if len(rows) == looked_at else None
    return [(row["holding"], row["made_at"]) for row in rows if row["is_of_it"]], last


def keep_until(tx: Transaction, purpose: PurposeId, last_days: Mapping[HoldingId, date]) -> list[HoldingId]:
    """For this purpose until that day at the latest. Those for which that is sooner than before."""
    rows = all_rows(
        tx,
        """
        UPDATE holdings h
           SET last_days = s.last_days, kept_until = (SELECT max(day) FROM unnest(s.last_days) AS day)
          FROM (SELECT n.holding,
                       array_agg(least(p.last_day, CASE WHEN p.purpose = %(purpose)s THEN n.last_day END) ORDER BY p.nth)
                           AS last_days,
                       bool_or(p.purpose = %(purpose)s AND p.last_day > n.last_day) AS is_sooner
                  FROM unnest(%(holdings)s::uuid[], %(days)s::date[]) AS n (holding, last_day)
                  JOIN holdings o ON o.controller = %(controller)s AND o.holding = n.holding
                 CROSS JOIN unnest(o.purposes, o.last_days) WITH ORDINALITY AS p (purpose, last_day, nth)
                 GROUP BY n.holding) s
         WHERE h.controller = %(controller)s AND h.holding = s.holding AND s.is_sooner
        RETURNING h.holding
        """,
        controller=tx.of,
        purpose=purpose,
        holdings=list(last_days),
        days=list(last_days.values()),
    )
    return [row["holding"] for row in rows]
