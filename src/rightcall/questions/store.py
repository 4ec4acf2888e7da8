"""What is counted over the last days, of the tables of the rooms below, each by an index. Nothing is written."""

from datetime import date, datetime

from rightcall.consent.model import Answer
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import PurposeId
from rightcall.policy.model import Outcome


def answers_by_day(tx: Transaction, since: datetime, purpose: PurposeId | None = None) -> dict[tuple[date, Answer], int]:
    """Choices, by the day (UTC) on which they were made; of all purposes, or of one."""
    rows = sql.all_rows(
        tx,
        "SELECT (made_at AT TIME ZONE 'UTC')::date AS day, answer, count(*) AS choices FROM choices"
        " WHERE controller = %(controller)s AND made_at >= %(since)s"
        " AND (%(purpose)s::uuid IS NULL OR purpose = %(purpose)s) GROUP BY 1, 2",
        controller=tx.of,
        since=since,
        purpose=purpose,
    )
    return {(row["day"], Answer(row["answer"])): row["choices"] for row in rows}


def stopped(tx: Transaction, since: datetime) -> dict[Outcome, int]:
    """Verdicts that stopped what was asked."""
    rows = sql.all_rows(
        tx,
        "SELECT outcome, count(*) AS verdicts FROM verdicts WHERE controller = %(controller)s AND asked_at >= %(since)s"
        " AND outcome IN ('not_right', 'unlawful', 'cannot_tell') GROUP BY outcome",
        controller=tx.of,
        since=since,
    )
    return {Outcome(row["outcome"]): row["verdicts"] for row in rows}


def quarantined(tx: Transaction) -> int:
    """Grants whose yes was found void, and that wait for somebody to judge them."""
    row = sql.one_row(
        tx,
        "SELECT count(*) AS grants FROM grant_keys WHERE controller = %(controller)s AND withheld_at IS NOT NULL",
        controller=tx.of,
    )
    return int(row["grants"])
