"""The table `breaches`; and what of the data map lay in one system between two instants."""

from collections.abc import Sequence
from datetime import datetime

from rightcall.actors import Actor, Role
from rightcall.breaches.model import Breach, Circumstances, Nature, Nobodys, Open, Reach, SeenCountry, ToldBy, Window
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.database.walk import Walk, both_ways
from rightcall.holdings.categories import Category, Sensitivity, category_named
from rightcall.ids import BreachId, StatementId, SubjectId, SystemId, VerdictId


def insert(tx: Transaction, breach: Breach) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO breaches (controller, breach, system, began_at, until, known_at, nature, reach, malicious, unintelligible,
                              entered_by, entered_as, entered_at, statement)
        VALUES (%(controller)s, %(breach)s, %(system)s, %(began_at)s, %(until)s, %(known_at)s, %(nature)s, %(reach)s,
                %(malicious)s, %(unintelligible)s, %(by)s, %(role)s, %(at)s, %(statement)s)
        """,
        controller=tx.of,
        breach=breach.id,
        system=breach.window.system,
        began_at=breach.window.began_at,
        until=breach.window.until,
        known_at=breach.known_at,
        nature=sorted(breach.circumstances.nature),
        reach=breach.circumstances.reach.value,
        malicious=breach.circumstances.malicious,
        unintelligible=breach.circumstances.unintelligible,
        by=breach.entered_by.id,
        role=breach.entered_by.role.value,
        at=breach.entered_at,
        statement=breach.statement,
    )


def change(tx: Transaction, breach: BreachId, circumstances: Circumstances) -> None:
    sql.execute(
        tx,
        """
        UPDATE breaches
           SET nature = %(nature)s, reach = %(reach)s, malicious = %(malicious)s, unintelligible = %(unintelligible)s
         WHERE controller = %(controller)s AND breach = %(breach)s
        """,
        controller=tx.of,
        breach=breach,
        nature=sorted(circumstances.nature),
        reach=circumstances.reach.value,
        malicious=circumstances.malicious,
        unintelligible=circumstances.unintelligible,
    )


def told(tx: Transaction, breach: BreachId, *, authority: datetime | None, people: datetime | None) -> None:
    """The first time stands."""
    sql.execute(
        tx,
        """
        UPDATE breaches
           SET authority_told_at = coalesce(authority_told_at, %(authority)s),
               people_told_at = coalesce(people_told_at, %(people)s)
         WHERE controller = %(controller)s AND breach = %(breach)s
        """,
        controller=tx.of,
        breach=breach,
        authority=authority,
        people=people,
    )


def close(tx: Transaction, breach: BreachId, verdict: VerdictId, at: datetime) -> None:
    sql.execute(
        tx,
        """
        UPDATE breaches SET closed_at = %(at)s, verdict = %(verdict)s
         WHERE controller = %(controller)s AND breach = %(breach)s
        """,
        controller=tx.of,
        breach=breach,
        verdict=verdict,
        at=at,
    )


def breaches(tx: Transaction, breach: BreachId | None = None) -> list[Breach]:
    """All, newest first; or the one, locked."""
    rows = sql.all_rows(
        tx,
        """
        SELECT breach, system, began_at, until, known_at, nature, reach, malicious, unintelligible, entered_by, entered_as,
               entered_at, authority_told_at, people_told_at, closed_at, verdict, statement
          FROM breaches
         WHERE controller = %(controller)s AND (%(breach)s::uuid IS NULL OR breach = %(breach)s)
         ORDER BY known_at DESC, breach DESC
           FOR UPDATE
        """,
        controller=tx.of,
        breach=breach,
    )
    return [_breach(row) for row in rows]


def open_data(tx: Transaction, window: Window, after: SubjectId | None, last: SubjectId | None) -> tuple[list[Open], int]:
    """Of the people behind `after` up to `last`: what lay there, by sort, and of how many of them anything did."""
    rows = sql.all_rows(
        tx,
        """
        SELECT category, sensitivity, count(*) AS items, count(DISTINCT subject) AS people,
               count(*) FILTER (WHERE made_at >= %(until)s) AS later
          FROM holdings
         WHERE controller = %(controller)s AND system IS NOT DISTINCT FROM %(system)s
           AND (made_at < %(until)s OR source = 'scan')
           AND unlinked_at IS NULL AND (gone_at IS NULL OR gone_at > %(began_at)s)
           AND (disposed_at IS NULL OR disposed_at > %(began_at)s)
           AND (%(after)s::uuid IS NULL OR subject > %(after)s) AND (%(last)s::uuid IS NULL OR subject <= %(last)s)
         GROUP BY GROUPING SETS ((category, sensitivity), ())
        """,
        controller=tx.of,
        system=window.system,
        began_at=window.began_at,
        until=window.until,
        after=after,
        last=last,
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
    return found, sum(row["people"] for row in rows if row["category"] is None)


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


_AFFECTED = both_ways("""
SELECT subject, array_agg(DISTINCT category ORDER BY category) AS categories
  FROM holdings
 WHERE controller = %(controller)s AND system IS NOT DISTINCT FROM %(system)s
   AND (made_at < %(until)s OR source = 'scan')
   AND unlinked_at IS NULL AND (gone_at IS NULL OR gone_at > %(began_at)s)
   AND (disposed_at IS NULL OR disposed_at > %(began_at)s)
   AND subject {beyond} %(id)s
 GROUP BY subject ORDER BY subject {way} LIMIT %(limit)s
""")


def affected(tx: Transaction, window: Window, walk: Walk, limit: int) -> dict[SubjectId, tuple[Category, ...]]:
    """So many people, in the order of their ids, each with the sorts of data that lay there."""
    rows = sql.all_rows(
        tx,
        _AFFECTED[walk.oldest_first],
        controller=tx.of,
        system=window.system,
        began_at=window.began_at,
        until=window.until,
        id=walk.bounds()["id"],
        limit=limit,
    )
    return {SubjectId(row["subject"]): tuple(map(Category, row["categories"])) for row in rows}


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


def of_person(tx: Transaction, window: Window, subject: SubjectId) -> tuple[Category, ...]:
    rows = sql.all_rows(
        tx,
        """
        SELECT DISTINCT category
          FROM holdings
         WHERE controller = %(controller)s AND subject = %(subject)s AND system IS NOT DISTINCT FROM %(system)s
           AND (made_at < %(until)s OR source = 'scan')
           AND unlinked_at IS NULL AND (gone_at IS NULL OR gone_at > %(began_at)s)
           AND (disposed_at IS NULL OR disposed_at > %(began_at)s)
         ORDER BY category
        """,
        controller=tx.of,
        subject=subject,
        system=window.system,
        began_at=window.began_at,
        until=window.until,
    )
    return tuple(Category(row["category"]) for row in rows)


def _breach(row: sql.Row) -> Breach:
    return Breach(
        id=BreachId(row["breach"]),
        window=Window(
            system=None if row["system"] is None else SystemId(row["system"]), began_at=row["began_at"], until=row["until"]
        ),
        circumstances=Circumstances(
            nature=frozenset(map(Nature, row["nature"])),
            reach=Reach(row["reach"]),
            malicious=row["malicious"],
            unintelligible=row["unintelligible"],
        ),
        known_at=row["known_at"],
        entered_by=Actor(id=row["entered_by"], role=Role(row["entered_as"])),
        entered_at=row["entered_at"],
        authority_told_at=row["authority_told_at"],
        people_told_at=row["people_told_at"],
        closed_at=row["closed_at"],
        verdict=None if row["verdict"] is None else VerdictId(row["verdict"]),
        statement=StatementId(row["statement"]),
    )
