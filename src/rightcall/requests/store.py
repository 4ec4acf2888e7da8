"""The table `requests`: how one came, and which there are. What becomes of one is in `course`."""

from collections.abc import Collection
from datetime import date, datetime

from rightcall.actors import Actor, Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.database.walk import Walk, both_ways
from rightcall.ids import RequestId, StatementId, SubjectId
from rightcall.requests.model import (
    Answered,
    Asked,
    Behalf,
    Channel,
    DenialGround,
    ExtensionReason,
    ProofKind,
    Request,
    RequestKind,
    Stage,
    Waiting,
)


def insert_request(tx: Transaction, request: Request) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO requests (controller, request, subject, kind, channel, language, actor, role, received_at, law, cite,
                              due_on, longest_on, acknowledge_by, behalf, stage, statement)
        VALUES (%(controller)s, %(request)s, %(subject)s, %(kind)s, %(channel)s, %(language)s, %(actor)s, %(role)s,
                %(received_at)s, %(law)s, %(cite)s, %(due_on)s, %(longest_on)s, %(acknowledge_by)s, %(behalf)s, %(stage)s,
                %(statement)s)
        """,
        controller=tx.of,
        request=request.id,
        subject=request.subject,
        kind=request.kind.value,
        channel=request.channel.value,
        language=request.language,
        actor=request.by.id,
        role=request.by.role.value,
        received_at=request.received_at,
        law=request.law,
        cite=request.cite,
        due_on=request.due_on,
        longest_on=request.longest_on,
        acknowledge_by=request.acknowledge_by,
        behalf=request.behalf.value,
        stage=request.stage.value,
        statement=request.statement,
    )


def subject_of(tx: Transaction, request: RequestId) -> SubjectId | None:
    row = sql.maybe_row(
        tx,
        "SELECT subject FROM requests WHERE controller = %(controller)s AND request = %(request)s",
        controller=tx.of,
        request=request,
    )
    return None if row is None else SubjectId(row["subject"])


def request_for_update(tx: Transaction, request: RequestId) -> Request | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT request, subject, kind, channel, language, actor, role, received_at, law, cite, due_on, longest_on, acknowledge_by,
               acknowledged_at, extended_for, behalf, mandate_until, proof, ready_at, appealed_at, stage, outcome, ground,
               doubtful, without, answered_at, statement
        FROM requests WHERE controller = %(controller)s AND request = %(request)s FOR UPDATE
        """,
        controller=tx.of,
        request=request,
    )
    return None if row is None else _request(row)


def in_progress(tx: Transaction, kind: RequestKind) -> list[RequestId]:
    rows = sql.all_rows(
        tx,
        """
        SELECT request FROM requests
        WHERE controller = %(controller)s AND kind = %(kind)s AND stage = 'in_progress' ORDER BY request
        """,
        controller=tx.of,
        kind=kind.value,
    )
    return [RequestId(row["request"]) for row in rows]


def requests_after(tx: Transaction, after: RequestId | None, limit: int) -> list[Request]:
    """Newest first."""
    rows = sql.all_rows(
        tx,
        """
        SELECT request, subject, kind, channel, language, actor, role, received_at, law, cite, due_on, longest_on, acknowledge_by,
               acknowledged_at, extended_for, behalf, mandate_until, proof, ready_at, appealed_at, stage, outcome, ground,
               doubtful, without, answered_at, statement
        FROM requests
        WHERE controller = %(controller)s AND (%(after)s::uuid IS NULL OR request < %(after)s)
        ORDER BY request DESC LIMIT %(limit)s
        """,
        controller=tx.of,
        after=after,
        limit=limit,
    )
    return [_request(row) for row in rows]


_PAGE = both_ways("""
SELECT request, subject, kind, channel, language, actor, role, received_at, law, cite, due_on, longest_on, acknowledge_by,
       acknowledged_at, extended_for, behalf, mandate_until, proof, ready_at, appealed_at, doubtful, without, stage, outcome,
       ground, answered_at, statement
  FROM requests
 WHERE controller = %(controller)s AND received_at >= %(since)s AND received_at < %(before)s
   AND (%(kind)s::text IS NULL OR kind = %(kind)s)
   AND (received_at, request) {beyond} (%(at)s::timestamptz, %(id)s::uuid)
 ORDER BY received_at {way}, request {way} LIMIT %(limit)s
""")


