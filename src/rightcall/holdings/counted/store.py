"""How much is held of a person: of which kinds, in which systems, and how much of it is gone there. Read alone."""

from rightcall.database.connection import Transaction
from rightcall.database.sql import all_rows, one_row
from rightcall.holdings.model import HoldingKind
from rightcall.ids import SubjectId, SystemId


def held(tx: Transaction, subject: SubjectId) -> int:
    """As many as `holdings_of_subjects` has of them."""
    statement = """SELECT count(*) AS number FROM holdings
        WHERE controller = %(controller)s AND subject = %(subject)s AND unlinked_at IS NULL"""
    return int(one_row(tx, statement, controller=tx.of, subject=subject)["number"])


def by_kind(tx: Transaction, subject: SubjectId) -> dict[HoldingKind, int]:
    """Of what we keep ourselves."""
    rows = all_rows(
        tx,
        """
        SELECT kind, count(*) AS number
          FROM holdings
         WHERE controller = %(controller)s AND subject = %(subject)s AND system IS NULL
         GROUP BY kind
        """,
        controller=tx.of,
        subject=subject,
    )
    return {HoldingKind(row["kind"]): row["number"] for row in rows}


def gone_elsewhere(tx: Transaction, subject: SubjectId) -> dict[tuple[SystemId, HoldingKind], int]:
    """Of what other systems kept and is confirmed gone."""
    rows = all_rows(
        tx,
        """
        SELECT system, kind, count(*) AS number
          FROM holdings
         WHERE controller = %(controller)s AND subject = %(subject)s AND system IS NOT NULL AND disposed_at IS NOT NULL
         GROUP BY system, kind
        """,
        controller=tx.of,
        subject=subject,
    )
    return {(SystemId(row["system"]), HoldingKind(row["kind"])): row["number"] for row in rows}


def elsewhere(tx: Transaction, subject: SubjectId) -> dict[SystemId, int]:
    rows = all_rows(
        tx,
        """
        SELECT system, count(*) AS number
          FROM holdings
         WHERE controller = %(controller)s AND subject = %(subject)s AND system IS NOT NULL
           AND disposed_at IS NULL AND gone_at IS NULL
         GROUP BY system ORDER BY system
        """,
        controller=tx.of,
        subject=subject,
    )
    return {SystemId(row["system"]): row["number"] for row in rows}
