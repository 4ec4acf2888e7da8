"""Walking along derivations, either way and over any number of steps; and what somebody said fell."""

from collections.abc import Sequence
from datetime import datetime

from rightcall.actors import Actor, Role
from rightcall.database.connection import Transaction
from rightcall.database.sql import Row, all_rows, execute
from rightcall.holdings.places import Part
from rightcall.holdings.provenance.model import Derivation, Fall, FallReason
from rightcall.ids import HoldingId, StatementId, SystemId


def back(tx: Transaction, holdings: Sequence[HoldingId]) -> list[Derivation]:
    """All derivations on the way from these to their first origins."""
    rows = all_rows(
        tx,
        """
        WITH RECURSIVE walked AS (
            SELECT unnest(%(holdings)s::uuid[]) AS holding
             UNION
            SELECT d.origin FROM derivations d JOIN walked w ON d.holding = w.holding WHERE d.controller = %(controller)s
        )
        SELECT d.holding, d.origin, d.field, d.turn, d.from_ms, d.until_ms, d.span_start, d.span_end
          FROM derivations d JOIN walked w ON d.holding = w.holding
         WHERE d.controller = %(controller)s
         ORDER BY d.holding, d.origin, d.nth
        """,
        controller=tx.of,
        holdings=list(holdings),
    )
    return [_derivation(row) for row in rows]


def forward(tx: Transaction, holdings: Sequence[HoldingId]) -> list[Derivation]:
    """All derivations on the way from these to everything that was made from them."""
    rows = all_rows(
        tx,
        """
        WITH RECURSIVE walked AS (
            SELECT unnest(%(holdings)s::uuid[]) AS holding
             UNION
            SELECT d.holding FROM derivations d JOIN walked w ON d.origin = w.holding WHERE d.controller = %(controller)s
        )
        SELECT d.holding, d.origin, d.field, d.turn, d.from_ms, d.until_ms, d.span_start, d.span_end
          FROM derivations d JOIN walked w ON d.origin = w.holding
         WHERE d.controller = %(controller)s
         ORDER BY d.holding, d.origin, d.nth
        """,
        controller=tx.of,
        holdings=list(holdings),
    )
    return [_derivation(row) for row in rows]


def lock_generations(tx: Transaction, holdings: Sequence[HoldingId]) -> dict[HoldingId, int]:
    """Nobody else tells of their origins until the transaction ends. Asked again where one is missing: it may have been moved to
    what is gone while this waited for it."""
    found = _locked(tx, holdings)
    return found if len(found) == len(set(holdings)) else _locked(tx, holdings)


def _locked(tx: Transaction, holdings: Sequence[HoldingId]) -> dict[HoldingId, int]:
    rows = all_rows(
        tx,
        """
        SELECT holding, generation
          FROM holdings
         WHERE controller = %(controller)s AND holding = ANY (%(holdings)s)
         ORDER BY holding
           FOR UPDATE
        """,
        controller=tx.of,
        holdings=list(holdings),
    )
    return {row["holding"]: row["generation"] for row in rows}


def raise_generation(tx: Transaction, holding: HoldingId, generation: int) -> None:
    execute(
        tx,
        """
        UPDATE holdings
           SET generation = %(generation)s
         WHERE controller = %(controller)s AND holding = %(holding)s
        """,
        controller=tx.of,
        holding=holding,
        generation=generation,
    )


def of_system(tx: Transaction, system: SystemId | None, limit: int) -> list[HoldingId]:
    """Of a system (None: ours) that came from something or that something came from, the newest first."""
    rows = all_rows(
        tx,
        """
        SELECT h.holding
          FROM holdings h
         WHERE h.controller = %(controller)s AND h.system IS NOT DISTINCT FROM %(system)s::uuid
           AND (h.generation > 0 OR EXISTS (
                SELECT FROM derivations d WHERE d.controller = h.controller AND d.origin = h.holding))
         ORDER BY h.made_at DESC, h.holding DESC
         LIMIT %(limit)s
        """,
        controller=tx.of,
        system=system,
        limit=limit,
    )
    return [HoldingId(row["holding"]) for row in rows]


