"""The tables `parity_…`, which only grow; and calls by what was answered in them and how they went."""

from datetime import datetime
from typing import LiteralString

from rightcall.actors import Actor, Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ethics.model import (
    Account,
    Columns,
    Estimate,
    Explanation,
    Flag,
    FlagId,
    LookId,
    Measure,
    Strata,
)
from rightcall.ids import ConcernId, PurposeId, StatementId


def asked_purposes(tx: Transaction, since: datetime) -> list[PurposeId]:
    """Purposes that somebody answered in a call whose outcome is known."""
    with sql.by_hashing(tx):
        rows = sql.all_rows(
            tx,
            """
            SELECT DISTINCT ch.purpose
              FROM call_outcomes o JOIN choices ch ON ch.controller = o.controller AND ch.call = o.call
             WHERE o.controller = %(controller)s AND o.taken_at > %(since)s ORDER BY ch.purpose
            """,
            controller=tx.of,
            since=since,
        )
    return [PurposeId(row["purpose"]) for row in rows]


def end_of_slice(tx: Transaction, *, since: datetime, until: datetime, calls: int) -> datetime | None:
    """Until when to read for so many calls that told something new after `since`; None where there are no more than that."""
    row = sql.maybe_row(
        tx,
        """
        SELECT last_known_at AS ends FROM call_outcomes
         WHERE controller = %(controller)s AND last_known_at > %(since)s AND last_known_at <= %(until)s
         ORDER BY last_known_at OFFSET %(calls)s LIMIT 1
        """,
        controller=tx.of,
        since=since,
        until=until,
        calls=calls,
    )
    return None if row is None else row["ends"]


def end_of_slice_by_end(tx: Transaction, *, since: datetime, until: datetime, calls: int) -> datetime | None:
    """The same for calls that ended after `since`."""
    row = sql.maybe_row(
        tx,
        """
        SELECT ended_at AS ends FROM calls
         WHERE controller = %(controller)s AND ended_at > %(since)s AND ended_at <= %(until)s
         ORDER BY ended_at OFFSET %(calls)s LIMIT 1
        """,
        controller=tx.of,
        since=since,
        until=until,
        calls=calls,
    )
    return None if row is None else row["ends"]


