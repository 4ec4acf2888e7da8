"""Which linked records have findings that are nobody's yet, and which that wait may be told now."""

from collections.abc import Sequence
from uuid import UUID

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.discovery.linking.rules import BLOCKS
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


def waiting(tx: Transaction, after: UUID | None, limit: int) -> list[tuple[UUID, bool]]:
    """The next records that wait for a word and of which nobody has said anything, in their order, from behind `after`; and
    whether something that leads from it to somebody was told by a record that was linked since."""
    with sql.by_walking(tx):
        rows = sql.all_rows(
            tx,
            """
            WITH waits AS MATERIALIZED (
                SELECT record, max(link::text)::uuid AS link
                  FROM links
                 WHERE controller = %(controller)s AND state = 'doubtful' AND (%(after)s::uuid IS NULL OR record > %(after)s)
                 GROUP BY record ORDER BY record LIMIT %(limit)s
            )
            SELECT w.record,
                   NOT EXISTS (SELECT FROM links o WHERE o.controller = %(controller)s AND o.record = w.record
                                  AND (o.state IN ('undone', 'over') OR (o.state = 'doubtful' AND o.decided_at IS NOT NULL)))
                   AND EXISTS (SELECT FROM findings f
                                CROSS JOIN LATERAL unnest(f.clue_kinds, f.clues) AS c (kind, blind)
                                 JOIN known_clues k ON k.controller = %(controller)s AND k.blind = c.blind
                                 JOIN links n ON n.controller = %(controller)s AND n.record = k.record
                                  AND n.state IN ('certain', 'likely') AND n.link > w.link
                                WHERE f.controller = %(controller)s AND f.record = w.record AND f.gone_at IS NULL
                                  AND c.kind = ANY(%(leading)s)) AS is_told
              FROM waits w
             ORDER BY w.record
            """,
            controller=tx.of,
            after=after,
            limit=limit,
            leading=[kind.value for kind in BLOCKS],
        )
    return [(row["record"], row["is_told"]) for row in rows]


def end_doubts(tx: Transaction, records: Sequence[UUID]) -> None:
    """These wait for nobody's word any more. What somebody said of one stays."""
    sql.execute(
        tx,
        "DELETE FROM links WHERE controller = %(controller)s AND record = ANY(%(records)s) AND state = 'doubtful'"
        " AND decided_at IS NULL",
        controller=tx.of,
        records=list(records),
    )


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
