"""What of the data map lay in one system between two instants; and what came of weighing it, which is kept."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from rightcall.breaches.model import Assessment, Nobodys, Open, SeenCountry, ToldBy, Window
from rightcall.breaches.weighing.documents import assessment_of, document_of
from rightcall.breaches.weighing.model import Progress, Weighing
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.database.walk import Walk, both_ways
from rightcall.holdings.categories import Category, Sensitivity, category_named
from rightcall.ids import BreachId, StatementId, SubjectId, SystemId

IN_A_ROW = 500
"""So many people stand in each row of `breach_people` but the last."""
_FIRST, _LAST = SubjectId(UUID(int=0)), SubjectId(UUID(int=2**128 - 1))


def open_data(
    tx: Transaction, window: Window, after: SubjectId | None, last: SubjectId | None
) -> tuple[list[Open], list[SubjectId]]:
    """Of the people behind `after` up to `last`: what lay there, by sort; and those of whom anything did, in the order of their
    ids."""
    rows = sql.all_rows(
        tx,
        """
        SELECT category, sensitivity, count(*) AS items, count(DISTINCT subject) AS people,
               count(*) FILTER (WHERE made_at >= %(until)s) AS later,
               CASE WHEN grouping(category, sensitivity) <> 0 THEN array_agg(DISTINCT subject ORDER BY subject) END AS subjects
          FROM holdings
         WHERE controller = %(controller)s AND system IS NOT DISTINCT FROM %(system)s
           AND (made_at < %(until)s OR source = 'scan')
           AND unlinked_at IS NULL AND (gone_at IS NULL OR gone_at > %(began_at)s)
           AND (disposed_at IS NULL OR disposed_at > %(began_at)s)
           AND subject > %(after)s AND subject <= %(last)s
         GROUP BY GROUPING SETS ((category, sensitivity), ())
        """,
        controller=tx.of,
        system=window.system,
        began_at=window.began_at,
        until=window.until,
        after=after or _FIRST,
        last=last or _LAST,
    )
    found = [
        Open(
            category=Category(row["category"]),
            sensitivity=Sensitivity(row["sensitivity"]),
            items=row["items"],
            people=row["people"],
            first_seen_after=row["later"],
        )
        for row in rows
        if row["category"] is not None
    ]
    return found, [SubjectId(each) for row in rows for each in row["subjects"] or ()]


def nobodys(tx: Transaction, window: Window) -> tuple[list[Open], Nobodys]:
    """What was found there and stands at nobody on the map for that time: by sort, and all of it with its records."""
    rows = sql.all_rows(
        tx,
        """
        SELECT f.category, count(*) AS items, count(DISTINCT f.record) AS records,
               count(*) FILTER (WHERE f.first_seen_at >= %(until)s) AS later
          FROM findings f
         WHERE f.controller = %(controller)s AND f.system = %(system)s AND f.holding IS NULL
           AND (f.gone_at IS NULL OR f.gone_at > %(began_at)s)
           AND NOT EXISTS (SELECT FROM holdings h
                            WHERE h.controller = f.controller AND h.holding = f.finding AND h.unlinked_at IS NULL
                              AND (h.gone_at IS NULL OR h.gone_at > %(began_at)s)
                              AND (h.disposed_at IS NULL OR h.disposed_at > %(began_at)s))
         GROUP BY GROUPING SETS ((f.category), ())
        """,
        controller=tx.of,
        system=window.system,
        began_at=window.began_at,
        until=window.until,
    )
    found = [_nobodys(category_named(row["category"]), row) for row in rows if row["category"] is not None]
    every = next((row for row in rows if row["category"] is None), {"items": 0, "records": 0})
    return found, Nobodys(items=every["items"], records=every["records"])


def card_codes(tx: Transaction, window: Window) -> int:
    """Security codes of cards that scans found there: those that lie there still, and those that went since it began."""
    row = sql.one_row(
        tx,
        """
        SELECT (SELECT count(*) FROM findings
                 WHERE controller = %(controller)s AND system = %(system)s AND type = 'card_code' AND gone_at IS NULL)
             + (SELECT count(*) FROM findings
                 WHERE controller = %(controller)s AND system = %(system)s AND type = 'card_code' AND holding IS NULL
                   AND gone_at > %(began_at)s) AS number
        """,
        controller=tx.of,
        system=window.system,
        began_at=window.began_at,
    )
    return int(row["number"])


def _nobodys(category: Category, row: sql.Row) -> Open:
    return Open(
        category=category,
        sensitivity=category.sensitivity,
        items=0,
        people=0,
        first_seen_after=row["later"],
        nobodys=row["items"],
    )


def countries(tx: Transaction, people: Sequence[SubjectId]) -> dict[SubjectId, list[SeenCountry]]:
    """In which countries numbers and addresses of these people belong, wherever a scan saw them."""
    rows = sql.all_rows(
        tx,
        """
        SELECT subject, country, category = 'pd:TelephoneNumber' AS is_number, count(*) AS times
          FROM findings
         WHERE controller = %(controller)s AND subject = ANY (%(people)s) AND country IS NOT NULL
         GROUP BY subject, country, is_number
        """,
        controller=tx.of,
        people=list(people),
    )
    found: dict[SubjectId, list[SeenCountry]] = {}
    for row in rows:
        by = ToldBy.NUMBER if row["is_number"] else ToldBy.ADDRESS
        found.setdefault(SubjectId(row["subject"]), []).append(SeenCountry(place=row["country"], by=by, times=row["times"]))
    return found


_SORTS: LiteralString = """
SELECT subject, array_agg(DISTINCT category ORDER BY category) AS categories
  FROM holdings
 WHERE controller = %(controller)s AND subject = ANY (%(people)s::uuid[]) AND system IS NOT DISTINCT FROM %(system)s
   AND (made_at < %(until)s OR source = 'scan')
   AND unlinked_at IS NULL AND (gone_at IS NULL OR gone_at > %(began_at)s)
   AND (disposed_at IS NULL OR disposed_at > %(began_at)s)
 GROUP BY subject
