"""The SQL of overrides and their uses."""

from collections.abc import Sequence
from datetime import datetime

from rightcall.actors import Actor, Role
from rightcall.database.connection import Transaction
from rightcall.database.sql import Row, all_rows, execute, execute_many, maybe_row, take_turns
from rightcall.ids import OverrideId, VerdictId
from rightcall.policy.overrides.model import Category, Override


def insert(tx: Transaction, override: Override, *, digest: bytes, sealed_name: bytes, sealed_reason: bytes) -> None:
    execute(
        tx,
        """
        INSERT INTO overrides (controller, override, rule, rule_digest, value, purpose, call, category, sealed_name,
                               sealed_reason, actor, actor_role, begins_at, until, statement)
        VALUES (%(controller)s, %(override)s, %(rule)s, %(digest)s, %(value)s, %(purpose)s, %(call)s, %(category)s,
                %(sealed_name)s, %(sealed_reason)s, %(actor)s, %(actor_role)s, %(begins_at)s, %(until)s, %(statement)s)
        """,
        controller=tx.of,
        override=override.id,
        rule=override.rule,
        digest=digest,
        value=override.value,
        purpose=override.purpose,
        call=override.call,
        category=override.category.value,
        sealed_name=sealed_name,
        sealed_reason=sealed_reason,
        actor=override.by.id,
        actor_role=override.by.role.value,
        begins_at=override.begins_at,
        until=override.until,
        statement=override.statement,
    )


def lock(tx: Transaction) -> None:
    take_turns(tx, "overrides")


def end(tx: Transaction, override: OverrideId, *, by: Actor, at: datetime) -> int:
    """How many were ended: none where it was over."""
    return execute(
        tx,
        """
        UPDATE overrides SET ended_at = %(at)s, ended_by = %(actor)s, ended_by_role = %(role)s
         WHERE controller = %(controller)s AND override = %(override)s AND ended_at IS NULL AND until > %(at)s
        """,
        controller=tx.of,
        override=override,
        at=at,
        actor=by.id,
        role=by.role.value,
    )


def overrides(tx: Transaction, *, since: datetime, override: OverrideId | None = None) -> list[Override]:
    """Those that were in force at `since` or later, or the one; the last to end first."""
    rows = all_rows(
        tx,
        """
        SELECT o.override, o.rule, o.value, o.purpose, o.call, o.category, o.actor, o.actor_role, o.begins_at, o.until,
               o.ended_at, o.ended_by, o.ended_by_role, o.statement,
               (SELECT count(*) FROM override_uses u
                 WHERE u.controller = o.controller AND u.override = o.override) AS uses
          FROM overrides o
         WHERE o.controller = %(controller)s
           AND CASE WHEN %(override)s::uuid IS NULL THEN o.until > %(since)s ELSE o.override = %(override)s END
         ORDER BY coalesce(o.ended_at, o.until) DESC, o.override DESC
        """,
        controller=tx.of,
        since=since,
        override=override,
    )
    return [_override(row) for row in rows]


def sealed(tx: Transaction, override: OverrideId) -> tuple[bytes, bytes] | None:
    """Name and reason."""
    row = maybe_row(
        tx,
        "SELECT sealed_name, sealed_reason FROM overrides WHERE controller = %(controller)s AND override = %(override)s",
        controller=tx.of,
        override=override,
    )
    return None if row is None else (row["sealed_name"], row["sealed_reason"])


def insert_uses(tx: Transaction, uses: Sequence[tuple[OverrideId, VerdictId]]) -> None:
    execute_many(
        tx,
        "INSERT INTO override_uses (controller, override, verdict) VALUES (%(controller)s, %(override)s, %(verdict)s)",
        [{"controller": tx.of, "override": override, "verdict": verdict} for override, verdict in uses],
    )


def _override(row: Row) -> Override:
    ended_by = None if row["ended_by"] is None else Actor(id=row["ended_by"], role=Role(row["ended_by_role"]))
    return Override(
        id=row["override"],
        rule=row["rule"],
        value=row["value"],
        purpose=row["purpose"],
        call=row["call"],
        category=Category(row["category"]),
        by=Actor(id=row["actor"], role=Role(row["actor_role"])),
        begins_at=row["begins_at"],
        until=row["until"],
        ended_at=row["ended_at"],
        ended_by=ended_by,
        uses=row["uses"],
        statement=row["statement"],
    )
