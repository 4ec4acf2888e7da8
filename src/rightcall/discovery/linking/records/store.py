"""Records, and which findings are whose. A record's findings are one record's by their `record`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.discovery.linking.clues import ClueKind
from rightcall.discovery.linking.model import FoundIn, FoundThere, Link, Record
from rightcall.discovery.linking.rows import row_of, together
from rightcall.ids import FindingId, HoldingId, ScanId, SubjectId, SystemId
from rightcall.subjects.model import KnownBy

STAGES = 4
"""Of linking, by what a record has: the customer's or a national id beside a name and something more; one of these ids; an e-mail
address; none of these."""


def unlinked_records(tx: Transaction, stage: int, after: UUID | None, limit: int) -> list[Record]:
    """Of one stage in their order, from behind `after`: those of no subject whose findings have clues, and that wait for nobody's
    word. A system that serves a purpose of the controller holds the controller's own people."""
    with sql.by_hashing(tx):
        rows = sql.all_rows(
            tx,
            """
            WITH records AS (
                SELECT record, min(system::text)::uuid AS system
                  FROM findings f
                 WHERE controller = %(controller)s AND gone_at IS NULL AND subject IS NULL AND cardinality(clues) > 0
                   AND (%(after)s::uuid IS NULL OR record > %(after)s)
                   AND NOT EXISTS (SELECT FROM links l WHERE l.controller = f.controller AND l.record = f.record
                                      AND l.state IN ('doubtful', 'undone', 'certain', 'likely'))
                 GROUP BY record
                HAVING %(stage)s = CASE
                           WHEN bool_or(clue_kinds && '{customer_id,national_id}') THEN
                               CASE WHEN bool_or('name_given' = ANY(clue_kinds))
                                     AND bool_or(clue_kinds && '{email,tel,date_of_birth,postcode_house}') THEN 0 ELSE 1 END
                           WHEN bool_or('email' = ANY(clue_kinds)) THEN 2 ELSE 3 END
                 ORDER BY record LIMIT %(limit)s
            )
            SELECT r.record, r.system, u.system IS NOT NULL AS ours, c.kind, f.field, array_agg(DISTINCT c.blind) AS blinds
              FROM records r
              JOIN findings f ON f.controller = %(controller)s AND f.record = r.record AND f.gone_at IS NULL
              CROSS JOIN LATERAL unnest(f.clue_kinds, f.clues) AS c (kind, blind)
              LEFT JOIN (SELECT DISTINCT system FROM system_uses WHERE controller = %(controller)s) u ON u.system = r.system
             GROUP BY r.record, r.system, u.system, c.kind, f.field
             ORDER BY r.record
            """,
            controller=tx.of,
            stage=stage,
            after=after,
            limit=limit,
        )
    return _records(rows)


def records(tx: Transaction, wanted: Sequence[UUID]) -> dict[UUID, Record]:
    """What lies in these now, of those that have clues."""
    rows = sql.all_rows(
        tx,
        """
        SELECT f.record, min(f.system::text)::uuid AS system, bool_or(u.system IS NOT NULL) AS ours, c.kind,
               f.field, array_agg(DISTINCT c.blind) AS blinds
          FROM findings f
         CROSS JOIN LATERAL unnest(f.clue_kinds, f.clues) AS c (kind, blind)
          LEFT JOIN (SELECT DISTINCT system FROM system_uses WHERE controller = %(controller)s) u ON u.system = f.system
         WHERE f.controller = %(controller)s AND f.record = ANY(%(wanted)s) AND f.gone_at IS NULL
         GROUP BY f.record, c.kind, f.field
        """,
        controller=tx.of,
        wanted=list(wanted),
    )
    return {each.id: each for each in _records(rows)}


def record(tx: Transaction, record: UUID) -> Record | None:
    return records(tx, [record]).get(record)


def set_subjects(tx: Transaction, of: Sequence[tuple[UUID, SubjectId]]) -> int:
    """The findings of each record are the subject's, less what is of staff or of the house. How many findings."""
    return sql.execute(
        tx,
        """
        UPDATE findings f SET subject = n.subject
          FROM unnest(%(records)s::uuid[], %(subjects)s::uuid[]) AS n (record, subject)
         WHERE f.controller = %(controller)s AND f.record = n.record AND f.gone_at IS NULL AND NOT f.erased
           AND NOT f.of_staff
        """,
        controller=tx.of,
        records=[record for record, _ in of],
        subjects=[subject for _, subject in of],
    )