_KNOWN: LiteralString = """
    SELECT o.call FROM call_outcomes o JOIN calls e ON e.controller = o.controller AND e.call = o.call
     WHERE o.controller = %(controller)s AND o.last_known_at > %(since)s
       AND least(o.waiting_known_at, o.handling_known_at, o.transfers_known_at, o.unresolved_known_at, o.hang_ups_known_at)
           <= %(until)s
       AND e.ended_at > %(after)s
"""
_ENDED: LiteralString = """
    SELECT c.call FROM calls c JOIN call_outcomes o ON o.controller = c.controller AND o.call = c.call
     WHERE c.controller = %(controller)s AND c.ended_at > %(since)s AND c.ended_at <= %(until)s
"""
_FACTS: LiteralString = """, customers AS MATERIALIZED (
    SELECT p.party, p.call, coalesce(c.ended_at, %(until)s) AS until
      FROM chosen n
      JOIN calls c ON c.controller = %(controller)s AND c.call = n.call
      JOIN parties p ON p.controller = c.controller AND p.call = c.call AND p.role = 'customer'
), latest AS MATERIALIZED (
    SELECT DISTINCT ON (ch.party) ch.party, ch.answer, ch.notice, ch.language, ch.ask, ch.made_by, ch.made_as
      FROM customers p
      JOIN choices ch ON ch.controller = %(controller)s AND ch.party = p.party AND ch.made_at <= p.until
     WHERE ch.purpose = %(purpose)s
     ORDER BY ch.party, ch.sequence DESC
), asked AS MATERIALIZED (
    SELECT DISTINCT party FROM asks WHERE controller = %(controller)s AND purpose = %(purpose)s
), answered AS (
    SELECT p.call, l.answer, l.notice, l.language,
           coalesce(CASE k.asked_as WHEN 'agent' THEN k.asked_by END, CASE l.made_as WHEN 'agent' THEN l.made_by END) AS agent,
           a.party IS NOT NULL AS asked
      FROM customers p
      LEFT JOIN latest l ON l.party = p.party
      LEFT JOIN asks k ON k.controller = %(controller)s AND k.ask = l.ask
      LEFT JOIN asked a ON a.party = p.party
), grouped AS (
    SELECT call, max(notice::text) AS notice, max(agent::text) AS agent,
           CASE WHEN bool_or(coalesce(answer, '') = 'refused') THEN 'no'
                WHEN bool_or(coalesce(answer, '') = 'withdrawn') THEN 'withdrew'
                WHEN bool_and(coalesce(answer, '') = 'granted') THEN 'yes'
                WHEN bool_or(asked) THEN 'unanswered' ELSE 'unasked' END AS answer
      FROM answered GROUP BY call
), heard AS MATERIALIZED (
    SELECT DISTINCT q.subject, b.call, b.ended_at
      FROM choices h
      JOIN parties q ON q.controller = h.controller AND q.party = h.party AND q.role = 'customer'
      JOIN calls b ON b.controller = q.controller AND b.call = q.call
      JOIN call_outcomes w ON w.controller = b.controller AND w.call = b.call
     WHERE h.controller = %(controller)s AND h.purpose = %(purpose)s AND b.ended_at > %(after)s
), known AS MATERIALIZED (
    SELECT call FROM (
        SELECT call, ended_at - lag(ended_at) OVER (PARTITION BY subject ORDER BY ended_at, call) AS since FROM heard) t
     WHERE since < interval '91 days'
), facts AS (
    SELECT g.answer, g.notice, coalesce(o.queue, '') AS queue, coalesce(o.language, t.language, '') AS language,
           coalesce(g.agent, '') AS agent,
           (extract(isodow FROM c.started_at AT TIME ZONE 'UTC')::integer - 1) * 24
               + extract(hour FROM c.started_at AT TIME ZONE 'UTC')::integer AS hour,
           c.call IN (SELECT call FROM known) AS again,
           CASE WHEN %(all)s OR o.waiting_known_at > %(since)s AND o.waiting_known_at <= %(until)s
                THEN o.waited_seconds END AS waiting,
           CASE WHEN %(all)s OR o.handling_known_at > %(since)s AND o.handling_known_at <= %(until)s
                THEN coalesce(o.handled_seconds, o.seen_handled_seconds) END AS handling,
           CASE WHEN %(all)s OR o.transfers_known_at > %(since)s AND o.transfers_known_at <= %(until)s
                THEN coalesce(o.transfers, o.seen_transfers) END AS transfers,
           CASE WHEN %(all)s OR o.unresolved_known_at > %(since)s AND o.unresolved_known_at <= %(until)s
                THEN CASE o.resolved WHEN 'yes' THEN 0 WHEN 'no' THEN 1 END END AS unresolved,
           CASE WHEN %(all)s OR o.hang_ups_known_at > %(since)s AND o.hang_ups_known_at <= %(until)s
                THEN CASE WHEN e.ended_by = 'caller' OR o.resolved = 'yes' THEN 0
                          WHEN e.ended_by = 'us' AND o.resolved = 'no' THEN 1 END END AS hang_ups,
           o.handled_seconds IS NULL AS handling_seen,
           o.transfers IS NULL AS transfers_seen,
           coalesce(o.ended_by, 'unknown') = 'unknown' AND o.resolved IS DISTINCT FROM 'yes' AS hang_ups_seen
      FROM grouped g
      JOIN call_outcomes o ON o.controller = %(controller)s AND o.call = g.call
      JOIN calls c ON c.controller = o.controller AND c.call = o.call
      LEFT JOIN trunks t ON t.controller = c.controller AND t.trunk = c.trunk
      CROSS JOIN LATERAL (
           SELECT CASE WHEN coalesce(o.ended_by, 'unknown') = 'unknown' THEN o.seen_ended_by ELSE o.ended_by END AS ended_by) e
)
SELECT coalesce(array_agg(answer), '{}') AS answer, coalesce(array_agg(notice), '{}') AS notice,
       coalesce(array_agg(queue), '{}') AS queue, coalesce(array_agg(language), '{}') AS language,
       coalesce(array_agg(hour), '{}') AS hour, coalesce(array_agg(agent), '{}') AS agent,
       coalesce(array_agg(again), '{}') AS again,
       coalesce(array_agg(waiting), '{}') AS waiting, coalesce(array_agg(handling), '{}') AS handling,
       coalesce(array_agg(transfers), '{}') AS transfers, coalesce(array_agg(unresolved), '{}') AS unresolved,
       coalesce(array_agg(hang_ups), '{}') AS hang_ups,
       coalesce(array_agg(handling_seen), '{}') AS handling_seen,
       coalesce(array_agg(transfers_seen), '{}') AS transfers_seen,
       coalesce(array_agg(hang_ups_seen), '{}') AS hang_ups_seen
  FROM facts
"""


