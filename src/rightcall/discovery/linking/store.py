"""The table `links`, and which findings are whose. A record's findings are one record's by their `record`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rightcall.actors import Actor, Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.discovery.linking.clues import ClueKind
from rightcall.discovery.linking.model import Alike, Aspect, Compared, Link, LinkReason, LinkState, Outcome, Record
from rightcall.ids import FindingId, HoldingId, LinkId, SubjectId, SystemId


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLink:
    """`said`: a digest of what the record says."""

    link: Link
    said: bytes


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
                                      AND l.state IN ('doubtful', 'certain', 'likely'))
                 GROUP BY record
                HAVING %(stage)s = CASE
                           WHEN bool_or(clue_kinds && '{customer_id,national_id}') THEN
                               CASE WHEN bool_or('name_given' = ANY(clue_kinds))
                                     AND bool_or(clue_kinds && '{email,tel,date_of_birth,postcode_house}') THEN 0 ELSE 1 END
                           WHEN bool_or('email' = ANY(clue_kinds)) THEN 2 ELSE 3 END
                 ORDER BY record LIMIT %(limit)s
            )
            SELECT r.record, r.system, u.system IS NOT NULL AS ours, c.kind, array_agg(DISTINCT c.blind) AS blinds
              FROM records r
              JOIN findings f ON f.controller = %(controller)s AND f.record = r.record AND f.gone_at IS NULL
              CROSS JOIN LATERAL unnest(f.clue_kinds, f.clues) AS c (kind, blind)
              LEFT JOIN (SELECT DISTINCT system FROM system_uses WHERE controller = %(controller)s) u ON u.system = r.system
             GROUP BY r.record, r.system, u.system, c.kind
             ORDER BY r.record
            """,
            controller=tx.of,
            stage=stage,
            after=after,
            limit=limit,
        )
    found: dict[UUID, Record] = {}
    for row in rows:
        known = found.get(row["record"])
        clues = {**(known.clues if known else {}), ClueKind(row["kind"]): frozenset(map(bytes, row["blinds"]))}
        found[row["record"]] = Record(id=row["record"], system=SystemId(row["system"]), ours=row["ours"], clues=clues)
    return list(found.values())


def record(tx: Transaction, record: UUID) -> Record | None:
    rows = sql.all_rows(
        tx,
        """
        SELECT min(f.system::text)::uuid AS system, c.kind, array_agg(DISTINCT c.blind) AS blinds
          FROM findings f CROSS JOIN LATERAL unnest(f.clue_kinds, f.clues) AS c (kind, blind)
         WHERE f.controller = %(controller)s AND f.record = %(record)s AND f.gone_at IS NULL
         GROUP BY c.kind
        """,
        controller=tx.of,
        record=record,
    )
    clues = {ClueKind(row["kind"]): frozenset(map(bytes, row["blinds"])) for row in rows}
    return Record(id=record, system=SystemId(rows[0]["system"]), ours=True, clues=clues) if rows else None


def refused(tx: Transaction, said: Sequence[bytes]) -> set[tuple[bytes, SubjectId]]:
    """What the record said, and whom it was found not to be about."""
    rows = sql.all_rows(
        tx,
        "SELECT said, subject FROM links WHERE controller = %(controller)s AND state IN ('refused', 'undone')"
        " AND said = ANY(%(said)s)",
        controller=tx.of,
        said=list(said),
    )
    return {(bytes(row["said"]), SubjectId(row["subject"])) for row in rows}


def insert_links(tx: Transaction, new: Sequence[NewLink]) -> None:
    sql.execute_many(
        tx,
        "INSERT INTO links (controller, link, record, system, subject, state, score, aspects, outcomes, bits, household, said,"
        " linked_at) VALUES (%(controller)s, %(link)s, %(record)s, %(system)s, %(subject)s, %(state)s, %(score)s, %(aspects)s,"
        " %(outcomes)s, %(bits)s, %(household)s, %(said)s, %(linked_at)s)",
        [
            {
                "controller": tx.of,
                "link": each.link.id,
                "record": each.link.record,
                "system": each.link.system,
                "subject": each.link.subject,
                "state": each.link.state.value,
                "score": each.link.score,
                "aspects": [one.aspect.value for one in each.link.compared],
                "outcomes": [one.outcome.value for one in each.link.compared],
                "bits": [one.bits for one in each.link.compared],
                "household": [one.household for one in each.link.compared],
                "said": each.said,
                "linked_at": each.link.linked_at,
            }
            for each in new
        ],
    )


def set_subjects(tx: Transaction, of: Sequence[tuple[UUID, SubjectId]]) -> int:
    """The findings of each record are the subject's, less what is of staff. How many findings."""
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


