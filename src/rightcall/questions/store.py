"""What is counted over the last days, of the tables of the rooms below, each by an index. Nothing is written."""

from collections.abc import Collection
from datetime import date, datetime
from typing import LiteralString

from rightcall.actors import Role
from rightcall.consent.model import Answer, Channel
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.database.walk import Walk, both_ways
from rightcall.ids import CallId, ChoiceId, PurposeId, VerdictId
from rightcall.policy.model import Outcome
from rightcall.questions.model import Answered, Stopped


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


# What a rule leaves out of a person's own copy is told in the copy, and is no stop. What Rightcall itself takes out for anybody
# else is one where it is stopped; and so is a copy that falls short since nobody can tell.
_STOP = """outcome IN ('not_right', 'unlawful', 'cannot_tell')
   AND NOT (act = 'export' AND actor_role = 'system' AND outcome <> 'cannot_tell'
            AND facts ->> 'for_speaker' IS NOT DISTINCT FROM 'true')"""
_BY_OUTCOME = """
SELECT outcome, count(*) AS verdicts FROM verdicts
 WHERE controller = %(controller)s AND asked_at >= %(since)s AND {stop} GROUP BY outcome
"""


def stopped(tx: Transaction, since: datetime) -> dict[Outcome, int]:
    """Verdicts that stopped what somebody wanted to do."""
    rows = sql.all_rows(tx, _BY_OUTCOME.format(stop=_STOP), controller=tx.of, since=since)
    return {Outcome(row["outcome"]): row["verdicts"] for row in rows}


_ANSWERS = """
SELECT choice, call, party, purpose, answer, channel, made_at, {held_back} AS quarantined FROM choices
 WHERE controller = %(controller)s AND made_at >= %(since)s AND made_at < %(before)s
   AND {which} AND (%(purpose)s::uuid IS NULL OR purpose = %(purpose)s) {only}
   AND (made_at, choice) {{beyond}} (%(at)s::timestamptz, %(id)s::uuid)
 ORDER BY made_at {{way}}, choice {{way}} LIMIT %(limit)s
"""
_IN_QUARANTINE = """(outcome = 'opened' AND EXISTS (
       SELECT FROM grant_keys g
        WHERE g.controller = choices.controller AND g.grant_id = choices.grant_id AND g.withheld_at IS NOT NULL))"""
_ANY: LiteralString = "answer = ANY (%(answers)s)"
_ONE: LiteralString = "answer = (%(answers)s::text[])[1]"
"""A walk along the index of that answer, however rare it is among the others."""
_EVERY_ANSWER = both_ways(_ANSWERS.format(held_back=_IN_QUARANTINE, only="", which=_ANY))
_OF_ONE_SORT = both_ways(_ANSWERS.format(held_back=_IN_QUARANTINE, only="", which=_ONE))
_QUARANTINED = both_ways(_ANSWERS.format(held_back="true", only=f"AND {_IN_QUARANTINE}", which=_ANY))


def answers(
    tx: Transaction, walk: Walk, only: Collection[Answer], purpose: PurposeId | None, limit: int, *, quarantined: bool = False
) -> list[Answered]:
    """What `answers_by_day` counts, one by one, by when it was said; or those of them that `quarantined` counts."""
    which = {"answers": [each.value for each in only], "purpose": purpose}
    statement = _QUARANTINED if quarantined else _OF_ONE_SORT if len(only) == 1 else _EVERY_ANSWER
    rows = sql.all_rows(tx, statement[walk.oldest_first], controller=tx.of, limit=limit, **which, **walk.bounds())
    return [
        Answered(
            id=ChoiceId(row["choice"]),
            call=CallId(row["call"]),
            purpose=PurposeId(row["purpose"]),
            answer=Answer(row["answer"]),
            channel=Channel(row["channel"]),
            at=row["made_at"],
            quarantined=row["quarantined"],
        )
        for row in rows
    ]


_STOPS = """
SELECT verdict, asked_at, act, purpose, call, actor_role, outcome, reasons FROM verdicts
 WHERE controller = %(controller)s AND asked_at >= %(since)s AND asked_at < %(before)s
   AND {stop} AND (%(outcome)s::text IS NULL OR outcome = %(outcome)s)
   AND (asked_at, verdict) {{beyond}} (%(at)s::timestamptz, %(id)s::uuid)
 ORDER BY asked_at {{way}}, verdict {{way}} LIMIT %(limit)s
"""
_STOPPED = both_ways(_STOPS.format(stop=_STOP))


def stops(tx: Transaction, walk: Walk, outcome: Outcome | None, limit: int) -> list[Stopped]:
    """What `stopped` counts, one by one, by when it was asked."""
    value = outcome and outcome.value
    rows = sql.all_rows(tx, _STOPPED[walk.oldest_first], controller=tx.of, limit=limit, outcome=value, **walk.bounds())
    return [
        Stopped(
            id=VerdictId(row["verdict"]),
            at=row["asked_at"],
            act=row["act"],
            purpose=None if row["purpose"] is None else PurposeId(row["purpose"]),
            call=None if row["call"] is None else CallId(row["call"]),
            by=Role(row["actor_role"]),
            outcome=Outcome(row["outcome"]),
            rules=tuple(each["rule"] for each in row["reasons"]),
        )
        for row in rows
    ]


def quarantined(tx: Transaction) -> int:
    """Grants whose yes was found void, and that wait for somebody to judge them."""
    row = sql.one_row(
        tx,
        "SELECT count(*) AS grants FROM grant_keys WHERE controller = %(controller)s AND withheld_at IS NOT NULL",
        controller=tx.of,
    )
    return int(row["grants"])
