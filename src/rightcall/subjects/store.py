"""The tables `subjects`, `blinds` and `identifiers`. Whoever identifies or forgets by a blind holds its row first, in the order
of the blinds, so that nobody is made twice and no two deeds wait for each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import SubjectId
from rightcall.subjects.model import IdentifierKind, Subject


@dataclass(frozen=True, slots=True)
class Holder:
    """A subject that has the identifier behind `blind`."""

    subject: SubjectId
    blind: bytes
    ambiguous: bool
    has_customer_id: bool


@dataclass(frozen=True, slots=True)
class SealedIdentifier:
    kind: IdentifierKind
    blind: bytes
    sealed: bytes


def insert_subject(tx: Transaction, subject: Subject) -> None:
    sql.execute(
        tx,
        "INSERT INTO subjects (controller, subject, ambiguous, split_from, created_at)"
        " VALUES (%(controller)s, %(subject)s, %(ambiguous)s, %(split_from)s, %(created_at)s)",
        controller=tx.of,
        subject=subject.id,
        ambiguous=subject.ambiguous,
        split_from=subject.split_from,
        created_at=subject.created_at,
    )


def subject_by_id(tx: Transaction, subject: SubjectId) -> Subject | None:
    row = sql.maybe_row(
        tx,
        "SELECT subject, ambiguous, split_from, created_at FROM subjects"
        " WHERE controller = %(controller)s AND subject = %(subject)s",
        controller=tx.of,
        subject=subject,
    )
    if row is None:
        return None
    split_from = None if row["split_from"] is None else SubjectId(row["split_from"])
    return Subject(id=SubjectId(row["subject"]), ambiguous=row["ambiguous"], split_from=split_from, created_at=row["created_at"])


def sealed_name(tx: Transaction, subject: SubjectId) -> bytes | None:
    row = sql.maybe_row(
        tx,
        "SELECT sealed_name FROM subjects WHERE controller = %(controller)s AND subject = %(subject)s",
        controller=tx.of,
        subject=subject,
    )
    return None if row is None or row["sealed_name"] is None else bytes(row["sealed_name"])


def set_name(tx: Transaction, subject: SubjectId, sealed: bytes) -> None:
    sql.execute(
        tx,
        "UPDATE subjects SET sealed_name = %(sealed)s WHERE controller = %(controller)s AND subject = %(subject)s",
        controller=tx.of,
        subject=subject,
        sealed=sealed,
    )


def forget_name(tx: Transaction, subject: SubjectId) -> int:
    return sql.execute(
        tx,
        "UPDATE subjects SET sealed_name = NULL WHERE controller = %(controller)s AND subject = %(subject)s"
        " AND sealed_name IS NOT NULL",
        controller=tx.of,
        subject=subject,
    )


def hold_blinds(tx: Transaction, blinds: Sequence[bytes]) -> None:
    for blind in sorted(set(blinds)):
        sql.execute(
            tx,
            "INSERT INTO blinds (controller, blind) VALUES (%(controller)s, %(blind)s)"
            " ON CONFLICT (controller, blind) DO UPDATE SET blind = EXCLUDED.blind",
            controller=tx.of,
            blind=blind,
        )


def holders(tx: Transaction, blinds: Sequence[bytes]) -> list[Holder]:
    """Oldest subject first."""
    rows = sql.all_rows(
        tx,
        "SELECT i.subject, i.blind, s.ambiguous, EXISTS (SELECT FROM identifiers c WHERE c.controller = i.controller"
        " AND c.subject = i.subject AND c.kind = 'customer_id') AS has_customer_id"
        " FROM identifiers i JOIN subjects s ON s.controller = i.controller AND s.subject = i.subject"
        " WHERE i.controller = %(controller)s AND i.blind = ANY(%(blinds)s) ORDER BY s.created_at, i.subject",
        controller=tx.of,
        blinds=list(blinds),
    )
    return [Holder(SubjectId(row["subject"]), bytes(row["blind"]), row["ambiguous"], row["has_customer_id"]) for row in rows]


def insert_identifier(
    tx: Transaction, subject: SubjectId, kind: IdentifierKind, blind: bytes, sealed: bytes, at: datetime
) -> bool:
    """False where the subject has it already."""
    inserted = sql.execute(
        tx,
        "INSERT INTO identifiers (controller, blind, subject, kind, sealed, created_at)"
        " VALUES (%(controller)s, %(blind)s, %(subject)s, %(kind)s, %(sealed)s, %(at)s)"
        " ON CONFLICT (controller, blind, subject) DO NOTHING",
        controller=tx.of,
        blind=blind,
        subject=subject,
        kind=kind.value,
        sealed=sealed,
        at=at,
    )
    return inserted == 1


def identifiers_of(tx: Transaction, subject: SubjectId) -> list[SealedIdentifier]:
    rows = sql.all_rows(
        tx,
        "SELECT kind, blind, sealed FROM identifiers WHERE controller = %(controller)s AND subject = %(subject)s"
        " ORDER BY created_at, kind, blind",
        controller=tx.of,
        subject=subject,
    )
    return [SealedIdentifier(IdentifierKind(row["kind"]), bytes(row["blind"]), bytes(row["sealed"])) for row in rows]


def delete_identifiers(tx: Transaction, subject: SubjectId, blinds: Sequence[bytes]) -> int:
    return sql.execute(
        tx,
        "DELETE FROM identifiers WHERE controller = %(controller)s AND subject = %(subject)s AND blind = ANY(%(blinds)s)",
        controller=tx.of,
        subject=subject,
        blinds=list(blinds),
    )


def delete_unused_blinds(tx: Transaction, blinds: Sequence[bytes]) -> None:
    """Only after `hold_blinds`, so that nobody begins to use one meanwhile."""
    sql.execute(
        tx,
        "DELETE FROM blinds b WHERE b.controller = %(controller)s AND b.blind = ANY(%(blinds)s) AND NOT EXISTS"
        " (SELECT FROM identifiers i WHERE i.controller = b.controller AND i.blind = b.blind)",
        controller=tx.of,
        blinds=list(blinds),
    )
