"""What went long ago, of the table `gone_holdings`, and its end."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from rightcall.database.connection import Transaction
from rightcall.database.sql import all_rows, execute, one_row
from rightcall.holdings.gone.model import Gone
from rightcall.ids import HoldingId


def days_before(tx: Transaction, before: datetime) -> list[date]:
    """The days on which anything went that is known still, the first one first."""
    rows = all_rows(
        tx,
        """
        SELECT DISTINCT (disposed_at AT TIME ZONE 'UTC')::date AS day
          FROM holdings WHERE controller = %(controller)s AND disposed_at < %(before)s ORDER BY day
        """,
        controller=tx.of,
        before=before,
    )
    return [row["day"] for row in rows]


def number_before(tx: Transaction, before: datetime) -> int:
    row = one_row(
        tx,
        "SELECT count(*) AS number FROM holdings WHERE controller = %(controller)s AND disposed_at < %(before)s",
        controller=tx.of,
        before=before,
    )
    return int(row["number"])


def hold_page(tx: Transaction, day: date, after: HoldingId | None, limit: int) -> list[Gone]:
    """Of what went on `day`, in the order of ids from behind `after`: nobody else changes it meanwhile."""
    first = datetime.combine(day, time(), UTC)
    rows = all_rows(
        tx,
        """
        SELECT holding, subject, disposed_at
          FROM holdings
         WHERE controller = %(controller)s AND disposed_at >= %(first)s AND disposed_at < %(last)s
           AND (%(after)s::uuid IS NULL OR holding > %(after)s)
         ORDER BY holding LIMIT %(limit)s
           FOR UPDATE
        """,
        controller=tx.of,
        first=first,
        last=first + timedelta(days=1),
        after=after,
        limit=limit,
    )
    return [Gone(id=HoldingId(row["holding"]), subject=row["subject"], went_at=row["disposed_at"]) for row in rows]


def hold_vanished(tx: Transaction, before: datetime, after: HoldingId | None, limit: int) -> list[Gone]:
    """The same of what scans found in other systems, and not any more since before then."""
    rows = all_rows(
        tx,
        """
        SELECT holding, subject, gone_at
          FROM ONLY holdings
         WHERE controller = %(controller)s AND gone_at < %(before)s AND (%(after)s::uuid IS NULL OR holding > %(after)s)
         ORDER BY holding LIMIT %(limit)s
           FOR UPDATE
        """,
        controller=tx.of,
        before=before,
        after=after,
        limit=limit,
    )
    return [Gone(id=HoldingId(row["holding"]), subject=row["subject"], went_at=row["gone_at"]) for row in rows]


def delete(tx: Transaction, holdings: Sequence[HoldingId]) -> int:
    return execute(
        tx,
        "DELETE FROM ONLY gone_holdings WHERE controller = %(controller)s AND holding = ANY (%(holdings)s::uuid[])",
        controller=tx.of,
        holdings=list(holdings),
    )
