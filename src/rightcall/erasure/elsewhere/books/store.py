"""What an erasure has to do elsewhere, as a whole: the table `erasure_books`, one row an erasure."""

from datetime import datetime

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.erasure.elsewhere.model import Book
from rightcall.ids import ErasureId, StatementId, SubjectId


def insert_book(tx: Transaction, erasure: ErasureId, subject: SubjectId, key: SubjectId, kept: bytes, sealed_salt: bytes) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO erasure_books (controller, erasure, subject, key, kept_places, sealed_salt)
        VALUES (%(controller)s, %(erasure)s, %(subject)s, %(key)s, %(kept)s, %(salt)s)
        """,
        controller=tx.of,
        erasure=erasure,
        subject=subject,
        key=key,
        kept=kept,
        salt=sealed_salt,
    )


def sealed_salt(tx: Transaction, erasure: ErasureId) -> bytes | None:
    row = sql.one_row(
        tx,
        "SELECT sealed_salt FROM erasure_books WHERE controller = %(controller)s AND erasure = %(erasure)s",
        controller=tx.of,
        erasure=erasure,
    )
    return None if row["sealed_salt"] is None else bytes(row["sealed_salt"])


def book_for_update(tx: Transaction, erasure: ErasureId) -> Book | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT erasure, subject, key, round, due_at, planned_at, settled_at, settled
          FROM erasure_books WHERE controller = %(controller)s AND erasure = %(erasure)s FOR UPDATE
        """,
        controller=tx.of,
        erasure=erasure,
    )
    return None if row is None else _book(row)


def books_of(tx: Transaction, subject: SubjectId) -> list[Book]:
    rows = sql.all_rows(
        tx,
        """
        SELECT erasure, subject, key, round, due_at, planned_at, settled_at, settled
          FROM erasure_books WHERE controller = %(controller)s AND subject = %(subject)s ORDER BY erasure
        """,
        controller=tx.of,
        subject=subject,
    )
    return [_book(row) for row in rows]


def due(tx: Transaction, now: datetime, limit: int) -> list[tuple[ErasureId, int]]:
    """Which erasures are to be gone on with, and in which round."""
    rows = sql.all_rows(
        tx,
        """
        SELECT erasure, round FROM erasure_books
         WHERE controller = %(controller)s AND due_at <= %(now)s ORDER BY due_at LIMIT %(limit)s
        """,
        controller=tx.of,
        now=now,
        limit=limit,
    )
    return [(ErasureId(row["erasure"]), row["round"]) for row in rows]


def open_books(tx: Transaction, limit: int | None) -> list[ErasureId]:
    """Erasures of which something is open or untold elsewhere, the oldest first. `limit` None: all of them."""
    rows = sql.all_rows(
        tx,
        """
        SELECT erasure FROM erasure_books b
         WHERE controller = %(controller)s
           AND (key IS NOT NULL OR (planned_at IS NOT NULL AND settled_at IS NULL)
                OR EXISTS (SELECT FROM errands e
                            WHERE e.controller = b.controller AND e.erasure = b.erasure AND e.elsewhere > 0))
         ORDER BY erasure LIMIT %(limit)s
        """,
        controller=tx.of,
        limit=limit,
    )
    return [ErasureId(row["erasure"]) for row in rows]


def kept_places(tx: Transaction, erasure: ErasureId) -> bytes | None:
    row = sql.one_row(
        tx,
        "SELECT kept_places FROM erasure_books WHERE controller = %(controller)s AND erasure = %(erasure)s",
        controller=tx.of,
        erasure=erasure,
    )
    return None if row["kept_places"] is None else bytes(row["kept_places"])


def delete_book(tx: Transaction, erasure: ErasureId) -> None:
    sql.execute(
        tx,
        "DELETE FROM erasure_books WHERE controller = %(controller)s AND erasure = %(erasure)s",
        controller=tx.of,
        erasure=erasure,
    )


def was_planned(tx: Transaction, erasure: ErasureId, *, at: datetime, is_open: bool) -> None:
    """Due at once; settled at once where nothing is to go."""
    sql.execute(
        tx,
        """
        UPDATE erasure_books
           SET planned_at = %(at)s, due_at = CASE WHEN %(open)s THEN %(at)s::timestamptz END,
               settled_at = CASE WHEN %(open)s THEN NULL ELSE %(at)s::timestamptz END
         WHERE controller = %(controller)s AND erasure = %(erasure)s
        """,
        controller=tx.of,
        erasure=erasure,
        at=at,
        open=is_open,
    )


def end_round(tx: Transaction, erasure: ErasureId, round: int, due_at: datetime | None) -> bool:
    """False where that round was ended before."""
    return (
        sql.execute(
            tx,
            """
            UPDATE erasure_books SET round = round + 1, due_at = %(due_at)s
             WHERE controller = %(controller)s AND erasure = %(erasure)s AND round = %(round)s
            """,
            controller=tx.of,
            erasure=erasure,
            round=round,
            due_at=due_at,
        )
        == 1
    )


def make_due(tx: Transaction, erasure: ErasureId, at: datetime) -> None:
    sql.execute(
        tx,
        """
        UPDATE erasure_books SET due_at = %(at)s
         WHERE controller = %(controller)s AND erasure = %(erasure)s AND planned_at IS NOT NULL
        """,
        controller=tx.of,
        erasure=erasure,
        at=at,
    )


def settle(tx: Transaction, erasure: ErasureId, *, at: datetime, statement: StatementId) -> None:
    sql.execute(
        tx,
        """
        UPDATE erasure_books SET settled_at = %(at)s, settled = %(said)s
         WHERE controller = %(controller)s AND erasure = %(erasure)s
        """,
        controller=tx.of,
        erasure=erasure,
        at=at,
        said=statement,
    )


def unsettle(tx: Transaction, erasure: ErasureId) -> None:
    """Something is open again."""
    sql.execute(
        tx,
        """
        UPDATE erasure_books SET settled_at = NULL, settled = NULL
         WHERE controller = %(controller)s AND erasure = %(erasure)s AND settled_at IS NOT NULL
        """,
        controller=tx.of,
        erasure=erasure,
    )


def forget_key(tx: Transaction, erasure: ErasureId) -> None:
    sql.execute(
        tx,
        """
        UPDATE erasure_books SET key = NULL, kept_places = NULL, sealed_salt = NULL
         WHERE controller = %(controller)s AND erasure = %(erasure)s
        """,
        controller=tx.of,
        erasure=erasure,
    )
    sql.execute(
        tx,
        "DELETE FROM erasure_signs WHERE controller = %(controller)s AND erasure = %(erasure)s",
        controller=tx.of,
        erasure=erasure,
    )


def _book(row: sql.Row) -> Book:
    return Book(
        erasure=ErasureId(row["erasure"]),
        subject=SubjectId(row["subject"]),
        key=None if row["key"] is None else SubjectId(row["key"]),
        round=row["round"],
        due_at=row["due_at"],
        planned_at=row["planned_at"],
        settled_at=row["settled_at"],
        settled=None if row["settled"] is None else StatementId(row["settled"]),
    )
