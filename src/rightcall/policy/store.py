"""Verdicts in the database, and the rules that gave them: written once, read back as they were."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, LiteralString, TypeAlias

from rightcall.actors import Actor, Role
from rightcall.database.connection import Transaction
from rightcall.database.sql import Row, all_rows, execute, maybe_row
from rightcall.ids import CallId, VerdictId
from rightcall.policy.model import Act, Axis, Confidence, Duty, DutyKind, Old, Outcome, Reason, StoredVerdict, Verdict
from rightcall.policy.replay import Alike, Answer

Document: TypeAlias = Mapping[str, Any]


def insert_verdicts(tx: Transaction, verdicts: Sequence[StoredVerdict]) -> None:
    """All of them in one statement."""
    execute(
        tx,
        """
        INSERT INTO verdicts (controller, verdict, asked_at, act, purpose, call, stream, holding, actor, actor_role,
                              facts, rule_set, outcome, lawful, is_right, reasons, duties, missing, overrides, statement)
        SELECT %(controller)s, verdict, asked_at, act, purpose, call, stream, holding, actor, actor_role,
               facts, decode(rule_set, 'hex'), outcome, lawful, is_right, reasons, duties, missing, overrides, statement
          FROM jsonb_to_recordset(%(rows)s::jsonb)
            AS each (verdict uuid, asked_at timestamptz, act text, purpose uuid, call uuid, stream uuid, holding uuid,
                     actor uuid, actor_role text, facts jsonb, rule_set text, outcome text, lawful boolean,
                     is_right boolean, reasons jsonb, duties jsonb, missing text[], overrides uuid[], statement uuid)
        """,
        controller=tx.of,
        rows=json.dumps([_document(each) for each in verdicts]),
    )


def verdict(tx: Transaction, verdict: VerdictId) -> StoredVerdict | None:
    row = maybe_row(
        tx,
        """
        SELECT verdict, asked_at, act, purpose, call, stream, holding, actor, actor_role, facts::text AS facts, rule_set,
               outcome, lawful, is_right, reasons, duties, missing, overrides, statement
          FROM verdicts
         WHERE controller = %(controller)s AND verdict = %(verdict)s
        """,
        controller=tx.of,
        verdict=verdict,
    )
    return None if row is None else _verdict(row)


def verdicts_of_call(tx: Transaction, call: CallId) -> list[StoredVerdict]:
    rows = all_rows(
        tx,
        """
        SELECT verdict, asked_at, act, purpose, call, stream, holding, actor, actor_role, facts::text AS facts, rule_set,
               outcome, lawful, is_right, reasons, duties, missing, overrides, statement
          FROM verdicts
         WHERE controller = %(controller)s AND call = %(call)s
         ORDER BY asked_at, verdict
        """,
        controller=tx.of,
        call=call,
    )
    return [_verdict(row) for row in rows]


def verdicts_among(tx: Transaction, verdicts: Sequence[VerdictId]) -> list[StoredVerdict]:
    rows = all_rows(
        tx,
        """
        SELECT verdict, asked_at, act, purpose, call, stream, holding, actor, actor_role, facts::text AS facts, rule_set,
               outcome, lawful, is_right, reasons, duties, missing, overrides, statement
          FROM verdicts
         WHERE controller = %(controller)s AND verdict = ANY (%(verdicts)s)
         ORDER BY asked_at, verdict
        """,
        controller=tx.of,
        verdicts=list(verdicts),
    )
    return [_verdict(row) for row in rows]


def end_of_stretch(
    tx: Transaction, *, since: datetime, until: datetime, after: VerdictId, verdicts: int
) -> tuple[datetime, VerdictId] | None:
    """The last of the next `verdicts` verdicts after (`since`, `after`), by instant and id; None where there are fewer."""
    row = maybe_row(
        tx,
        """
        SELECT asked_at, verdict
          FROM verdicts
         WHERE controller = %(controller)s
           AND asked_at >= %(since)s AND (asked_at, verdict) > (%(since)s, %(after)s) AND asked_at < %(until)s
         ORDER BY asked_at, verdict
        OFFSET %(skipped)s LIMIT 1
        """,
        controller=tx.of,
        since=since,
        after=after,
        until=until,
        skipped=verdicts - 1,
    )
    return None if row is None else (row["asked_at"], row["verdict"])


def stretch(tx: Transaction, *, since: datetime, after: VerdictId, until: datetime, up_to: VerdictId) -> list[Alike]:
    """Verdicts after (`since`, `after`) up to (`until`, `up_to`), those of one day that are alike put together."""
    rows = all_rows(
        tx,
        """
        SELECT (asked_at AT TIME ZONE 'UTC')::date AS day, act, facts::text AS facts, rule_set, outcome, lawful, is_right,
               jsonb_path_query_array(reasons, '$[*].rule') AS rules, duties, missing,
               CASE WHEN overrides = '{}' THEN '{}'::text[]
                    ELSE ARRAY(SELECT o.rule FROM overrides o
                                WHERE o.controller = %(controller)s AND o.override = ANY (v.overrides) ORDER BY o.rule)
                END AS aside,
               string_agg(uuid_send(verdict), ''::bytea) AS verdicts, string_agg(uuid_send(call), ''::bytea) AS calls
          FROM verdicts v
         WHERE controller = %(controller)s
           AND asked_at >= %(since)s AND (asked_at, verdict) > (%(since)s, %(after)s)
           AND asked_at <= %(until)s AND (asked_at, verdict) <= (%(until)s, %(up_to)s)
         GROUP BY (asked_at AT TIME ZONE 'UTC')::date, act, facts, rule_set, outcome, lawful, is_right, reasons, duties, missing,
                  overrides
        """,
        controller=tx.of,
        since=since,
        after=after,
        until=until,
        up_to=up_to,
    )
    return [_alike(row) for row in rows]


_FORGET: LiteralString = """
DELETE FROM verdicts v
 WHERE v.controller = %(controller)s AND {which}
   AND NOT EXISTS (SELECT FROM holding_uses n WHERE n.controller = v.controller AND n.verdict = v.verdict)
   AND NOT EXISTS (SELECT FROM override_uses n WHERE n.controller = v.controller AND n.verdict = v.verdict)
   AND NOT EXISTS (SELECT FROM conflicts n WHERE n.controller = v.controller AND n.verdict = v.verdict)
   AND NOT EXISTS (SELECT FROM holds n WHERE n.controller = v.controller AND n.verdict = v.verdict)
   AND NOT EXISTS (SELECT FROM breaches n WHERE n.controller = v.controller AND n.verdict = v.verdict)
   AND NOT EXISTS (SELECT FROM review_openings n WHERE n.controller = v.controller AND n.verdict = v.verdict)
   AND NOT EXISTS (SELECT FROM reviews n WHERE n.controller = v.controller AND n.longer_verdict = v.verdict)
