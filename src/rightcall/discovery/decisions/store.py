"""What the table `links` says of what waits, and `link_decisions` of what was decided."""

from datetime import datetime
from uuid import UUID

from rightcall.actors import Actor, Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.discovery.decisions.model import Alike, AlikeOfEveryone, Asked, Decision, First
from rightcall.discovery.linking.model import LinkReason, LinkState
from rightcall.discovery.linking.store import compared_of
from rightcall.ids import FindingId, LinkId, StatementId, SubjectId


def decide(tx: Transaction, link: LinkId, decision: Decision) -> int:
    """0 where it is not in the state that it was in."""
    return sql.execute(
        tx,
        """
        WITH decided AS (
            UPDATE links
               SET state = %(now)s, decided_by = %(by)s, decided_role = %(role)s, decided_at = %(at)s, reason = %(reason)s
             WHERE controller = %(controller)s AND link = %(link)s AND state = %(was)s
            RETURNING link
        )
        INSERT INTO link_decisions (controller, statement, link, was, now, reason, decided_by, decided_role, decided_at)
        SELECT %(controller)s, %(statement)s, link, %(was)s, %(now)s, %(reason)s, %(by)s, %(role)s, %(at)s FROM decided
        """,
        controller=tx.of,
        link=link,
        statement=decision.statement,
        was=decision.was.value,
        now=decision.now.value,
        by=decision.by.id,
        role=decision.by.role.value,
        at=decision.at,
        reason=decision.reason.value,
    )


def decisions(tx: Transaction, link: LinkId) -> list[Decision]:
    """In their order."""
    rows = sql.all_rows(
        tx,
        "SELECT statement, was, now, reason, decided_by, decided_role, decided_at FROM link_decisions"
        " WHERE controller = %(controller)s AND link = %(link)s ORDER BY statement",
        controller=tx.of,
        link=link,
    )
    return [
        Decision(
            statement=StatementId(row["statement"]),
            was=LinkState(row["was"]),
            now=LinkState(row["now"]),
            reason=LinkReason(row["reason"]),
            by=Actor(id=row["decided_by"], role=Role(row["decided_role"])),
            at=row["decided_at"],
        )
        for row in rows
    ]


def standing(tx: Transaction, record: UUID) -> LinkId | None:
    """The link that says whose the record is."""
    row = sql.maybe_row(
        tx,
        "SELECT link FROM links WHERE controller = %(controller)s AND record = %(record)s AND state IN ('certain', 'likely')",
        controller=tx.of,
        record=record,
    )
    return None if row is None else LinkId(row["link"])


def waits(tx: Transaction, record: UUID, subject: SubjectId) -> bool:
    """Whether it is asked already if the record is about the subject."""
    row = sql.maybe_row(
        tx,
        "SELECT link FROM links WHERE controller = %(controller)s AND record = %(record)s AND subject = %(subject)s"
        " AND state = 'doubtful'",
        controller=tx.of,
        record=record,
        subject=subject,
    )
    return row is not None


def end_waiting(tx: Transaction, record: UUID) -> None:
    """Whom else the record could have been about is no question any more."""
    sql.execute(
        tx,
        "UPDATE links SET state = 'over' WHERE controller = %(controller)s AND record = %(record)s AND state = 'doubtful'",
        controller=tx.of,
        record=record,
    )


def release_findings(tx: Transaction, record: UUID, subject: SubjectId, *, also_gone: bool = True) -> list[FindingId]:
    """All that was found in the record and stands at the subject is nobody's and on no map."""
    rows = sql.all_rows(
        tx,
        "UPDATE findings SET subject = NULL, holding = NULL"
        " WHERE controller = %(controller)s AND record = %(record)s AND subject = %(subject)s"
        " AND (%(also_gone)s OR gone_at IS NULL) RETURNING finding",
        controller=tx.of,
        record=record,
        subject=subject,
        also_gone=also_gone,
    )
    return [FindingId(row["finding"]) for row in rows]


def leave_nobody(tx: Transaction, subject: SubjectId, at: datetime) -> int:
    """The subject is nobody, where records alone had told of them and none does any more. 0 where somebody is left."""
    return sql.execute(
        tx,
        """
        UPDATE subjects s SET nobody_since = %(at)s
         WHERE s.controller = %(controller)s AND s.subject = %(subject)s AND s.nobody_since IS NULL AND NOT s.ambiguous
           AND s.split_from IS NULL
           AND NOT EXISTS (SELECT FROM links l WHERE l.controller = %(controller)s AND l.subject = s.subject
                              AND l.state IN ('certain', 'likely'))
           AND NOT EXISTS (SELECT FROM known_clues k WHERE k.controller = %(controller)s AND k.subject = s.subject)
           AND NOT EXISTS (SELECT FROM identifiers i WHERE i.controller = %(controller)s AND i.subject = s.subject)
           AND NOT EXISTS (SELECT FROM parties p WHERE p.controller = %(controller)s AND p.subject = s.subject)
           AND NOT EXISTS (SELECT FROM holdings h WHERE h.controller = %(controller)s AND h.subject = s.subject
                              AND h.gone_at IS NULL)
           AND NOT EXISTS (SELECT FROM joins j WHERE j.controller = %(controller)s AND j.subject = s.subject
                              AND j.undone_at IS NULL)
           AND NOT EXISTS (SELECT FROM joins j WHERE j.controller = %(controller)s AND j.into_subject = s.subject
                              AND j.undone_at IS NULL)
        """,
        controller=tx.of,
        subject=subject,
        at=at,
    )


