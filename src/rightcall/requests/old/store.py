"""What was answered long ago, of the table `requests`, and its end. Whatever tells of a request goes with its row, by the
database's own foreign keys; what processors were asked for it, and e-mails that were no request, go by themselves."""

from collections.abc import Sequence
from datetime import datetime

from rightcall.database.connection import Transaction
from rightcall.database.sql import all_rows, execute, one_row
from rightcall.ids import RequestId


def page(tx: Transaction, before: datetime, behind: RequestId | None, limit: int) -> list[RequestId]:
    """Of what was answered before then, in the order of ids, from behind `behind`."""
    rows = all_rows(
        tx,
        """
        SELECT request FROM requests
         WHERE controller = %(controller)s AND stage = 'answered' AND answered_at < %(before)s
           AND (%(behind)s::uuid IS NULL OR request > %(behind)s)
         ORDER BY request LIMIT %(limit)s
        """,
        controller=tx.of,
        before=before,
        behind=behind,
        limit=limit,
    )
    return [RequestId(row["request"]) for row in rows]


def needed_among(tx: Transaction, requests: Sequence[RequestId], before: datetime) -> set[RequestId]:
    """Those of which anything happened since then or is under way, by which somebody was erased or something is kept, of whoever
    wants theirs kept or not used, and by which something that is there still was put right."""
    rows = all_rows(
        tx,
        """
        SELECT r.request FROM requests r JOIN subjects s ON s.controller = r.controller AND s.subject = r.subject
         WHERE r.controller = %(controller)s AND r.request = ANY (%(requests)s::uuid[]) AND (
               r.stage <> 'answered' OR r.answered_at >= %(before)s
            OR num_nonnulls(s.restricted_at, s.objected_at, s.maybe_restricted_at, s.maybe_objected_at) > 0
            OR EXISTS (SELECT FROM request_steps t
                        WHERE t.controller = r.controller AND t.request = r.request AND t.at >= %(before)s)
            OR EXISTS (SELECT FROM erasures e WHERE e.controller = r.controller AND e.erasure = r.request)
            OR EXISTS (SELECT FROM conflicts c WHERE c.controller = r.controller AND c.request = r.request)
            OR EXISTS (SELECT FROM packages p WHERE p.controller = r.controller AND p.request = r.request AND p.gone_at IS NULL)
            OR EXISTS (SELECT FROM request_mails m WHERE m.controller = r.controller AND m.request = r.request
                          AND (m.settled_at IS NULL OR m.settled_at >= %(before)s))
            OR EXISTS (SELECT FROM processor_orders o
                        WHERE o.controller = r.controller AND o.asked_for = r.request AND o.settled_at IS NULL)
            OR EXISTS (SELECT FROM drp_requests d JOIN drp_agents a ON a.controller = d.controller AND a.agent = d.agent
                        WHERE d.controller = r.controller AND d.request = r.request AND d.callback IS NOT NULL
                          AND a.retired_at IS NULL)
            OR EXISTS (SELECT FROM corrections c JOIN ONLY holdings h ON h.controller = c.controller AND h.holding = c.holding
                        WHERE c.controller = r.controller AND c.request = r.request AND h.gone_at IS NULL)
            OR EXISTS (SELECT FROM corrections c JOIN corrections n ON n.controller = c.controller AND n.replaces = c.correction
                        WHERE c.controller = r.controller AND c.request = r.request AND n.request <> r.request))
        """,
        controller=tx.of,
        requests=list(requests),
        before=before,
    )
    return {RequestId(row["request"]) for row in rows}


def hold(tx: Transaction, requests: Sequence[RequestId]) -> None:
    """Until the transaction ends, nothing is added to these."""
    all_rows(
        tx,
        "SELECT FROM requests WHERE controller = %(controller)s AND request = ANY (%(requests)s::uuid[])"
        " ORDER BY request FOR UPDATE",
        controller=tx.of,
        requests=list(requests),
    )


def number_before(tx: Transaction, before: datetime) -> int:
    row = one_row(
        tx,
        "SELECT count(*) AS number FROM requests"
        " WHERE controller = %(controller)s AND stage = 'answered' AND answered_at < %(before)s",
        controller=tx.of,
        before=before,
    )
    return int(row["number"])


def delete(tx: Transaction, requests: Sequence[RequestId]) -> int:
    given = {"controller": tx.of, "requests": list(requests)}
    deleted = execute(
        tx, "DELETE FROM requests WHERE controller = %(controller)s AND request = ANY (%(requests)s::uuid[])", **given
    )
    execute(
        tx, "DELETE FROM processor_orders WHERE controller = %(controller)s AND asked_for = ANY (%(requests)s::uuid[])", **given
    )
    return deleted


def forget_unmatched(tx: Transaction, before: datetime) -> int:
    """What agents asked before then of nobody who is known here: no sooner and no later than what they asked of others."""
    return execute(
        tx,
        "DELETE FROM drp_requests WHERE controller = %(controller)s AND request IS NULL"
        " AND coalesce(revoked_at, received_at) < %(before)s",
        controller=tx.of,
        before=before,
    )


def forget_mails(tx: Transaction, before: datetime) -> int:
    """E-mails that were no request, and that somebody has seen to before then."""
    return execute(
        tx,
        "DELETE FROM request_mails WHERE controller = %(controller)s AND request IS NULL AND settled_at < %(before)s",
        controller=tx.of,
        before=before,
    )
