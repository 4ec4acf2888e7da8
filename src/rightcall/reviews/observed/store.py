"""The verdicts, as far as they show how a purpose is used: what is held against its review. Read alone; `policy` writes them."""

from collections.abc import Sequence
from datetime import datetime

from rightcall.actors import Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import PurposeId
from rightcall.policy.model import Act
from rightcall.reviews.model import Figures


def uses(tx: Transaction, purpose: PurposeId, *, acts: Sequence[Act], since: datetime, until: datetime) -> set[tuple[Act, Role]]:
    """What was done for a purpose and by whom, as verdicts that said yes show it: about something real, and not to answer a
    person's own request."""
    rows = sql.all_rows(
        tx,
        """
        SELECT DISTINCT act, actor_role
          FROM verdicts
         WHERE controller = %(controller)s AND asked_at >= %(since)s AND asked_at < %(until)s
           AND purpose = %(purpose)s AND act = ANY(%(acts)s) AND outcome IN ('proceed', 'proceed_with_duties')
           AND (call IS NOT NULL OR holding IS NOT NULL) AND facts->'for_speaker' IS DISTINCT FROM 'true'::jsonb
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
          FROM verdicts
         WHERE controller = %(controller)s AND asked_at >= %(since)s AND asked_at < %(until)s
           AND purpose = %(purpose)s AND act = 'capture' AND outcome IN ('proceed', 'proceed_with_duties')
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
