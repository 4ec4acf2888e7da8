"""Counting the log of uses, purpose by purpose; the tables of what looks found and of what was proposed.

A place tells what is read of it where at least one use of it was ever reported; Rightcall itself always does. What is read at a
place that does not tell is not known, and nothing is counted of it. Before its first use was reported nothing of it was watched.
Map and log are read slice by slice, so that no statement waits long, however much there is.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rightcall.actors import Actor, Role
from rightcall.canonical import Json
from rightcall.database.connection import Transaction
from rightcall.database.sql import Row, all_rows, by_hashing, execute, maybe_row, one_row
from rightcall.ethics.minimisation.model import (
    Cohort,
    Counted,
    Kept,
    Kind,
    NewProposal,
    Proposal,
    Rejection,
    State,
    UnusedAccess,
)
from rightcall.holdings.uses.model import Ground
from rightcall.ids import HoldingId, ProposalId, PurposeId, ReviewId, StatementId, SystemId

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


def unused_access(tx: Transaction, roles: Sequence[Role], *, since: datetime, at: datetime) -> list[UnusedAccess]:
    """Tokens of these roles that are as old as that and still open the door; how many of them read nothing since then."""
    rows = all_rows(
        tx,
        """
        SELECT t.role, count(*) AS tokens,
               count(*) FILTER (WHERE NOT EXISTS (SELECT FROM holding_uses u
                                                   WHERE u.controller = t.controller AND u.actor = t.token
                                                     AND u.used_at >= %(since)s AND NOT u.refused)) AS never_used
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


def insert_figures(tx: Transaction, purpose: PurposeId, figures: Json, at: datetime) -> None:
    """The latest of each purpose alone are kept."""
    execute(
        tx,
        """
        INSERT INTO minimisation_figures (controller, purpose, looked_at, figures)
        VALUES (%(controller)s, %(purpose)s, %(at)s, %(figures)s::jsonb)
        ON CONFLICT (controller, purpose) DO UPDATE SET looked_at = excluded.looked_at, figures = excluded.figures
        """,
        controller=tx.of,
        purpose=purpose,
        at=at,
        figures=json.dumps(figures),
    )


def figures(tx: Transaction) -> dict[PurposeId, Mapping[str, Any]]:
    rows = all_rows(
        tx,
        "SELECT purpose, figures FROM minimisation_figures WHERE controller = %(controller)s ORDER BY purpose",
        controller=tx.of,
    )
    return {PurposeId(row["purpose"]): row["figures"] for row in rows}


def last_look(tx: Transaction) -> datetime | None:
    row = one_row(tx, "SELECT max(looked_at) AS at FROM minimisation_figures WHERE controller = %(controller)s", controller=tx.of)
    at: datetime | None = row["at"]
    return at


def insert_proposal(
    tx: Transaction, id: ProposalId, what: NewProposal, *, figures: bytes, document: Json, at: datetime, statement: StatementId
) -> None:
    execute(
        tx,
        """
        INSERT INTO proposals (controller, proposal, purpose, kind, term_days, category, was_days, holdings, uses, late, high,
                               digest, figures, proposed_at, statement)
        VALUES (%(controller)s, %(proposal)s, %(purpose)s, %(kind)s, %(term_days)s, %(category)s, %(was_days)s, %(holdings)s,
                %(uses)s, %(late)s, %(high)s, %(digest)s, %(figures)s::jsonb, %(at)s, %(statement)s)
        """,
        controller=tx.of,
        proposal=id,
        purpose=what.purpose,
        kind=what.kind.value,
        term_days=what.term_days,
        category=what.category,
        was_days=what.was_days,
        holdings=what.holdings,
        uses=what.uses,
        late=what.late,
        high=what.high,
        digest=figures,
        figures=json.dumps(document),
        at=at,
        statement=statement,
    )