def set_aside(tx: Transaction, records: Sequence[UUID], *, ours: Collection[bytes], many: Collection[bytes]) -> int:
    """In these what is the house's own stays nobody's, whoever the rest is linked to: an address or a number of `ours` wherever
    it stands, and in the head of a letter an office's mailbox, or one that `many` people write to, beside an address of
    somebody's own. How many findings."""
    return sql.execute(
        tx,
        """
        UPDATE findings f SET of_staff = true
         WHERE f.controller = %(controller)s AND f.record = ANY(%(records)s) AND f.subject IS NULL AND f.gone_at IS NULL
           AND NOT f.erased AND NOT f.of_staff
           AND (f.clues && %(ours)s::bytea[]
                OR (f.type = 'email' AND f.field = 'headers' AND (cardinality(f.clues) = 0 OR f.clues && %(many)s::bytea[])
                    AND EXISTS (SELECT FROM findings o
                                 WHERE o.controller = f.controller AND o.record = f.record AND o.gone_at IS NULL
                                   AND o.type = 'email' AND cardinality(o.clues) > 0
                                   AND NOT o.clues && (%(ours)s::bytea[] || %(many)s::bytea[]))))
        """,
        controller=tx.of,
        records=list(records),
        ours=list(ours),
        many=list(many),
    )


def once_set_aside(tx: Transaction, blinds: Sequence[bytes]) -> frozenset[bytes]:
    """Those of these that were found to be the house's own before. What is of staff for another reason has no clue."""
    rows = sql.all_rows(
        tx,
        "SELECT DISTINCT clues[1] AS blind FROM findings WHERE controller = %(controller)s AND clues[1] = ANY(%(blinds)s)"
        " AND of_staff AND gone_at IS NULL",
        controller=tx.of,
        blinds=list(blinds),
    )
    return frozenset(bytes(row["blind"]) for row in rows)


def elsewhere_on_map(tx: Transaction, records: Sequence[UUID]) -> list[tuple[HoldingId, SubjectId, SubjectId]]:
    """Of these records what the map has under another subject than it is linked to now: the holding, whose it is there, and whose
    it is now. A finding's holding has the finding's id."""
    rows = sql.all_rows(
        tx,
        """
        SELECT h.holding, h.subject AS was, f.subject
          FROM findings f JOIN holdings h ON h.controller = f.controller AND h.holding = f.finding AND h.subject <> f.subject
         WHERE f.controller = %(controller)s AND f.record = ANY(%(records)s) AND f.gone_at IS NULL
        """,
        controller=tx.of,
        records=list(records),
    )
    return [(HoldingId(row["holding"]), SubjectId(row["was"]), SubjectId(row["subject"])) for row in rows]


