"""Verdicts counted and listed."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from rightcall.actors import PartyRole
from rightcall.database.connection import Transaction
from rightcall.database.sql import Row, all_rows, one_row
from rightcall.ids import PurposeId, VerdictId
from rightcall.policy.looking.model import Behind, Line, Wanted
from rightcall.policy.model import Act, Axis, Outcome
from rightcall.policy.vocabulary import FACTS_OF

Way: TypeAlias = tuple[PurposeId | None, Act, Outcome, PartyRole | None, bool]
_OF_WORDS = [act.value for act in Act if "speaker" in FACTS_OF[act]]
"""Acts about somebody's words: asked about no call and no holding, they are about nothing that is on record."""


def total(tx: Transaction, wanted: Wanted) -> tuple[int, int]:
    """Verdicts, and the calls they were about."""
    row = one_row(
        tx,
        """
        SELECT count(*) AS verdicts, count(DISTINCT call) AS calls
          FROM verdicts
         WHERE controller = %(controller)s AND asked_at >= %(since)s AND asked_at < %(until)s
           AND (%(purpose)s::uuid IS NULL OR purpose = %(purpose)s)
           AND (%(act)s::text IS NULL OR act = %(act)s)
           AND (%(outcome)s::text IS NULL OR outcome = %(outcome)s)
           AND (%(rule)s::text IS NULL OR reasons @> jsonb_build_array(jsonb_build_object('rule', %(rule)s::text)))
        """,
        **_values(tx, wanted),
    )
    return row["verdicts"], row["calls"]


def lines(tx: Transaction, wanted: Wanted, behind: Mapping[Way, tuple[Behind, ...]]) -> list[Line]:
    rows = all_rows(
        tx,
        """
        SELECT purpose, act, outcome, facts -> 'speaker' ->> 'role' AS about,
               (call IS NOT NULL OR holding IS NOT NULL OR act <> ALL(%(of_words)s)) AS is_on_record,
               count(*) AS verdicts, count(DISTINCT call) AS calls
          FROM verdicts
         WHERE controller = %(controller)s AND asked_at >= %(since)s AND asked_at < %(until)s
           AND (%(purpose)s::uuid IS NULL OR purpose = %(purpose)s)
           AND (%(act)s::text IS NULL OR act = %(act)s)
           AND (%(outcome)s::text IS NULL OR outcome = %(outcome)s)
           AND (%(rule)s::text IS NULL OR reasons @> jsonb_build_array(jsonb_build_object('rule', %(rule)s::text)))
         GROUP BY purpose, act, outcome, about, is_on_record
         ORDER BY purpose, act, outcome, is_on_record DESC, about
        """,
        **_values(tx, wanted),
    )
    return [_line(row, behind.get(_way(row), ())) for row in rows]


def behind(tx: Transaction, wanted: Wanted) -> dict[Way, tuple[Behind, ...]]:
    """What stood in the way of each no: its rules, and the facts that were missing. The most frequent first."""
    rows = all_rows(
        tx,
        """
        SELECT purpose, act, outcome, facts -> 'speaker' ->> 'role' AS about,
               (call IS NOT NULL OR holding IS NOT NULL OR act <> ALL(%(of_words)s)) AS is_on_record,
               each.value ->> 'rule' AS rule, each.value ->> 'axis' AS axis,
               (array_agg(each.value ->> 'says' ORDER BY asked_at DESC))[1] AS says,
               (array_agg(each.value ->> 'instead' ORDER BY asked_at DESC))[1] AS instead,
               count(*) AS verdicts, count(DISTINCT call) AS calls,
               (array_agg(verdict ORDER BY asked_at DESC, verdict))[1:3] AS examples
          FROM verdicts
         CROSS JOIN LATERAL jsonb_array_elements(
               reasons || (SELECT coalesce(jsonb_agg(jsonb_build_object('rule', name)), '[]') FROM unnest(missing) AS name)
               ) AS each (value)
         WHERE controller = %(controller)s AND asked_at >= %(since)s AND asked_at < %(until)s
           AND outcome NOT IN ('proceed', 'proceed_with_duties')
           AND (%(purpose)s::uuid IS NULL OR purpose = %(purpose)s)
           AND (%(act)s::text IS NULL OR act = %(act)s)
           AND (%(outcome)s::text IS NULL OR outcome = %(outcome)s)
           AND (%(rule)s::text IS NULL OR reasons @> jsonb_build_array(jsonb_build_object('rule', %(rule)s::text)))
         GROUP BY purpose, act, outcome, about, is_on_record, each.value ->> 'rule', each.value ->> 'axis'
         ORDER BY count(*) DESC, each.value ->> 'rule'
        """,
        **_values(tx, wanted),
    )
    found: dict[Way, tuple[Behind, ...]] = {}
    for row in rows:
        found[_way(row)] = (*found.get(_way(row), ()), _behind(row))
    return found


def ids(tx: Transaction, wanted: Wanted, *, after: VerdictId | None, limit: int) -> list[VerdictId]:
    """The newest first, beginning after `after`. Ids of verdicts follow their instants."""
    rows = all_rows(
        tx,
        """
        SELECT verdict
          FROM verdicts
         WHERE controller = %(controller)s AND asked_at >= %(since)s AND asked_at < %(until)s
           AND (%(purpose)s::uuid IS NULL OR purpose = %(purpose)s)
           AND (%(act)s::text IS NULL OR act = %(act)s)
           AND (%(outcome)s::text IS NULL OR outcome = %(outcome)s)
           AND (%(rule)s::text IS NULL OR reasons @> jsonb_build_array(jsonb_build_object('rule', %(rule)s::text)))
           AND (%(after)s::uuid IS NULL
                OR (asked_at, verdict) < (SELECT asked_at, verdict FROM verdicts
                                           WHERE controller = %(controller)s AND verdict = %(after)s))
         ORDER BY asked_at DESC, verdict DESC
         LIMIT %(limit)s
        """,
        after=after,
        limit=limit,
        **_values(tx, wanted),
    )
    return [VerdictId(row["verdict"]) for row in rows]


def _values(tx: Transaction, wanted: Wanted) -> dict[str, Any]:
    return {
        "controller": tx.of,
        "since": wanted.since,
        "until": wanted.until,
        "purpose": wanted.purpose,
        "act": None if wanted.act is None else wanted.act.value,
        "outcome": None if wanted.outcome is None else wanted.outcome.value,
        "rule": wanted.rule,
        "of_words": _OF_WORDS,
    }


def _way(row: Row) -> Way:
    about = None if row["about"] is None else PartyRole(row["about"])
    return (row["purpose"], Act(row["act"]), Outcome(row["outcome"]), about, row["is_on_record"])


def _line(row: Row, behind: tuple[Behind, ...]) -> Line:
    purpose, act, outcome, about, is_on_record = _way(row)
    return Line(
        purpose=purpose,
        act=act,
        outcome=outcome,
        about=about,
        is_on_record=is_on_record,
        verdicts=row["verdicts"],
        calls=row["calls"],
        behind=behind,
    )


def _behind(row: Row) -> Behind:
    return Behind(
        rule=row["rule"],
        axis=None if row["axis"] is None else Axis(row["axis"]),
        says=row["says"] or "",
        instead=row["instead"] or "",
        verdicts=row["verdicts"],
        calls=row["calls"],
        examples=tuple(VerdictId(each) for each in row["examples"]),
    )
