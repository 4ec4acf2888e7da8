"""The table `requests`."""

from collections.abc import Collection
from datetime import date, datetime

from rightcall.actors import Actor, Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import RequestId, StatementId, SubjectId
from rightcall.requests.model import Answered, DenialGround, Request, RequestKind, Stage, Waiting


def insert_request(tx: Transaction, request: Request) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO requests (controller, request, subject, kind, actor, role, received_at, due_on, stage, statement)
        VALUES (%(controller)s, %(request)s, %(subject)s, %(kind)s, %(actor)s, %(role)s, %(received_at)s, %(due_on)s,
                %(stage)s, %(statement)s)
        """,
        controller=tx.of,
        request=request.id,
        subject=request.subject,
        kind=request.kind.value,
        actor=request.by.id,
        role=request.by.role.value,
        received_at=request.received_at,
        due_on=request.due_on,
        stage=request.stage.value,
        statement=request.statement,
    )


def request_for_update(tx: Transaction, request: RequestId) -> Request | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT request, subject, kind, actor, role, received_at, due_on, stage, outcome, ground, answered_at, statement
        FROM requests WHERE controller = %(controller)s AND request = %(request)s FOR UPDATE
        """,
        controller=tx.of,
        request=request,
    )
    return None if row is None else _request(row)


def requests_after(tx: Transaction, after: RequestId | None, limit: int) -> list[Request]:
    """Newest first."""
    rows = sql.all_rows(
        tx,
        """
        SELECT request, subject, kind, actor, role, received_at, due_on, stage, outcome, ground, answered_at, statement
        FROM requests
        WHERE controller = %(controller)s AND (%(after)s::uuid IS NULL OR request < %(after)s)
        ORDER BY request DESC LIMIT %(limit)s
        """,
        controller=tx.of,
        after=after,
        limit=limit,
    )
    return [_request(row) for row in rows]


def is_unanswered(tx: Transaction, subject: SubjectId, kinds: Collection[RequestKind]) -> bool:
    row = sql.one_row(
        tx,
        """
        SELECT EXISTS (
            SELECT FROM requests
            WHERE controller = %(controller)s AND subject = %(subject)s AND kind = ANY(%(kinds)s) AND stage <> 'answered'
        ) AS waits
        """,
        controller=tx.of,
        subject=subject,
        kinds=[kind.value for kind in kinds],
    )
    return bool(row["waits"])


def unanswered(tx: Transaction, today: date) -> dict[RequestKind, Waiting]:
    rows = sql.all_rows(
        tx,
        """
        SELECT kind, count(*) AS requests, count(*) FILTER (WHERE due_on < %(today)s) AS late
        FROM requests WHERE controller = %(controller)s AND stage <> 'answered' GROUP BY kind
        """,
        controller=tx.of,
        today=today,
    )
    return {RequestKind(row["kind"]): Waiting(requests=row["requests"], late=row["late"]) for row in rows}


def set_stage(tx: Transaction, request: RequestId, stage: Stage) -> None:
    sql.execute(
        tx,
        "UPDATE requests SET stage = %(stage)s WHERE controller = %(controller)s AND request = %(request)s",
        controller=tx.of,
        request=request,
        stage=stage.value,
    )


def set_answer(tx: Transaction, request: RequestId, outcome: Answered, ground: DenialGround | None, at: datetime) -> None:
    sql.execute(
        tx,
        """
        UPDATE requests SET stage = 'answered', outcome = %(outcome)s, ground = %(ground)s, answered_at = %(at)s
        WHERE controller = %(controller)s AND request = %(request)s
        """,
        controller=tx.of,
        request=request,
        outcome=outcome.value,
        ground=None if ground is None else ground.value,
        at=at,
    )


def _request(row: sql.Row) -> Request:
    return Request(
        id=RequestId(row["request"]),
        subject=SubjectId(row["subject"]),
        kind=RequestKind(row["kind"]),
        by=Actor(id=row["actor"], role=Role(row["role"])),
        received_at=row["received_at"],
        due_on=row["due_on"],
        stage=Stage(row["stage"]),
        outcome=None if row["outcome"] is None else Answered(row["outcome"]),
        ground=None if row["ground"] is None else DenialGround(row["ground"]),
        answered_at=row["answered_at"],
        statement=StatementId(row["statement"]),
    )