def proposals(tx: Transaction, proposal: ProposalId | None = None) -> list[Proposal]:
    """The newest first. What became of its review says whether it was adopted."""
    rows = all_rows(
        tx,
        """
        SELECT p.proposal, p.purpose, p.kind, p.term_days, p.category, p.was_days, p.holdings, p.uses, p.late, p.high, p.digest,
               p.proposed_at, p.statement, p.lapsed_at, p.answered_at, p.answered_by, p.answered_as, p.rejection, p.reason,
               p.review, o.active, e.review IS NOT NULL AS ended
          FROM proposals p
          LEFT JOIN review_openings o ON o.controller = p.controller AND o.review = p.review
          LEFT JOIN review_ends e ON e.controller = p.controller AND e.review = p.review
         WHERE p.controller = %(controller)s AND (%(proposal)s::uuid IS NULL OR p.proposal = %(proposal)s)
         ORDER BY p.proposed_at DESC, p.proposal DESC
        """,
        controller=tx.of,
        proposal=proposal,
    )
    return [_proposal(row) for row in rows]


def figures_of_proposal(tx: Transaction, proposal: ProposalId) -> Mapping[str, Any]:
    row = one_row(
        tx,
        "SELECT figures FROM proposals WHERE controller = %(controller)s AND proposal = %(proposal)s",
        controller=tx.of,
        proposal=proposal,
    )
    found: Mapping[str, Any] = row["figures"]
    return found


def lock(tx: Transaction, proposal: ProposalId) -> bool:
    """False where there is none."""
    return (
        maybe_row(
            tx,
            "SELECT proposal FROM proposals WHERE controller = %(controller)s AND proposal = %(proposal)s FOR UPDATE",
            controller=tx.of,
            proposal=proposal,
        )
        is not None
    )


def answer(
    tx: Transaction,
    proposal: ProposalId,
    *,
    by: Actor,
    at: datetime,
    rejection: Rejection | None = None,
    reason: str | None = None,
    review: ReviewId | None = None,
) -> None:
    execute(
        tx,
        """
        UPDATE proposals
           SET answered_by = %(by)s, answered_as = %(role)s, answered_at = %(at)s, rejection = %(rejection)s,
               reason = %(reason)s, review = %(review)s
         WHERE controller = %(controller)s AND proposal = %(proposal)s
        """,
        controller=tx.of,
        proposal=proposal,
        by=by.id,
        role=by.role.value,
        at=at,
        rejection=None if rejection is None else rejection.value,
        reason=reason,
        review=review,
    )


def lapse(tx: Transaction, proposal: ProposalId, at: datetime) -> None:
    execute(
        tx,
        "UPDATE proposals SET lapsed_at = %(at)s WHERE controller = %(controller)s AND proposal = %(proposal)s",
        controller=tx.of,
        proposal=proposal,
        at=at,
    )


def _proposal(row: Row) -> Proposal:
    return Proposal(
        id=ProposalId(row["proposal"]),
        what=NewProposal(
            purpose=PurposeId(row["purpose"]),
            kind=Kind(row["kind"]),
            term_days=row["term_days"],
            category=row["category"],
            was_days=row["was_days"],
            holdings=row["holdings"],
            uses=row["uses"],
            late=row["late"],
            high=row["high"],
        ),
        figures=bytes(row["digest"]),
        state=_state(row),
        proposed_at=row["proposed_at"],
        answered_by=None if row["answered_by"] is None else Actor(id=row["answered_by"], role=Role(row["answered_as"])),
        answered_at=row["answered_at"],
        rejection=None if row["rejection"] is None else Rejection(row["rejection"]),
        reason=row["reason"],
        review=None if row["review"] is None else ReviewId(row["review"]),
        statement=StatementId(row["statement"]),
    )


def _state(row: Row) -> State:
    if row["rejection"] is not None:
        return State.REJECTED
    if row["review"] is not None and row["active"]:
        return State.ADOPTED
    if row["lapsed_at"] is not None or row["ended"] or row["active"] is False:
        return State.LAPSED
    return State.OPEN if row["review"] is None else State.IN_REVIEW
