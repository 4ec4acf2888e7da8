"""What was found in a person's records, as far as it may be another's. The tables are `linking`'s and the data map's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.discovery.linking.clues import ClueKind
from rightcall.discovery.linking.model import Blinds
from rightcall.discovery.others.rules import NameThere
from rightcall.ids import FindingId, SubjectId, SystemId


def of_others(
    tx: Transaction, person: Sequence[SubjectId], kinds: Sequence[ClueKind], findings: Sequence[FindingId] | None
) -> list[FindingId]:
    """Of what was found as this person's, or of these `findings` alone: what stands in the midst of a text, tells one of these
    `kinds` of a value that the person is known by nowhere else, and that is another's, or the person has one of their own."""
    rows = sql.all_rows(
        tx,
        """
        WITH told AS MATERIALIZED (
            SELECT f.finding, h.span_start > 0 AS in_text, c.kind, c.clue
              FROM findings f
              JOIN holdings h ON h.controller = f.controller AND h.holding = f.finding AND h.span_start IS NOT NULL
             CROSS JOIN LATERAL unnest(f.clue_kinds, f.clues) AS c (kind, clue)
             WHERE f.controller = %(controller)s AND f.subject = ANY(%(person)s) AND f.gone_at IS NULL AND c.kind = ANY(%(kinds)s)
        ), asked AS MATERIALIZED (
            SELECT finding, kind, clue FROM told
             WHERE in_text AND (%(findings)s::uuid[] IS NULL OR finding = ANY(%(findings)s))
        ), own AS MATERIALIZED (
            SELECT kind, clue FROM told WHERE NOT in_text
             UNION
            SELECT kind, blind FROM identifiers WHERE controller = %(controller)s AND subject = ANY(%(person)s)
        ), strange AS MATERIALIZED (
            SELECT DISTINCT a.clue FROM asked a WHERE NOT EXISTS (SELECT FROM own o WHERE o.clue = a.clue)
        ), others AS MATERIALIZED (
            SELECT blind AS clue FROM identifiers
             WHERE controller = %(controller)s AND blind IN (SELECT clue FROM strange) AND subject <> ALL(%(person)s)
             UNION
            SELECT c.clue
              FROM findings f
              JOIN holdings h ON h.controller = f.controller AND h.holding = f.finding AND h.span_start = 0
             CROSS JOIN LATERAL unnest(f.clues) AS c (clue)
             WHERE f.controller = %(controller)s AND f.clues && ARRAY(SELECT clue FROM strange) AND f.gone_at IS NULL
               AND f.subject <> ALL(%(person)s)
        )
        SELECT a.finding FROM asked a GROUP BY a.finding
        HAVING NOT bool_or(EXISTS (SELECT FROM own o WHERE o.clue = a.clue))
           AND bool_or(EXISTS (SELECT FROM others x WHERE x.clue = a.clue) OR EXISTS (SELECT FROM own o WHERE o.kind = a.kind))
         ORDER BY a.finding
        """,
        controller=tx.of,
        person=list(person),
        kinds=[each.value for each in kinds],
        findings=None if findings is None else list(findings),
    )
    return [FindingId(row["finding"]) for row in rows]


def names_of(tx: Transaction, person: Sequence[SubjectId], findings: Sequence[FindingId] | None) -> list[NameThere]:
    """Names that were found as this person's: all; or those that stand alone in a cell, these `findings`, and what stands in the
    same records."""
    rows = sql.all_rows(
        tx,
        """
        WITH names AS MATERIALIZED (
            SELECT f.finding, f.record, f.field, f.clue_kinds, f.clues, h.span_start = 0 AND NOT EXISTS (
                       SELECT FROM findings o
                        WHERE o.controller = f.controller AND o.record = f.record AND o.object = f.object AND o.gone_at IS NULL
                          AND o.field IS NOT DISTINCT FROM f.field AND o.finding <> f.finding) AS is_alone
              FROM findings f
              JOIN holdings h ON h.controller = f.controller AND h.holding = f.finding AND h.span_start IS NOT NULL
             WHERE f.controller = %(controller)s AND f.subject = ANY(%(person)s) AND f.gone_at IS NULL AND f.type = 'person_name'
        )
        SELECT finding, record, field, is_alone, clue_kinds, clues FROM names
         WHERE %(findings)s::uuid[] IS NULL OR is_alone
            OR record IN (SELECT f.record FROM findings f
                           WHERE f.controller = %(controller)s AND f.finding = ANY(%(findings)s::uuid[]))
        """,
        controller=tx.of,
        person=list(person),
        findings=None if findings is None else list(findings),
    )
    return [
        NameThere(
            finding=FindingId(row["finding"]),
            record=row["record"],
            field=row["field"],
            is_alone=row["is_alone"],
            clues=_by_kind(zip(row["clue_kinds"], row["clues"], strict=True)),
        )
        for row in rows
    ]


def beside(tx: Transaction, records: Sequence[UUID], person: Sequence[SubjectId]) -> list[tuple[FindingId, UUID, bool]]:
    """What was found in these as this person's, each with its record, and whether it was told there as another's."""
    rows = sql.all_rows(
        tx,
        "SELECT finding, record, of_another FROM findings WHERE controller = %(controller)s AND record = ANY(%(records)s)"
        " AND subject = ANY(%(person)s) AND gone_at IS NULL",
        controller=tx.of,
        records=list(records),
        person=list(person),
    )
    return [(FindingId(row["finding"]), row["record"], row["of_another"]) for row in rows]


