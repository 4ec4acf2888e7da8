"""The tables `erasure_letters` and `erasure_notices`."""

from collections.abc import Sequence
from datetime import datetime

from rightcall.activities.telling.model import Answer, Notice
from rightcall.actors import Actor, Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import ErasureId, PurposeId, RecipientId, SubjectId


def insert_letters(tx: Transaction, erasure: ErasureId, key: SubjectId, sealed: bytes) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO erasure_letters (controller, erasure, key, sealed_who)
        VALUES (%(controller)s, %(erasure)s, %(key)s, %(sealed)s)
        """,
        controller=tx.of,
        erasure=erasure,
        key=key,
        sealed=sealed,
    )


def letters(tx: Transaction, erasure: ErasureId) -> tuple[SubjectId, bytes] | None:
    """What letters are written from, and the key that opens it; None where there is none any more."""
    row = sql.maybe_row(
        tx,
        """
        SELECT key, sealed_who FROM erasure_letters
         WHERE controller = %(controller)s AND erasure = %(erasure)s AND key IS NOT NULL FOR UPDATE
        """,
        controller=tx.of,
        erasure=erasure,
    )
    return None if row is None else (SubjectId(row["key"]), bytes(row["sealed_who"]))


def is_begun(tx: Transaction, erasure: ErasureId) -> bool:
    """Whether letters were ever kept for it."""
    row = sql.maybe_row(
        tx,
        "SELECT erasure FROM erasure_letters WHERE controller = %(controller)s AND erasure = %(erasure)s",
        controller=tx.of,
        erasure=erasure,
    )
    return row is not None


def forget_letters(tx: Transaction, erasure: ErasureId) -> None:
    sql.execute(
        tx,
        """
        UPDATE erasure_letters SET key = NULL, sealed_who = NULL
         WHERE controller = %(controller)s AND erasure = %(erasure)s
        """,
        controller=tx.of,
        erasure=erasure,
    )


def purposes_of(tx: Transaction, subject: SubjectId) -> list[PurposeId]:
    """For which anything was ever held about the person, here or elsewhere."""
    rows = sql.all_rows(
        tx,
        """
        SELECT DISTINCT purpose FROM holdings, unnest(purposes) AS purpose
         WHERE controller = %(controller)s AND subject = %(subject)s
        """,
        controller=tx.of,
        subject=subject,
    )
    return [PurposeId(row["purpose"]) for row in rows]


def insert_notice(
    tx: Transaction, erasure: ErasureId, recipient: RecipientId, purposes: Sequence[PurposeId], at: datetime
) -> None:
    """Once: again changes nothing."""
    sql.execute(
        tx,
        """
        INSERT INTO erasure_notices (controller, erasure, recipient, purposes, planned_at)
        VALUES (%(controller)s, %(erasure)s, %(recipient)s, %(purposes)s, %(at)s)
            ON CONFLICT (controller, erasure, recipient) DO NOTHING
        """,
        controller=tx.of,
        erasure=erasure,
        recipient=recipient,
        purposes=list(purposes),
        at=at,
    )


def notices(tx: Transaction, erasure: ErasureId) -> list[Notice]:
    rows = sql.all_rows(
        tx,
        """
        SELECT erasure, recipient, purposes, planned_at, told_at, told_by, told_role, answered_at, answer, answered_by,
               answered_role
          FROM erasure_notices WHERE controller = %(controller)s AND erasure = %(erasure)s ORDER BY recipient
        """,
        controller=tx.of,
        erasure=erasure,
    )
    return [_notice(row) for row in rows]


def untold(tx: Transaction) -> list[ErasureId]:
    """Erasures with a recipient who was not told yet."""
    rows = sql.all_rows(
        tx,
        """
        SELECT DISTINCT erasure FROM erasure_notices
         WHERE controller = %(controller)s AND told_at IS NULL ORDER BY erasure
        """,
        controller=tx.of,
    )
    return [ErasureId(row["erasure"]) for row in rows]


def was_told(tx: Transaction, notice: Notice, *, at: datetime, by: Actor) -> bool:
    """False where it was before."""
    return (
        sql.execute(
            tx,
            """
            UPDATE erasure_notices SET told_at = %(at)s, told_by = %(by)s, told_role = %(role)s
             WHERE controller = %(controller)s AND erasure = %(erasure)s AND recipient = %(recipient)s AND told_at IS NULL
            """,
            controller=tx.of,
            erasure=notice.erasure,
            recipient=notice.recipient,
            at=at,
            by=by.id,
            role=by.role.value,
        )
        == 1
    )


def answered(tx: Transaction, notice: Notice, answer: Answer, *, at: datetime, by: Actor) -> None:
    sql.execute(
        tx,
        """
        UPDATE erasure_notices
           SET answered_at = %(at)s, answer = %(answer)s, answered_by = %(by)s, answered_role = %(role)s
         WHERE controller = %(controller)s AND erasure = %(erasure)s AND recipient = %(recipient)s
        """,
        controller=tx.of,
        erasure=notice.erasure,
        recipient=notice.recipient,
        at=at,
        answer=answer.value,
        by=by.id,
        role=by.role.value,
    )


def _notice(row: sql.Row) -> Notice:
    return Notice(
        erasure=ErasureId(row["erasure"]),
        recipient=RecipientId(row["recipient"]),
        purposes=tuple(PurposeId(each) for each in row["purposes"]),
        planned_at=row["planned_at"],
        told_at=row["told_at"],
        told_by=_actor(row["told_by"], row["told_role"]),
        answered_at=row["answered_at"],
        answer=None if row["answer"] is None else Answer(row["answer"]),
        answered_by=_actor(row["answered_by"], row["answered_role"]),
    )


def _actor(id: object, role: str | None) -> Actor | None:
    return None if role is None else Actor(id=id, role=Role(role))  # type: ignore[arg-type]  # a uuid, by the column's type
