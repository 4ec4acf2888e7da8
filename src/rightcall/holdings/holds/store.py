"""The tables `holds` and `held_slices`: what keeps something longer than its locks would."""

from collections.abc import Sequence
from datetime import date, datetime

from rightcall.actors import Actor, Role
from rightcall.database.connection import Transaction
from rightcall.database.sql import Row, all_rows, execute, execute_many, maybe_row
from rightcall.holdings.model import Hold, HoldName, HoldReason, Slice
from rightcall.ids import HoldId, HoldingId


def insert(tx: Transaction, hold: Hold) -> bool:
    """False where the name is taken."""
    inserted = execute(
        tx,
        """
        INSERT INTO holds (controller, hold, name, reason, owner, owner_role, placed_at, until, statement)
        VALUES (%(controller)s, %(hold)s, %(name)s, %(reason)s, %(owner)s, %(owner_role)s, %(placed_at)s, %(until)s,
                %(statement)s)
        ON CONFLICT (controller, name) DO NOTHING
        """,
        controller=tx.of,
        hold=hold.id,
        name=hold.name.text,
        reason=hold.reason.value,
        owner=hold.owner.id,
        owner_role=hold.owner.role.value,
        placed_at=hold.placed_at,
        until=hold.until,
        statement=hold.statement,
    )
    if inserted == 0:
        return False
    execute_many(
        tx,
        """
        INSERT INTO held_slices (controller, hold, holding, purpose)
        VALUES (%(controller)s, %(hold)s, %(holding)s, %(purpose)s)
        """,
        [{"controller": tx.of, "hold": hold.id, "holding": each.holding, "purpose": each.purpose} for each in hold.slices],
    )
    return True


def lift(tx: Transaction, hold: HoldId, at: datetime, *, over_on: date | None = None) -> int:
    """With `over_on`, only if its last day lies before that day."""
    return execute(
        tx,
        """
        UPDATE holds
           SET lifted_at = %(at)s
         WHERE controller = %(controller)s AND hold = %(hold)s AND lifted_at IS NULL
           AND (%(over_on)s::date IS NULL OR until < %(over_on)s)
        """,
        controller=tx.of,
        hold=hold,
        at=at,
        over_on=over_on,
    )


def prolong(tx: Transaction, hold: HoldId, until: date) -> int:
    """Only a standing one, and only to a later day."""
    return execute(
        tx,
        """
        UPDATE holds
           SET until = %(until)s
         WHERE controller = %(controller)s AND hold = %(hold)s AND lifted_at IS NULL AND until < %(until)s
        """,
        controller=tx.of,
        hold=hold,
        until=until,
    )


def over(tx: Transaction, on: date) -> list[HoldId]:
    """Those not lifted whose last day lies before `on`."""
    rows = all_rows(
        tx,
        """
        SELECT hold
          FROM holds
         WHERE controller = %(controller)s AND lifted_at IS NULL AND until < %(on)s
         ORDER BY until, hold
        """,
        controller=tx.of,
        on=on,
    )
    return [HoldId(row["hold"]) for row in rows]


def by_id(tx: Transaction, hold: HoldId) -> Hold | None:
    row = maybe_row(
        tx,
        """
        SELECT hold, name, reason, owner, owner_role, placed_at, until, statement, lifted_at, holdings, purposes
          FROM holds_with_slices
         WHERE controller = %(controller)s AND hold = %(hold)s
        """,
        controller=tx.of,
        hold=hold,
    )
    return None if row is None else _hold(row)


def standing(tx: Transaction, holdings: Sequence[HoldingId] | None) -> list[Hold]:
    """Those not lifted; of these holdings, or all."""
    rows = all_rows(
        tx,
        """
        SELECT hold, name, reason, owner, owner_role, placed_at, until, statement, lifted_at, holdings, purposes
          FROM holds_with_slices
         WHERE controller = %(controller)s AND lifted_at IS NULL
           AND (%(holdings)s::uuid[] IS NULL OR hold IN (
                SELECT hold FROM held_slices WHERE controller = %(controller)s AND holding = ANY (%(holdings)s)))
         ORDER BY until, hold
        """,
        controller=tx.of,
        holdings=None if holdings is None else list(holdings),
    )
    return [_hold(row) for row in rows]


def held_among(tx: Transaction, holdings: Sequence[HoldingId]) -> set[HoldingId]:
    """Those of these that a hold keeps which was not lifted."""
    rows = all_rows(
        tx,
        """
        SELECT s.holding
          FROM holds h JOIN held_slices s USING (controller, hold)
         WHERE h.controller = %(controller)s AND h.lifted_at IS NULL AND s.holding = ANY (%(holdings)s)
        """,
        controller=tx.of,
        holdings=list(holdings),
    )
    return {row["holding"] for row in rows}


def _hold(row: Row) -> Hold:
    return Hold(
        id=row["hold"],
        name=HoldName(text=row["name"]),
        reason=HoldReason(row["reason"]),
        owner=Actor(id=row["owner"], role=Role(row["owner_role"])),
        placed_at=row["placed_at"],
        until=row["until"],
        slices=tuple(
            Slice(holding=holding, purpose=purpose) for holding, purpose in zip(row["holdings"], row["purposes"], strict=True)
        ),
        lifted_at=row["lifted_at"],
        statement=row["statement"],
    )
