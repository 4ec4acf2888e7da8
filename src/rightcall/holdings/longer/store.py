"""What is kept for a purpose to the end of its term, and the other days that it is given."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import LiteralString

from rightcall.database.connection import Transaction
from rightcall.database.sql import all_rows, by_walking, execute, one_row
from rightcall.holdings.longer.model import Lasted, Reach, Sooner
from rightcall.ids import HoldingId, PurposeId, SubjectId


def whole_term(
    tx: Transaction,
    purpose: PurposeId,
    lasted: Sequence[Lasted],
    *,
    today: date,
    after: tuple[date, HoldingId] | None,
    looked_at: int,
) -> tuple[list[tuple[HoldingId, date]], tuple[date, HoldingId] | None]:
    """Of the next so many of ours whose day is not over, the next to go first: those that are kept for the purpose as long as its
    term was when they were made, with the day when they were; and the last one that was looked at, None after the last of all."""
    last_day, holding = after or (today, None)
    with by_walking(tx):
        rows = all_rows(
            tx,
            """
            SELECT kept_until, holding, (made_at AT TIME ZONE 'UTC')::date AS made_on,
                   EXISTS (SELECT FROM unnest(purposes, last_days) AS p (purpose, last_day),
                                       unnest(%(days)s::integer[], %(untils)s::timestamptz[]) AS w (days, until)
                            WHERE p.purpose = %(purpose)s AND p.last_day = (made_at AT TIME ZONE 'UTC')::date + w.days
                              AND p.last_day >= %(today)s AND made_at <= w.until) AS is_of_it
              FROM holdings
             WHERE controller = %(controller)s AND disposed_at IS NULL AND system IS NULL
               AND (kept_until, holding) > (%(last_day)s, coalesce(%(holding)s, '00000000-0000-0000-0000-000000000000'::uuid))
             ORDER BY kept_until, holding
             LIMIT %(limit)s
            """,
            controller=tx.of,
            purpose=purpose,
            days=[each.days for each in lasted],
            untils=[each.until for each in lasted],
            today=today,
            last_day=last_day,
            holding=holding,
            limit=looked_at,
        )
    last = (rows[-1]["kept_until"], rows[-1]["holding"]) if len(rows) == looked_at else None
    return [(row["holding"], row["made_on"]) for row in rows if row["is_of_it"]], last


def keep_until(tx: Transaction, purpose: PurposeId, last_days: Mapping[HoldingId, date]) -> int:
    """For this purpose until that day, where that is later than before."""
    return execute(
        tx,
        """
        UPDATE holdings h
           SET last_days = s.last_days, kept_until = (SELECT max(day) FROM unnest(s.last_days) AS day)
          FROM (SELECT n.holding,
                       array_agg(greatest(p.last_day, CASE WHEN p.purpose = %(purpose)s THEN n.last_day END) ORDER BY p.nth)
                           AS last_days
                  FROM unnest(%(holdings)s::uuid[], %(days)s::date[]) AS n (holding, last_day)
                  JOIN holdings o ON o.controller = %(controller)s AND o.holding = n.holding
                 CROSS JOIN unnest(o.purposes, o.last_days) WITH ORDINALITY AS p (purpose, last_day, nth)
                 GROUP BY n.holding) s
         WHERE h.controller = %(controller)s AND h.holding = s.holding AND h.disposed_at IS NULL
        """,
        controller=tx.of,
        purpose=purpose,
        holdings=list(last_days),
        days=list(last_days.values()),
    )


def kept_longer(
    tx: Transaction, people: Sequence[SubjectId], purpose: PurposeId, *, was_days: int, made_before: datetime, today: date
) -> int:
    """How much of these subjects is there, from before, that lasts longer for the purpose than so many days."""
    row = one_row(
        tx,
        """
        SELECT count(*) AS items
          FROM holdings h, unnest(h.purposes, h.last_days) AS p (purpose, last_day)
         WHERE h.controller = %(controller)s AND h.subject = ANY (%(people)s) AND h.disposed_at IS NULL AND h.gone_at IS NULL
           AND h.made_at <= %(made_before)s AND p.purpose = %(purpose)s AND p.last_day >= %(today)s
           AND p.last_day > (h.made_at AT TIME ZONE 'UTC')::date + %(was_days)s
        """,
        controller=tx.of,
        people=list(people),
        purpose=purpose,
        was_days=was_days,
        made_before=made_before,
        today=today,
    )
    items: int = row["items"]
    return items


_REACH: LiteralString = """
SELECT count(*) FILTER (WHERE is_whole) AS items,
       count(DISTINCT subject) FILTER (WHERE is_whole) AS people,
       min(last_day) FILTER (WHERE is_whole) AS first_day,
       max(last_day) FILTER (WHERE is_whole) AS last_day,
       count(*) FILTER (WHERE NOT is_whole) AS less,
       {is_all} AS is_all
  FROM (SELECT h.subject, p.last_day,
               p.last_day = (h.made_at AT TIME ZONE 'UTC')::date + %(days)s AS is_whole
          FROM {looked_at} h, unnest(h.purposes, h.last_days) AS p (purpose, last_day)
         WHERE h.controller = %(controller)s AND h.disposed_at IS NULL AND h.system IS NULL
           AND %(purpose)s = ANY (h.purposes) AND p.purpose = %(purpose)s AND p.last_day >= %(today)s) AS kept
