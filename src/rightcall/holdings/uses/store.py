"""The access log, `holding_uses`. Lines are added, and go once nothing is known any more of what was used. All uses of one
person, of one holding or for one purpose are one walk along one index each, however long the log is."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

from rightcall.actors import Actor, Role
from rightcall.database.connection import Transaction
from rightcall.database.sql import Row, all_rows, execute, maybe_row, one_row
from rightcall.database.walk import Walk, both_ways
from rightcall.holdings.uses.model import After, Ground, Made, NewUse, Report, Stretch, Use, UseAct, Which
from rightcall.ids import HoldingId, PurposeId, StatementId, SubjectId


def insert(tx: Transaction, uses: Sequence[tuple[NewUse, StatementId]], at: datetime, *, refused: bool) -> None:
    """Whose it is, where it lies and how old it is, the map says where the thing is on it."""
    execute(
        tx,
        """
        INSERT INTO holding_uses (controller, statement, holding, subject, purpose, act, actor, actor_role, verdict, used_at,
                                  ground, fields, spans, system, object, age_days, refused)
        SELECT %(controller)s, u.statement, u.holding, coalesce(h.subject, u.subject), u.purpose, u.act, u.actor, u.actor_role,
               u.verdict, %(at)s, u.ground, u.fields, u.spans::int4multirange, coalesce(h.system, u.system),
               coalesce(h.object, u.object),
               greatest(0, extract(epoch FROM %(at)s - coalesce(h.made_at, u.made_at))::bigint / 86400), %(refused)s
          FROM jsonb_to_recordset(%(rows)s::jsonb)
            AS u (statement uuid, holding uuid, subject uuid, purpose uuid, act text, actor uuid, actor_role text, verdict uuid,
                  ground text, fields text[], spans text, system uuid, object uuid, made_at timestamptz)
          LEFT JOIN holdings h ON h.controller = %(controller)s AND h.holding = u.holding
        """,
        controller=tx.of,
        at=at,
        refused=refused,
        rows=json.dumps([_document(use, statement) for use, statement in uses]),
    )


def _document(use: NewUse, statement: StatementId) -> dict[str, object]:
    return {
        "statement": str(statement),
        "holding": _text(use.holding),
        "subject": str(use.subject),
        "purpose": str(use.purpose),
        "act": use.act.value,
        "actor": str(use.by.id),
        "actor_role": use.by.role.value,
        "verdict": _text(use.verdict),
        "ground": use.ground.value,
        "fields": [field.text for field in use.fields],
        "spans": "{" + ",".join(map(_span, use.stretches)) + "}",
        "system": _text(use.system),
        "object": _text(use.object),
        "made_at": None if use.made_at is None else use.made_at.isoformat(),
    }


def _span(stretch: Stretch) -> str:
    return f"[{stretch.from_ms},{'' if stretch.until_ms is None else stretch.until_ms})"


def _text(id: UUID | None) -> str | None:
    return None if id is None else str(id)


def covers(
    tx: Transaction,
    holding: HoldingId,
    *,
    purpose: PurposeId,
    by: Actor,
    act: UseAct,
    stretch: Stretch,
    since: datetime,
) -> bool:
    """Whether lines since then, taken together, tell already that this person read this stretch for this purpose."""
    row = one_row(
        tx,
        """
        SELECT coalesce(range_agg(spans) @> %(spans)s::int4multirange, false) AS covered
          FROM holding_uses
         WHERE controller = %(controller)s AND holding = %(holding)s AND used_at >= %(since)s
           AND purpose = %(purpose)s AND actor = %(actor)s AND act = %(act)s AND NOT refused
        """,
        controller=tx.of,
        holding=holding,
        since=since,
        purpose=purpose,
        actor=by.id,
        act=act.value,
        spans=_spans([stretch]),
    )
    covered: bool = row["covered"]
    return covered


def latest(tx: Transaction, holding: HoldingId, *, purpose: PurposeId, by: Actor, act: UseAct) -> StatementId:
    """The newest of the lines that `covers` looks at, of which there is one."""
    row = one_row(
        tx,
        """
        SELECT statement FROM holding_uses
         WHERE controller = %(controller)s AND holding = %(holding)s
           AND purpose = %(purpose)s AND actor = %(actor)s AND act = %(act)s AND NOT refused
         ORDER BY used_at DESC, statement DESC
         LIMIT 1
        """,
        controller=tx.of,
        holding=holding,
        purpose=purpose,
        actor=by.id,
        act=act.value,
    )
    statement: StatementId = row["statement"]
    return statement


def of_subjects(tx: Transaction, subjects: Sequence[SubjectId], *, after: After | None, limit: int | None) -> list[Use]:
    """Newest first over all of them, from behind `after`: of each a walk along the one index, by itself, so that it is planned
    once and not each time."""
    rows = [row for subject in subjects for row in _rows_of_subject(tx, subject, after, limit)]
    rows.sort(key=lambda row: (row["used_at"], row["statement"]), reverse=True)
    return [_use(row) for row in rows[:limit]]


def _rows_of_subject(tx: Transaction, subject: SubjectId, after: After | None, limit: int | None) -> list[Row]:
    return all_rows(
        tx,
        """
        SELECT holding, subject, purpose, act, actor, actor_role, verdict, used_at, statement, ground, fields, spans, system,
               object, age_days, refused
          FROM holding_uses
         WHERE controller = %(controller)s AND subject = %(subject)s
           AND (%(at)s::timestamptz IS NULL OR (used_at, statement) < (%(at)s, %(after)s))
         ORDER BY used_at DESC, statement DESC
         LIMIT %(limit)s
        """,
        controller=tx.of,
        subject=subject,
        at=None if after is None else after.at,
        after=None if after is None else after.statement,
        limit=limit,
    )


_USES = """
SELECT holding, subject, purpose, act, actor, actor_role, verdict, used_at, statement, ground, fields, spans, system,
       object, age_days, refused
  FROM holding_uses
 WHERE controller = %(controller)s AND used_at >= %(since)s AND used_at < %(before)s {only}
   AND (used_at, statement) {{beyond}} (%(at)s::timestamptz, %(id)s::uuid)
 ORDER BY used_at {{way}}, statement {{way}} LIMIT %(limit)s