def release_findings(tx: Transaction, record: UUID) -> list[HoldingId]:
    """They are nobody's, and off the map: the holdings that they were on it."""
    rows = sql.all_rows(
        tx,
        """
        WITH was AS (SELECT finding, holding FROM findings
                      WHERE controller = %(controller)s AND record = %(record)s AND subject IS NOT NULL FOR UPDATE)
        UPDATE findings f SET subject = NULL, holding = NULL
          FROM was WHERE f.controller = %(controller)s AND f.finding = was.finding
        RETURNING was.holding
        """,
        controller=tx.of,
        record=record,
    )
    return [HoldingId(row["holding"]) for row in rows if row["holding"] is not None]


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


def decide(
    tx: Transaction, link: LinkId, *, was: Sequence[LinkState], now: LinkState, by: Actor, at: datetime, reason: LinkReason
) -> int:
    """0 where it was in none of the states that it should be in."""
    return sql.execute(
        tx,
        "UPDATE links SET state = %(now)s, decided_by = %(by)s, decided_role = %(role)s, decided_at = %(at)s, reason = %(reason)s"
        " WHERE controller = %(controller)s AND link = %(link)s AND state = ANY(%(was)s)",
        controller=tx.of,
        link=link,
        was=[each.value for each in was],
        now=now.value,
        by=by.id,
        role=by.role.value,
        at=at,
        reason=reason.value,
    )


def delete_waiting(tx: Transaction, record: UUID) -> int:
    """The other subjects that a record could have been about, once one of them was accepted."""
    return sql.execute(
        tx,
        "DELETE FROM links WHERE controller = %(controller)s AND record = %(record)s AND state = 'doubtful'",
        controller=tx.of,
        record=record,
    )


def forget_subject(tx: Transaction, subject: SubjectId) -> int:
    """What waits is no question any more, and what was said can no longer be recognised."""
    sql.execute(
        tx,
        "DELETE FROM links WHERE controller = %(controller)s AND subject = %(subject)s AND state = 'doubtful'",
        controller=tx.of,
        subject=subject,
    )
    return sql.execute(
        tx,
        "UPDATE links SET said = NULL WHERE controller = %(controller)s AND subject = %(subject)s",
        controller=tx.of,
        subject=subject,
    )


def link(tx: Transaction, link: LinkId) -> Link | None:
    row = sql.maybe_row(
        tx,
        "SELECT link, record, system, subject, state, score, aspects, outcomes, bits, household, linked_at, decided_by,"
        " decided_role, decided_at, reason FROM links WHERE controller = %(controller)s AND link = %(link)s",
        controller=tx.of,
        link=link,
    )
    return None if row is None else _link(row)


def links(
    tx: Transaction, *, state: LinkState | None, subjects: Sequence[SubjectId] | None, after: LinkId | None, limit: int
) -> list[Link]:
    """In the order in which they were made, from behind `after`."""
    rows = sql.all_rows(
        tx,
        "SELECT link, record, system, subject, state, score, aspects, outcomes, bits, household, linked_at, decided_by,"
        " decided_role, decided_at, reason FROM links WHERE controller = %(controller)s"
        " AND (%(state)s::text IS NULL OR state = %(state)s) AND (%(after)s::uuid IS NULL OR link > %(after)s)"
        " AND (%(subjects)s::uuid[] IS NULL OR subject = ANY(%(subjects)s)) ORDER BY link LIMIT %(limit)s",
        controller=tx.of,
        state=None if state is None else state.value,
        subjects=None if subjects is None else list(subjects),
        after=after,
        limit=limit,
    )
    return [_link(row) for row in rows]


def count_waiting(tx: Transaction, subjects: Sequence[SubjectId]) -> int:
    """Records that may be about one of these, and wait for somebody's word."""
    row = sql.one_row(
        tx,
        "SELECT count(DISTINCT record) AS number FROM links WHERE controller = %(controller)s AND subject = ANY(%(subjects)s)"
        " AND state = 'doubtful'",
        controller=tx.of,
        subjects=list(subjects),
    )
    return int(row["number"])


