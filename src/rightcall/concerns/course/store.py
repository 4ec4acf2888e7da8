"""The columns of `concerns` that change, `concern_looks` and `concern_knocks`. Whoever changes a concern holds its row first."""

from datetime import date, datetime
from uuid import UUID

from rightcall.actors import Actor, Role
from rightcall.concerns.model import Finding, SealedLook, SealedWords
from rightcall.concerns.states import State
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import ConcernId, SubjectId


def set_owner(tx: Transaction, concern: ConcernId, state: State, owner: Actor) -> None:
    sql.execute(
        tx,
        """
        UPDATE concerns SET stage = %(stage)s, owner = %(owner)s, owner_role = %(role)s
        WHERE controller = %(controller)s AND concern = %(concern)s
        """,
        controller=tx.of,
        concern=concern,
        stage=state.stage.value,
        owner=owner.id,
        role=owner.role.value,
    )


def set_answer(tx: Transaction, concern: ConcernId, state: State, answer: Finding, sealed: bytes) -> None:
    sql.execute(
        tx,
        """
        UPDATE concerns SET stage = %(stage)s, outcome = %(outcome)s, sealed_answer = %(sealed)s, answered_by = %(by)s,
            answered_role = %(role)s, answered_at = %(at)s
        WHERE controller = %(controller)s AND concern = %(concern)s
        """,
        controller=tx.of,
        concern=concern,
        stage=state.stage.value,
        outcome=answer.outcome.value,
        sealed=sealed,
        by=answer.by.id,
        role=answer.by.role.value,
        at=answer.at,
    )


def set_appeal(tx: Transaction, concern: ConcernId, state: State, sealed: bytes, on: date, due_on: date) -> None:
    sql.execute(
        tx,
        """
        UPDATE concerns SET stage = %(stage)s, sealed_appeal = %(sealed)s, appealed_on = %(on)s, decision_due_on = %(due_on)s
        WHERE controller = %(controller)s AND concern = %(concern)s
        """,
        controller=tx.of,
        concern=concern,
        stage=state.stage.value,
        sealed=sealed,
        on=on,
        due_on=due_on,
    )


def set_decision(tx: Transaction, concern: ConcernId, state: State, decision: Finding, sealed: bytes, on: date) -> None:
    sql.execute(
        tx,
        """
        UPDATE concerns SET stage = %(stage)s, ending = %(ending)s, closed_on = %(on)s, decision = %(outcome)s,
            sealed_decision = %(sealed)s, decided_by = %(by)s, decided_role = %(role)s, decided_at = %(at)s
        WHERE controller = %(controller)s AND concern = %(concern)s
        """,
        controller=tx.of,
        concern=concern,
        stage=state.stage.value,
        ending=None if state.ending is None else state.ending.value,
        on=on,
        outcome=decision.outcome.value,
        sealed=sealed,
        by=decision.by.id,
        role=decision.by.role.value,
        at=decision.at,
    )


def set_closed(tx: Transaction, concern: ConcernId, state: State, on: date) -> None:
    sql.execute(
        tx,
        """
        UPDATE concerns SET stage = %(stage)s, ending = %(ending)s, closed_on = %(on)s
        WHERE controller = %(controller)s AND concern = %(concern)s
        """,
        controller=tx.of,
        concern=concern,
        stage=state.stage.value,
        ending=None if state.ending is None else state.ending.value,
        on=on,
    )


def set_escalated(tx: Transaction, concern: ConcernId, due_on: date) -> None:
    sql.execute(
        tx,
        "UPDATE concerns SET escalated_for = %(due_on)s WHERE controller = %(controller)s AND concern = %(concern)s",
        controller=tx.of,
        concern=concern,
        due_on=due_on,
    )


def set_consent(tx: Transaction, concern: ConcernId, key: SubjectId, sealed: bytes) -> None:
    sql.execute(
        tx,
        """
        UPDATE concerns SET consent_key = %(key)s, sealed_consent = %(sealed)s
        WHERE controller = %(controller)s AND concern = %(concern)s
        """,
        controller=tx.of,
        concern=concern,
        key=key,
        sealed=sealed,
    )


