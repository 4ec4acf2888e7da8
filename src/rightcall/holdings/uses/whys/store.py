"""`use_whys`: of each use of which something was said, one row. Where a use turns out to be of another person, the row goes."""

import json
from collections.abc import Sequence
from datetime import datetime

from rightcall.database.connection import Transaction
from rightcall.database.sql import all_rows, execute
from rightcall.holdings.uses.whys.model import SaidWhy
from rightcall.ids import StatementId


def insert(tx: Transaction, said: Sequence[SaidWhy], at: datetime) -> None:
    rows = [{"use": str(each.use), "subject": str(each.subject), "sealed": each.sealed.hex()} for each in said]
    execute(
        tx,
        """
        INSERT INTO use_whys (controller, statement, subject, sealed, said_at)
        SELECT %(controller)s, w.use, w.subject, decode(w.sealed, 'hex'), %(at)s
          FROM jsonb_to_recordset(%(rows)s::jsonb) AS w (use uuid, subject uuid, sealed text)
        """,
        controller=tx.of,
        at=at,
        rows=json.dumps(rows),
    )


def of_uses(tx: Transaction, uses: Sequence[StatementId]) -> list[SaidWhy]:
    rows = all_rows(
        tx,
        "SELECT statement, subject, sealed FROM use_whys WHERE controller = %(controller)s AND statement = ANY (%(uses)s)",
        controller=tx.of,
        uses=list(uses),
    )
    return [SaidWhy(use=row["statement"], subject=row["subject"], sealed=bytes(row["sealed"])) for row in rows]


def delete_before(tx: Transaction, before: datetime) -> int:
    return execute(
        tx,
        "DELETE FROM use_whys WHERE controller = %(controller)s AND said_at < %(before)s",
        controller=tx.of,
        before=before,
    )