"""
_ONLY: Mapping[str, LiteralString] = {
    "act": " AND act = %(act)s",
    "purpose": " AND purpose = %(purpose)s",
    "actor_role": " AND actor_role = %(actor_role)s",
    "actor": " AND actor = %(actor)s",
    "subject": " AND subject = %(subject)s",
    "holdings": " AND holding = ANY (%(holdings)s)",
}


def page(tx: Transaction, walk: Walk, which: Which, limit: int) -> list[Use]:
    """By when it was. What is not asked for is not in the statement, so that the plan walks the index of what is."""
    asked = {
        "act": which.act and which.act.value,
        "purpose": which.purpose,
        "actor_role": which.role and which.role.value,
        "actor": which.actor,
        "subject": which.subject,
        "holdings": None if which.holdings is None else list(which.holdings),
    }
    given = {name: value for name, value in asked.items() if value is not None}
    only: LiteralString = "".join(_ONLY[name] for name in given)
    statement = both_ways(_USES.format(only=only))[walk.oldest_first]
    rows = all_rows(tx, statement, controller=tx.of, limit=limit, **given, **walk.bounds())
    return [_use(row) for row in rows]


def looks_of_subject(tx: Transaction, subject: SubjectId, limit: int) -> list[Use]:
    """Of the one: those that name nothing on the map, newest first."""
    rows = all_rows(
        tx,
        """
        SELECT holding, subject, purpose, act, actor, actor_role, verdict, used_at, statement, ground, fields, spans, system,
               object, age_days, refused
          FROM holding_uses
         WHERE controller = %(controller)s AND subject = %(subject)s AND holding IS NULL
         ORDER BY used_at DESC, statement DESC
         LIMIT %(limit)s
        """,
        controller=tx.of,
        subject=subject,
        limit=limit,
    )
    return [_use(row) for row in rows]


def of_holdings(tx: Transaction, holdings: Sequence[HoldingId]) -> list[Use]:
    rows = all_rows(
        tx,
        """
        SELECT holding, subject, purpose, act, actor, actor_role, verdict, used_at, statement, ground, fields, spans, system,
               object, age_days, refused
          FROM holding_uses
         WHERE controller = %(controller)s AND holding = ANY (%(holdings)s)
         ORDER BY used_at DESC, statement DESC
        """,
        controller=tx.of,
        holdings=list(holdings),
    )
    return [_use(row) for row in rows]


def by_statements(tx: Transaction, statements: Sequence[StatementId]) -> dict[StatementId, Use]:
    rows = all_rows(
        tx,
        """
        SELECT holding, subject, purpose, act, actor, actor_role, verdict, used_at, statement, ground, fields, spans, system,
               object, age_days, refused
          FROM holding_uses
         WHERE controller = %(controller)s AND statement = ANY (%(statements)s)
        """,
        controller=tx.of,
        statements=list(statements),
    )
    return {use.statement: use for use in map(_use, rows)}


def made(tx: Transaction, since: datetime) -> list[Made]:
    rows = all_rows(
        tx,
        """
        SELECT purpose, act, actor_role, count(*) AS times
          FROM holding_uses
         WHERE controller = %(controller)s AND used_at >= %(since)s AND NOT refused
         GROUP BY purpose, act, actor_role ORDER BY purpose, act, actor_role
        """,
        controller=tx.of,
        since=since,
    )
    return [
        Made(purpose=row["purpose"], act=UseAct(row["act"]), role=Role(row["actor_role"]), times=row["times"]) for row in rows
    ]


def _spans(stretches: Sequence[Stretch]) -> Multirange[int]:
    return Multirange([Range(each.from_ms, each.until_ms) for each in stretches])


def _use(row: Row) -> Use:
    return Use(
        holding=row["holding"],
        subject=row["subject"],
        purpose=row["purpose"],
        by=Actor(id=row["actor"], role=Role(row["actor_role"])),
        act=UseAct(row["act"]),
        verdict=row["verdict"],
        ground=Ground(row["ground"]),
        fields=tuple(row["fields"]),
        stretches=tuple(Stretch(from_ms=each.lower, until_ms=each.upper) for each in row["spans"]),
        system=row["system"],
        object=row["object"],
        age_days=row["age_days"],
        refused=row["refused"],
        at=row["used_at"],
        statement=row["statement"],
    )


def insert_report(tx: Transaction, key: bytes, digest: bytes, statements: Sequence[StatementId], at: datetime) -> bool:
    """False where the key is taken."""
    return (
        execute(
            tx,
            """
            INSERT INTO use_reports (controller, key, digest, statements, reported_at)
            VALUES (%(controller)s, %(key)s, %(digest)s, %(statements)s, %(at)s)
            ON CONFLICT (controller, key) DO NOTHING
            """,
            controller=tx.of,
            key=key,
            digest=digest,
            statements=list(statements),
            at=at,
        )
        == 1
    )


def used_since(tx: Transaction, holdings: Sequence[HoldingId], since: datetime) -> set[HoldingId]:
    """Those of these that anybody used, or wanted to, since then."""
    rows = all_rows(
        tx,
        """
        SELECT DISTINCT holding FROM holding_uses
         WHERE controller = %(controller)s AND holding = ANY (%(holdings)s::uuid[]) AND used_at >= %(since)s
        """,
        controller=tx.of,
        holdings=list(holdings),
        since=since,
    )
    return {row["holding"] for row in rows}


def forget_of(tx: Transaction, holdings: Sequence[HoldingId]) -> int:
    """How many lines there were of these."""
    return execute(
        tx,
        "DELETE FROM holding_uses WHERE controller = %(controller)s AND holding = ANY (%(holdings)s::uuid[])",
        controller=tx.of,
        holdings=list(holdings),
    )


def forget_looks(tx: Transaction, before: datetime, limit: int) -> int:
    """So many of the lines from before then that name nothing on the map. How many there were."""
    return execute(
        tx,
        """
        DELETE FROM holding_uses
         WHERE controller = %(controller)s AND statement IN (
               SELECT statement FROM holding_uses
                WHERE controller = %(controller)s AND holding IS NULL AND used_at < %(before)s LIMIT %(limit)s)
        """,
        controller=tx.of,
        before=before,
        limit=limit,
    )


def forget_reports(tx: Transaction, before: datetime) -> None:
    execute(
        tx,
        "DELETE FROM use_reports WHERE controller = %(controller)s AND reported_at < %(before)s",
        controller=tx.of,
        before=before,
    )


def report(tx: Transaction, key: bytes) -> Report | None:
    row = maybe_row(
        tx,
        "SELECT digest, statements FROM use_reports WHERE controller = %(controller)s AND key = %(key)s",
        controller=tx.of,
        key=key,
    )
    return None if row is None else Report(digest=bytes(row["digest"]), statements=tuple(row["statements"]))