"""


def sorts_of(tx: Transaction, window: Window, people: Collection[SubjectId]) -> dict[SubjectId, tuple[Category, ...]]:
    """The sorts of data of each of these people that lay there; nobody of whom nothing did."""
    rows = sql.all_rows(
        tx,
        _SORTS,
        controller=tx.of,
        people=list(people),
        system=window.system,
        began_at=window.began_at,
        until=window.until,
    )
    return {SubjectId(row["subject"]): tuple(map(Category, row["categories"])) for row in rows}


def keep(tx: Transaction, breach: BreachId, weighing: StatementId, assessed: Assessment) -> None:
    """In place of the one before, and its people."""
    given = {"controller": tx.of, "breach": breach}
    sql.execute(
        tx,
        """
        DELETE FROM breach_people p USING breach_weighings w
         WHERE w.controller = %(controller)s AND w.breach = %(breach)s
           AND p.controller = w.controller AND p.weighing = w.weighing
        """,
        **given,
    )
    sql.execute(
        tx,
        """
        INSERT INTO breach_weighings (controller, breach, weighing, weighed_at, assessment)
        VALUES (%(controller)s, %(breach)s, %(weighing)s, %(at)s, %(assessment)s)
        ON CONFLICT (controller, breach) DO UPDATE
           SET weighing = excluded.weighing, weighed_at = excluded.weighed_at, assessment = excluded.assessment
        """,
        **given,
        weighing=weighing,
        at=assessed.at,
        assessment=Jsonb(document_of(assessed)),
    )


def rejudge(tx: Transaction, breach: BreachId, assessed: Assessment) -> None:
    """The same weighing and its people, with what follows from them now."""
    sql.execute(
        tx,
        "UPDATE breach_weighings SET assessment = %(assessment)s WHERE controller = %(controller)s AND breach = %(breach)s",
        controller=tx.of,
        breach=breach,
        assessment=Jsonb(document_of(assessed)),
    )


def tell_progress(tx: Transaction, breach: BreachId, progress: Progress) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO breach_progress (controller, breach, done, of)
        VALUES (%(controller)s, %(breach)s, %(done)s, %(of)s)
        ON CONFLICT (controller, breach) DO UPDATE SET done = excluded.done, of = excluded.of
        """,
        controller=tx.of,
        breach=breach,
        done=progress.done,
        of=progress.of,
    )