def names_known_to_others(tx: Transaction, blinds: Sequence[bytes], person: Sequence[SubjectId]) -> frozenset[bytes]:
    """Those of these whole names that begin a cell of a record which is somebody else's."""
    rows = sql.all_rows(
        tx,
        """
        SELECT DISTINCT c.clue
          FROM findings f
          JOIN holdings h ON h.controller = f.controller AND h.holding = f.finding AND h.span_start = 0
         CROSS JOIN LATERAL unnest(f.clue_kinds, f.clues) AS c (kind, clue)
         WHERE f.controller = %(controller)s AND f.clues && %(blinds)s::bytea[] AND f.gone_at IS NULL
           AND f.subject <> ALL(%(person)s) AND c.kind = 'name_full' AND c.clue = ANY(%(blinds)s::bytea[])
        """,
        controller=tx.of,
        blinds=list(blinds),
        person=list(person),
    )
    return frozenset(bytes(row["clue"]) for row in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    finding: FindingId
    record: UUID
    system: SystemId


MOST = 1000
"""Mentions at once: the next are found the next time."""


def mentions(tx: Transaction, person: Sequence[SubjectId], kinds: Sequence[ClueKind]) -> list[Mention]:
    """In records that are linked to others: what stands in the midst of a text, or is nobody's, and tells a value of these
    `kinds` that this person gave us, or has in a field of its own, and nobody else does."""
    rows = sql.all_rows(
        tx,
        """
        WITH own AS MATERIALIZED (
            SELECT blind FROM identifiers WHERE controller = %(controller)s AND subject = ANY(%(person)s)
             UNION
            SELECT c.clue
              FROM findings f
              JOIN holdings h ON h.controller = f.controller AND h.holding = f.finding AND h.span_start = 0
             CROSS JOIN LATERAL unnest(f.clue_kinds, f.clues) AS c (kind, clue)
             WHERE f.controller = %(controller)s AND f.subject = ANY(%(person)s) AND f.gone_at IS NULL
               AND c.kind = ANY(%(kinds)s)
        ), told AS MATERIALIZED (
            SELECT f.finding, f.record, f.system, f.object, f.field, f.subject, f.clues
              FROM findings f
             WHERE f.controller = %(controller)s AND f.clues && ARRAY(SELECT blind FROM own) AND f.gone_at IS NULL
               AND NOT f.erased AND NOT f.of_staff AND (f.subject IS NULL OR f.subject <> ALL(%(person)s))
        ), others AS MATERIALIZED (
            SELECT i.blind FROM identifiers i
             WHERE i.controller = %(controller)s AND i.blind IN (SELECT blind FROM own) AND i.subject <> ALL(%(person)s)
             UNION
            SELECT c.clue
              FROM told t
              JOIN holdings h ON h.controller = %(controller)s AND h.holding = t.finding AND h.span_start = 0
             CROSS JOIN LATERAL unnest(t.clues) AS c (clue)
             WHERE t.subject IS NOT NULL
        )
        SELECT t.finding, t.record, t.system
          FROM told t
          LEFT JOIN holdings h ON h.controller = %(controller)s AND h.holding = t.finding
         WHERE (t.subject IS NULL OR h.span_start > 0)
           AND NOT t.clues && ARRAY(SELECT blind FROM others)
           AND EXISTS (SELECT FROM links l WHERE l.controller = %(controller)s AND l.record = t.record
                          AND l.state IN ('certain', 'likely') AND l.subject <> ALL(%(person)s))
         ORDER BY t.finding LIMIT %(limit)s
        """,
        controller=tx.of,
        person=list(person),
        kinds=[each.value for each in kinds],
        limit=MOST,
    )
    return [Mention(finding=FindingId(row["finding"]), record=row["record"], system=SystemId(row["system"])) for row in rows]


def named_in(tx: Transaction, records: Sequence[UUID], names: Sequence[bytes], person: Sequence[SubjectId]) -> list[FindingId]:
    """Names in these that are one of these whole names and not this person's yet."""
    rows = sql.all_rows(
        tx,
        "SELECT finding FROM findings WHERE controller = %(controller)s AND record = ANY(%(records)s) AND type = 'person_name'"
        " AND clues && %(names)s::bytea[] AND gone_at IS NULL AND NOT erased AND NOT of_staff"
        " AND (subject IS NULL OR subject <> ALL(%(person)s))",
        controller=tx.of,
        records=list(records),
        names=list(names),
        person=list(person),
    )
    return [FindingId(row["finding"]) for row in rows]


def take(tx: Transaction, findings: Sequence[FindingId], subject: SubjectId) -> None:
    """These are this person's."""
    sql.execute(
        tx,
        "UPDATE findings SET subject = %(subject)s, of_another = false"
        " WHERE controller = %(controller)s AND finding = ANY(%(findings)s)",
        controller=tx.of,
        findings=list(findings),
        subject=subject,
    )


def leave(tx: Transaction, findings: Sequence[FindingId]) -> None:
    """These are nobody's, and on no map."""
    sql.execute(
        tx,
        "UPDATE findings SET subject = NULL, holding = NULL WHERE controller = %(controller)s AND finding = ANY(%(findings)s)",
        controller=tx.of,
        findings=list(findings),
    )


def _by_kind(found: Iterable[tuple[str, bytes]]) -> Blinds:
    told: dict[ClueKind, frozenset[bytes]] = {}
    for kind, blind in found:
        told[ClueKind(kind)] = told.get(ClueKind(kind), frozenset()) | {bytes(blind)}
    return told
