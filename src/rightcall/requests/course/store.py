"""What becomes of requests, in the table `requests`; and the table `request_steps`, which tells it in order."""

from datetime import date, datetime

from rightcall.actors import Actor, Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import RequestId, StatementId
from rightcall.requests.model import (
    Answered,
    DenialGround,
    ExtensionReason,
    Happened,
    MandateEvidence,
    ProofKind,
    Stage,
    Step,
)


def set_acknowledged(tx: Transaction, request: RequestId, at: datetime) -> None:
    sql.execute(
        tx,
        "UPDATE requests SET acknowledged_at = %(at)s WHERE controller = %(controller)s AND request = %(request)s",
        controller=tx.of,
        request=request,
        at=at,
    )


def set_language(tx: Transaction, request: RequestId, language: str) -> None:
    sql.execute(
        tx,
        "UPDATE requests SET language = %(language)s WHERE controller = %(controller)s AND request = %(request)s",
        controller=tx.of,
        request=request,
        language=language,
    )


def set_proof(tx: Transaction, request: RequestId, proof: ProofKind) -> None:
    sql.execute(
        tx,
        "UPDATE requests SET proof = %(proof)s WHERE controller = %(controller)s AND request = %(request)s",
        controller=tx.of,
        request=request,
        proof=proof.value,
    )


def set_mandate(tx: Transaction, request: RequestId, until: date, sealed_who: bytes, evidence: MandateEvidence) -> None:
    sql.execute(
        tx,
        "UPDATE requests SET mandate_until = %(until)s, mandate_who = %(sealed_who)s, mandate_evidence = %(evidence)s"
        " WHERE controller = %(controller)s AND request = %(request)s",
        controller=tx.of,
        request=request,
        until=until,
        sealed_who=sealed_who,
        evidence=evidence.value,
    )


def set_ready(tx: Transaction, request: RequestId, at: datetime | None) -> None:
    sql.execute(
        tx,
        "UPDATE requests SET ready_at = %(at)s WHERE controller = %(controller)s AND request = %(request)s",
        controller=tx.of,
        request=request,
        at=at,
    )


def set_doubtful(tx: Transaction, request: RequestId, records: int) -> None:
    sql.execute(
        tx,
        "UPDATE requests SET doubtful = %(records)s WHERE controller = %(controller)s AND request = %(request)s",
        controller=tx.of,
        request=request,
        records=records,
    )


def set_without(tx: Transaction, request: RequestId, records: int) -> None:
    sql.execute(
        tx,
        "UPDATE requests SET without = %(records)s WHERE controller = %(controller)s AND request = %(request)s",
        controller=tx.of,
        request=request,
        records=records,
    )


def set_extended(tx: Transaction, request: RequestId, reason: ExtensionReason) -> None:
    sql.execute(
        tx,
        "UPDATE requests SET extended_for = %(reason)s, due_on = longest_on"
        " WHERE controller = %(controller)s AND request = %(request)s",
        controller=tx.of,
        request=request,
        reason=reason.value,
    )


def set_hands_over(tx: Transaction, request: RequestId, *, waits: bool) -> None:
    sql.execute(
        tx,
        "UPDATE requests SET hands_over = %(waits)s WHERE controller = %(controller)s AND request = %(request)s",
        controller=tx.of,
        request=request,
        waits=waits,
    )


def set_stage(tx: Transaction, request: RequestId, stage: Stage) -> None:
    sql.execute(
        tx,
        "UPDATE requests SET stage = %(stage)s WHERE controller = %(controller)s AND request = %(request)s",
        controller=tx.of,
        request=request,
        stage=stage.value,
    )


def set_answer(tx: Transaction, request: RequestId, outcome: Answered, ground: DenialGround | None, at: datetime) -> None:
    sql.execute(
        tx,
        """
        UPDATE requests SET stage = 'answered', outcome = %(outcome)s, ground = %(ground)s, answered_at = %(at)s
        WHERE controller = %(controller)s AND request = %(request)s
        """,
        controller=tx.of,
        request=request,
        outcome=outcome.value,
        ground=None if ground is None else ground.value,
        at=at,
    )


def set_appealed(tx: Transaction, request: RequestId, at: datetime) -> None:
    sql.execute(
        tx,
        "UPDATE requests SET appealed_at = %(at)s WHERE controller = %(controller)s AND request = %(request)s",
        controller=tx.of,
        request=request,
        at=at,
    )


def set_reopened(tx: Transaction, request: RequestId) -> None:
    sql.execute(
        tx,
        "UPDATE requests SET stage = 'open', outcome = NULL, ground = NULL, answered_at = NULL"
        " WHERE controller = %(controller)s AND request = %(request)s",
        controller=tx.of,
        request=request,
    )


def insert_step(tx: Transaction, request: RequestId, happened: Happened, statement: StatementId) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO request_steps (controller, request, statement, step, at, actor, role, detail)
        VALUES (%(controller)s, %(request)s, %(statement)s, %(step)s, %(at)s, %(actor)s, %(role)s, %(detail)s)
        """,
        controller=tx.of,
        request=request,
        statement=statement,
        step=happened.step.value,
        at=happened.at,
        actor=happened.by.id,
        role=happened.by.role.value,
        detail=happened.detail,
    )


def steps_of(tx: Transaction, request: RequestId) -> list[Happened]:
    """In their order."""
    rows = sql.all_rows(
        tx,
        """
        SELECT step, at, actor, role, detail FROM request_steps
        WHERE controller = %(controller)s AND request = %(request)s ORDER BY at, statement
        """,
        controller=tx.of,
        request=request,
    )
    return [
        Happened(step=Step(row["step"]), at=row["at"], by=Actor(id=row["actor"], role=Role(row["role"])), detail=row["detail"])
        for row in rows
    ]