def columns(tx: Transaction, purpose: PurposeId, *, since: datetime, until: datetime, after: datetime) -> Columns:
    """What first became known of calls in this time: a measure that was known before, or is known since, is left out. The answer
    of a call is what its customers had answered when it ended: what they answer later did not steer it. `after`: only calls
    that ended after this."""
    return _columns(tx, f"WITH chosen AS ({_KNOWN}){_FACTS}", purpose, since=since, until=until, after=after, all=False)


def columns_by_end(tx: Transaction, purpose: PurposeId, *, since: datetime, until: datetime, after: datetime) -> Columns:
    """All that is known of calls that ended in this time. `after`: earlier calls of the same person do not count."""
    return _columns(tx, f"WITH chosen AS ({_ENDED}){_FACTS}", purpose, since=since, until=until, after=after, all=True)


def _columns(tx: Transaction, statement: LiteralString, purpose: PurposeId, **times: object) -> Columns:
    with sql.by_hashing(tx):
        row = sql.one_row(tx, statement, controller=tx.of, purpose=purpose, **times)
    seen = {Measure.HANDLING: "handling_seen", Measure.TRANSFERS: "transfers_seen", Measure.HANG_UPS: "hang_ups_seen"}
    count = len(row["answer"])
    return Columns(
        group=row["answer"],
        notice=row["notice"],
        queue=row["queue"],
        language=row["language"],
        hour=row["hour"],
        agent=row["agent"],
        again=row["again"],
        values={measure: row[measure.value] for measure in Measure},
        from_wire={measure: row[seen[measure]] if measure in seen else [False] * count for measure in Measure},
    )


def insert_look(tx: Transaction, look: LookId, *, at: datetime, until: datetime) -> bool:
    """False where it was begun before."""
    begun = sql.execute(
        tx,
        """
        INSERT INTO parity_looks (controller, look, looked_at, until) VALUES (%(controller)s, %(look)s, %(at)s, %(until)s)
        ON CONFLICT (controller, look) DO NOTHING
        """,
        controller=tx.of,
        look=look,
        at=at,
        until=until,
    )
    return begun == 1


def times_of_look(tx: Transaction, look: LookId) -> tuple[datetime, datetime]:
    """When it was made, and up to when it goes."""
    row = sql.one_row(
        tx,
        "SELECT looked_at, until FROM parity_looks WHERE controller = %(controller)s AND look = %(look)s",
        controller=tx.of,
        look=look,
    )
    return row["looked_at"], row["until"]


def last_look(tx: Transaction) -> tuple[datetime, datetime] | None:
    """When the last one was made, and up to when it goes."""
    row = sql.maybe_row(
        tx,
        "SELECT looked_at, until FROM parity_looks WHERE controller = %(controller)s ORDER BY looked_at DESC LIMIT 1",
        controller=tx.of,
    )
    return None if row is None else (row["looked_at"], row["until"])


