"""The table `term_keys`; and the locks that are moved from one of its keys to another."""

from collections.abc import Sequence
from datetime import date, datetime

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import HoldingId, PurposeId
from rightcall.vault.keyring import Found, LockRow, Place, Term
from rightcall.vault.store import kept_of, place_of


def terms(tx: Transaction, wanted: Sequence[tuple[PurposeId, date]]) -> dict[tuple[PurposeId, date], tuple[Term, Found]]:
    """The latest key of each that there is."""
    statement = """SELECT DISTINCT ON (t.purpose, t.last_day) t.purpose, t.last_day, t.nth, e.key, t.wrapped
        FROM unnest(%(purposes)s::uuid[], %(days)s::date[]) AS w (purpose, last_day)
        JOIN term_keys t ON t.controller = %(controller)s AND t.purpose = w.purpose AND t.last_day = w.last_day
        LEFT JOIN epochs e ON e.epoch = t.epoch ORDER BY t.purpose, t.last_day, t.nth DESC"""
    days = [day for _, day in wanted]
    rows = sql.all_rows(tx, statement, controller=tx.of, purposes=[purpose for purpose, _ in wanted], days=days)
    found = [(Term(purpose=PurposeId(r["purpose"]), last_day=r["last_day"], nth=r["nth"]), Found(kept_of(r))) for r in rows]
    return {(term.purpose, term.last_day): (term, it) for term, it in found}


def insert_term(tx: Transaction, term: Term, epoch: int, wrapped: bytes, now: datetime) -> None:
    statement = """INSERT INTO term_keys (controller, purpose, last_day, nth, epoch, wrapped, created_at)
        VALUES (%(controller)s, %(purpose)s, %(last_day)s, %(nth)s, %(epoch)s, %(wrapped)s, %(now)s) ON CONFLICT DO NOTHING"""
    values = {"purpose": term.purpose, "last_day": term.last_day, "nth": term.nth, "epoch": epoch, "wrapped": wrapped}
    sql.execute(tx, statement, controller=tx.of, now=now, **values)


def end_term(tx: Transaction, purpose: PurposeId, last_day: date, now: datetime) -> bool:
    statement = """UPDATE term_keys SET wrapped = NULL, epoch = NULL, ended_at = coalesce(ended_at, %(now)s)
        WHERE controller = %(controller)s AND purpose = %(purpose)s AND last_day = %(last_day)s"""
    return sql.execute(tx, statement, controller=tx.of, purpose=purpose, last_day=last_day, now=now) > 0


def terms_before(tx: Transaction, today: date) -> list[tuple[PurposeId, date]]:
    statement = """SELECT DISTINCT purpose, last_day FROM term_keys
        WHERE controller = %(controller)s AND epoch IS NOT NULL AND last_day < %(today)s ORDER BY last_day, purpose"""
    return [(PurposeId(row["purpose"]), row["last_day"]) for row in sql.all_rows(tx, statement, controller=tx.of, today=today)]


def latest_terms(
    tx: Transaction, purpose: PurposeId, days: Sequence[date], made_before: datetime
) -> dict[date, tuple[int | None, int]]:
    """Of each day the number of its latest key that was made since, None where there is none, and of its latest at all, or 0."""
    statement = """SELECT w.last_day, coalesce(max(t.nth), 0) AS latest,
            max(t.nth) FILTER (WHERE t.created_at >= %(made_before)s AND t.wrapped IS NOT NULL) AS fresh
        FROM unnest(%(days)s::date[]) AS w (last_day)
        LEFT JOIN term_keys t ON t.controller = %(controller)s AND t.purpose = %(purpose)s AND t.last_day = w.last_day
        GROUP BY w.last_day"""
    rows = sql.all_rows(tx, statement, controller=tx.of, purpose=purpose, days=list(days), made_before=made_before)
    return {row["last_day"]: (row["fresh"], row["latest"]) for row in rows}


def days_made_before(tx: Transaction, purpose: PurposeId, made_before: datetime) -> list[date]:
    """The last days of the purpose's keys from before that still have their bytes."""
    statement = """SELECT DISTINCT last_day FROM term_keys WHERE controller = %(controller)s AND purpose = %(purpose)s
        AND created_at < %(made_before)s AND wrapped IS NOT NULL ORDER BY last_day"""
    rows = sql.all_rows(tx, statement, controller=tx.of, purpose=purpose, made_before=made_before)
    return [row["last_day"] for row in rows]


def end_terms_made_before(tx: Transaction, purpose: PurposeId, made_before: datetime, now: datetime) -> int:
    statement = """UPDATE term_keys SET wrapped = NULL, epoch = NULL, ended_at = %(now)s
        WHERE controller = %(controller)s AND purpose = %(purpose)s AND created_at < %(made_before)s AND wrapped IS NOT NULL"""
    return sql.execute(tx, statement, controller=tx.of, purpose=purpose, made_before=made_before, now=now)


def insert_ended_terms(tx: Transaction, purpose: PurposeId, days: Sequence[date], now: datetime) -> None:
    """Days that are over, where nothing was kept until any of them yet."""
    statement = """INSERT INTO term_keys (controller, purpose, last_day, nth, created_at, ended_at)
        SELECT %(controller)s, %(purpose)s, last_day, 1, %(now)s, %(now)s FROM unnest(%(days)s::date[]) AS w (last_day)
        ON CONFLICT DO NOTHING"""
    sql.execute(tx, statement, controller=tx.of, purpose=purpose, days=list(days), now=now)


def locks_made_before(tx: Transaction, purpose: PurposeId, holdings: Sequence[HoldingId], made_before: datetime) -> list[LockRow]:
    """Those of these holdings whose term's key is from before and has its bytes still. Nobody else moves them meanwhile."""
    statement = """SELECT c.holding, c.purpose, c.last_day, c.nth, c.grants, c.wrapped AS content, e.key, t.wrapped
        FROM unnest(%(holdings)s::uuid[]) AS w (holding)
        JOIN content_locks c ON c.controller = %(controller)s AND c.holding = w.holding AND c.purpose = %(purpose)s
        JOIN term_keys t ON t.controller = c.controller AND t.purpose = c.purpose AND t.last_day = c.last_day AND t.nth = c.nth
        LEFT JOIN epochs e ON e.epoch = t.epoch
        WHERE t.created_at < %(made_before)s AND t.wrapped IS NOT NULL AND c.wrapped <> ''
        ORDER BY c.holding FOR UPDATE OF c"""
    rows = sql.all_rows(tx, statement, controller=tx.of, purpose=purpose, holdings=list(holdings), made_before=made_before)
    return [LockRow(place=place_of(tx, row), blob=row["content"], term=kept_of(row)) for row in rows]


def move_locks(tx: Transaction, rows: Sequence[tuple[Place, bytes]]) -> None:
    statement = """UPDATE content_locks c SET last_day = n.last_day, nth = n.nth, wrapped = n.wrapped
        FROM unnest(%(holdings)s::uuid[], %(purposes)s::uuid[], %(days)s::date[], %(nths)s::integer[], %(blobs)s::bytea[])
            AS n (holding, purpose, last_day, nth, wrapped)
        WHERE c.controller = %(controller)s AND c.holding = n.holding AND c.purpose = n.purpose"""
    sql.execute(
        tx,
        statement,
        controller=tx.of,
        holdings=[place.holding for place, _ in rows],
        purposes=[place.term.purpose for place, _ in rows],
        days=[place.term.last_day for place, _ in rows],
        nths=[place.term.nth for place, _ in rows],
        blobs=[blob for _, blob in rows],
    )
