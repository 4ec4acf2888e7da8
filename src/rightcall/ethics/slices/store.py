"""Calls by what was answered in them and how they went."""

from datetime import datetime
from typing import LiteralString

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ethics.model import Columns, Measure
from rightcall.ids import PurposeId


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
