"""The tables `call_outcomes` and `outcome_changes`."""

from collections.abc import Sequence
from datetime import datetime

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ethics.outcomes.model import CallOutcome, Changes, EndedBy, Report, Resolved, Seen
from rightcall.ids import CallId, SubjectId


def upsert_report(tx: Transaction, call: CallId, report: Report, at: datetime) -> None:
    """Each measure keeps when it first became known: that is when a look counts it, and it does so once."""
    sql.execute(
        tx,
        """
        INSERT INTO call_outcomes AS o (controller, call, taken_at, reported_at, waited_seconds, handled_seconds, transfers,
                                        resolved, ended_by, queue, language, waiting_known_at, handling_known_at,
                                        transfers_known_at, unresolved_known_at, hang_ups_known_at)
        SELECT %(controller)s, %(call)s, at, at, waited, handled, transfers, resolved, ended_by, %(queue)s, %(language)s,
               CASE WHEN waited IS NOT NULL THEN at END, CASE WHEN handled IS NOT NULL THEN at END,
               CASE WHEN transfers IS NOT NULL THEN at END, CASE WHEN resolved <> 'unknown' THEN at END,
               CASE WHEN ended_by = 'caller' OR resolved = 'yes' OR (ended_by = 'us' AND resolved = 'no') THEN at END
          FROM (VALUES (%(at)s::timestamptz, %(waited)s::integer, %(handled)s::integer, %(transfers)s::integer,
                        %(resolved)s::text, %(ended_by)s::text)) AS t (at, waited, handled, transfers, resolved, ended_by)
        ON CONFLICT (controller, call) DO UPDATE
        SET reported_at = coalesce(o.reported_at, %(at)s), waited_seconds = %(waited)s, handled_seconds = %(handled)s,
            transfers = %(transfers)s, resolved = %(resolved)s, ended_by = %(ended_by)s, queue = %(queue)s,
            language = %(language)s,
            waiting_known_at = coalesce(o.waiting_known_at, excluded.waiting_known_at),
            handling_known_at = coalesce(o.handling_known_at, excluded.handling_known_at),
            transfers_known_at = coalesce(o.transfers_known_at, excluded.transfers_known_at),
            unresolved_known_at = coalesce(o.unresolved_known_at, excluded.unresolved_known_at),
            hang_ups_known_at = coalesce(
                o.hang_ups_known_at, excluded.hang_ups_known_at,
                CASE WHEN excluded.ended_by = 'unknown' AND excluded.resolved = 'no' AND o.seen_ended_by = 'us' THEN %(at)s END)
        """,
        controller=tx.of,
        call=call,
        at=at,
        waited=report.waited_seconds,
        handled=report.handled_seconds,
        transfers=report.transfers,
        resolved=report.resolved.value,
        ended_by=report.ended_by.value,
        queue=report.queue,
        language=report.language,
    )