def page(tx: Transaction, walk: Walk, kind: RequestKind | None, limit: int) -> list[Request]:
    """By when they came; of all kinds, or of one."""
    statement = _PAGE[walk.oldest_first]
    rows = sql.all_rows(tx, statement, controller=tx.of, kind=kind and kind.value, limit=limit, **walk.bounds())
    return [_request(row) for row in rows]


def waiting_by_day(tx: Transaction, after: tuple[date, RequestId] | None, limit: int | None) -> list[Request]:
    """Those not answered, the first due first."""
    due_on, request = (None, None) if after is None else after
    rows = sql.all_rows(
        tx,
        """
        SELECT request, subject, kind, channel, language, actor, role, received_at, law, cite, due_on, longest_on, acknowledge_by,
               acknowledged_at, extended_for, behalf, mandate_until, proof, ready_at, appealed_at, stage, outcome, ground,
               doubtful, without, answered_at, statement
        FROM requests
        WHERE controller = %(controller)s AND stage <> 'answered'
          AND (%(due_on)s::date IS NULL OR (due_on, request) > (%(due_on)s, %(request)s::uuid))
        ORDER BY due_on, request LIMIT %(limit)s
        """,
        controller=tx.of,
        due_on=due_on,
        request=request,
        limit=limit,
    )
    return [_request(row) for row in rows]


def waiting_of(tx: Transaction, subjects: Collection[SubjectId]) -> list[Request]:
    """Those of these subjects that are not answered, the oldest first."""
    return [each for each in reversed(requests_of(tx, subjects)) if each.stage is not Stage.ANSWERED]


def requests_of(tx: Transaction, subjects: Collection[SubjectId]) -> list[Request]:
    """All of these subjects, the newest first."""
    rows = sql.all_rows(
        tx,
        """
        SELECT request, subject, kind, channel, language, actor, role, received_at, law, cite, due_on, longest_on, acknowledge_by,
               acknowledged_at, extended_for, behalf, mandate_until, proof, ready_at, appealed_at, stage, outcome, ground,
               doubtful, without, answered_at, statement
        FROM requests
        WHERE controller = %(controller)s AND subject = ANY(%(subjects)s) ORDER BY request DESC
        """,
        controller=tx.of,
        subjects=list(subjects),
    )
    return [_request(row) for row in rows]


def open_subjects(tx: Transaction) -> list[SubjectId]:
    """Of whom a request is not answered, or a copy waits to be taken."""
    rows = sql.all_rows(
        tx,
        "SELECT DISTINCT subject FROM requests WHERE controller = %(controller)s AND (stage <> 'answered' OR hands_over)",
        controller=tx.of,
    )
    return [SubjectId(row["subject"]) for row in rows]


def handing_over(tx: Transaction, subjects: Collection[SubjectId]) -> set[RequestKind]:
    """Of what kind those of these subjects are whose copy was handed over, and waits to be taken."""
    rows = sql.all_rows(
        tx,
        "SELECT DISTINCT kind FROM requests"
        " WHERE controller = %(controller)s AND subject = ANY (%(subjects)s) AND hands_over ORDER BY kind",
        controller=tx.of,
        subjects=list(subjects),
    )
    return {RequestKind(row["kind"]) for row in rows}


def standing_of(tx: Transaction, subjects: Collection[SubjectId], kind: RequestKind) -> list[Request]:
    """Those of these subjects and this kind that are ready, were not denied and not lifted, the oldest first."""
    rows = sql.all_rows(
        tx,
        """
        SELECT request, subject, kind, channel, language, actor, role, received_at, law, cite, due_on, longest_on, acknowledge_by,
               acknowledged_at, extended_for, behalf, mandate_until, proof, ready_at, appealed_at, stage, outcome, ground,
               doubtful, without, answered_at, statement
        FROM requests r
        WHERE controller = %(controller)s AND subject = ANY(%(subjects)s) AND kind = %(kind)s
          AND ready_at IS NOT NULL AND (outcome IS NULL OR outcome = 'fulfilled')
          AND (SELECT p.step FROM request_steps p WHERE p.controller = r.controller AND p.request = r.request
                AND p.step IN ('limited', 'lifted') ORDER BY p.at DESC, p.statement DESC LIMIT 1) = 'limited'
        ORDER BY request
        """,
        controller=tx.of,
        subjects=list(subjects),
        kind=kind.value,
    )
    return [_request(row) for row in rows]


