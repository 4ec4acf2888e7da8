"""The table `known_clues`, and the people whom records alone tell of."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import SubjectId
from rightcall.subjects.model import KnownBy


def insert_subjects(tx: Transaction, subjects: Sequence[SubjectId], at: datetime) -> None:
    """Many, each known and of nobody else."""
    sql.execute(
        tx,
        "INSERT INTO subjects (controller, subject, ambiguous, created_at)"
        " SELECT %(controller)s, subject, false, %(at)s FROM unnest(%(subjects)s::uuid[]) AS subject",
        controller=tx.of,
        subjects=list(subjects),
        at=at,
    )


def sharing(tx: Transaction, blinds: Sequence[bytes], most: int) -> list[KnownBy]:
    """All that those are known by who have any of these, leaving out a blind that more than `most` subjects have."""
    rows = sql.all_rows(
        tx,
        """
        WITH rows AS (
            SELECT subject, kind, blind FROM known_clues WHERE controller = %(controller)s AND blind = ANY(%(blinds)s)
             UNION
            SELECT subject, kind, blind FROM identifiers
             WHERE controller = %(controller)s AND blind = ANY(%(blinds)s) AND kind <> 'sip'
        ), found AS (
            SELECT DISTINCT subject FROM rows
             WHERE blind IN (SELECT blind FROM rows GROUP BY blind HAVING count(DISTINCT subject) <= %(most)s)
        )
        SELECT k.subject, k.kind, k.blind FROM known_clues k JOIN found USING (subject) WHERE k.controller = %(controller)s
         UNION
        SELECT i.subject, i.kind, i.blind FROM identifiers i JOIN found USING (subject)
         WHERE i.controller = %(controller)s AND i.kind <> 'sip'
        """,
        controller=tx.of,
        blinds=list(blinds),
        most=most,
    )
    return [KnownBy(SubjectId(row["subject"]), row["kind"], bytes(row["blind"])) for row in rows]


def shared_by(tx: Transaction, blinds: Sequence[bytes]) -> dict[bytes, int]:
    """How many subjects have each of these, where any has."""
    rows = sql.all_rows(
        tx,
        """
        SELECT blind, count(DISTINCT subject) AS number
          FROM (SELECT blind, subject FROM known_clues WHERE controller = %(controller)s AND blind = ANY(%(blinds)s)
                 UNION ALL
                SELECT blind, subject FROM identifiers WHERE controller = %(controller)s AND blind = ANY(%(blinds)s)) b
         GROUP BY blind
        """,
        controller=tx.of,
        blinds=list(blinds),
    )
    return {bytes(row["blind"]): row["number"] for row in rows}


def known_of(tx: Transaction, subjects: Sequence[SubjectId]) -> list[KnownBy]:
    """All that these are known by, from wherever."""
    rows = sql.all_rows(
        tx,
        "SELECT subject, kind, blind FROM known_clues WHERE controller = %(controller)s AND subject = ANY(%(subjects)s)"
        " UNION SELECT subject, kind, blind FROM identifiers WHERE controller = %(controller)s AND subject = ANY(%(subjects)s)"
        " AND kind <> 'sip'",
        controller=tx.of,
        subjects=list(subjects),
    )
    return [KnownBy(SubjectId(row["subject"]), row["kind"], bytes(row["blind"])) for row in rows]


def given_by(tx: Transaction, subjects: Sequence[SubjectId]) -> list[tuple[SubjectId, bytes]]:
    """The numbers and addresses by which these reached us or said that they are reached: not what records tell of them."""
    rows = sql.all_rows(
        tx,
        "SELECT subject, blind FROM identifiers WHERE controller = %(controller)s AND subject = ANY(%(subjects)s)"
        " AND kind IN ('tel', 'email')",
        controller=tx.of,
        subjects=list(subjects),
    )
    return [(SubjectId(row["subject"]), bytes(row["blind"])) for row in rows]


def named(tx: Transaction, subjects: Sequence[SubjectId]) -> list[SubjectId]:
    """Of these the ones of whom a call told a name."""
    rows = sql.all_rows(
        tx,
        "SELECT subject FROM subjects WHERE controller = %(controller)s AND subject = ANY(%(subjects)s)"
        " AND sealed_name IS NOT NULL ORDER BY subject",
        controller=tx.of,
        subjects=list(subjects),
    )
    return [SubjectId(row["subject"]) for row in rows]


def joinable(tx: Transaction, subjects: Sequence[SubjectId]) -> set[SubjectId]:
    """Of these the ones that stand for somebody who is known."""
    rows = sql.all_rows(
        tx,
        "SELECT subject FROM subjects WHERE controller = %(controller)s AND subject = ANY(%(subjects)s) AND NOT ambiguous",
        controller=tx.of,
        subjects=list(subjects),
    )
    return {SubjectId(row["subject"]) for row in rows}


def count_subjects(tx: Transaction) -> int:
    """Less those who turned out to be nobody."""
    row = sql.one_row(
        tx,
        "SELECT count(*) AS number FROM subjects WHERE controller = %(controller)s AND nobody_since IS NULL",
        controller=tx.of,
    )
    return int(row["number"])


def be_somebody(tx: Transaction, subjects: Sequence[SubjectId]) -> int:
    """A record tells of these again. How many had been nobody."""
    return sql.execute(
        tx,
        "UPDATE subjects SET nobody_since = NULL WHERE controller = %(controller)s AND subject = ANY(%(subjects)s)"
        " AND nobody_since IS NOT NULL",
        controller=tx.of,
        subjects=list(subjects),
    )


def insert_known(tx: Transaction, known: Sequence[tuple[KnownBy, UUID]]) -> None:
    """Each with the record that tells it."""
    sql.execute(
        tx,
        "INSERT INTO known_clues (controller, blind, subject, record, kind)"
        " SELECT %(controller)s, * FROM unnest(%(blinds)s::bytea[], %(subjects)s::uuid[], %(records)s::uuid[], %(kinds)s::text[])"
        " ON CONFLICT DO NOTHING",
        controller=tx.of,
        blinds=[each.blind for each, _ in known],
        subjects=[each.subject for each, _ in known],
        records=[record for _, record in known],
        kinds=[each.kind for each, _ in known],
    )


def delete_records(tx: Transaction, told: Sequence[tuple[UUID, SubjectId]]) -> None:
    sql.execute(
        tx,
        "DELETE FROM known_clues k USING unnest(%(records)s::uuid[], %(subjects)s::uuid[]) AS n (record, subject)"
        " WHERE k.controller = %(controller)s AND (k.subject, k.record) = (n.subject, n.record)",
        controller=tx.of,
        records=[record for record, _ in told],
        subjects=[subject for _, subject in told],
    )


def delete_told(tx: Transaction, told: Sequence[tuple[KnownBy, UUID]]) -> None:
    sql.execute(
        tx,
        "DELETE FROM known_clues k USING unnest(%(blinds)s::bytea[], %(subjects)s::uuid[], %(records)s::uuid[])"
        " AS n (blind, subject, record)"
        " WHERE k.controller = %(controller)s AND (k.blind, k.subject, k.record) = (n.blind, n.subject, n.record)",
        controller=tx.of,
        blinds=[each.blind for each, _ in told],
        subjects=[each.subject for each, _ in told],
        records=[record for _, record in told],
    )
