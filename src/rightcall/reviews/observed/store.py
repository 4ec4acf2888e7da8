"""What was done for a purpose, as the map of holdings and its access log show it: what is held against its review; and the
verdicts on it, counted. Read alone: `holdings` and `policy` write them. And the table `review_observations`: what of it no
review names, and until when that was looked at."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from rightcall.actors import Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import PurposeId, ReviewId
from rightcall.policy.model import Act
from rightcall.reviews.model import Figures, Novelty, Observed, Volume

_KINDS: Mapping[Novelty, type[Act] | type[Role] | type[Volume]] = {
    Novelty.ACT: Act,
    Novelty.ROLE: Role,
    Novelty.VOLUME: Volume,
}


def uses(tx: Transaction, purpose: PurposeId, *, acts: Sequence[Act], since: datetime, until: datetime) -> set[tuple[Act, Role]]:
    """What was done for a purpose and by whom: what was captured or transcribed, and each use in the access log that was not to
    answer a person's own request. A question that was merely asked is no use, whatever the verdict."""
    rows = sql.all_rows(
        tx,
        """
        SELECT CASE kind WHEN 'stream' THEN 'capture' ELSE 'transcribe' END AS act, actor_role
          FROM holdings
         WHERE controller = %(controller)s AND made_at >= %(since)s AND made_at < %(until)s
           AND %(purpose)s = ANY(purposes) AND kind IN ('stream', 'transcript')
         UNION
        SELECT u.act, u.actor_role
          FROM holding_uses u
         WHERE u.controller = %(controller)s AND u.used_at >= %(since)s AND u.used_at < %(until)s
           AND u.purpose = %(purpose)s AND u.act = ANY(%(acts)s)
           AND u.ground <> 'own_request' AND NOT u.refused
        """,
        controller=tx.of,
        purpose=purpose,
        acts=[act.value for act in acts],
        since=since,
        until=until,
    )
    return {(Act(row["act"]), Role(row["actor_role"])) for row in rows}


def captured_calls(tx: Transaction, purpose: PurposeId, *, since: datetime, until: datetime) -> int:
    """How many calls something was captured of."""
    row = sql.one_row(
        tx,
        """
        SELECT count(DISTINCT call) AS calls
          FROM holdings
         WHERE controller = %(controller)s AND made_at >= %(since)s AND made_at < %(until)s
           AND %(purpose)s = ANY(purposes) AND kind = 'stream'
        """,
        controller=tx.of,
        purpose=purpose,
        since=since,
        until=until,
    )
    calls: int = row["calls"]
    return calls


def figures(tx: Transaction, purpose: PurposeId) -> Figures:
    """All verdicts on the purpose by act and outcome, about something real."""
    rows = sql.all_rows(
        tx,
        """
        SELECT act, outcome, count(*) AS verdicts, min(asked_at) AS since
          FROM verdicts
         WHERE controller = %(controller)s AND purpose = %(purpose)s AND (call IS NOT NULL OR holding IS NOT NULL)
         GROUP BY act, outcome
        """,
        controller=tx.of,
        purpose=purpose,
    )
    return Figures(
        counted={(Act(row["act"]), row["outcome"]): row["verdicts"] for row in rows},
        since=min((row["since"] for row in rows), default=None),
    )


def observed_until(tx: Transaction, review: ReviewId) -> tuple[datetime, datetime]:
    """When it was opened, and how far what was done was read for uses that it does not name."""
    row = sql.one_row(
        tx,
        "SELECT opened_at, observed_until FROM review_openings WHERE controller = %(controller)s AND review = %(review)s",
        controller=tx.of,
        review=review,
    )
    return row["opened_at"], row["observed_until"]


def observed_up_to(tx: Transaction, review: ReviewId, until: datetime) -> None:
    sql.execute(
        tx,
        """
        UPDATE review_openings SET observed_until = %(until)s
         WHERE controller = %(controller)s AND review = %(review)s AND observed_until < %(until)s
        """,
        controller=tx.of,
        review=review,
        until=until,
    )


def insert_observation(tx: Transaction, review: ReviewId, observed: Observed, at: datetime) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO review_observations (controller, review, kind, what, seen_at)
        VALUES (%(controller)s, %(review)s, %(kind)s, %(what)s, %(seen_at)s)
            ON CONFLICT DO NOTHING
        """,
        controller=tx.of,
        review=review,
        kind=observed.kind.value,
        what=observed.what.value,
        seen_at=at,
    )


def observations(tx: Transaction, review: ReviewId) -> list[Observed]:
    rows = sql.all_rows(
        tx,
        """
        SELECT kind, what
          FROM review_observations
         WHERE controller = %(controller)s AND review = %(review)s
         ORDER BY kind, what
        """,
        controller=tx.of,
        review=review,
    )
    return [Observed(kind=Novelty(row["kind"]), what=_KINDS[Novelty(row["kind"])](row["what"])) for row in rows]
