"""The tables `corrections` and `correction_tasks`."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from rightcall.actors import Actor, Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import CorrectionId, HoldingId, RequestId, SubjectId, SystemId
from rightcall.requests.corrections.model import KeptCorrection, Task, Undone
from rightcall.requests.informing.model import Reply


def insert_correction(tx: Transaction, kept: KeptCorrection, sealed: bytes) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO corrections (controller, correction, request, subject, holding, sealed_value, replaces, actor, role,
                                 entered_at)
        VALUES (%(controller)s, %(correction)s, %(request)s, %(subject)s, %(holding)s, %(sealed)s, %(replaces)s, %(actor)s,
                %(role)s, %(at)s)
        """,
        controller=tx.of,
        correction=kept.id,
        request=kept.request,
        subject=kept.subject,
        holding=kept.holding,
        sealed=sealed,
        replaces=kept.replaces,
        actor=kept.by.id,
        role=kept.by.role.value,
        at=kept.entered_at,
    )


def insert_tasks(tx: Transaction, correction: CorrectionId, systems: Sequence[SystemId]) -> None:
    sql.execute(
        tx,
        "INSERT INTO correction_tasks (controller, correction, system)"
        " SELECT %(controller)s, %(correction)s, system FROM unnest(%(systems)s::uuid[]) AS system",
        controller=tx.of,
        correction=correction,
        systems=list(systems),
    )


def latest_correction(tx: Transaction, holding: HoldingId) -> CorrectionId | None:
    row = sql.maybe_row(
        tx,
        "SELECT correction FROM corrections WHERE controller = %(controller)s AND holding = %(holding)s"
        "   AND taken_back_at IS NULL ORDER BY correction DESC LIMIT 1",
        controller=tx.of,
        holding=holding,
    )
    return None if row is None else CorrectionId(row["correction"])


def corrected_among(tx: Transaction, holdings: Sequence[HoldingId]) -> set[HoldingId]:
    """Those of these of which anybody ever said that they are wrong."""
    rows = sql.all_rows(
        tx,
        "SELECT DISTINCT holding FROM corrections WHERE controller = %(controller)s AND holding = ANY (%(holdings)s::uuid[])",
        controller=tx.of,
        holdings=list(holdings),
    )
    return {row["holding"] for row in rows}


def corrections_of_request(tx: Transaction, request: RequestId) -> list[KeptCorrection]:
    rows = sql.all_rows(
        tx,
        """
        SELECT correction, request, subject, holding, sealed_value, sealed_was, replaces, actor, role, entered_at,
               taken_back_at
          FROM corrections
        WHERE controller = %(controller)s AND request = %(request)s ORDER BY correction
        """,
        controller=tx.of,
        request=request,
    )
    return [_correction(row) for row in rows]


def corrections_of_holding(tx: Transaction, holding: HoldingId) -> list[KeptCorrection]:
    rows = sql.all_rows(
        tx,
        """
        SELECT correction, request, subject, holding, sealed_value, sealed_was, replaces, actor, role, entered_at,
               taken_back_at
          FROM corrections
        WHERE controller = %(controller)s AND holding = %(holding)s ORDER BY correction
        """,
        controller=tx.of,
        holding=holding,
    )
    return [_correction(row) for row in rows]


def tasks_of(tx: Transaction, corrections: Sequence[CorrectionId]) -> list[Task]:
    rows = sql.all_rows(
        tx,
        """
        SELECT correction, system, done_at, done_by, done_role, tried_at, why, told_at, told_by, told_role, answered_at, answer,
               answered_by, answered_role
          FROM correction_tasks
        WHERE controller = %(controller)s AND correction = ANY(%(corrections)s) ORDER BY correction, system
        """,
        controller=tx.of,
        corrections=list(corrections),
    )
    return [_task(row) for row in rows]


def replaced(tx: Transaction, corrections: Sequence[CorrectionId]) -> set[CorrectionId]:
    """Those of them in whose place another was entered that stands, for this request or a later one."""
    rows = sql.all_rows(
        tx,
        "SELECT replaces FROM corrections"
        " WHERE controller = %(controller)s AND replaces = ANY(%(corrections)s) AND taken_back_at IS NULL",
        controller=tx.of,
        corrections=list(corrections),
    )
    return {CorrectionId(row["replaces"]) for row in rows}


def take_back(tx: Transaction, correction: CorrectionId, at: datetime) -> bool:
    """False where it was taken back before."""
    return (
        sql.execute(
            tx,
            "UPDATE corrections SET taken_back_at = %(at)s"
            " WHERE controller = %(controller)s AND correction = %(correction)s AND taken_back_at IS NULL",
            controller=tx.of,
            correction=correction,
            at=at,
        )
        == 1
    )