def asked_before(tx: Transaction, subjects: Collection[SubjectId], of: Request, *, lately: datetime, year: datetime) -> Asked:
    row = sql.one_row(
        tx,
        """
        SELECT count(*) FILTER (WHERE kind = %(kind)s AND outcome = 'fulfilled' AND received_at > %(lately)s) AS same_lately,
               count(*) FILTER (WHERE received_at > %(year)s) AS in_a_year
        FROM requests
        WHERE controller = %(controller)s AND subject = ANY(%(subjects)s) AND ready_at IS NOT NULL AND request <> %(request)s
        """,
        controller=tx.of,
        subjects=list(subjects),
        request=of.id,
        kind=of.kind.value,
        lately=lately,
        year=year,
    )
    return Asked(same_lately=row["same_lately"], in_a_year=row["in_a_year"])


def not_begun(tx: Transaction, kinds: Collection[RequestKind], until: datetime) -> list[RequestId]:
    rows = sql.all_rows(
        tx,
        """
        SELECT request FROM requests
        WHERE controller = %(controller)s AND kind = ANY(%(kinds)s) AND stage = 'open' AND ready_at <= %(until)s ORDER BY request
        """,
        controller=tx.of,
        kinds=[kind.value for kind in kinds],
        until=until,
    )
    return [RequestId(row["request"]) for row in rows]


def unanswered(tx: Transaction, today: date, soon: date) -> dict[RequestKind, Waiting]:
    rows = sql.all_rows(
        tx,
        """
        SELECT kind, count(*) AS requests, count(*) FILTER (WHERE due_on < %(today)s) AS late,
               count(*) FILTER (WHERE due_on BETWEEN %(today)s AND %(soon)s) AS due_soon,
               count(*) FILTER (WHERE acknowledge_by < %(today)s AND acknowledged_at IS NULL) AS unacknowledged
        FROM requests WHERE controller = %(controller)s AND stage <> 'answered' GROUP BY kind
        """,
        controller=tx.of,
        today=today,
        soon=soon,
    )
    return {
        RequestKind(row["kind"]): Waiting(
            requests=row["requests"], late=row["late"], due_soon=row["due_soon"], unacknowledged=row["unacknowledged"]
        )
        for row in rows
    }


def unready(tx: Transaction) -> list[RequestId]:
    """Those of which it was shown who asks, and which wait for something else; and those whose person has no key any more."""
    rows = sql.all_rows(
        tx,
        """
        SELECT request FROM requests
        WHERE controller = %(controller)s AND stage = 'open' AND ready_at IS NULL AND proof IS NOT NULL
        UNION
        SELECT r.request FROM requests r JOIN erasures e ON e.controller = r.controller AND e.subject = r.subject
        WHERE r.controller = %(controller)s AND r.stage <> 'answered' AND e.destroyed_at IS NOT NULL
          AND r.ready_at IS NOT NULL AND r.kind <> 'erasure'
        ORDER BY request
        """,
        controller=tx.of,
    )
    return [RequestId(row["request"]) for row in rows]


def _request(row: sql.Row) -> Request:
    return Request(
        id=RequestId(row["request"]),
        subject=SubjectId(row["subject"]),
        kind=RequestKind(row["kind"]),
        channel=Channel(row["channel"]),
        language=row["language"],
        by=Actor(id=row["actor"], role=Role(row["role"])),
        received_at=row["received_at"],
        law=row["law"],
        cite=row["cite"],
        due_on=row["due_on"],
        longest_on=row["longest_on"],
        acknowledge_by=row["acknowledge_by"],
        acknowledged_at=row["acknowledged_at"],
        extended_for=None if row["extended_for"] is None else ExtensionReason(row["extended_for"]),
        behalf=Behalf(row["behalf"]),
        mandate_until=row["mandate_until"],
        proof=None if row["proof"] is None else ProofKind(row["proof"]),
        ready_at=row["ready_at"],
        appealed_at=row["appealed_at"],
        doubtful=row["doubtful"],
        without=row["without"],
        stage=Stage(row["stage"]),
        outcome=None if row["outcome"] is None else Answered(row["outcome"]),
        ground=None if row["ground"] is None else DenialGround(row["ground"]),
        answered_at=row["answered_at"],
        statement=StatementId(row["statement"]),
    )