def links_of_findings(tx: Transaction, findings: Sequence[FindingId]) -> dict[FindingId, FoundIn]:
    """Of each the record that it lies in, the scan that saw it first, the link that stands on whose that is, and whether it is of
    somebody else of whom the record tells: not where it says what the person is known by from elsewhere."""
    rows = sql.all_rows(
        tx,
        """
        SELECT f.finding, f.record, f.first_scan, l.link,
               f.of_another AND NOT EXISTS (SELECT FROM known_clues k
                                             WHERE k.controller = f.controller AND k.blind = ANY(f.clues)
                                               AND k.subject = f.subject AND k.record <> f.record) AS of_another
          FROM findings f
          LEFT JOIN links l ON l.controller = f.controller AND l.record = f.record AND l.state IN ('certain', 'likely')
         WHERE f.controller = %(controller)s AND f.finding = ANY(%(findings)s)
        """,
        controller=tx.of,
        findings=list(findings),
    )
    return {
        FindingId(row["finding"]): FoundIn(
            record=row["record"], scan=ScanId(row["first_scan"]), link=row["link"], of_another=row["of_another"]
        )
        for row in rows
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownTo:
    """Who else than by its record is known by what a finding tells, and whose it is by its link."""

    finding: FindingId
    subject: SubjectId
    known_to: tuple[SubjectId, ...]


def known_elsewhere(tx: Transaction, findings: Sequence[FindingId]) -> list[KnownTo]:
    """Of those of these that tell a customer's or a national id and, where a person said whose their record is, an address, a
    number or a whole name: by whom each is known from elsewhere, if by anybody."""
    rows = sql.all_rows(
        tx,
        """
        WITH told AS MATERIALIZED (
            SELECT f.finding, f.subject, f.record, c.blind
              FROM findings f
             CROSS JOIN LATERAL unnest(f.clue_kinds, f.clues) AS c (kind, blind)
             WHERE f.controller = %(controller)s AND f.finding = ANY(%(findings)s) AND f.subject IS NOT NULL
               AND (c.kind IN ('customer_id', 'national_id')
                    OR (c.kind IN ('email', 'tel', 'name_full')
                        AND EXISTS (SELECT FROM links l
                                     WHERE l.controller = f.controller AND l.record = f.record
                                       AND l.state IN ('certain', 'likely') AND l.decided_at IS NOT NULL)))
        ), known AS (
            SELECT t.finding, t.subject, k.subject AS known_to FROM told t
              JOIN known_clues k ON k.controller = %(controller)s AND k.blind = t.blind AND k.record <> t.record
             UNION
            SELECT t.finding, t.subject, i.subject FROM told t
              JOIN identifiers i ON i.controller = %(controller)s AND i.blind = t.blind
        )
        SELECT finding, subject, array_agg(known_to) AS known_to FROM known GROUP BY finding, subject
        """,
        controller=tx.of,
        findings=list(findings),
    )
    return [
        KnownTo(
            finding=FindingId(row["finding"]),
            subject=SubjectId(row["subject"]),
            known_to=tuple(map(SubjectId, row["known_to"])),
        )
        for row in rows
    ]


MOST_KNOWN = 200
"""By one number or address: what more records tell, of an office say, is no one person's anyhow."""


def told_of_others(tx: Transaction, records: Sequence[UUID], kinds: Sequence[ClueKind]) -> list[tuple[KnownBy, UUID]]:
    """What somebody counts as known by, though it is told of somebody else in the midst of a text, with the record that tells it:
    these records, and those that tell the same. It is one of these `kinds`, stands in a field of that other's own or was given by
    them, and in none of the person's; of a whole name, where they have another."""
    rows = sql.all_rows(
        tx,
        """
        WITH there AS MATERIALIZED (
            SELECT DISTINCT c.clue
              FROM findings f
             CROSS JOIN LATERAL unnest(f.clue_kinds, f.clues) AS c (kind, clue)
             WHERE f.controller = %(controller)s AND f.record = ANY(%(records)s) AND f.gone_at IS NULL
               AND f.subject IS NOT NULL AND c.kind = ANY(%(kinds)s)
        ), known AS MATERIALIZED (
            SELECT k.blind, k.subject, k.record, k.kind
              FROM there t
             CROSS JOIN LATERAL (SELECT k.blind, k.subject, k.record, k.kind FROM known_clues k
                                  WHERE k.controller = %(controller)s AND k.blind = t.clue LIMIT %(most)s) k
        ), given AS MATERIALIZED (
            SELECT i.blind, i.subject FROM identifiers i
             WHERE i.controller = %(controller)s AND i.blind IN (SELECT clue FROM there)
        ), shared AS MATERIALIZED (
            SELECT blind FROM (SELECT blind, subject FROM known UNION SELECT blind, subject FROM given) b
             GROUP BY blind HAVING count(*) > 1
        ), placed AS MATERIALIZED (
            SELECT k.blind, k.subject, k.record, k.kind, f.finding, f.clues, f.in_text
              FROM known k
              JOIN shared USING (blind)
             CROSS JOIN LATERAL (SELECT f.finding, f.clues,
                                        (SELECT coalesce(h.span_start, 0) > 0 FROM holdings h
                                          WHERE h.controller = f.controller AND h.holding = f.finding) AS in_text
                                   FROM findings f
                                  WHERE f.controller = %(controller)s AND f.record = k.record AND f.gone_at IS NULL
                                    AND f.subject = k.subject AND k.blind = ANY(f.clues) OFFSET 0) f
        ), own AS MATERIALIZED (
            SELECT blind, subject FROM placed WHERE NOT in_text UNION SELECT blind, subject FROM given
        ), of_others AS MATERIALIZED (
            SELECT p.finding, p.subject, p.record, p.clues FROM placed p
             WHERE p.in_text
               AND NOT EXISTS (SELECT FROM own o WHERE o.blind = p.blind AND o.subject = p.subject)
               AND EXISTS (SELECT FROM own o WHERE o.blind = p.blind AND o.subject <> p.subject)
               AND (p.kind <> 'name_full' OR EXISTS (
                    SELECT FROM findings f
                      JOIN holdings h ON h.controller = f.controller AND h.holding = f.finding AND h.span_start = 0
                     WHERE f.controller = %(controller)s AND f.subject = p.subject AND f.gone_at IS NULL
                       AND 'name_full' = ANY(f.clue_kinds)))
        )
        SELECT DISTINCT k.subject, k.record, k.kind, k.blind
          FROM of_others o
          JOIN known_clues k ON k.controller = %(controller)s AND k.subject = o.subject AND k.record = o.record
               AND k.blind = ANY(o.clues)
         WHERE NOT EXISTS (SELECT FROM findings f
                            WHERE f.controller = %(controller)s AND f.record = k.record AND f.gone_at IS NULL
                              AND f.subject = k.subject AND k.blind = ANY(f.clues)
                              AND f.finding NOT IN (SELECT finding FROM of_others))
        """,
        controller=tx.of,
        records=list(records),
        kinds=[each.value for each in kinds],
        most=MOST_KNOWN,
    )
    return [(KnownBy(SubjectId(row["subject"]), row["kind"], bytes(row["blind"])), row["record"]) for row in rows]


def nobodys_with(
    tx: Transaction, blinds: Sequence[bytes], own: Sequence[bytes], person: Sequence[SubjectId], limit: int
) -> list[UUID]:
    """Records that are nobody's, in which any of these is told, and of which nobody was asked whether they are this person's;
    where they wait for a word on somebody else, in which any of `own` is."""
    rows = sql.all_rows(
        tx,
        """
        SELECT DISTINCT f.record FROM findings f
         WHERE f.controller = %(controller)s AND f.clues && %(blinds)s::bytea[] AND f.gone_at IS NULL AND f.subject IS NULL
           AND NOT f.erased AND NOT f.of_staff
           AND NOT EXISTS (SELECT FROM links l WHERE l.controller = f.controller AND l.record = f.record
                              AND (l.state IN ('certain', 'likely')
                                   OR (l.state IN ('doubtful', 'undone')
                                       AND (l.subject = ANY(%(person)s) OR NOT f.clues && %(own)s::bytea[]))))
         ORDER BY f.record LIMIT %(limit)s
        """,
        controller=tx.of,
        blinds=list(blinds),
        own=list(own),
        person=list(person),
        limit=limit,
    )
    return [row["record"] for row in rows]


def findings_of_record(
    tx: Transaction, link: Link, person: Sequence[SubjectId], identifying: Sequence[ClueKind]
) -> list[FoundThere]:
    rows = sql.all_rows(
        tx,
        """
        WITH told AS (
            SELECT DISTINCT f.finding, c.blind FROM findings f
             CROSS JOIN LATERAL unnest(f.clue_kinds, f.clues) AS c (kind, blind)
             WHERE f.controller = %(controller)s AND f.record = %(record)s AND f.gone_at IS NULL AND c.kind = ANY(%(kinds)s)
        ), known AS (
            SELECT blind, subject FROM known_clues WHERE controller = %(controller)s AND blind IN (SELECT blind FROM told)
             UNION
            SELECT blind, subject FROM identifiers WHERE controller = %(controller)s AND blind IN (SELECT blind FROM told)
        ), others AS (
            SELECT finding FROM told JOIN known USING (blind) GROUP BY finding HAVING bool_and(subject <> ALL(%(person)s))
        )
        SELECT f.finding, f.type, f.field, f.first_seen_at > %(linked_at)s AS came_later, f.subject = %(subject)s AS is_theirs,
               f.finding IN (SELECT finding FROM others) AS of_others
          FROM findings f WHERE f.controller = %(controller)s AND f.record = %(record)s AND f.gone_at IS NULL ORDER BY f.finding
        """,
        controller=tx.of,
        record=link.record,
        linked_at=link.linked_at,
        subject=link.subject,
        person=list(person),
        kinds=[each.value for each in identifying],
    )
    return [
        FoundThere(
            finding=FindingId(row["finding"]),
            type=row["type"],
            field=row["field"],
            came_later=row["came_later"],
            is_theirs=bool(row["is_theirs"]),
            of_others=row["of_others"],
        )
        for row in rows
    ]


def _records(rows: Sequence[sql.Row]) -> list[Record]:
    """Of rows that each tell one kind of clue of one field."""
    first: dict[UUID, sql.Row] = {}
    cells: dict[UUID, dict[str | None, dict[ClueKind, frozenset[bytes]]]] = {}
    for row in rows:
        first.setdefault(row["record"], row)
        cell = cells.setdefault(row["record"], {}).setdefault(row["field"], {})
        cell[ClueKind(row["kind"])] = frozenset(map(bytes, row["blinds"]))
    return [
        Record(
            id=id,
            system=SystemId(row["system"]),
            ours=row["ours"],
            clues=together(cells[id].values()),
            row=row_of(cells[id]),
        )
        for id, row in first.items()
    ]
