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


def change(
    tx: Transaction,
    request: RequestId,
    *,
    stage: Stage | None = None,
    language: str | None = None,
    acknowledged_at: datetime | None = None,
    proof: ProofKind | None = None,
    ready_at: datetime | None = None,
    doubtful: int | None = None,
    without: int | None = None,
    hands_over: bool | None = None,
    appealed_at: datetime | None = None,
) -> None:
    """What is not named stays as it is."""
    sql.execute(
        tx,
        """
        UPDATE requests SET stage = COALESCE(%(stage)s, stage), language = COALESCE(%(language)s, language),
            acknowledged_at = COALESCE(%(acknowledged_at)s, acknowledged_at), proof = COALESCE(%(proof)s, proof),
            ready_at = COALESCE(%(ready_at)s, ready_at), doubtful = COALESCE(%(doubtful)s, doubtful),
            without = COALESCE(%(without)s, without), hands_over = COALESCE(%(hands_over)s, hands_over),
            appealed_at = COALESCE(%(appealed_at)s, appealed_at)
        WHERE controller = %(controller)s AND request = %(request)s
        """,
        controller=tx.of,
        request=request,
        stage=None if stage is None else stage.value,
        language=language,
        acknowledged_at=acknowledged_at,
        proof=None if proof is None else proof.value,
        ready_at=ready_at,
        doubtful=doubtful,
        without=without,
        hands_over=hands_over,
        appealed_at=appealed_at,
    )


def set_unready(tx: Transaction, request: RequestId) -> None:
    sql.execute(
        tx,
        "UPDATE requests SET ready_at = NULL WHERE controller = %(controller)s AND request = %(request)s",
        controller=tx.of,
        request=request,
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


def set_extended(tx: Transaction, request: RequestId, reason: ExtensionReason) -> None:
    sql.execute(
        tx,
        "UPDATE requests SET extended_for = %(reason)s, due_on = longest_on"
        " WHERE controller = %(controller)s AND request = %(request)s",
        controller=tx.of,
        request=request,
        reason=reason.value,
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
