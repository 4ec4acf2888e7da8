"""Whom nothing tells of, of the table `subjects`, and their end. What they were known by goes with their row, and so does what
was decided of who else they may be, by the database's own foreign keys. What tells of people is the view `tells_of_people`."""

from collections.abc import Sequence
from datetime import datetime

from rightcall.database.connection import Transaction
from rightcall.database.sql import all_rows, execute
from rightcall.ids import SubjectId
from rightcall.subjects.store import delete_unused_blinds, hold_blinds


def page(tx: Transaction, before: datetime, behind: SubjectId | None, limit: int) -> list[SubjectId]:
    """Those made before then, in the order of ids, from behind `behind`."""
    rows = all_rows(
        tx,
        """
        SELECT subject FROM subjects
         WHERE controller = %(controller)s AND created_at < %(before)s AND (%(behind)s::uuid IS NULL OR subject > %(behind)s)
         ORDER BY subject LIMIT %(limit)s
        """,
        controller=tx.of,
        before=before,
        behind=behind,
        limit=limit,
    )
    return [SubjectId(row["subject"]) for row in rows]


def needed_among(tx: Transaction, subjects: Sequence[SubjectId], before: datetime) -> set[SubjectId]:
    """Those of whom anything tells, who want something of us, or who were made since then."""
    rows = all_rows(
        tx,
        """
        SELECT s.subject FROM subjects s
         WHERE s.controller = %(controller)s AND s.subject = ANY (%(subjects)s::uuid[])
           AND (s.created_at >= %(before)s
                OR num_nonnulls(s.restricted_at, s.objected_at, s.maybe_restricted_at, s.maybe_objected_at) > 0
                OR EXISTS (SELECT FROM tells_of_people t WHERE t.controller = s.controller AND t.subject = s.subject))
        """,
        controller=tx.of,
        subjects=list(subjects),
        before=before,
    )
    return {SubjectId(row["subject"]) for row in rows}


def beside(tx: Transaction, subjects: Sequence[SubjectId]) -> dict[SubjectId, set[SubjectId]]:
    """For each whoever was ever said to be the same person, may be, or is known by the same, through however many: whose a shared
    number is, is told apart by all who have it."""
    rows = all_rows(
        tx,
        """
        WITH RECURSIVE reached AS (
            SELECT subject, subject AS other FROM unnest(%(subjects)s::uuid[]) AS subject
             UNION
            SELECT r.subject, t.other FROM reached r, LATERAL (
                SELECT j.into_subject AS other FROM joins j WHERE j.controller = %(controller)s AND j.subject = r.other
                 UNION ALL
                SELECT j.subject FROM joins j WHERE j.controller = %(controller)s AND j.into_subject = r.other
                 UNION ALL
                SELECT p.other FROM join_proposals p WHERE p.controller = %(controller)s AND p.subject = r.other
                   AND p.state <> 'refused'
                 UNION ALL
                SELECT p.subject FROM join_proposals p WHERE p.controller = %(controller)s AND p.other = r.other
                   AND p.state <> 'refused'
                 UNION ALL
                SELECT o.subject FROM identifiers i JOIN identifiers o ON o.controller = i.controller AND o.blind = i.blind
                 WHERE i.controller = %(controller)s AND i.subject = r.other) t
        )
        SELECT subject, other FROM reached
        """,
        controller=tx.of,
        subjects=list(subjects),
    )
    found: dict[SubjectId, set[SubjectId]] = {}
    for row in rows:
        found.setdefault(SubjectId(row["subject"]), set()).add(SubjectId(row["other"]))
    return found


def hold(tx: Transaction, subjects: Sequence[SubjectId]) -> list[bytes]:
    """Until the transaction ends, nobody is known as one of these by anything, and nothing is added to them. What they are known
    by."""
    given = {"controller": tx.of, "subjects": list(subjects)}
    rows = all_rows(
        tx,
        """
        SELECT blind FROM identifiers WHERE controller = %(controller)s AND subject = ANY (%(subjects)s::uuid[])
         UNION
        SELECT blind FROM known_clues WHERE controller = %(controller)s AND subject = ANY (%(subjects)s::uuid[])
        """,
        **given,
    )
    blinds = [bytes(row["blind"]) for row in rows]
    hold_blinds(tx, blinds)
    all_rows(
        tx,
        "SELECT FROM subjects WHERE controller = %(controller)s AND subject = ANY (%(subjects)s::uuid[])"
        " ORDER BY subject FOR UPDATE",
        **given,
    )
    return blinds


def delete(tx: Transaction, subjects: Sequence[SubjectId], blinds: Sequence[bytes]) -> int:
    """`blinds`: as `hold` gave them."""
    deleted = execute(
        tx,
        "DELETE FROM subjects WHERE controller = %(controller)s AND subject = ANY (%(subjects)s::uuid[])",
        controller=tx.of,
        subjects=list(subjects),
    )
    delete_unused_blinds(tx, blinds)
    return deleted