def end_progress(tx: Transaction, breach: BreachId) -> None:
    sql.execute(
        tx,
        "DELETE FROM breach_progress WHERE controller = %(controller)s AND breach = %(breach)s",
        controller=tx.of,
        breach=breach,
    )


def progress(tx: Transaction, breach: BreachId) -> Progress | None:
    row = sql.maybe_row(
        tx,
        "SELECT done, of FROM breach_progress WHERE controller = %(controller)s AND breach = %(breach)s",
        controller=tx.of,
        breach=breach,
    )
    return None if row is None else Progress(done=row["done"], of=row["of"])


def weighing(tx: Transaction, breach: BreachId) -> Weighing | None:
    row = sql.maybe_row(
        tx,
        "SELECT weighing, assessment FROM breach_weighings WHERE controller = %(controller)s AND breach = %(breach)s",
        controller=tx.of,
        breach=breach,
    )
    return None if row is None else Weighing(id=StatementId(row["weighing"]), assessed=assessment_of(row["assessment"]))


def insert_people(tx: Transaction, weighing: StatementId, people: Sequence[SubjectId]) -> None:
    """These, who follow on those before in the order of their ids."""
    sql.execute(
        tx,
        """
        INSERT INTO breach_people (controller, weighing, first, last, subjects)
        VALUES (%(controller)s, %(weighing)s, %(first)s, %(last)s, %(people)s::uuid[])
        """,
        controller=tx.of,
        weighing=weighing,
        first=people[0],
        last=people[-1],
        people=list(people),
    )


def forget_people(tx: Transaction, weighing: StatementId) -> None:
    sql.execute(
        tx,
        "DELETE FROM breach_people WHERE controller = %(controller)s AND weighing = %(weighing)s",
        controller=tx.of,
        weighing=weighing,
    )


_WALK = both_ways("""
SELECT subject
  FROM (SELECT subjects FROM breach_people
         WHERE controller = %(controller)s AND weighing = %(weighing)s AND THE_END {beyond} %(id)s
         ORDER BY THE_END {way} LIMIT %(rows)s) rows
 CROSS JOIN LATERAL unnest(subjects) AS found (subject)
 WHERE subject {beyond} %(id)s
 ORDER BY subject {way} LIMIT %(limit)s
""")
_PEOPLE = {True: _WALK[True].replace("THE_END", "last"), False: _WALK[False].replace("THE_END", "first")}
"""Few rows of `breach_people`, from the one on in which `id` stands, and of them so many people."""


def people(tx: Transaction, weighing: StatementId, walk: Walk, limit: int) -> list[SubjectId]:
    """So many whom it found affected."""
    rows = sql.all_rows(
        tx,
        _PEOPLE[walk.oldest_first],
        controller=tx.of,
        weighing=weighing,
        id=walk.bounds()["id"],
        limit=limit,
        rows=2 + limit // IN_A_ROW,
    )
    return [SubjectId(row["subject"]) for row in rows]


def due(tx: Transaction, before: datetime) -> list[BreachId]:
    """Those that are open and were last weighed before that, and those that never were."""
    rows = sql.all_rows(
        tx,
        """
        SELECT b.breach FROM breaches b LEFT JOIN breach_weighings w USING (controller, breach)
         WHERE b.controller = %(controller)s AND (w.weighing IS NULL OR (b.closed_at IS NULL AND w.weighed_at <= %(before)s))
         ORDER BY b.breach
        """,
        controller=tx.of,
        before=before,
    )
    return [BreachId(row["breach"]) for row in rows]


def open_of_system(tx: Transaction, system: SystemId) -> list[BreachId]:
    rows = sql.all_rows(
        tx,
        """
        SELECT breach FROM breaches
         WHERE controller = %(controller)s AND system = %(system)s AND closed_at IS NULL ORDER BY breach
        """,
        controller=tx.of,
        system=system,
    )
    return [BreachId(row["breach"]) for row in rows]
