"""The table `erasures`."""

from datetime import datetime

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.erasure.model import Erasure
from rightcall.ids import ErasureId, StatementId, SubjectId


def insert_erasure(tx: Transaction, erasure: ErasureId, subject: SubjectId, at: datetime) -> None:
    """Once: again changes nothing."""
    sql.execute(
        tx,
        """
        INSERT INTO erasures (controller, erasure, subject, begun_at)
        VALUES (%(controller)s, %(erasure)s, %(subject)s, %(at)s)
        ON CONFLICT (controller, erasure) DO NOTHING
        """,
        controller=tx.of,
        erasure=erasure,
        subject=subject,
        at=at,
    )


def erasure_for_update(tx: Transaction, erasure: ErasureId) -> Erasure | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT erasure, subject, begun_at, destroyed_at, epoch, identifiers, destroyed, disposed, held, confirmed_at, confirmed
        FROM erasures WHERE controller = %(controller)s AND erasure = %(erasure)s FOR UPDATE
        """,
        controller=tx.of,
        erasure=erasure,
    )
    if row is None:
        return None
    return Erasure(
        id=ErasureId(row["erasure"]),
        subject=SubjectId(row["subject"]),
        begun_at=row["begun_at"],
        destroyed_at=row["destroyed_at"],
        epoch=row["epoch"],
        identifiers=row["identifiers"],
        destroyed=None if row["destroyed"] is None else StatementId(row["destroyed"]),
        disposed=row["disposed"],
        held=row["held"],
        confirmed_at=row["confirmed_at"],
        confirmed=None if row["confirmed"] is None else StatementId(row["confirmed"]),
    )


def latest_of(tx: Transaction, subject: SubjectId) -> ErasureId | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT erasure FROM erasures WHERE controller = %(controller)s AND subject = %(subject)s
        ORDER BY begun_at DESC LIMIT 1
        """,
        controller=tx.of,
        subject=subject,
    )
    return None if row is None else ErasureId(row["erasure"])


def set_destroyed(
    tx: Transaction, erasure: ErasureId, *, at: datetime, epoch: int, identifiers: int, statement: StatementId
) -> None:
    sql.execute(
        tx,
        """
        UPDATE erasures
        SET destroyed_at = %(at)s, epoch = %(epoch)s, identifiers = %(identifiers)s, destroyed = %(said)s
        WHERE controller = %(controller)s AND erasure = %(erasure)s
        """,
        controller=tx.of,
        erasure=erasure,
        at=at,
        epoch=epoch,
        identifiers=identifiers,
        said=statement,
    )


def set_confirmed(tx: Transaction, erasure: ErasureId, *, at: datetime, disposed: int, held: int, statement: StatementId) -> None:
    sql.execute(
        tx,
        """
        UPDATE erasures SET confirmed_at = %(at)s, disposed = %(disposed)s, held = %(held)s, confirmed = %(said)s
        WHERE controller = %(controller)s AND erasure = %(erasure)s
        """,
        controller=tx.of,
        erasure=erasure,
        at=at,
        disposed=disposed,
        held=held,
        said=statement,
    )


def in_backups(tx: Transaction, epoch: int) -> list[ErasureId]:
    """Confirmed erasures from before `epoch` that are not yet certified for backups."""
    rows = sql.all_rows(
        tx,
        """
        SELECT erasure FROM erasures
        WHERE controller = %(controller)s AND epoch < %(epoch)s AND confirmed_at IS NOT NULL AND turned IS NULL
        ORDER BY erasure
        """,
        controller=tx.of,
        epoch=epoch,
    )
    return [ErasureId(row["erasure"]) for row in rows]


def set_turned(tx: Transaction, erasure: ErasureId, statement: StatementId) -> None:
    sql.execute(
        tx,
        "UPDATE erasures SET turned = %(said)s WHERE controller = %(controller)s AND erasure = %(erasure)s",
        controller=tx.of,
        erasure=erasure,
        said=statement,
    )
