"""Which linked records have findings that are nobody's yet."""

from collections.abc import Sequence
from uuid import UUID

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import LinkId, SubjectId


def grown(tx: Transaction, after: UUID | None, limit: int) -> list[tuple[UUID, LinkId]]:
    """In the order of the records, from behind `after`: each with the link that stands. What lies in a record of somebody who was
    erased, as long as anything of them does, is let be."""
    with sql.by_hashing(tx):
        rows = sql.all_rows(
            tx,
            """
            SELECT DISTINCT f.record, l.link
              FROM findings f
              JOIN links l ON l.controller = f.controller AND l.record = f.record AND l.state IN ('certain', 'likely')
             WHERE f.controller = %(controller)s AND f.subject IS NULL AND f.gone_at IS NULL AND NOT f.erased AND NOT f.of_staff
               AND (%(after)s::uuid IS NULL OR f.record > %(after)s)
               AND NOT EXISTS (SELECT FROM findings e
                                WHERE e.controller = f.controller AND e.record = f.record AND e.erased AND e.gone_at IS NULL)
             ORDER BY f.record LIMIT %(limit)s
            """,
            controller=tx.of,
            after=after,
            limit=limit,
        )
    return [(row["record"], LinkId(row["link"])) for row in rows]


def take_in(tx: Transaction, of: Sequence[tuple[UUID, SubjectId]]) -> int:
    """What is nobody's in each record is its person's. How many findings."""
    return sql.execute(
        tx,
        """
        UPDATE findings f SET subject = n.subject
          FROM unnest(%(records)s::uuid[], %(subjects)s::uuid[]) AS n (record, subject)
         WHERE f.controller = %(controller)s AND f.record = n.record AND f.subject IS NULL AND f.gone_at IS NULL
           AND NOT f.erased AND NOT f.of_staff
        """,
        controller=tx.of,
        records=[record for record, _ in of],
        subjects=[subject for _, subject in of],
    )