def waiting(tx: Transaction, limit: int) -> list[tuple[SubjectId, Alike]]:
    """By person and by what was compared: of those on whom most waits, at most `limit` people."""
    rows = sql.all_rows(
        tx,
        """
        WITH sorts AS (
            SELECT subject, count(*) AS records, max(score) AS score, (array_agg(link ORDER BY link))[1] AS link
              FROM links WHERE controller = %(controller)s AND state = 'doubtful'
             GROUP BY subject, aspects, outcomes
        ), people AS (
            SELECT subject, sum(records) AS waiting FROM sorts GROUP BY subject ORDER BY waiting DESC, subject LIMIT %(limit)s
        )
        SELECT s.subject, s.records, s.score, s.link, l.aspects, l.outcomes, l.bits, l.household
          FROM people p JOIN sorts s USING (subject) JOIN links l ON l.controller = %(controller)s AND l.link = s.link
         ORDER BY p.waiting DESC, s.subject, s.records DESC, s.link
        """,
        controller=tx.of,
        limit=limit,
    )
    return [
        (
            SubjectId(row["subject"]),
            Alike(example=LinkId(row["link"]), records=row["records"], score=row["score"], compared=_compared(row)),
        )
        for row in rows
    ]


def waiting_alike(tx: Transaction, link: LinkId, limit: int) -> list[LinkId]:
    """This one, and those that wait on the same person with the same compared; the oldest first. What is gone from its system is
    no question any more."""
    rows = sql.all_rows(
        tx,
        """
        SELECT l.link
          FROM links o JOIN links l USING (controller, subject, aspects, outcomes)
         WHERE o.controller = %(controller)s AND o.link = %(link)s AND l.state = 'doubtful'
           AND EXISTS (SELECT FROM findings f
                        WHERE f.controller = l.controller AND f.record = l.record AND f.gone_at IS NULL)
         ORDER BY l.link LIMIT %(limit)s
        """,
        controller=tx.of,
        link=link,
        limit=limit,
    )
    return [LinkId(row["link"]) for row in rows]


def count_people_waiting(tx: Transaction) -> int:
    row = sql.one_row(
        tx,
        "SELECT count(DISTINCT subject) AS number FROM links WHERE controller = %(controller)s AND state = 'doubtful'",
        controller=tx.of,
    )
    return int(row["number"])


def standing_records(tx: Transaction, subjects: Sequence[SubjectId]) -> list[tuple[UUID, SystemId]]:
    """Which records are about these, each with its system; the newest link first."""
    rows = sql.all_rows(
        tx,
        "SELECT record, system FROM links WHERE controller = %(controller)s AND subject = ANY(%(subjects)s)"
        " AND state IN ('certain', 'likely') ORDER BY link DESC",
        controller=tx.of,
        subjects=list(subjects),
    )
    return [(row["record"], SystemId(row["system"])) for row in rows]


def links_of_findings(tx: Transaction, findings: Sequence[FindingId]) -> dict[FindingId, tuple[UUID, LinkId | None]]:
    """Of each the record that it lies in, and the link that stands on whose that is."""
    rows = sql.all_rows(
        tx,
        """
        SELECT f.finding, f.record, l.link
          FROM findings f
          LEFT JOIN links l ON l.controller = f.controller AND l.record = f.record AND l.state IN ('certain', 'likely')
         WHERE f.controller = %(controller)s AND f.finding = ANY(%(findings)s)
        """,
        controller=tx.of,
        findings=list(findings),
    )
    return {FindingId(row["finding"]): (row["record"], row["link"]) for row in rows}


def findings_of_record(tx: Transaction, record: UUID) -> list[tuple[FindingId, str, str | None]]:
    """Each finding's id, type, and field where that is plain."""
    rows = sql.all_rows(
        tx,
        "SELECT finding, type, field FROM findings WHERE controller = %(controller)s AND record = %(record)s AND gone_at IS NULL"
        " ORDER BY finding",
        controller=tx.of,
        record=record,
    )
    return [(FindingId(row["finding"]), row["type"], row["field"]) for row in rows]


def count_links(tx: Transaction) -> dict[LinkState, int]:
    rows = sql.all_rows(
        tx,
        "SELECT state, count(*) AS number FROM links WHERE controller = %(controller)s GROUP BY state",
        controller=tx.of,
    )
    return {LinkState(row["state"]): row["number"] for row in rows}


def _link(row: sql.Row) -> Link:
    by = None if row["decided_by"] is None else Actor(id=row["decided_by"], role=Role(row["decided_role"]))
    return Link(
        id=LinkId(row["link"]),
        record=row["record"],
        system=SystemId(row["system"]),
        subject=SubjectId(row["subject"]),
        state=LinkState(row["state"]),
        score=row["score"],
        compared=_compared(row),
        linked_at=row["linked_at"],
        decided_by=by,
        decided_at=row["decided_at"],
        reason=None if row["reason"] is None else LinkReason(row["reason"]),
    )


def _compared(row: sql.Row) -> tuple[Compared, ...]:
    return tuple(
        Compared(aspect=Aspect(aspect), outcome=Outcome(outcome), bits=bits, household=household)
        for aspect, outcome, bits, household in zip(row["aspects"], row["outcomes"], row["bits"], row["household"], strict=True)
    )