"""
"""Whatever points to a verdict says so by a foreign key, and by an index."""
_OF_NOTHING_KNOWN = "NOT EXISTS (SELECT FROM holdings h WHERE h.controller = v.controller AND h.holding = v.holding)"
_FORGET_OF_CALLS = _FORGET.replace(
    "{which}", "v.call = ANY (%(calls)s::uuid[]) AND v.asked_at < %(before)s AND " + _OF_NOTHING_KNOWN
)
_FORGET_THESE = _FORGET.replace("{which}", "v.verdict = ANY (%(verdicts)s::uuid[])")


def forget_of_calls(tx: Transaction, calls: Sequence[CallId], before: datetime) -> int:
    """What was decided before then in calls that are known no more, but for what something rests on that is."""
    return execute(tx, _FORGET_OF_CALLS, controller=tx.of, calls=list(calls), before=before)


def decided_since(tx: Transaction, calls: Sequence[CallId], since: datetime) -> set[CallId]:
    """Those in which anything was decided since then: also long after they were over."""
    rows = all_rows(
        tx,
        "SELECT DISTINCT call FROM verdicts WHERE controller = %(controller)s AND call = ANY (%(calls)s::uuid[])"
        " AND asked_at >= %(since)s",
        controller=tx.of,
        calls=list(calls),
        since=since,
    )
    return {CallId(row["call"]) for row in rows}


def old_of_no_call(tx: Transaction, before: datetime, after: Old | None, limit: int) -> list[Old]:
    """What was decided before then in no call that is known, by when, from behind `after`; of each what it was about."""
    rows = all_rows(
        tx,
        """
        SELECT verdict, asked_at, holding FROM verdicts v
         WHERE controller = %(controller)s AND asked_at < %(before)s
           AND (call IS NULL OR NOT EXISTS (SELECT FROM calls c WHERE c.controller = v.controller AND c.call = v.call))
           AND (%(verdict)s::uuid IS NULL OR (asked_at, verdict) > (%(asked_at)s::timestamptz, %(verdict)s))
         ORDER BY asked_at, verdict LIMIT %(limit)s
        """,
        controller=tx.of,
        before=before,
        asked_at=None if after is None else after.asked_at,
        verdict=None if after is None else after.id,
        limit=limit,
    )
    return [Old(id=row["verdict"], asked_at=row["asked_at"], holding=row["holding"]) for row in rows]


def forget(tx: Transaction, verdicts: Sequence[VerdictId]) -> int:
    """Those of these that nothing rests on that is known."""
    return execute(tx, _FORGET_THESE, controller=tx.of, verdicts=list(verdicts))


def keep_rule_set(
    tx: Transaction, *, rule_set: bytes, vocabulary: bytes, words: Sequence[str], rules: Sequence[Document], at: datetime
) -> None:
    """Once; kept before is kept."""
    execute(
        tx,
        """
        INSERT INTO rule_sets (rule_set, vocabulary, words, rules, kept_at)
        VALUES (%(rule_set)s, %(vocabulary)s, %(words)s, %(rules)s::jsonb, %(at)s)
            ON CONFLICT DO NOTHING
        """,
        rule_set=rule_set,
        vocabulary=vocabulary,
        words=list(words),
        rules=json.dumps(rules),
        at=at,
    )


def rule_sets(tx: Transaction, rule_set: bytes) -> list[tuple[frozenset[str], list[Document]]]:
    """The words it was in force under, and its rules, each with axis, file and source; one for each vocabulary."""
    rows = all_rows(
        tx,
        """
        SELECT words, rules
          FROM rule_sets
         WHERE rule_set = %(rule_set)s
         ORDER BY kept_at
        """,
        rule_set=rule_set,
    )
    return [(frozenset(row["words"]), row["rules"]) for row in rows]


def _alike(row: Row) -> Alike:
    return Alike(
        day=row["day"],
        act=Act(row["act"]),
        facts=row["facts"].encode(),
        rule_set=row["rule_set"],
        answer=Answer(
            outcome=Outcome(row["outcome"]),
            lawful=row["lawful"],
            right=row["is_right"],
            rules=frozenset(row["rules"]),
            duties=frozenset(_duty(each) for each in row["duties"]),
            missing=frozenset(row["missing"]),
        ),
        aside=frozenset(row["aside"]),
        verdicts=row["verdicts"],
        calls=row["calls"] or b"",
    )


def _reason(document: Document) -> Reason:
    """Verdicts of earlier days say neither places nor confidence."""
    confidence = document.get("confidence")
    return Reason(
        rule=document["rule"],
        axis=Axis(document["axis"]),
        ground=document["ground"],
        says=document["says"],
        instead=document["instead"],
        places=tuple(document.get("places", ())),
        confidence=None if confidence is None else Confidence(confidence),
    )


def _duty(document: Document) -> Duty:
    return Duty(**{**document, "kind": DutyKind(document["kind"])})


def _document(stored: StoredVerdict) -> Document:
    verdict = stored.verdict
    return {
        "verdict": str(stored.id),
        "asked_at": stored.asked_at.isoformat(),
        "act": stored.act.value,
        "purpose": _text(stored.purpose),
        "call": _text(stored.call),
        "stream": _text(stored.stream),
        "holding": _text(stored.holding),
        "actor": str(stored.by.id),
        "actor_role": stored.by.role.value,
        "facts": json.loads(stored.facts),
        "rule_set": verdict.rule_set.hex(),
        "outcome": verdict.outcome.value,
        "lawful": verdict.lawful,
        "is_right": verdict.right,
        "reasons": [
            {
                "rule": reason.rule,
                "axis": reason.axis.value,
                "ground": reason.ground,
                "says": reason.says,
                "instead": reason.instead,
                "places": list(reason.places),
                "confidence": reason.confidence,
            }
            for reason in verdict.reasons
        ],
        "duties": [{"kind": duty.kind.value, "rule": duty.rule, "days": duty.days} for duty in verdict.duties],
        "missing": list(verdict.missing),
        "overrides": [str(each) for each in verdict.overrides],
        "statement": str(stored.statement),
    }


def _verdict(row: Row) -> StoredVerdict:
    return StoredVerdict(
        id=row["verdict"],
        asked_at=row["asked_at"],
        by=Actor(id=row["actor"], role=Role(row["actor_role"])),
        act=Act(row["act"]),
        purpose=row["purpose"],
        call=row["call"],
        stream=row["stream"],
        holding=row["holding"],
        facts=row["facts"],
        verdict=Verdict(
            outcome=Outcome(row["outcome"]),
            lawful=row["lawful"],
            right=row["is_right"],
            reasons=tuple(_reason(each) for each in row["reasons"]),
            duties=tuple(_duty(each) for each in row["duties"]),
            missing=tuple(row["missing"]),
            rule_set=row["rule_set"],
            overrides=tuple(row["overrides"]),
        ),
        statement=row["statement"],
    )


def _text(identity: object) -> str | None:
    return None if identity is None else str(identity)
