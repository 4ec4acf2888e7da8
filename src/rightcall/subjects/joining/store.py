"""The table `joins`, and who is one person by it."""

from collections.abc import Sequence
from datetime import datetime

from rightcall.actors import Actor, Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import StatementId, SubjectId
from rightcall.subjects.model import Join, JoinReason


def told_apart(tx: Transaction, subjects: Sequence[SubjectId]) -> list[tuple[SubjectId, SubjectId]]:
    """Pairs with one of these that were split, or joined and two again."""
    rows = sql.all_rows(
        tx,
        """
        SELECT subject AS one, split_from AS other FROM subjects
         WHERE controller = %(controller)s AND subject = ANY(%(subjects)s) AND split_from IS NOT NULL
         UNION
        SELECT split_from, subject FROM subjects WHERE controller = %(controller)s AND split_from = ANY(%(subjects)s)
         UNION
        SELECT subject, into_subject FROM joins
         WHERE controller = %(controller)s AND subject = ANY(%(subjects)s) AND undone_at IS NOT NULL
         UNION
        SELECT into_subject, subject FROM joins
         WHERE controller = %(controller)s AND into_subject = ANY(%(subjects)s) AND undone_at IS NOT NULL
        """,
        controller=tx.of,
        subjects=list(subjects),
    )
    return [(SubjectId(row["one"]), SubjectId(row["other"])) for row in rows]


def hold_subjects(tx: Transaction, subjects: Sequence[SubjectId]) -> None:
    """Until the transaction ends, in a settled order."""
    sql.all_rows(
        tx,
        "SELECT subject FROM subjects WHERE controller = %(controller)s AND subject = ANY(%(subjects)s)"
        " ORDER BY subject FOR NO KEY UPDATE",
        controller=tx.of,
        subjects=list(subjects),
    )


def person(tx: Transaction, subject: SubjectId) -> list[SubjectId]:
    """All that are joined with it, over any number of steps: the one that stands for them first, the others in order."""
    rows = sql.all_rows(
        tx,
        """
        WITH RECURSIVE up AS (
            SELECT %(subject)s::uuid AS subject
             UNION
            SELECT j.into_subject FROM up
              JOIN joins j ON j.controller = %(controller)s AND j.subject = up.subject AND j.undone_at IS NULL
        ), top AS (
            SELECT subject FROM up
             WHERE NOT EXISTS (SELECT FROM joins j
                                WHERE j.controller = %(controller)s AND j.subject = up.subject AND j.undone_at IS NULL)
        ), under AS (
            SELECT subject, true AS stands FROM top
             UNION
            SELECT j.subject, false FROM under
              JOIN joins j ON j.controller = %(controller)s AND j.into_subject = under.subject AND j.undone_at IS NULL
        )
        SELECT subject FROM under ORDER BY stands DESC, subject
        """,
        controller=tx.of,
        subject=subject,
    )
    return [SubjectId(row["subject"]) for row in rows]


def people(tx: Transaction, tops: Sequence[SubjectId]) -> dict[SubjectId, SubjectId]:
    """All that are joined into these, and themselves, each with the one of them that stands for it."""
    rows = sql.all_rows(
        tx,
        """
        WITH RECURSIVE under AS (
            SELECT top AS subject, top FROM unnest(%(tops)s::uuid[]) AS top
             UNION
            SELECT j.subject, under.top FROM under
              JOIN joins j ON j.controller = %(controller)s AND j.into_subject = under.subject AND j.undone_at IS NULL
        )
        SELECT subject, top FROM under
        """,
        controller=tx.of,
        tops=list(tops),
    )
    return {SubjectId(row["subject"]): SubjectId(row["top"]) for row in rows}


def insert_join(tx: Transaction, join: Join) -> None:
    sql.execute(
        tx,
        "INSERT INTO joins (controller, statement, subject, into_subject, reason, joined_by, joined_role, joined_at)"
        " VALUES (%(controller)s, %(statement)s, %(subject)s, %(into)s, %(reason)s, %(by)s, %(role)s, %(at)s)",
        controller=tx.of,
        statement=join.id,
        subject=join.subject,
        into=join.into,
        reason=join.reason.value,
        by=join.by.id,
        role=join.by.role.value,
        at=join.joined_at,
    )


def undo_join(tx: Transaction, join: StatementId, *, by: Actor, at: datetime, statement: StatementId) -> int:
    """0 where it was undone before."""
    return sql.execute(
        tx,
        "UPDATE joins SET undone_at = %(at)s, undone_by = %(by)s, undone_role = %(role)s, undone_statement = %(statement)s"
        " WHERE controller = %(controller)s AND statement = %(join)s AND undone_at IS NULL",
        controller=tx.of,
        join=join,
        by=by.id,
        role=by.role.value,
        at=at,
        statement=statement,
    )


def join_by_id(tx: Transaction, join: StatementId) -> Join | None:
    row = sql.maybe_row(
        tx,
        "SELECT statement, subject, into_subject, reason, joined_by, joined_role, joined_at, undone_at FROM joins"
        " WHERE controller = %(controller)s AND statement = %(join)s",
        controller=tx.of,
        join=join,
    )
    return None if row is None else _join(row)


def joins_of(tx: Transaction, subjects: Sequence[SubjectId]) -> list[Join]:
    """Undone ones too, in the order in which they were made."""
    rows = sql.all_rows(
        tx,
        "SELECT statement, subject, into_subject, reason, joined_by, joined_role, joined_at, undone_at FROM joins"
        " WHERE controller = %(controller)s AND (subject = ANY(%(subjects)s) OR into_subject = ANY(%(subjects)s))"
        " ORDER BY statement",
        controller=tx.of,
        subjects=list(subjects),
    )
    return [_join(row) for row in rows]


def _join(row: sql.Row) -> Join:
    return Join(
        id=StatementId(row["statement"]),
        subject=SubjectId(row["subject"]),
        into=SubjectId(row["into_subject"]),
        reason=JoinReason(row["reason"]),
        by=Actor(id=row["joined_by"], role=Role(row["joined_role"])),
        joined_at=row["joined_at"],
        undone_at=row["undone_at"],
    )