"""
_FIRST: LiteralString = """
WITH first AS MATERIALIZED (
    SELECT controller, subject, system, made_at, purposes, last_days, disposed_at FROM holdings
     WHERE controller = %(controller)s AND system IS NULL AND disposed_at IS NULL AND kept_until >= %(today)s
     ORDER BY kept_until, holding LIMIT %(most)s
)
"""
_NOT_CUT: LiteralString = "(SELECT count(*) < %(most)s FROM first)"


def reach(tx: Transaction, purpose: PurposeId, days: int, today: date) -> Reach:
    """What a term longer than these days would be about, as things stand. Reads all that we hold."""
    statement = _REACH.format(looked_at="holdings", is_all="true")
    return Reach(**one_row(tx, statement, controller=tx.of, purpose=purpose, days=days, today=today))


def first_reach(tx: Transaction, purpose: PurposeId, days: int, today: date, most: int) -> Reach:
    """The same of the first so many, those that end first: in the same time however much is held."""
    statement = _FIRST + _REACH.format(looked_at="first", is_all=_NOT_CUT)
    with by_walking(tx):
        return Reach(**one_row(tx, statement, controller=tx.of, purpose=purpose, days=days, today=today, most=most))


_SOONER: LiteralString = """
SELECT count(*) AS items,
       count(DISTINCT subject) AS people,
       count(*) FILTER (WHERE ends < %(today)s) AS at_once,
       count(*) FILTER (WHERE ends >= %(today)s AND ends < %(today)s::date + 30) AS in_a_month,
       count(*) FILTER (WHERE ends >= %(today)s::date + 30 AND ends < %(today)s::date + 91) AS in_a_quarter,
       count(*) FILTER (WHERE ends >= %(today)s::date + 91) AS later,
       count(*) FILTER (WHERE stays) AS stays,
       {is_all} AS is_all
  FROM (SELECT h.subject, (h.made_at AT TIME ZONE 'UTC')::date + %(days)s AS ends,
               EXISTS (SELECT FROM unnest(h.purposes, h.last_days) AS o (purpose, last_day)
                        WHERE o.purpose <> %(purpose)s AND o.last_day >= %(today)s
                          AND o.last_day > (h.made_at AT TIME ZONE 'UTC')::date + %(days)s) AS stays
          FROM {looked_at} h, unnest(h.purposes, h.last_days) AS p (purpose, last_day)
         WHERE h.controller = %(controller)s AND h.disposed_at IS NULL AND h.system IS NULL
           AND %(purpose)s = ANY (h.purposes) AND p.purpose = %(purpose)s AND p.last_day >= %(today)s
           AND p.last_day > (h.made_at AT TIME ZONE 'UTC')::date + %(days)s) AS kept
"""


def sooner(tx: Transaction, purpose: PurposeId, days: int, today: date) -> Sooner:
    """What a term of only these days would be about, as things stand. Reads all that we hold."""
    statement = _SOONER.format(looked_at="holdings", is_all="true")
    return Sooner(**one_row(tx, statement, controller=tx.of, purpose=purpose, days=days, today=today))


def first_sooner(tx: Transaction, purpose: PurposeId, days: int, today: date, most: int) -> Sooner:
    """The same of the first so many, as `first_reach` looks at them."""
    statement = _FIRST + _SOONER.format(looked_at="first", is_all=_NOT_CUT)
    with by_walking(tx):
        return Sooner(**one_row(tx, statement, controller=tx.of, purpose=purpose, days=days, today=today, most=most))
