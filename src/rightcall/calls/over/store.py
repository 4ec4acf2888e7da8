"""What was over long ago, of the table `calls`, and its end. All that tells of a call goes with its row, by the database's own
foreign keys: nobody may delete a part of it."""

from collections.abc import Sequence
from datetime import datetime

from rightcall.actors import PartyRole
from rightcall.calls.over.model import Over
from rightcall.database.connection import Transaction
from rightcall.database.sql import all_rows, execute, one_row
from rightcall.ids import CallId, PartyId, SubjectId


def page(tx: Transaction, before: datetime, behind: Over | None, limit: int) -> list[Over]:
    """Of what was over before then, by when it began, from behind `behind`."""
    rows = all_rows(
        tx,
        """
        SELECT call, started_at, coalesce(ended_at, started_at) AS over_at
          FROM calls
         WHERE controller = %(controller)s AND started_at < %(before)s AND coalesce(ended_at, started_at) < %(before)s
           AND (%(call)s::uuid IS NULL OR (started_at, call) > (%(started_at)s::timestamptz, %(call)s))
         ORDER BY started_at, call LIMIT %(limit)s
        """,
        controller=tx.of,
        before=before,
        call=None if behind is None else behind.id,
        started_at=None if behind is None else behind.started_at,
        limit=limit,
    )
    parties = all_rows(
        tx,
        "SELECT call, party, subject, role FROM parties WHERE controller = %(controller)s AND call = ANY (%(calls)s::uuid[])",
        controller=tx.of,
        calls=[row["call"] for row in rows],
    )
    people: dict[CallId, dict[PartyId, SubjectId]] = {row["call"]: {} for row in rows}
    for row in parties:
        people[row["call"]][row["party"]] = row["subject"]
    staff = frozenset(row["party"] for row in parties if row["role"] == PartyRole.AGENT.value)
    return [
        Over(
            id=row["call"],
            started_at=row["started_at"],
            over_at=row["over_at"],
            people=people[row["call"]],
            staff=staff.intersection(people[row["call"]]),
        )
        for row in rows
    ]


def number_before(tx: Transaction, before: datetime) -> int:
    row = one_row(
        tx,
        "SELECT count(*) AS number FROM calls WHERE controller = %(controller)s AND coalesce(ended_at, started_at) < %(before)s"
        " AND started_at < %(before)s",
        controller=tx.of,
        before=before,
    )
    return int(row["number"])


def hold(tx: Transaction, calls: Sequence[CallId]) -> None:
    """Until the transaction ends, nothing is added to these."""
    given = {"controller": tx.of, "calls": sorted(calls)}
    for table, key in (("calls", "call"), ("parties", "party")):
        all_rows(
            tx,
            f"SELECT FROM {table} WHERE controller = %(controller)s AND call = ANY (%(calls)s::uuid[]) ORDER BY {key} FOR UPDATE",
            **given,
        )


def attributed_since(tx: Transaction, calls: Sequence[CallId], since: datetime) -> set[CallId]:
    """Those of which somebody said since then who was in them."""
    rows = all_rows(
        tx,
        """
        SELECT DISTINCT p.call
          FROM parties p JOIN attributions a ON a.controller = p.controller AND a.party = p.party
         WHERE p.controller = %(controller)s AND p.call = ANY (%(calls)s::uuid[]) AND a.attributed_at >= %(since)s
        """,
        controller=tx.of,
        calls=list(calls),
        since=since,
    )
    return {CallId(row["call"]) for row in rows}


def last_seen(tx: Transaction, subjects: Sequence[SubjectId]) -> dict[SubjectId, tuple[CallId, datetime]]:
    """The last call that each was in, and when they left it."""
    rows = all_rows(
        tx,
        """
        SELECT DISTINCT ON (p.subject) p.subject, p.call, coalesce(p.left_at, c.ended_at, c.started_at) AS seen_at
          FROM parties p JOIN calls c ON c.controller = p.controller AND c.call = p.call
         WHERE p.controller = %(controller)s AND p.subject = ANY (%(subjects)s::uuid[])
         ORDER BY p.subject, seen_at DESC, p.call DESC
        """,
        controller=tx.of,
        subjects=list(subjects),
    )
    return {SubjectId(row["subject"]): (CallId(row["call"]), row["seen_at"]) for row in rows}


def delete(tx: Transaction, calls: Sequence[CallId]) -> int:
    return execute(
        tx,
        "DELETE FROM calls WHERE controller = %(controller)s AND call = ANY (%(calls)s::uuid[])",
        controller=tx.of,
        calls=list(calls),
    )
