"""Counting the log of uses, purpose by purpose.

A place tells what is read of it where at least one use of it was ever reported; Rightcall itself always does. What is read at a
place that does not tell is not known, and nothing is counted of it. Before its first use was reported nothing of it was watched.
Map and log are read slice by slice, so that no statement waits long, however much there is.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from rightcall.actors import Role
from rightcall.database.connection import Transaction
from rightcall.database.sql import all_rows, by_hashing, maybe_row, one_row
from rightcall.ethics.minimisation.model import (
    Cohort,
    Counted,
    Kept,
    UnusedAccess,
)
from rightcall.holdings.uses.model import Ground
from rightcall.ids import HoldingId, PurposeId, SystemId

_HOLDINGS, _USES = 50_000, 200_000
"""In a slice."""


def end_of_holdings(tx: Transaction, after: HoldingId) -> HoldingId | None:
    """Where the next slice of the map ends; None where what is left is less than one."""
    row = maybe_row(
        tx,
        """
        SELECT holding FROM holdings
         WHERE controller = %(controller)s AND holding > %(after)s
         ORDER BY holding OFFSET %(slice)s LIMIT 1
        """,
        controller=tx.of,
        after=after,
        slice=_HOLDINGS,
    )
    return None if row is None else HoldingId(row["holding"])


def end_of_uses(tx: Transaction, purpose: PurposeId, since: datetime) -> datetime | None:
    """Where the next slice of the purpose's uses ends; None where what is left is less than one."""
    row = maybe_row(
        tx,
        """
        SELECT used_at FROM holding_uses
         WHERE controller = %(controller)s AND purpose = %(purpose)s AND used_at > %(since)s
         ORDER BY used_at OFFSET %(slice)s LIMIT 1
        """,
        controller=tx.of,
        purpose=purpose,
        since=since,
        slice=_USES,
    )
    at: datetime | None = None if row is None else row["used_at"]
    return at


def telling(tx: Transaction) -> dict[SystemId, datetime]:
    """Systems that say what is read of them, each with when it did so first."""
    rows = all_rows(
        tx,
        """
        SELECT s.system, f.since
          FROM (SELECT DISTINCT system FROM holding_counts WHERE controller = %(controller)s) s
         CROSS JOIN LATERAL (SELECT min(u.used_at) AS since FROM holding_uses u
                              WHERE u.controller = %(controller)s AND u.system = s.system AND NOT u.refused) f
         WHERE f.since IS NOT NULL
        """,
        controller=tx.of,
    )
    return {SystemId(row["system"]): row["since"] for row in rows}


def cohorts(
    tx: Transaction,
    purpose: PurposeId,
    told: Mapping[SystemId, datetime],
    *,
    after: HoldingId,
    until: HoldingId,
    term_days: int,
    at: datetime,
) -> list[Cohort]:
    """Of holdings of this slice that were or are kept for the purpose at places that tell: how long they were watched, and
    how old they were when they were last read for it. A holding ends when its bytes are gone, and after the last day it was
    given."""
    with by_hashing(tx):
        rows = all_rows(
            tx,
            """
            WITH watched AS (
                SELECT h.holding, h.made_at,
                       CASE WHEN h.system IS NULL THEN h.made_at ELSE greatest(h.made_at, t.since) END AS begins,
                       least(%(at)s, h.disposed_at, h.gone_at,
                             (h.last_days[array_position(h.purposes, %(purpose)s::uuid)] + 1)::timestamp
                                 AT TIME ZONE 'UTC') AS ends
                  FROM holdings h
                  LEFT JOIN unnest(%(systems)s::uuid[], %(sinces)s::timestamptz[]) AS t (system, since) ON t.system = h.system
                 WHERE h.controller = %(controller)s AND h.holding > %(after)s AND h.holding <= %(until)s
                   AND %(purpose)s = ANY (h.purposes) AND (h.system IS NULL OR t.since IS NOT NULL)
            ), last AS (
                SELECT holding, max(age_days) AS age FROM holding_uses
                 WHERE controller = %(controller)s AND holding > %(after)s AND holding <= %(until)s AND purpose = %(purpose)s
                   AND NOT refused AND ground IN ('purpose', 'case')
                 GROUP BY holding
            )
            SELECT least(extract(epoch FROM w.begins - w.made_at)::bigint / 86400, %(term)s + 1)::integer AS since,
                   least(greatest(0, extract(epoch FROM w.ends - w.made_at)::bigint / 86400), %(term)s)::integer AS until,
                   l.age AS last, count(*) AS holdings
              FROM watched w
              LEFT JOIN last l ON l.holding = w.holding
             WHERE w.ends > w.begins
             GROUP BY 1, 2, 3
            """,
            controller=tx.of,
            purpose=purpose,
            systems=list(told),
            sinces=list(told.values()),
            after=after,
            until=until,
            term=term_days,
            at=at,
        )
    return [Cohort(since=row["since"], until=row["until"], last=row["last"], holdings=row["holdings"]) for row in rows]


