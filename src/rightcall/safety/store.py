"""The table `weaknesses`, and what the tables of findings and objects say of a system."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from rightcall.actors import Actor, Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import ObjectId, SystemId, new_id
from rightcall.safety.model import AcceptReason, Observed, Weakness, WeaknessKind, WeaknessState


def held_by_object(tx: Transaction, system: SystemId) -> list[tuple[str, str, ObjectId, bytes, int]]:
    """For each type and object how much is there now: type, category, object, its sealed name, number."""
    rows = sql.all_rows(
        tx,
        """
        SELECT f.type, f.category, f.object, o.sealed_name, count(*) AS number
          FROM findings f JOIN system_objects o USING (controller, object)
         WHERE f.controller = %(controller)s AND f.system = %(system)s AND f.gone_at IS NULL
         GROUP BY f.type, f.category, f.object, o.sealed_name
        """,
        controller=tx.of,
        system=system,
    )
    return [(row["type"], row["category"], ObjectId(row["object"]), bytes(row["sealed_name"]), row["number"]) for row in rows]


def see(tx: Transaction, system: SystemId, observed: Observed, at: datetime, today: date) -> None:
    """A weakness that was mended is open again; one that is accepted stays so until its day is over."""
    sql.execute(
        tx,
        """
        INSERT INTO weaknesses (controller, weakness, system, kind, objects, evidence, state, first_seen_at, last_seen_at)
        VALUES (%(controller)s, %(weakness)s, %(system)s, %(kind)s, %(objects)s, %(evidence)s, 'open', %(at)s, %(at)s)
        ON CONFLICT (controller, system, kind) DO UPDATE
           SET objects = excluded.objects, evidence = excluded.evidence, last_seen_at = excluded.last_seen_at,
               state = CASE WHEN weaknesses.state = 'accepted' AND weaknesses.accepted_until >= %(today)s THEN 'accepted'
                            ELSE 'open' END
        """,
        controller=tx.of,
        weakness=new_id(),
        system=system,
        kind=observed.kind.value,
        objects=observed.objects,
        evidence=observed.evidence,
        at=at,
        today=today,
    )


def mend(tx: Transaction, system: SystemId, still: Sequence[WeaknessKind]) -> int:
    """What is not seen any more. How many."""
    return sql.execute(
        tx,
        "UPDATE weaknesses SET state = 'mended' WHERE controller = %(controller)s AND system = %(system)s"
        " AND state <> 'mended' AND NOT kind = ANY(%(still)s)",
        controller=tx.of,
        system=system,
        still=[each.value for each in still],
    )


def accept(tx: Transaction, weakness: UUID, *, by: Actor, until: date, reason: AcceptReason) -> int:
    """0 where it is not open."""
    return sql.execute(
        tx,
        "UPDATE weaknesses SET state = 'accepted', accepted_by = %(by)s, accepted_role = %(role)s, accepted_until = %(until)s,"
        " reason = %(reason)s WHERE controller = %(controller)s AND weakness = %(weakness)s AND state = 'open'",
        controller=tx.of,
        weakness=weakness,
        by=by.id,
        role=by.role.value,
        until=until,
        reason=reason.value,
    )


def weaknesses(tx: Transaction, *, system: SystemId | None = None, weakness: UUID | None = None) -> list[Weakness]:
    rows = sql.all_rows(
        tx,
        "SELECT weakness, system, kind, objects, evidence, state, first_seen_at, last_seen_at, accepted_by, accepted_role,"
        " accepted_until, reason FROM weaknesses WHERE controller = %(controller)s"
        " AND (%(system)s::uuid IS NULL OR system = %(system)s) AND (%(weakness)s::uuid IS NULL OR weakness = %(weakness)s)"
        " ORDER BY first_seen_at, weakness",
        controller=tx.of,
        system=system,
        weakness=weakness,
    )
    return [_weakness(row) for row in rows]


def _weakness(row: sql.Row) -> Weakness:
    by = None if row["accepted_by"] is None else Actor(id=row["accepted_by"], role=Role(row["accepted_role"]))
    return Weakness(
        id=row["weakness"],
        system=SystemId(row["system"]),
        kind=WeaknessKind(row["kind"]),
        objects=row["objects"],
        evidence=row["evidence"],
        state=WeaknessState(row["state"]),
        first_seen_at=row["first_seen_at"],
        last_seen_at=row["last_seen_at"],
        accepted_by=by,
        accepted_until=row["accepted_until"],
        reason=None if row["reason"] is None else AcceptReason(row["reason"]),
    )
