"""What an erasure has to do in each other system: the table `errands`."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from rightcall.actors import Actor, Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.erasure.elsewhere.model import Errand, KeeperSaid, PlaceState, Trouble, Waiting
from rightcall.ids import ErasureId, SubjectId, SystemId


def insert_errands(tx: Transaction, erasure: ErasureId, systems: Mapping[SystemId, bool], due_at: datetime) -> None:
    """Each with whether it may be erased in. Again changes nothing."""
    sql.execute(
        tx,
        """
        INSERT INTO errands (controller, erasure, system, is_erasable, due_at)
        SELECT %(controller)s, %(erasure)s, n.system, n.erasable, CASE WHEN n.erasable THEN %(due_at)s::timestamptz END
          FROM unnest(%(systems)s::uuid[], %(erasable)s::boolean[]) AS n (system, erasable)
            ON CONFLICT (controller, erasure, system) DO NOTHING
        """,
        controller=tx.of,
        erasure=erasure,
        systems=list(systems),
        erasable=list(systems.values()),
        due_at=due_at,
    )


def systems_with(tx: Transaction, subject: SubjectId) -> list[SystemId]:
    """Other systems that keep something about the person, as far as the map knows."""
    rows = sql.all_rows(
        tx,
        """
        SELECT DISTINCT system FROM holdings
         WHERE controller = %(controller)s AND subject = %(subject)s AND system IS NOT NULL AND disposed_at IS NULL
           AND gone_at IS NULL
        """,
        controller=tx.of,
        subject=subject,
    )
    return [SystemId(row["system"]) for row in rows]


def may_be_erased_in(tx: Transaction, erasure: ErasureId, system: SystemId, *, is_erasable: bool, due_at: datetime) -> None:
    """What was out of reach is to go, or the other way round."""
    sql.execute(
        tx,
        """
        UPDATE errands SET is_erasable = %(erasable)s, due_at = CASE WHEN %(erasable)s THEN %(due_at)s::timestamptz END,
               failures = 0, failing_since = NULL, trouble = NULL, escalated_at = NULL
         WHERE controller = %(controller)s AND erasure = %(erasure)s AND system = %(system)s
        """,
        controller=tx.of,
        erasure=erasure,
        system=system,
        erasable=is_erasable,
        due_at=due_at,
    )
    sql.execute(
        tx,
        """
        UPDATE erasure_places SET state = CASE WHEN %(erasable)s THEN 'to_erase' ELSE 'outside' END
         WHERE controller = %(controller)s AND erasure = %(erasure)s AND system = %(system)s
           AND state = ANY (CASE WHEN %(erasable)s THEN ARRAY['outside']
                                 ELSE ARRAY['to_erase', 'erased', 'there_still', 'refused'] END)
        """,
        controller=tx.of,
        erasure=erasure,
        system=system,
        erasable=is_erasable,
    )


def errands(tx: Transaction, erasure: ErasureId) -> list[Errand]:
    """With how many places stand how, by system."""
    counts: dict[SystemId, dict[PlaceState, int]] = {}
    for row in sql.all_rows(
        tx,
        """
        SELECT system, state, count(*) AS number FROM erasure_places
         WHERE controller = %(controller)s AND erasure = %(erasure)s GROUP BY system, state ORDER BY system, state
        """,
        controller=tx.of,
        erasure=erasure,
    ):
        counts.setdefault(SystemId(row["system"]), {})[PlaceState(row["state"])] = row["number"]
    rows = sql.all_rows(
        tx,
        """
        SELECT e.erasure, e.system, e.is_erasable, e.failures, e.failing_since, e.trouble, e.tried_at, e.due_at, e.escalated_at,
               e.told_at, e.told_by, e.told_role, e.answered_at, e.answer, e.elsewhere,
               EXISTS (SELECT FROM erasure_places p
                        WHERE p.controller = e.controller AND p.erasure = e.erasure AND p.system = e.system AND p.seen_again
                      ) AS seen_again
          FROM errands e WHERE e.controller = %(controller)s AND e.erasure = %(erasure)s ORDER BY e.system
        """,
        controller=tx.of,
        erasure=erasure,
    )
    return [_errand(row, counts.get(SystemId(row["system"]), {})) for row in rows]


def end_errand(
    tx: Transaction,
    errand: Errand,
    *,
    round: int,
    trouble: Trouble | None,
    at: datetime,
    due_at: datetime | None,
    is_escalated: bool,
) -> bool:
    """False where that round of it was ended before."""
    return (
        sql.execute(
            tx,
            """
            UPDATE errands SET ended_in = %(round)s, tried_at = %(at)s, due_at = %(due_at)s, trouble = %(trouble)s,
                   failures = CASE WHEN %(trouble)s::text IS NULL THEN 0 ELSE failures + 1 END,
                   failing_since = CASE WHEN %(trouble)s::text IS NULL THEN NULL ELSE coalesce(failing_since, %(at)s) END,
                   escalated_at = CASE WHEN %(escalated)s THEN coalesce(escalated_at, %(at)s) END
             WHERE controller = %(controller)s AND erasure = %(erasure)s AND system = %(system)s AND ended_in < %(round)s
            """,
            controller=tx.of,
            erasure=errand.erasure,
            system=errand.system,
            round=round,
            trouble=trouble,
            at=at,
            due_at=due_at,
            escalated=is_escalated,
        )
        == 1
    )


def try_now(tx: Transaction, erasure: ErasureId, system: SystemId | None, at: datetime) -> None:
    sql.execute(
        tx,
        """
        UPDATE errands SET due_at = %(at)s
         WHERE controller = %(controller)s AND erasure = %(erasure)s AND is_erasable
           AND (%(system)s::uuid IS NULL OR system = %(system)s)
        """,
        controller=tx.of,
        erasure=erasure,
        system=system,
        at=at,
    )


def was_told(tx: Transaction, erasure: ErasureId, system: SystemId, *, at: datetime, by: Actor) -> bool:
    """False where they were told before."""
    return (
        sql.execute(
            tx,
            """
            UPDATE errands SET told_at = %(at)s, told_by = %(by)s, told_role = %(role)s
             WHERE controller = %(controller)s AND erasure = %(erasure)s AND system = %(system)s AND told_at IS NULL
            """,
            controller=tx.of,
            erasure=erasure,
            system=system,
            at=at,
            by=by.id,
            role=by.role.value,
        )
        == 1
    )


def keeper_said(tx: Transaction, erasure: ErasureId, system: SystemId, answer: KeeperSaid, *, at: datetime, by: Actor) -> None:
    sql.execute(
        tx,
        """
        UPDATE errands
           SET answered_at = %(at)s, answer = %(answer)s, answered_by = %(by)s, answered_role = %(role)s
         WHERE controller = %(controller)s AND erasure = %(erasure)s AND system = %(system)s
        """,
        controller=tx.of,
        erasure=erasure,
        system=system,
        at=at,
        answer=answer.value,
        by=by.id,
        role=by.role.value,
    )


def was_seen_again(tx: Transaction, erasure: ErasureId, system: SystemId, at: datetime) -> None:
    """A person has to look."""
    sql.execute(
        tx,
        """
        UPDATE errands SET trouble = 'seen_again', failures = failures + 1, failing_since = %(at)s, escalated_at = %(at)s
         WHERE controller = %(controller)s AND erasure = %(erasure)s AND system = %(system)s
        """,
        controller=tx.of,
        erasure=erasure,
        system=system,
        at=at,
    )


def is_seen_no_more(tx: Transaction, erasures: Sequence[ErasureId], system: SystemId) -> None:
    """Of those in which no scan sees anything any more."""
    sql.execute(
        tx,
        """
        UPDATE errands e SET trouble = NULL, failures = 0, failing_since = NULL, escalated_at = NULL
         WHERE e.controller = %(controller)s AND e.erasure = ANY (%(erasures)s) AND e.system = %(system)s
           AND e.trouble = 'seen_again'
           AND NOT EXISTS (SELECT FROM erasure_places p
                            WHERE p.controller = e.controller AND p.erasure = e.erasure AND p.system = e.system
                              AND p.seen_again)
        """,
        controller=tx.of,
        erasures=list(erasures),
        system=system,
    )


def seen_elsewhere(tx: Transaction, system: SystemId) -> list[tuple[ErasureId, int]]:
    """After a scan of a system that called gone what was to go there: of which erasures that are not settled something new tells
    a customer's number or an e-mail address that the person left by, first seen since. How many records, where those are more
    than before; where none is left, that is written down too. Of a settled one nobody knows any more by what they were known."""
    rows = sql.all_rows(
        tx,
        """
        WITH gone AS (
            SELECT e.erasure, e.elsewhere AS before, greatest(min(p.tried_at), e.looked_at) AS since
              FROM errands e
              JOIN erasure_places p ON p.controller = e.controller AND p.erasure = e.erasure AND p.system = e.system
               AND p.state = 'confirmed' AND p.tried_at IS NOT NULL
             WHERE e.controller = %(controller)s AND e.system = %(system)s
               AND EXISTS (SELECT FROM leaving_identifiers l WHERE l.controller = e.controller AND l.erasure = e.erasure)
             GROUP BY e.erasure, e.elsewhere, e.looked_at
        ), found AS (
            SELECT g.erasure, g.before, count(DISTINCT f.record) AS records
              FROM gone g
              JOIN leaving_identifiers l ON l.controller = %(controller)s AND l.erasure = g.erasure
              LEFT JOIN findings f ON f.controller = %(controller)s AND f.system = %(system)s AND f.clues && ARRAY[l.blind]
               AND f.gone_at IS NULL AND NOT f.erased AND f.first_seen_at > g.since
               AND EXISTS (SELECT FROM unnest(f.clue_kinds, f.clues) AS c (kind, blind)
                            WHERE c.blind = l.blind AND c.kind IN ('customer_id', 'email'))
             GROUP BY g.erasure, g.before
        ), said AS (
            UPDATE errands e SET elsewhere = f.records
              FROM found f
             WHERE e.controller = %(controller)s AND e.system = %(system)s AND e.erasure = f.erasure AND e.elsewhere <> f.records
        )
        SELECT erasure, records FROM found WHERE records > before ORDER BY erasure
        """,
        controller=tx.of,
        system=system,
    )
    return [(ErasureId(row["erasure"]), row["records"]) for row in rows]


def was_looked_at(tx: Transaction, erasure: ErasureId, system: SystemId | None, at: datetime) -> None:
    """A person has seen to what a scan found elsewhere: it was moved and let go of, or is about somebody who came back."""
    sql.execute(
        tx,
        """
        UPDATE errands SET elsewhere = 0, looked_at = %(at)s
         WHERE controller = %(controller)s AND erasure = %(erasure)s AND (%(system)s::uuid IS NULL OR system = %(system)s)
           AND elsewhere > 0
        """,
        controller=tx.of,
        erasure=erasure,
        system=system,
        at=at,
    )


def waiting(tx: Transaction) -> Waiting:
    """Errands with something to do, and those of them for a person."""
    row = sql.one_row(
        tx,
        """
        SELECT count(*) AS errands, count(*) FILTER (WHERE escalated_at IS NOT NULL OR elsewhere > 0) AS escalated
          FROM errands
         WHERE controller = %(controller)s AND (due_at IS NOT NULL OR escalated_at IS NOT NULL OR elsewhere > 0)
        """,
        controller=tx.of,
    )
    return Waiting(errands=row["errands"], escalated=row["escalated"])


def needing_a_person(tx: Transaction) -> dict[ErasureId, int]:
    """Erasures that do not get on in other systems, each with in how many."""
    rows = sql.all_rows(
        tx,
        """
        SELECT erasure, count(*) AS systems FROM errands
         WHERE controller = %(controller)s AND (escalated_at IS NOT NULL OR elsewhere > 0)
         GROUP BY erasure
        """,
        controller=tx.of,
    )
    return {ErasureId(row["erasure"]): row["systems"] for row in rows}


def _errand(row: sql.Row, places: Mapping[PlaceState, int]) -> Errand:
    by = None if row["told_by"] is None else Actor(id=row["told_by"], role=Role(row["told_role"]))
    return Errand(
        erasure=ErasureId(row["erasure"]),
        system=SystemId(row["system"]),
        is_erasable=row["is_erasable"],
        places=places,
        is_seen_again=row["seen_again"],
        failures=row["failures"],
        failing_since=row["failing_since"],
        trouble=None if row["trouble"] is None else Trouble(row["trouble"]),
        tried_at=row["tried_at"],
        due_at=row["due_at"],
        escalated_at=row["escalated_at"],
        told_at=row["told_at"],
        told_by=by,
        answered_at=row["answered_at"],
        answer=None if row["answer"] is None else KeeperSaid(row["answer"]),
        elsewhere=row["elsewhere"],
    )