def uses(tx: Transaction, purpose: PurposeId, *, since: datetime, until: datetime) -> list[Counted]:
    """The uses of a slice, counted by all that is asked of them."""
    rows = all_rows(
        tx,
        """
        SELECT age_days, ground, refused, actor_role, fields, holding IS NULL AS unheld, count(*) AS uses, max(used_at) AS last_at
          FROM holding_uses
         WHERE controller = %(controller)s AND purpose = %(purpose)s AND used_at > %(since)s AND used_at <= %(until)s
         GROUP BY age_days, ground, refused, actor_role, fields, holding IS NULL
        """,
        controller=tx.of,
        purpose=purpose,
        since=since,
        until=until,
    )
    return [
        Counted(
            age_days=row["age_days"],
            ground=Ground(row["ground"]),
            refused=row["refused"],
            role=Role(row["actor_role"]),
            fields=tuple(row["fields"]),
            unheld=row["unheld"],
            uses=row["uses"],
            last_at=row["last_at"],
        )
        for row in rows
    ]


def kept(
    tx: Transaction,
    purpose: PurposeId,
    told: Mapping[SystemId, datetime],
    named: Sequence[str],
    *,
    after: HoldingId,
    until: HoldingId,
    unread_since: datetime,
) -> list[Kept]:
    """Of holdings of this slice, what is kept for the purpose now, and what of it was read, on whatever ground: that a
    person asked for it is a use too, where it is asked whether anybody ever reads it. A field in `named` was read, of
    whomever."""
    with by_hashing(tx):
        rows = all_rows(
            tx,
            """
            WITH lately AS (
                SELECT DISTINCT holding FROM holding_uses
                 WHERE controller = %(controller)s AND holding > %(after)s AND holding <= %(until)s AND purpose = %(purpose)s
                   AND used_at >= %(unread)s AND NOT refused
            )
            SELECT h.category, h.system, h.field, count(*) AS holdings,
                   count(*) FILTER (WHERE h.made_at <= %(unread)s AND (h.system IS NULL OR t.since <= %(unread)s)) AS old_enough,
                   count(*) FILTER (WHERE l.holding IS NOT NULL OR h.field = ANY (%(named)s::text[])) AS read,
                   bool_and(h.system IS NULL OR t.since IS NOT NULL) AS told
              FROM holdings h
              LEFT JOIN unnest(%(systems)s::uuid[], %(sinces)s::timestamptz[]) AS t (system, since) ON t.system = h.system
              LEFT JOIN lately l ON l.holding = h.holding
             WHERE h.controller = %(controller)s AND h.holding > %(after)s AND h.holding <= %(until)s
               AND %(purpose)s = ANY (h.purposes) AND h.disposed_at IS NULL AND h.gone_at IS NULL
             GROUP BY h.category, h.system, h.field
            """,
            controller=tx.of,
            purpose=purpose,
            systems=list(told),
            sinces=list(told.values()),
            named=list(named),
            after=after,
            until=until,
            unread=unread_since,
        )
    return [
        Kept(
            category=row["category"],
            system=None if row["system"] is None else SystemId(row["system"]),
            field=row["field"],
            holdings=row["holdings"],
            old_enough=row["old_enough"],
            read=row["read"],
            told=row["told"],
        )
        for row in rows
    ]


def unused_access(
    tx: Transaction, roles: Sequence[Role], *, since: datetime, at: datetime, system: SystemId | None = None
) -> list[UnusedAccess]:
    """Tokens of these roles that are as old as that and still open the door; how many of them read nothing since then, or nothing
    that lies in that system."""
    rows = all_rows(
        tx,
        """
        SELECT t.role, count(*) AS tokens,
               count(*) FILTER (WHERE NOT EXISTS (SELECT FROM holding_uses u
                                                   WHERE u.controller = t.controller AND u.actor = t.token
                                                     AND u.used_at >= %(since)s AND NOT u.refused
                                                     AND (%(system)s::uuid IS NULL OR u.system = %(system)s))) AS never_used
          FROM tokens t
         WHERE t.controller = %(controller)s AND t.role = ANY (%(roles)s) AND t.created_at <= %(since)s
           AND t.revoked_at IS NULL AND t.expires_at > %(at)s
         GROUP BY t.role
         ORDER BY t.role
        """,
        controller=tx.of,
        roles=sorted(role.value for role in roles),
        since=since,
        at=at,
        system=system,
    )
    return [UnusedAccess(role=Role(row["role"]), tokens=row["tokens"], never_used=row["never_used"]) for row in rows]


def least_days(tx: Transaction, purpose: PurposeId) -> int:
    """The longest that a law demanded data be kept at least, in any of the latest verdicts on the purpose; 0 where none did."""
    row = one_row(
        tx,
        """
        SELECT coalesce(max((duty->>'days')::integer), 0) AS days
          FROM (SELECT duties FROM verdicts WHERE controller = %(controller)s AND purpose = %(purpose)s
                 ORDER BY asked_at DESC LIMIT 5000) latest, jsonb_array_elements(latest.duties) AS duty
         WHERE duty->>'kind' = 'keep_at_least_days'
        """,
        controller=tx.of,
        purpose=purpose,
    )
    days: int = row["days"]
    return days
