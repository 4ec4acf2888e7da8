"""The table `correction_notices`."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from rightcall.actors import Actor, Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import CorrectionId, RecipientId
from rightcall.requests.informing.model import Informed, Reply


def insert(tx: Transaction, correction: CorrectionId, recipients: Sequence[RecipientId]) -> None:
    sql.execute(
        tx,
        "INSERT INTO correction_notices (controller, correction, recipient)"
        " SELECT %(controller)s, %(correction)s, recipient FROM unnest(%(recipients)s::uuid[]) AS recipient",
        controller=tx.of,
        correction=correction,
        recipients=list(recipients),
    )


def of_corrections(tx: Transaction, corrections: Sequence[CorrectionId]) -> list[Informed]:
    rows = sql.all_rows(
        tx,
        """
        SELECT correction, recipient, told_at, told_by, told_role, answered_at, answer, answered_by, answered_role
          FROM correction_notices
         WHERE controller = %(controller)s AND correction = ANY(%(corrections)s)
         ORDER BY correction, recipient
        """,
        controller=tx.of,
        corrections=list(corrections),
    )
    return [
        Informed(
            correction=CorrectionId(row["correction"]),
            recipient=RecipientId(row["recipient"]),
            told_at=row["told_at"],
            told_by=_actor(row["told_by"], row["told_role"]),
            answered_at=row["answered_at"],
            answer=None if row["answer"] is None else Reply(row["answer"]),
            answered_by=_actor(row["answered_by"], row["answered_role"]),
        )
        for row in rows
    ]


def was_told(tx: Transaction, notice: Informed, *, at: datetime, by: Actor) -> bool:
    """False where it was before."""
    statement = """UPDATE correction_notices SET told_at = %(at)s, told_by = %(by)s, told_role = %(role)s
        WHERE controller = %(controller)s AND correction = %(correction)s AND recipient = %(recipient)s AND told_at IS NULL"""
    named = {"correction": notice.correction, "recipient": notice.recipient}
    return sql.execute(tx, statement, controller=tx.of, at=at, by=by.id, role=by.role.value, **named) == 1


def answered(tx: Transaction, notice: Informed, answer: Reply, *, at: datetime, by: Actor) -> None:
    statement = """UPDATE correction_notices
        SET answered_at = %(at)s, answer = %(answer)s, answered_by = %(by)s, answered_role = %(role)s
        WHERE controller = %(controller)s AND correction = %(correction)s AND recipient = %(recipient)s"""
    named = {"correction": notice.correction, "recipient": notice.recipient, "answer": answer.value}
    sql.execute(tx, statement, controller=tx.of, at=at, by=by.id, role=by.role.value, **named)


def _actor(id: object, role: str | None) -> Actor | None:
    return None if id is None or role is None else Actor(id=UUID(str(id)), role=Role(role))