def outcome_of(tx: Transaction, call: CallId) -> CallOutcome | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT call, taken_at, reported_at, waited_seconds, handled_seconds, transfers, resolved, ended_by, queue, language,
               seen_at, seen_handled_seconds, seen_transfers, seen_ended_by
          FROM call_outcomes WHERE controller = %(controller)s AND call = %(call)s
        """,
        controller=tx.of,
        call=call,
    )
    return None if row is None else _outcome(row)


def subjects_in(tx: Transaction, call: CallId) -> list[SubjectId]:
    """Whoever was in the call."""
    rows = sql.all_rows(
        tx,
        "SELECT DISTINCT subject FROM parties WHERE controller = %(controller)s AND call = %(call)s ORDER BY subject",
        controller=tx.of,
        call=call,
    )
    return [SubjectId(row["subject"]) for row in rows]


def take_in_seen(tx: Transaction, *, since: datetime, until: datetime, at: datetime) -> int:
    """What the wire told of calls that ended in this time. Only by trunks where the recorder stays until the end whatever is
    answered: elsewhere a no would look like a short call. Nothing of a call of somebody who was erased."""
    with sql.by_hashing(tx):
        return sql.execute(
            tx,
            """
            WITH ended AS MATERIALIZED (
                SELECT c.call, c.ended_at
                  FROM calls c JOIN trunks t ON t.controller = c.controller AND t.trunk = c.trunk AND t.forbidden = 'stay'
                 WHERE c.controller = %(controller)s AND c.ended_at > %(since)s AND c.ended_at <= %(until)s
            ), there AS MATERIALIZED (
                SELECT q.call, q.subject, q.role, q.joined_at, q.left_at
                  FROM ended c JOIN parties q ON q.controller = %(controller)s AND q.call = c.call
            ), erased AS MATERIALIZED (
                SELECT q.call FROM there q JOIN subject_keys k ON k.controller = %(controller)s AND k.subject = q.subject
                 WHERE k.destroyed_at IS NOT NULL
            ), p AS (
                SELECT call,
                       min(joined_at) FILTER (WHERE role = 'agent') AS agent_joined,
                       max(left_at) FILTER (WHERE role = 'agent') AS agent_left,
                       count(DISTINCT subject) FILTER (WHERE role = 'agent') AS agents,
                       max(left_at) FILTER (WHERE role = 'customer') AS caller_left
                  FROM there GROUP BY call
            )
            INSERT INTO call_outcomes AS o (controller, call, taken_at, seen_at, seen_handled_seconds, seen_transfers,
                                            seen_ended_by, handling_known_at, transfers_known_at, hang_ups_known_at)
            SELECT %(controller)s, c.call, c.ended_at, %(at)s,
                   least(86400, extract(epoch FROM c.ended_at - p.agent_joined)::integer),
                   least(100, p.agents - 1),
                   CASE WHEN p.agent_left < c.ended_at AND p.caller_left >= c.ended_at THEN 'us'
                        WHEN p.caller_left < c.ended_at AND p.agent_left >= c.ended_at THEN 'caller' ELSE 'unknown' END,
                   c.ended_at, c.ended_at,
                   CASE WHEN p.caller_left < c.ended_at AND p.agent_left >= c.ended_at THEN c.ended_at END
              FROM ended c JOIN p ON p.call = c.call
             WHERE p.agents > 0 AND p.caller_left IS NOT NULL AND c.call NOT IN (SELECT call FROM erased)
            ON CONFLICT (controller, call) DO UPDATE
            SET seen_at = excluded.seen_at, seen_handled_seconds = excluded.seen_handled_seconds,
                seen_transfers = excluded.seen_transfers, seen_ended_by = excluded.seen_ended_by,
                handling_known_at = coalesce(o.handling_known_at, excluded.handling_known_at),
                transfers_known_at = coalesce(o.transfers_known_at, excluded.transfers_known_at),
                hang_ups_known_at = coalesce(
                    o.hang_ups_known_at, CASE WHEN o.ended_by = 'unknown' THEN excluded.hang_ups_known_at END,
                    CASE WHEN o.ended_by = 'unknown' AND o.resolved = 'no' AND excluded.seen_ended_by = 'us'
                         THEN excluded.taken_at END)
            WHERE o.seen_at IS NULL
            """,
            controller=tx.of,
            since=since,
            until=until,
            at=at,
        )


def forget_subject(tx: Transaction, subject: SubjectId, at: datetime) -> int:
    """The outcomes of every call that the person was in, also under whom a party was taken for first."""
    return sql.execute(
        tx,
        """
        WITH gone AS (
            DELETE FROM call_outcomes o
             WHERE o.controller = %(controller)s AND o.call IN (
                   SELECT call FROM parties WHERE controller = %(controller)s AND subject = %(subject)s
                   UNION
                   SELECT call FROM attributions WHERE controller = %(controller)s AND was = %(subject)s)
            RETURNING o.call
        )
        INSERT INTO outcome_changes (controller, call, changed_at, forgotten)
        SELECT %(controller)s, call, %(at)s, true FROM gone
        ON CONFLICT (controller, call) DO UPDATE SET changed_at = excluded.changed_at, forgotten = true
        """,
        controller=tx.of,
        subject=subject,
        at=at,
    )


def upsert_change(tx: Transaction, call: CallId, at: datetime) -> None:
    """Whoever counts waits for whoever changes, so that no change is taken for counted that is not yet there."""
    sql.execute(
        tx,
        """
        INSERT INTO outcome_changes (controller, call, changed_at, forgotten) VALUES (%(controller)s, %(call)s, %(at)s, false)
        ON CONFLICT (controller, call) DO UPDATE SET changed_at = excluded.changed_at
        """,
        controller=tx.of,
        call=call,
        at=at,
    )


def changes(tx: Transaction) -> Changes | None:
    row = sql.one_row(
        tx, "SELECT bool_or(forgotten) AS forgotten FROM outcome_changes WHERE controller = %(controller)s", controller=tx.of
    )
    return None if row["forgotten"] is None else Changes(forgotten=row["forgotten"])


def forget_changes(tx: Transaction) -> None:
    sql.execute(tx, "DELETE FROM outcome_changes WHERE controller = %(controller)s", controller=tx.of)


def told_among(tx: Transaction, calls: Sequence[CallId]) -> set[CallId]:
    """Those of which it is known how they went, or that this changed."""
    rows = sql.all_rows(
        tx,
        "SELECT call FROM call_outcomes WHERE controller = %(controller)s AND call = ANY(%(calls)s::uuid[]) UNION"
        " SELECT call FROM outcome_changes WHERE controller = %(controller)s AND call = ANY(%(calls)s::uuid[])",
        controller=tx.of,
        calls=list(calls),
    )
    return {CallId(row["call"]) for row in rows}


def forget_before(tx: Transaction, before: datetime, at: datetime) -> int:
    """What was counted of such calls is counted anew: one of them is enough to say so."""
    row = sql.one_row(
        tx,
        """
        WITH gone AS (
            DELETE FROM call_outcomes WHERE controller = %(controller)s AND taken_at < %(before)s RETURNING call
        ), told AS (
            INSERT INTO outcome_changes (controller, call, changed_at, forgotten)
            SELECT %(controller)s, call, %(at)s, false FROM gone LIMIT 1
            ON CONFLICT (controller, call) DO UPDATE SET changed_at = excluded.changed_at
        )
        SELECT count(*) AS gone FROM gone
        """,
        controller=tx.of,
        before=before,
        at=at,
    )
    gone: int = row["gone"]
    return gone


def _outcome(row: sql.Row) -> CallOutcome:
    report = None
    if row["reported_at"] is not None:
        report = Report(
            waited_seconds=row["waited_seconds"],
            handled_seconds=row["handled_seconds"],
            transfers=row["transfers"],
            resolved=Resolved(row["resolved"]),
            ended_by=EndedBy(row["ended_by"]),
            queue=row["queue"],
            language=row["language"],
        )
    seen = None
    if row["seen_at"] is not None:
        seen = Seen(
            handled_seconds=row["seen_handled_seconds"],
            transfers=row["seen_transfers"],
            ended_by=EndedBy(row["seen_ended_by"]),
        )
    return CallOutcome(call=CallId(row["call"]), report=report, seen=seen, taken_at=row["taken_at"])