def clear_consent(tx: Transaction, key: SubjectId) -> bool:
    """False where no consent has that key."""
    cleared = sql.execute(
        tx,
        """
        UPDATE concerns SET consent_key = NULL, sealed_consent = NULL
        WHERE controller = %(controller)s AND consent_key = %(key)s
        """,
        controller=tx.of,
        key=key,
    )
    return cleared == 1


def set_words(tx: Transaction, concern: ConcernId, words: SealedWords) -> None:
    """The same words, under the concern's key alone."""
    sql.execute(
        tx,
        """
        UPDATE concerns SET words_of_subject = false, sealed_words = %(words)s, sealed_answer = %(answer)s,
            sealed_appeal = %(appeal)s, sealed_decision = %(decision)s
        WHERE controller = %(controller)s AND concern = %(concern)s
        """,
        controller=tx.of,
        concern=concern,
        words=words.words,
        answer=words.answer,
        appeal=words.appeal,
        decision=words.decision,
    )


def set_forget_asked(tx: Transaction, key: SubjectId, on: date) -> bool:
    """For the concern whose words lie under that key. False where it was asked before, is forgotten, or there is none."""
    asked = sql.execute(
        tx,
        """
        UPDATE concerns SET forget_asked_on = %(on)s
        WHERE controller = %(controller)s AND words_key = %(key)s AND forget_asked_on IS NULL AND forgotten_on IS NULL
        """,
        controller=tx.of,
        key=key,
        on=on,
    )
    return asked == 1


def set_forgotten(tx: Transaction, concern: ConcernId, on: date) -> None:
    sql.execute(
        tx,
        "UPDATE concerns SET forgotten_on = %(on)s WHERE controller = %(controller)s AND concern = %(concern)s",
        controller=tx.of,
        concern=concern,
        on=on,
    )


def has_code(tx: Transaction, concern: ConcernId, digest: bytes) -> bool:
    row = sql.one_row(
        tx,
        """
        SELECT EXISTS (SELECT FROM concern_codes
            WHERE controller = %(controller)s AND concern = %(concern)s AND digest = %(digest)s) AS found
        """,
        controller=tx.of,
        concern=concern,
        digest=digest,
    )
    return bool(row["found"])


def count_knock(tx: Transaction, hour: datetime) -> int:
    """One more in this hour; how many that makes."""
    row = sql.one_row(
        tx,
        """
        INSERT INTO concern_knocks (controller, hour, knocks) VALUES (%(controller)s, %(hour)s, 1)
        ON CONFLICT (controller, hour) DO UPDATE SET knocks = concern_knocks.knocks + 1 RETURNING knocks
        """,
        controller=tx.of,
        hour=hour,
    )
    return int(row["knocks"])


def forget_knocks(tx: Transaction, before: datetime) -> None:
    sql.execute(
        tx,
        "DELETE FROM concern_knocks WHERE controller = %(controller)s AND hour < %(before)s",
        controller=tx.of,
        before=before,
    )


def insert_look(tx: Transaction, concern: ConcernId, id: UUID, look: SealedLook) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO concern_looks (controller, concern, look, at, actor, role, sealed_why)
        VALUES (%(controller)s, %(concern)s, %(look)s, %(at)s, %(actor)s, %(role)s, %(why)s)
        """,
        controller=tx.of,
        concern=concern,
        look=id,
        at=look.at,
        actor=look.by.id,
        role=look.by.role.value,
        why=look.why,
    )


def looks(tx: Transaction, concern: ConcernId) -> list[SealedLook]:
    rows = sql.all_rows(
        tx,
        """
        SELECT at, actor, role, sealed_why FROM concern_looks
        WHERE controller = %(controller)s AND concern = %(concern)s ORDER BY at, look
        """,
        controller=tx.of,
        concern=concern,
    )
    return [SealedLook(at=row["at"], by=Actor(id=row["actor"], role=Role(row["role"])), why=row["sealed_why"]) for row in rows]