def waiting(tx: Transaction, asked: Asked, after: SubjectId | None, limit: int) -> list[tuple[SubjectId, Alike]]:
    """By person and by what was compared, what was undone by itself: at most `limit` people, from behind `after`; from the first
    where nothing waits on that one."""
    rows = sql.all_rows(
        tx,
        """
        WITH sorts AS (
            SELECT subject, state, count(*) AS records, max(score) AS score, (array_agg(link ORDER BY link))[1] AS link
              FROM waiting_links
             WHERE controller = %(controller)s AND score >= %(least)s::real AND (%(system)s::uuid IS NULL OR system = %(system)s)
               AND (%(about)s::uuid[] IS NULL OR subject = ANY(%(about)s))
             GROUP BY subject, state, aspects, outcomes
        ), people AS (
            SELECT subject, CASE WHEN %(by_number)s THEN ARRAY[sum(records), max(score)] ELSE ARRAY[max(score), sum(records)] END
                   AS rank
              FROM sorts GROUP BY subject
        ), shown AS (
            SELECT p.subject, p.rank FROM people p LEFT JOIN people a ON a.subject = %(after)s
             WHERE a.subject IS NULL OR p.rank < a.rank OR (p.rank = a.rank AND p.subject > a.subject)
             ORDER BY p.rank DESC, p.subject LIMIT %(limit)s
        )
        SELECT s.subject, s.state, s.records, s.score, s.link, l.aspects, l.outcomes, l.bits, l.household, l.others
          FROM shown p JOIN sorts s USING (subject) JOIN links l ON l.controller = %(controller)s AND l.link = s.link
         ORDER BY p.rank DESC, s.subject, s.records DESC, s.link
        """,
        controller=tx.of,
        least=asked.least,
        system=asked.system,
        about=None if asked.about is None else list(asked.about),
        by_number=asked.first is First.MOST,
        after=after,
        limit=limit,
    )
    return [(SubjectId(row["subject"]), _alike(row)) for row in rows]


def alike(tx: Transaction, link: LinkId, limit: int) -> list[LinkId]:
    """This one, and those about the same person in the same state with the same compared, the oldest first; where they stand,
    those by somebody's word apart from those by none. What is gone from its system, or linked to another, is no question."""
    rows = sql.all_rows(
        tx,
        """
        SELECT l.link
          FROM links o JOIN links l USING (controller, subject, state, aspects, outcomes)
         WHERE o.controller = %(controller)s AND o.link = %(link)s
           AND (l.state IN ('doubtful', 'undone') OR (l.decided_at IS NULL) = (o.decided_at IS NULL))
           AND EXISTS (SELECT FROM findings f
                        WHERE f.controller = l.controller AND f.record = l.record AND f.gone_at IS NULL)
           AND NOT EXISTS (SELECT FROM links s
                            WHERE s.controller = l.controller AND s.record = l.record AND s.link <> l.link
                              AND s.state IN ('certain', 'likely'))
         ORDER BY l.link LIMIT %(limit)s
        """,
        controller=tx.of,
        link=link,
        limit=limit,
    )
    return [LinkId(row["link"]) for row in rows]


def alike_of_everyone(tx: Transaction, link: LinkId) -> AlikeOfEveryone:
    """All that wait as this one does with the same compared, whoever they wait on, each on that person alone. How many, on how
    many people, and between which scores."""
    row = sql.one_row(
        tx,
        f"SELECT count(*) AS records, count(DISTINCT subject) AS people, min(score) AS lowest, max(score) AS highest"  # noqa: S608 - our own words
        f" FROM ({_OF_EVERYONE}) l",
        controller=tx.of,
        link=link,
    )
    return AlikeOfEveryone(
        records=row["records"], people=row["people"], lowest=row["lowest"] or 0.0, highest=row["highest"] or 0.0
    )


def links_alike_of_everyone(tx: Transaction, link: LinkId, limit: int) -> list[LinkId]:
    """The likeliest of these."""
    rows = sql.all_rows(
        tx,
        f"SELECT link FROM ({_OF_EVERYONE}) l ORDER BY score DESC, link LIMIT %(limit)s",  # noqa: S608 - a constant
        controller=tx.of,
        link=link,
        limit=limit,
    )
    return [LinkId(row["link"]) for row in rows]


_OF_EVERYONE = """
    SELECT l.link, l.subject, l.score
      FROM links o JOIN waiting_links l USING (controller, state, aspects, outcomes)
     WHERE o.controller = %(controller)s AND o.link = %(link)s
       AND EXISTS (SELECT FROM findings f WHERE f.controller = l.controller AND f.record = l.record AND f.gone_at IS NULL)
       AND NOT EXISTS (SELECT FROM waiting_links m
                        WHERE m.controller = l.controller AND m.record = l.record AND m.link <> l.link)
"""


def count_waiting(tx: Transaction, asked: Asked) -> tuple[int, int]:
    """Records, each once however many it waits on, and people."""
    row = sql.one_row(
        tx,
        "SELECT count(DISTINCT record) AS records, count(DISTINCT subject) AS people FROM waiting_links"
        " WHERE controller = %(controller)s AND score >= %(least)s::real AND (%(system)s::uuid IS NULL OR system = %(system)s)"
        " AND (%(about)s::uuid[] IS NULL OR subject = ANY(%(about)s))",
        controller=tx.of,
        least=asked.least,
        system=asked.system,
        about=None if asked.about is None else list(asked.about),
    )
    return int(row["records"]), int(row["people"])


def _alike(row: sql.Row) -> Alike:
    return Alike(
        state=LinkState(row["state"]),
        example=LinkId(row["link"]),
        records=row["records"],
        score=row["score"],
        compared=compared_of(row),
    )