def any_of_system(tx: Transaction, system: SystemId | None, limit: int, after: HoldingId | None = None) -> list[HoldingId]:
    """Whatever is of a system (None: ours), the newest by id first, from behind `after`."""
    rows = all_rows(
        tx,
        """
        SELECT holding FROM holdings
         WHERE controller = %(controller)s AND system IS NOT DISTINCT FROM %(system)s::uuid
           AND (%(after)s::uuid IS NULL OR holding < %(after)s)
         ORDER BY holding DESC
         LIMIT %(limit)s
        """,
        controller=tx.of,
        system=system,
        after=after,
        limit=limit,
    )
    return [HoldingId(row["holding"]) for row in rows]


def origins_beside(tx: Transaction, holdings: Sequence[HoldingId]) -> set[HoldingId]:
    """Those of these that something came from which is not among them."""
    rows = all_rows(
        tx,
        """
        SELECT DISTINCT origin
          FROM derivations
         WHERE controller = %(controller)s AND origin = ANY (%(holdings)s::uuid[]) AND holding <> ALL (%(holdings)s::uuid[])
        """,
        controller=tx.of,
        holdings=list(holdings),
    )
    return {row["origin"] for row in rows}


def forget(tx: Transaction, holdings: Sequence[HoldingId]) -> None:
    """What these came from, and what fell of them."""
    given = {"controller": tx.of, "holdings": list(holdings)}
    execute(tx, "DELETE FROM derivations WHERE controller = %(controller)s AND holding = ANY (%(holdings)s::uuid[])", **given)
    execute(tx, "DELETE FROM fallen_origins WHERE controller = %(controller)s AND holding = ANY (%(holdings)s::uuid[])", **given)


def standing_falls(tx: Transaction, holdings: Sequence[HoldingId]) -> list[Fall]:
    rows = all_rows(
        tx,
        """
        SELECT holding, reason, said_by, said_as, said_at, statement
          FROM fallen_origins
         WHERE controller = %(controller)s AND holding = ANY (%(holdings)s) AND lifted_at IS NULL
         ORDER BY holding, reason
        """,
        controller=tx.of,
        holdings=list(holdings),
    )
    return [
        Fall(
            holding=row["holding"],
            reason=FallReason(row["reason"]),
            by=Actor(id=row["said_by"], role=Role(row["said_as"])),
            at=row["said_at"],
            statement=row["statement"],
        )
        for row in rows
    ]


def insert_fall(tx: Transaction, fall: Fall) -> int:
    """0 where it stands already."""
    return execute(
        tx,
        """
        INSERT INTO fallen_origins (controller, statement, holding, reason, said_by, said_as, said_at)
        VALUES (%(controller)s, %(statement)s, %(holding)s, %(reason)s, %(said_by)s, %(said_as)s, %(said_at)s)
        ON CONFLICT (controller, holding, reason) WHERE lifted_at IS NULL DO NOTHING
        """,
        controller=tx.of,
        statement=fall.statement,
        holding=fall.holding,
        reason=fall.reason.value,
        said_by=fall.by.id,
        said_as=fall.by.role.value,
        said_at=fall.at,
    )


def lift_fall(tx: Transaction, holding: HoldingId, reason: FallReason, *, at: datetime, statement: StatementId) -> int:
    return execute(
        tx,
        """
        UPDATE fallen_origins
           SET lifted_at = %(at)s, lifted_statement = %(statement)s
         WHERE controller = %(controller)s AND holding = %(holding)s AND reason = %(reason)s AND lifted_at IS NULL
        """,
        controller=tx.of,
        holding=holding,
        reason=reason.value,
        at=at,
        statement=statement,
    )


def _derivation(row: Row) -> Derivation:
    names = ("field", "turn", "from_ms", "span_start")
    part = None if all(row[name] is None for name in names) else _part(row)
    return Derivation(made=row["holding"], origin=row["origin"], part=part)


def _part(row: Row) -> Part:
    return Part(
        origin=row["origin"],
        field=row["field"],
        turn=row["turn"],
        from_ms=row["from_ms"],
        until_ms=row["until_ms"],
        start=row["span_start"],
        end=row["span_end"],
    )
