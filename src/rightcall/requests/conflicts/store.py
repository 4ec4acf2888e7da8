"""The tables `conflicts`, `conflict_holds` and `conflicts_decided`: where a wish to be erased met a reason to keep."""

from collections.abc import Sequence

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import HoldId, PurposeId, RequestId, SubjectId, VerdictId
from rightcall.requests.conflicts.model import Conflict


def insert(tx: Transaction, conflict: Conflict, placed: Sequence[HoldId]) -> None:
    """`placed`: the holds that followed from it."""
    sql.execute(
        tx,
        """
        INSERT INTO conflicts (controller, request, subject, verdict, purpose, hold, stays, decided_at)
        VALUES (%(controller)s, %(request)s, %(subject)s, %(verdict)s, %(purpose)s, %(hold)s, %(stays)s, %(at)s)
        """,
        controller=tx.of,
        request=conflict.request,
        subject=conflict.subject,
        verdict=conflict.verdict,
        purpose=conflict.purpose,
        hold=conflict.hold,
        stays=conflict.stays,
        at=conflict.decided_at,
    )
    sql.execute(
        tx,
        """
        INSERT INTO conflict_holds (controller, request, verdict, hold)
        SELECT %(controller)s, %(request)s, %(verdict)s, hold FROM unnest(%(holds)s::uuid[]) AS n (hold)
        """,
        controller=tx.of,
        request=conflict.request,
        verdict=conflict.verdict,
        holds=list(placed),
    )


def of_request(tx: Transaction, request: RequestId) -> list[tuple[Conflict, list[HoldId]]]:
    """Each with the holds that keep what it is about, in the order in which they were decided."""
    rows = sql.all_rows(
        tx,
        """
        SELECT request, subject, verdict, purpose, hold, stays, decided_at,
               array_remove(hold || ARRAY(
                   SELECT h.hold FROM conflict_holds h
                    WHERE h.controller = c.controller AND h.request = c.request AND h.verdict = c.verdict
                    ORDER BY h.hold), NULL) AS holds
          FROM conflicts c
         WHERE controller = %(controller)s AND request = %(request)s
         ORDER BY decided_at, verdict
        """,
        controller=tx.of,
        request=request,
    )
    return [(_conflict(row), [HoldId(each) for each in row["holds"]]) for row in rows]


def is_decided(tx: Transaction, request: RequestId, subject: SubjectId) -> bool:
    row = sql.maybe_row(
        tx,
        """
        SELECT subject FROM conflicts_decided
         WHERE controller = %(controller)s AND request = %(request)s AND subject = %(subject)s
        """,
        controller=tx.of,
        request=request,
        subject=subject,
    )
    return row is not None


def decided(tx: Transaction, request: RequestId, subject: SubjectId) -> None:
    sql.execute(
        tx,
        "INSERT INTO conflicts_decided (controller, request, subject) VALUES (%(controller)s, %(request)s, %(subject)s)",
        controller=tx.of,
        request=request,
        subject=subject,
    )


def _conflict(row: sql.Row) -> Conflict:
    return Conflict(
        request=RequestId(row["request"]),
        subject=SubjectId(row["subject"]),
        verdict=VerdictId(row["verdict"]),
        purpose=None if row["purpose"] is None else PurposeId(row["purpose"]),
        hold=None if row["hold"] is None else HoldId(row["hold"]),
        stays=row["stays"],
        decided_at=row["decided_at"],
    )
