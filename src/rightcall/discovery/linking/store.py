"""The table `links`: whose a record is found to be, and what a person said of that."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from rightcall.actors import Actor, Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.discovery.linking.model import Aspect, Compared, Link, LinkReason, LinkState, Outcome
from rightcall.ids import LinkId, SubjectId, SystemId


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLink:
    """`said`: a digest of what the record says."""

    link: Link
    said: bytes


def refused(tx: Transaction, said: Sequence[bytes]) -> set[tuple[bytes, SubjectId]]:
    """What the record said, and whom a person found it not to be about."""
    rows = sql.all_rows(
        tx,
        "SELECT said, subject FROM links WHERE controller = %(controller)s AND state IN ('refused', 'undone')"
        " AND said = ANY(%(said)s)",
        controller=tx.of,
        said=list(said),
    )
    return {(bytes(row["said"]), SubjectId(row["subject"])) for row in rows}


def denied(tx: Transaction, records: Sequence[UUID]) -> set[tuple[UUID, SubjectId]]:
    """Of these records, whom a person ever found each not to be about, whatever it said then."""
    rows = sql.all_rows(
        tx,
        "SELECT record, subject FROM links WHERE controller = %(controller)s AND state IN ('refused', 'undone')"
        " AND record = ANY(%(records)s)",
        controller=tx.of,
        records=list(records),
    )
    return {(row["record"], SubjectId(row["subject"])) for row in rows}


def insert_links(tx: Transaction, new: Sequence[NewLink]) -> None:
    """A doubt that there was before, and of which nobody has said anything, is the same link, weighed anew."""
    sql.execute_many(
        tx,
        "INSERT INTO links (controller, link, record, system, subject, state, score, aspects, outcomes, bits, household, others,"
        " said, linked_at) VALUES (%(controller)s, %(link)s, %(record)s, %(system)s, %(subject)s, %(state)s, %(score)s,"
        " %(aspects)s, %(outcomes)s, %(bits)s, %(household)s, %(others)s, %(said)s, %(linked_at)s)"
        " ON CONFLICT (controller, record, subject) WHERE state IN ('doubtful', 'over') AND decided_at IS NULL DO UPDATE"
        " SET state = EXCLUDED.state, score = EXCLUDED.score, aspects = EXCLUDED.aspects, outcomes = EXCLUDED.outcomes,"
        " bits = EXCLUDED.bits, household = EXCLUDED.household, others = EXCLUDED.others, said = EXCLUDED.said,"
        " weighed = EXCLUDED.link",
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
                "others": [one.others for one in each.link.compared],
                "said": each.said,
                "linked_at": each.link.linked_at,
            }
            for each in new
        ],
    )


def forget_subject(tx: Transaction, subject: SubjectId) -> int:
    """What waits is no question any more, though what somebody decided stays; and what was said can no longer be recognised."""
    sql.execute(
        tx,
        "DELETE FROM links WHERE controller = %(controller)s AND subject = %(subject)s AND state = 'doubtful'"
        " AND decided_at IS NULL",
        controller=tx.of,
        subject=subject,
    )
    sql.execute(
        tx,
        "UPDATE links SET state = 'over' WHERE controller = %(controller)s AND subject = %(subject)s"
        " AND state IN ('doubtful', 'undone')",
        controller=tx.of,
        subject=subject,
    )
    return sql.execute(
        tx,
        "UPDATE links SET said = NULL WHERE controller = %(controller)s AND subject = %(subject)s",
        controller=tx.of,
        subject=subject,
    )


def bare_among(tx: Transaction, records: Sequence[UUID]) -> list[UUID]:
    """Those of these of which nothing is known that a scan found."""
    rows = sql.all_rows(
        tx,
        """
        SELECT r.record FROM unnest(%(records)s::uuid[]) AS r (record)
         WHERE NOT EXISTS (SELECT FROM findings f WHERE f.controller = %(controller)s AND f.record = r.record)
        """,
        controller=tx.of,
        records=list(records),
    )
    return [row["record"] for row in rows]


def forget_records(tx: Transaction, records: Sequence[UUID]) -> None:
    """Whose they were, and what was decided of that."""
    given = {"controller": tx.of, "records": list(records)}
    sql.execute(
        tx,
        """
        DELETE FROM link_decisions d USING links l
         WHERE d.controller = %(controller)s AND l.controller = d.controller AND l.link = d.link
           AND l.record = ANY (%(records)s::uuid[])
        """,
        **given,
    )
    sql.execute(tx, "DELETE FROM links WHERE controller = %(controller)s AND record = ANY (%(records)s::uuid[])", **given)


def link(tx: Transaction, link: LinkId) -> Link | None:
    row = sql.maybe_row(
        tx,
        "SELECT link, record, system, subject, state, score, aspects, outcomes, bits, household, others, linked_at,"
        " decided_by, decided_role, decided_at, reason FROM links WHERE controller = %(controller)s AND link = %(link)s",
        controller=tx.of,
        link=link,
    )
    return None if row is None else _link(row)


def asked_about(tx: Transaction, link: LinkId) -> list[SubjectId]:
    """Whom its record was or may be about, by all links of that; none where the link is gone."""
    rows = sql.all_rows(
        tx,
        "SELECT DISTINCT o.subject FROM links l JOIN links o ON o.controller = l.controller AND o.record = l.record"
        " WHERE l.controller = %(controller)s AND l.link = %(link)s ORDER BY o.subject",
        controller=tx.of,
        link=link,
    )
    return [SubjectId(row["subject"]) for row in rows]


def links(
    tx: Transaction, *, state: LinkState | None, subjects: Sequence[SubjectId] | None, after: LinkId | None, limit: int
) -> list[Link]:
    """In the order in which they were made, from behind `after`."""
    rows = sql.all_rows(
        tx,
        "SELECT link, record, system, subject, state, score, aspects, outcomes, bits, household, others, linked_at,"
        " decided_by, decided_role, decided_at, reason FROM links WHERE controller = %(controller)s"
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
        "SELECT count(DISTINCT record) AS number FROM waiting_links"
        " WHERE controller = %(controller)s AND subject = ANY(%(subjects)s)",
        controller=tx.of,
        subjects=list(subjects),
    )
    return int(row["number"])


def count_records(tx: Transaction, subjects: Sequence[SubjectId]) -> int:
    """Records that are about these."""
    row = sql.one_row(
        tx,
        "SELECT count(DISTINCT record) AS number FROM links WHERE controller = %(controller)s AND subject = ANY(%(subjects)s)"
        " AND state IN ('certain', 'likely')",
        controller=tx.of,
        subjects=list(subjects),
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
        compared=compared_of(row),
        linked_at=row["linked_at"],
        decided_by=by,
        decided_at=row["decided_at"],
        reason=None if row["reason"] is None else LinkReason(row["reason"]),
    )


def compared_of(row: sql.Row) -> tuple[Compared, ...]:
    others = row["others"] or [None] * len(row["aspects"])
    return tuple(
        Compared(aspect=Aspect(aspect), outcome=Outcome(outcome), bits=bits, household=household, others=number)
        for aspect, outcome, bits, household, number in zip(
            row["aspects"], row["outcomes"], row["bits"], row["household"], others, strict=True
        )
    )