def set_task_done(tx: Transaction, correction: CorrectionId, system: SystemId, by: Actor, at: datetime) -> None:
    sql.execute(
        tx,
        "UPDATE correction_tasks SET done_at = %(at)s, done_by = %(by)s, done_role = %(role)s, tried_at = NULL, why = NULL"
        " WHERE controller = %(controller)s AND correction = %(correction)s AND system = %(system)s",
        controller=tx.of,
        correction=correction,
        system=system,
        by=by.id,
        role=by.role.value,
        at=at,
    )


def correction(tx: Transaction, correction: CorrectionId) -> KeptCorrection:
    row = sql.one_row(
        tx,
        """
        SELECT correction, request, subject, holding, sealed_value, sealed_was, replaces, actor, role, entered_at,
               taken_back_at
          FROM corrections
         WHERE controller = %(controller)s AND correction = %(correction)s
        """,
        controller=tx.of,
        correction=correction,
    )
    return _correction(row)


def set_was(tx: Transaction, correction: CorrectionId, sealed: bytes) -> None:
    """Once: what is read after it was put right is not what was there before."""
    sql.execute(
        tx,
        "UPDATE corrections SET sealed_was = %(sealed)s"
        " WHERE controller = %(controller)s AND correction = %(correction)s AND sealed_was IS NULL",
        controller=tx.of,
        correction=correction,
        sealed=sealed,
    )


def set_task_undone(tx: Transaction, correction: CorrectionId, system: SystemId, why: Undone, at: datetime) -> None:
    sql.execute(
        tx,
        "UPDATE correction_tasks SET tried_at = %(at)s, why = %(why)s"
        " WHERE controller = %(controller)s AND correction = %(correction)s AND system = %(system)s AND done_at IS NULL",
        controller=tx.of,
        correction=correction,
        system=system,
        at=at,
        why=why.value,
    )


def keepers_told(tx: Transaction, correction: CorrectionId, system: SystemId, by: Actor, at: datetime) -> bool:
    """False where they were before."""
    statement = """UPDATE correction_tasks SET told_at = %(at)s, told_by = %(by)s, told_role = %(role)s
        WHERE controller = %(controller)s AND correction = %(correction)s AND system = %(system)s AND told_at IS NULL"""
    named = {"correction": correction, "system": system}
    return sql.execute(tx, statement, controller=tx.of, at=at, by=by.id, role=by.role.value, **named) == 1


def keepers_said(tx: Transaction, correction: CorrectionId, system: SystemId, answer: Reply, by: Actor, at: datetime) -> None:
    statement = """UPDATE correction_tasks
        SET answered_at = %(at)s, answer = %(answer)s, answered_by = %(by)s, answered_role = %(role)s
        WHERE controller = %(controller)s AND correction = %(correction)s AND system = %(system)s"""
    named = {"correction": correction, "system": system, "answer": answer.value}
    sql.execute(tx, statement, controller=tx.of, at=at, by=by.id, role=by.role.value, **named)


def _task(row: sql.Row) -> Task:
    return Task(
        correction=CorrectionId(row["correction"]),
        system=SystemId(row["system"]),
        done_at=row["done_at"],
        done_by=_actor(row["done_by"], row["done_role"]),
        tried_at=row["tried_at"],
        why=None if row["why"] is None else Undone(row["why"]),
        told_at=row["told_at"],
        told_by=_actor(row["told_by"], row["told_role"]),
        answered_at=row["answered_at"],
        answer=None if row["answer"] is None else Reply(row["answer"]),
        answered_by=_actor(row["answered_by"], row["answered_role"]),
    )


def _actor(id: UUID | None, role: str | None) -> Actor | None:
    return None if id is None or role is None else Actor(id=id, role=Role(role))


def _correction(row: sql.Row) -> KeptCorrection:
    return KeptCorrection(
        id=CorrectionId(row["correction"]),
        request=RequestId(row["request"]),
        subject=SubjectId(row["subject"]),
        holding=HoldingId(row["holding"]),
        sealed=bytes(row["sealed_value"]),
        replaces=None if row["replaces"] is None else CorrectionId(row["replaces"]),
        by=Actor(id=row["actor"], role=Role(row["role"])),
        entered_at=row["entered_at"],
        sealed_was=None if row["sealed_was"] is None else bytes(row["sealed_was"]),
        taken_back_at=row["taken_back_at"],
    )
