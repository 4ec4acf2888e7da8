"""The tables `request_wishes` and `request_links`."""

from datetime import datetime

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import RequestId


def insert_wish(tx: Transaction, request: RequestId, sealed: bytes) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO request_wishes (controller, request, sealed) VALUES (%(controller)s, %(request)s, %(sealed)s)
        ON CONFLICT DO NOTHING
        """,
        controller=tx.of,
        request=request,
        sealed=sealed,
    )


def sealed_wish(tx: Transaction, request: RequestId) -> bytes | None:
    row = sql.maybe_row(
        tx,
        "SELECT sealed FROM request_wishes WHERE controller = %(controller)s AND request = %(request)s",
        controller=tx.of,
        request=request,
    )
    return None if row is None else bytes(row["sealed"])


def insert_link(tx: Transaction, digest: bytes, request: RequestId, until: datetime) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO request_links (controller, digest, request, until)
        VALUES (%(controller)s, %(digest)s, %(request)s, %(until)s)
        """,
        controller=tx.of,
        digest=digest,
        request=request,
        until=until,
    )


def request_by_link(tx: Transaction, digest: bytes, now: datetime) -> RequestId | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT request FROM request_links
        WHERE controller = %(controller)s AND digest = %(digest)s AND until > %(now)s
        """,
        controller=tx.of,
        digest=digest,
        now=now,
    )
    return None if row is None else RequestId(row["request"])


def delete_links_until(tx: Transaction, now: datetime) -> int:
    return sql.execute(
        tx,
        "DELETE FROM request_links WHERE controller = %(controller)s AND until <= %(now)s",
        controller=tx.of,
        now=now,
    )
