"""The table `leaving_identifiers`."""

from collections.abc import Sequence

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import ErasureId, SubjectId
from rightcall.subjects.model import IdentifierKind


def keep_leaving(tx: Transaction, erasure: ErasureId, subject: SubjectId) -> None:
    """All that could be asked about: what they said, and what records told."""
    sql.execute(
        tx,
        """
        INSERT INTO leaving_identifiers (controller, erasure, blind)
        SELECT %(controller)s, %(erasure)s, blind FROM (
            SELECT blind FROM identifiers WHERE controller = %(controller)s AND subject = %(subject)s
             UNION
            SELECT blind FROM known_clues WHERE controller = %(controller)s AND subject = %(subject)s
               AND kind = ANY(%(kinds)s)) b
        ON CONFLICT DO NOTHING
        """,
        controller=tx.of,
        erasure=erasure,
        subject=subject,
        kinds=[each.value for each in IdentifierKind],
    )


def leaving(tx: Transaction, blinds: Sequence[bytes]) -> set[bytes]:
    """Those of these that are kept until an erasure is settled."""
    rows = sql.all_rows(
        tx,
        "SELECT DISTINCT blind FROM leaving_identifiers WHERE controller = %(controller)s AND blind = ANY(%(blinds)s)",
        controller=tx.of,
        blinds=list(blinds),
    )
    return {bytes(row["blind"]) for row in rows}


def left_by(tx: Transaction, blind: bytes) -> list[ErasureId]:
    rows = sql.all_rows(
        tx,
        "SELECT erasure FROM leaving_identifiers WHERE controller = %(controller)s AND blind = %(blind)s ORDER BY erasure",
        controller=tx.of,
        blind=blind,
    )
    return [ErasureId(row["erasure"]) for row in rows]


def forget_leaving(tx: Transaction, erasure: ErasureId) -> None:
    sql.execute(
        tx,
        "DELETE FROM leaving_identifiers WHERE controller = %(controller)s AND erasure = %(erasure)s",
        controller=tx.of,
        erasure=erasure,
    )
