"""The table `visits`."""

from datetime import datetime

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import SubjectId
from rightcall.requests.model import ProofKind
from rightcall.requests.visits.model import Visit, VisitId


def insert_visit(tx: Transaction, visit: Visit, digest: bytes, form_digest: bytes) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO visits (controller, visit, digest, form_digest, subject, standing, proof, begun_at, seen_at)
        VALUES (%(controller)s, %(visit)s, %(digest)s, %(form_digest)s, %(subject)s, %(standing)s, %(proof)s, %(begun_at)s,
                %(seen_at)s)
        """,
        controller=tx.of,
        visit=visit.id,
        digest=digest,
        form_digest=form_digest,
        subject=visit.subject,
        standing=visit.standing,
        proof=visit.proof.value,
        begun_at=visit.begun_at,
        seen_at=visit.seen_at,
    )


def by_digest(tx: Transaction, digest: bytes) -> Visit | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT visit, subject, standing, proof, begun_at, seen_at, ended_at FROM visits
        WHERE controller = %(controller)s AND digest = %(digest)s
        """,
        controller=tx.of,
        digest=digest,
    )
    return None if row is None else _visit(row)


def by_form(tx: Transaction, form_digest: bytes) -> Visit | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT visit, subject, standing, proof, begun_at, seen_at, ended_at FROM visits
        WHERE controller = %(controller)s AND form_digest = %(form_digest)s
        """,
        controller=tx.of,
        form_digest=form_digest,
    )
    return None if row is None else _visit(row)


def set_seen(tx: Transaction, visit: VisitId, at: datetime) -> None:
    sql.execute(
        tx,
        "UPDATE visits SET seen_at = %(at)s WHERE controller = %(controller)s AND visit = %(visit)s",
        controller=tx.of,
        visit=visit,
        at=at,
    )


def set_ended(tx: Transaction, visit: VisitId, at: datetime) -> None:
    sql.execute(
        tx,
        """
        UPDATE visits SET ended_at = %(at)s
        WHERE controller = %(controller)s AND visit = %(visit)s AND ended_at IS NULL
        """,
        controller=tx.of,
        visit=visit,
        at=at,
    )


def end_all(tx: Transaction, at: datetime) -> int:
    return sql.execute(
        tx,
        "UPDATE visits SET ended_at = %(at)s WHERE controller = %(controller)s AND ended_at IS NULL",
        controller=tx.of,
        at=at,
    )


def delete_begun_before(tx: Transaction, at: datetime) -> int:
    return sql.execute(
        tx,
        "DELETE FROM visits WHERE controller = %(controller)s AND begun_at < %(at)s",
        controller=tx.of,
        at=at,
    )


def _visit(row: sql.Row) -> Visit:
    return Visit(
        id=VisitId(row["visit"]),
        subject=SubjectId(row["subject"]),
        standing=bytes(row["standing"]),
        proof=ProofKind(row["proof"]),
        begun_at=row["begun_at"],
        seen_at=row["seen_at"],
        ended_at=row["ended_at"],
    )