def insert_account(tx: Transaction, look: LookId, account: Account) -> bool:
    """False where this look's calls were added before."""
    added = sql.execute(
        tx,
        """
        INSERT INTO parity_accounts (controller, purpose, measure, look, began_at, until, looks, noes, yeses, score, information,
                                     evidence, highest, effect, error, strata)
        VALUES (%(controller)s, %(purpose)s, %(measure)s, %(look)s, %(began_at)s, %(until)s, %(looks)s, %(noes)s, %(yeses)s,
                %(score)s, %(information)s, %(evidence)s, %(highest)s, %(effect)s, %(error)s, %(strata)s)
        ON CONFLICT (controller, purpose, measure, until) DO NOTHING
        """,
        controller=tx.of,
        purpose=account.purpose,
        measure=account.measure.value,
        look=look,
        began_at=account.began_at,
        until=account.until,
        looks=account.looks,
        noes=account.noes,
        yeses=account.yeses,
        score=account.score,
        information=account.information,
        evidence=account.evidence,
        highest=account.highest,
        effect=account.effect,
        error=account.error,
        strata=account.strata.value,
    )
    return added == 1


def accounts(tx: Transaction) -> list[Account]:
    """As each stands now."""
    rows = sql.all_rows(
        tx,
        """
        SELECT DISTINCT ON (purpose, measure) purpose, measure, began_at, until, looks, noes, yeses, score, information,
               evidence, highest, effect, error, strata
          FROM parity_accounts WHERE controller = %(controller)s ORDER BY purpose, measure, until DESC
        """,
        controller=tx.of,
    )
    return [_account(row) for row in rows]


def lock_accounts(tx: Transaction) -> None:
    """One look at a time weighs. Nobody who writes about a purpose waits for it."""
    sql.all_rows(
        tx,
        """
        SELECT purpose FROM purposes
         WHERE controller = %(controller)s AND purpose IN (SELECT purpose FROM parity_accounts WHERE controller = %(controller)s)
         ORDER BY purpose FOR NO KEY UPDATE
        """,
        controller=tx.of,
    )


def insert_flag(tx: Transaction, flag: Flag) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO parity_flags (controller, flag, purpose, measure, look, effect, low, high, noes, yeses, flagged_at, concern,
                                  statement, strata)
        VALUES (%(controller)s, %(flag)s, %(purpose)s, %(measure)s, %(look)s, %(effect)s, %(low)s, %(high)s, %(noes)s, %(yeses)s,
                %(at)s, %(concern)s, %(statement)s, %(strata)s)
        """,
        controller=tx.of,
        flag=flag.id,
        purpose=flag.purpose,
        measure=flag.measure.value,
        look=flag.look,
        effect=flag.effect.value,
        low=flag.effect.low,
        high=flag.effect.high,
        noes=flag.noes,
        yeses=flag.yeses,
        at=flag.flagged_at,
        concern=flag.concern,
        statement=flag.statement,
        strata=flag.strata.value,
    )


def flagged_purposes(tx: Transaction) -> list[PurposeId]:
    rows = sql.all_rows(
        tx,
        """
        SELECT DISTINCT purpose FROM parity_flags f
         WHERE f.controller = %(controller)s AND NOT EXISTS (
               SELECT FROM parity_liftings l WHERE l.controller = f.controller AND l.flag = f.flag)
        """,
        controller=tx.of,
    )
    return [PurposeId(row["purpose"]) for row in rows]


def untried_purposes(tx: Transaction) -> list[PurposeId]:
    """Those with a standing flag that nobody has answered, or whose latest answer's trial is over."""
    rows = sql.all_rows(
        tx,
        """
        SELECT DISTINCT purpose FROM parity_flags f
         WHERE f.controller = %(controller)s
           AND NOT EXISTS (SELECT FROM parity_liftings l WHERE l.controller = f.controller AND l.flag = f.flag)
           AND NOT EXISTS (
               SELECT FROM parity_answers a
                WHERE a.controller = f.controller AND a.flag = f.flag
                  AND NOT EXISTS (SELECT FROM parity_lapses p WHERE p.controller = a.controller AND p.flag = a.flag
                                     AND p.answered_at >= a.answered_at))
        """,
        controller=tx.of,
    )
    return [PurposeId(row["purpose"]) for row in rows]


