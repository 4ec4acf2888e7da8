"""Which linked records have findings that are nobody's yet, and which that wait may be told now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """`is_gone`: nothing lies in the record any more. `is_told`: something that leads from it to somebody was told by a record
    that was linked since it was weighed."""

    record: UUID
    is_gone: bool
    is_told: bool


def waiting(tx: Transaction, after: UUID | None, limit: int) -> list[Waits]:
    """The next records that wait for a word and of which nobody has said anything, in their order, from behind `after`."""
    with sql.by_walking(tx):
        rows = sql.all_rows(
            tx,
            """
            SELECT record, max(coalesce(weighed, link)::text)::uuid AS weighed,
                   EXISTS (SELECT FROM links o WHERE o.controller = %(controller)s AND o.record = l.record
                              AND o.decided_at IS NOT NULL AND o.state IN ('undone', 'over', 'doubtful')) AS is_decided
              FROM links l
             WHERE controller = %(controller)s AND state = 'doubtful' AND (%(after)s::uuid IS NULL OR record > %(after)s)
             GROUP BY record ORDER BY record LIMIT %(limit)s
            """,
            controller=tx.of,
            after=after,
            limit=limit,
        )
    open = {row["record"]: row["weighed"] for row in rows if not row["is_decided"]}
    told, there = _told_since(tx, open)
    return [
        Waits(record=row["record"], is_gone=row["record"] in open and row["record"] not in there, is_told=row["record"] in told)
        for row in rows
    ]


def _told_since(tx: Transaction, weighed: Mapping[UUID, UUID]) -> tuple[set[UUID], set[UUID]]:
    """Of these records those of which something was told since; and those in which anything lies.

    Each blind is looked up once, whoever has it. What is marked OFFSET 0 is done in the order in which it is written: in tables
    that grow as fast as in a first scan the planner counts on few rows, and walks all links for each record."""
    rows = sql.all_rows(
        tx,
        """
        WITH said AS MATERIALIZED (
            SELECT w.record, w.weighed, c.blind
              FROM unnest(%(records)s::uuid[], %(weighed)s::uuid[]) AS w (record, weighed)
             CROSS JOIN LATERAL (SELECT f.clue_kinds, f.clues FROM findings f
                                  WHERE f.controller = %(controller)s AND f.record = w.record AND f.gone_at IS NULL OFFSET 0) f
              LEFT JOIN LATERAL unnest(f.clue_kinds, f.clues) AS c (kind, blind) ON c.kind = ANY(%(leading)s)
        ), told AS MATERIALIZED (
            SELECT b.blind, max(n.link::text)::uuid AS last
              FROM (SELECT DISTINCT blind FROM said WHERE blind IS NOT NULL) b
             CROSS JOIN LATERAL (SELECT k.record FROM known_clues k
                                  WHERE k.controller = %(controller)s AND k.blind = b.blind OFFSET 0) k
             CROSS JOIN LATERAL (SELECT n.link FROM links n
                                  WHERE n.controller = %(controller)s AND n.record = k.record
                                    AND n.state IN ('certain', 'likely') OFFSET 0) n
             GROUP BY b.blind
        )
        SELECT s.record, coalesce(bool_or(t.last > s.weighed), false) AS is_told
          FROM said s LEFT JOIN told t ON t.blind = s.blind GROUP BY s.record
        """,
        controller=tx.of,
        records=list(weighed),
        weighed=list(weighed.values()),
        leading=[kind.value for kind in BLOCKS],
    )
    return {row["record"] for row in rows if row["is_told"]}, {row["record"] for row in rows}


def end_doubts(tx: Transaction, records: Sequence[UUID], *, before: UUID) -> None:
    """Those of these records that were weighed last before then wait for nobody's word any more."""
    sql.execute(
        tx,
        "UPDATE links SET state = 'over' WHERE controller = %(controller)s AND record = ANY(%(records)s) AND state = 'doubtful'"
        " AND decided_at IS NULL AND coalesce(weighed, link) < %(before)s",
        controller=tx.of,
        records=list(records),
        before=before,
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
