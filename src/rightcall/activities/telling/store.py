"""The tables `erasure_letters`, `erasure_told` and `erasure_notices`."""

from collections.abc import Sequence
from datetime import datetime

from rightcall.activities.telling.model import Answer, Notice, Said, WhyNot, Word
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


def insert_told(tx: Transaction, erasure: ErasureId, sealed: bytes, unread: int) -> bool:
    """Once: False where that was done before."""
    return bool(
        sql.execute(
            tx,
            """
            INSERT INTO erasure_told (controller, erasure, sealed, unread)
            VALUES (%(controller)s, %(erasure)s, %(sealed)s, %(unread)s)
                ON CONFLICT (controller, erasure) DO NOTHING
            """,
            controller=tx.of,
            erasure=erasure,
            sealed=sealed,
            unread=unread,
        )
    )


def told(tx: Transaction, erasure: ErasureId) -> tuple[bytes | None, int] | None:
    """What records told, sealed, or None once it is forgotten, and how many could not be read; None where nothing was read."""
    row = sql.maybe_row(
        tx,
        "SELECT sealed, unread FROM erasure_told WHERE controller = %(controller)s AND erasure = %(erasure)s",
        controller=tx.of,
        erasure=erasure,
    )
    return None if row is None else (None if row["sealed"] is None else bytes(row["sealed"]), row["unread"])


def forget_told(tx: Transaction, erasure: ErasureId) -> None:
    sql.execute(
        tx,
        "UPDATE erasure_told SET sealed = NULL WHERE controller = %(controller)s AND erasure = %(erasure)s",
        controller=tx.of,
        erasure=erasure,
    )


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


def widen_notice(tx: Transaction, notice: Notice, purposes: Sequence[PurposeId]) -> None:
    sql.execute(
        tx,
        """
        UPDATE erasure_notices SET purposes = %(purposes)s
         WHERE controller = %(controller)s AND erasure = %(erasure)s AND recipient = %(recipient)s AND told_at IS NULL
        """,
        controller=tx.of,
        erasure=notice.erasure,
        recipient=notice.recipient,
        purposes=list(purposes),
    )


def notices(tx: Transaction, erasure: ErasureId) -> list[Notice]:
    rows = sql.all_rows(
        tx,
        """
        SELECT erasure, recipient, purposes, planned_at, told_at, told_by, told_role, answered_at, answer, answered_by,
               answered_role, in_doubt_at, word, why_not, chosen, said_at, said_by, said_role
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


def put_in_doubt(tx: Transaction, erasure: ErasureId, recipients: Sequence[RecipientId], at: datetime) -> int:
    """A person has to say of these whether they are asked by what records tell. How many that is new of."""
    return sql.execute(
        tx,
        """
        UPDATE erasure_notices SET in_doubt_at = %(at)s
         WHERE controller = %(controller)s AND erasure = %(erasure)s AND recipient = ANY(%(recipients)s)
           AND told_at IS NULL AND in_doubt_at IS NULL
        """,
        controller=tx.of,
        erasure=erasure,
        recipients=list(recipients),
        at=at,
    )


def say(tx: Transaction, notice: Notice, said: Said) -> bool:
    """False where it was said before, or told."""
    return bool(
        sql.execute(
            tx,
            """
            UPDATE erasure_notices
               SET word = %(word)s, why_not = %(why_not)s, chosen = %(chosen)s::integer[], said_at = %(at)s, said_by = %(by)s,
                   said_role = %(role)s
             WHERE controller = %(controller)s AND erasure = %(erasure)s AND recipient = %(recipient)s
               AND in_doubt_at IS NOT NULL AND word IS NULL AND told_at IS NULL
            """,
            controller=tx.of,
            erasure=notice.erasure,
            recipient=notice.recipient,
            word=said.word.value,
            why_not=None if said.why_not is None else said.why_not.value,
            chosen=list(said.chosen),
            at=said.at,
            by=said.by.id,
            role=said.by.role.value,
        )
    )


def count_waiting_for_word(tx: Transaction) -> int:
    """Of how many recipients a person has to say whether they are asked."""
    row = sql.one_row(
        tx,
        """
        SELECT count(*) AS number FROM erasure_notices
         WHERE controller = %(controller)s AND in_doubt_at IS NOT NULL AND word IS NULL AND told_at IS NULL
        """,
        controller=tx.of,
    )
    return int(row["number"])


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
        in_doubt_at=row["in_doubt_at"],
        said=_said(row),
    )


def _said(row: sql.Row) -> Said | None:
    by = _actor(row["said_by"], row["said_role"])
    if by is None:
        return None
    return Said(
        word=Word(row["word"]),
        why_not=None if row["why_not"] is None else WhyNot(row["why_not"]),
        chosen=tuple(row["chosen"]),
        at=row["said_at"],
        by=by,
    )


def _actor(id: object, role: str | None) -> Actor | None:
    return None if role is None else Actor(id=id, role=Role(role))  # type: ignore[arg-type]  # a uuid, by the column's type