def flags(tx: Transaction) -> list[Flag]:
    """All there ever were, the oldest first, each with its latest answer."""
    rows = sql.all_rows(
        tx,
        """
        SELECT f.flag, f.purpose, f.measure, f.look, f.effect, f.low, f.high, f.noes, f.yeses, f.flagged_at, f.concern,
               f.statement, f.strata, a.explanation, a.answered_by, a.answered_as, a.answered_at, p.lapsed_at, l.lifted_at,
               (SELECT count(*) FROM parity_answers WHERE controller = f.controller AND flag = f.flag) AS answers
          FROM parity_flags f
          LEFT JOIN LATERAL (SELECT explanation, answered_by, answered_as, answered_at FROM parity_answers
                              WHERE controller = f.controller AND flag = f.flag ORDER BY answered_at DESC LIMIT 1) a ON true
          LEFT JOIN parity_lapses p ON p.controller = f.controller AND p.flag = f.flag AND p.answered_at = a.answered_at
          LEFT JOIN parity_liftings l ON l.controller = f.controller AND l.flag = f.flag
         WHERE f.controller = %(controller)s ORDER BY f.flagged_at, f.flag
        """,
        controller=tx.of,
    )
    return [_flag(row) for row in rows]


def insert_answer(
    tx: Transaction, flag: FlagId, explanation: Explanation, *, by: Actor, at: datetime, statement: StatementId
) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO parity_answers (controller, flag, explanation, answered_by, answered_as, answered_at, statement)
        VALUES (%(controller)s, %(flag)s, %(explanation)s, %(by)s, %(role)s, %(at)s, %(statement)s)
        """,
        controller=tx.of,
        flag=flag,
        explanation=explanation.value,
        by=by.id,
        role=by.role.value,
        at=at,
        statement=statement,
    )


def insert_lapse(tx: Transaction, flag: Flag, look: LookId, *, at: datetime, statement: StatementId) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO parity_lapses (controller, flag, answered_at, look, lapsed_at, statement)
        VALUES (%(controller)s, %(flag)s, %(answered_at)s, %(look)s, %(at)s, %(statement)s)
        """,
        controller=tx.of,
        flag=flag.id,
        answered_at=flag.answered_at,
        look=look,
        at=at,
        statement=statement,
    )


def insert_lifting(tx: Transaction, flag: Flag, look: LookId, *, at: datetime, statement: StatementId) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO parity_liftings (controller, flag, look, answered_at, lifted_at, statement)
        VALUES (%(controller)s, %(flag)s, %(look)s, %(answered_at)s, %(at)s, %(statement)s)
        """,
        controller=tx.of,
        flag=flag.id,
        look=look,
        answered_at=flag.answered_at,
        at=at,
        statement=statement,
    )


def _account(row: sql.Row) -> Account:
    return Account(
        purpose=PurposeId(row["purpose"]),
        measure=Measure(row["measure"]),
        began_at=row["began_at"],
        until=row["until"],
        looks=row["looks"],
        noes=row["noes"],
        yeses=row["yeses"],
        score=row["score"],
        information=row["information"],
        evidence=row["evidence"],
        highest=row["highest"],
        effect=row["effect"],
        error=row["error"],
        strata=Strata(row["strata"]),
    )


def _flag(row: sql.Row) -> Flag:
    by = None if row["answered_by"] is None else Actor(id=row["answered_by"], role=Role(row["answered_as"]))
    return Flag(
        id=FlagId(row["flag"]),
        purpose=PurposeId(row["purpose"]),
        measure=Measure(row["measure"]),
        look=LookId(row["look"]),
        effect=Estimate(value=row["effect"], low=row["low"], high=row["high"]),
        noes=row["noes"],
        yeses=row["yeses"],
        flagged_at=row["flagged_at"],
        concern=ConcernId(row["concern"]),
        answer=None if row["explanation"] is None else Explanation(row["explanation"]),
        answered_by=by,
        answered_at=row["answered_at"],
        lapsed_at=row["lapsed_at"],
        lifted_at=row["lifted_at"],
        statement=StatementId(row["statement"]),
        strata=Strata(row["strata"]),
        answers=row["answers"],
    )
