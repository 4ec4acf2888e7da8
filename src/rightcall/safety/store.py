"""The table `weaknesses`, and what the tables of findings and objects say of a system."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from rightcall.actors import Actor, Role
from rightcall.canonical import Json
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.discovery.linking.clues import ClueKind
from rightcall.ids import ObjectId, SystemId, new_id
from rightcall.safety.model import AcceptReason, HeldIn, Observed, Overlap, Spot, Weakness, WeaknessKind, WeaknessState


def held_by_object(tx: Transaction, system: SystemId) -> list[HeldIn]:
    """For each type, object and field how much is there now."""
    with sql.by_hashing(tx):
        rows = sql.all_rows(
            tx,
            """
            SELECT f.type, f.category, f.object, f.field, o.sealed_name, f.number, f.nobodys
              FROM (SELECT controller, type, category, object, field, count(*) AS number,
                           count(*) FILTER (WHERE subject IS NULL AND holding IS NULL) AS nobodys
                      FROM findings
                     WHERE controller = %(controller)s AND system = %(system)s AND gone_at IS NULL
                     GROUP BY controller, type, category, object, field) f
              JOIN system_objects o USING (controller, object)
            """,
            controller=tx.of,
            system=system,
        )
    return [
        HeldIn(
            type=row["type"],
            category=row["category"],
            object=ObjectId(row["object"]),
            sealed_name=bytes(row["sealed_name"]),
            field=row["field"],
            findings=row["number"],
            nobodys=row["nobodys"],
        )
        for row in rows
    ]


_RECORDS, _FINDINGS, _CANDIDATES = 200, 800, 20
_LEADING = (
    ClueKind.CUSTOMER_ID,
    ClueKind.NATIONAL_ID,
    ClueKind.EMAIL,
    ClueKind.TEL,
    ClueKind.IBAN,
    ClueKind.BANK_ACCOUNT,
    ClueKind.CARD,
)
"""What few people share leads to where a record may lie again; names, dates and addresses only speak for it then."""


def overlaps(tx: Transaction, object: ObjectId) -> list[Overlap]:
    """How much of an object lies in others too, object by object. A record is in both where two things of different kinds are the
    same, such as a name and an e-mail address; one with fewer things is in no other. Of those that share one thing some are
    looked at, so that what half of all people share costs no more than others. OFFSET 0: record by record, whatever the planner
    takes their number for."""
    rows = sql.all_rows(
        tx,
        """
        WITH looked_at AS MATERIALIZED (
            SELECT s.record FROM unnest(%(sample)s::uuid[]) AS s (record) ORDER BY s.record LIMIT %(records)s
        ), mine AS MATERIALIZED (
            SELECT DISTINCT s.record, c.kind, c.blind
              FROM looked_at s
             CROSS JOIN LATERAL (SELECT u.* FROM findings f CROSS JOIN LATERAL unnest(f.clue_kinds, f.clues) AS u (kind, blind)
                                  WHERE f.controller = %(controller)s AND f.record = s.record AND f.gone_at IS NULL OFFSET 0) c
        ), records AS MATERIALIZED (
            SELECT record FROM mine GROUP BY record HAVING count(DISTINCT kind) >= 2
        ), candidates AS MATERIALIZED (
            SELECT DISTINCT m.record, g.system, g.object, g.record AS other
              FROM records JOIN mine m USING (record)
             CROSS JOIN LATERAL (SELECT f.system, f.object, f.record FROM findings f
                                  WHERE f.controller = %(controller)s AND f.clues[1] = m.blind AND f.gone_at IS NULL
                                    AND f.object <> %(object)s LIMIT %(candidates)s) g
             WHERE m.kind = ANY(%(leading)s)
        ), said AS MATERIALIZED (
            SELECT c.*, ARRAY(SELECT unnest(f.clues) FROM findings f
                               WHERE f.controller = %(controller)s AND f.record = c.other AND f.gone_at IS NULL) AS clues
              FROM candidates c
        ), shared AS (
            SELECT s.record, s.system, s.object, s.other,
                   rank() OVER (PARTITION BY s.record, s.object ORDER BY count(DISTINCT m.kind) DESC) AS rank
              FROM said s JOIN mine m ON m.record = s.record AND m.blind = ANY(s.clues)
             GROUP BY s.record, s.other, s.system, s.object HAVING count(DISTINCT m.kind) >= 2
        )
        SELECT system, object, (SELECT count(*) FROM looked_at) AS looked_at, count(DISTINCT record) AS again,
               count(DISTINCT other) AS others
          FROM shared WHERE rank = 1 GROUP BY system, object
        """,
        controller=tx.of,
        object=object,
        sample=_sample(tx, object),
        records=_RECORDS,
        candidates=_CANDIDATES,
        leading=[kind.value for kind in _LEADING],
    )
    return [
        Overlap(
            of=object,
            other=SystemId(row["system"]),
            again_in=ObjectId(row["object"]),
            looked_at=row["looked_at"],
            again=row["again"],
            others=row["others"],
        )
        for row in rows
    ]


def columns(tx: Transaction, objects: Sequence[ObjectId]) -> dict[ObjectId, frozenset[str]]:
    """The fields by name in which anything lies, of each."""
    rows = sql.all_rows(
        tx,
        "SELECT object, array_agg(DISTINCT field) AS fields FROM findings WHERE controller = %(controller)s"
        " AND object = ANY(%(objects)s) AND gone_at IS NULL AND field IS NOT NULL GROUP BY object",
        controller=tx.of,
        objects=list(objects),
    )
    return {ObjectId(row["object"]): frozenset(row["fields"]) for row in rows}


def _sample(tx: Transaction, object: ObjectId) -> list[UUID]:
    """Some records of it, of a large one by chance: their findings come in the order of a keyed hash."""
    with sql.by_walking(tx):
        rows = sql.all_rows(
            tx,
            "SELECT record FROM findings WHERE controller = %(controller)s AND object = %(object)s AND gone_at IS NULL"
            " ORDER BY controller, object, mark LIMIT %(findings)s",
            controller=tx.of,
            object=object,
            findings=_FINDINGS,
        )
    return list({row["record"] for row in rows})


def see(tx: Transaction, system: SystemId, observed: Observed, at: datetime, today: date) -> None:
    """A weakness that was mended is open again; one that is accepted stays so until its day is over."""
    sql.execute(
        tx,
        """
        INSERT INTO weaknesses (controller, weakness, system, kind, objects, evidence, places, state, first_seen_at,
                                last_seen_at)
        VALUES (%(controller)s, %(weakness)s, %(system)s, %(kind)s, %(objects)s, %(evidence)s, %(places)s, 'open', %(at)s,
                %(at)s)
        ON CONFLICT (controller, system, kind) DO UPDATE
           SET objects = excluded.objects, evidence = excluded.evidence, places = excluded.places,
               last_seen_at = excluded.last_seen_at,
               state = CASE WHEN weaknesses.state = 'accepted' AND weaknesses.accepted_until >= %(today)s THEN 'accepted'
                            ELSE 'open' END
        """,
        controller=tx.of,
        weakness=new_id(),
        system=system,
        kind=observed.kind.value,
        objects=observed.objects,
        evidence=observed.evidence,
        places=Jsonb([_place(each) for each in observed.spots]),
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


def looked(tx: Transaction, system: SystemId, at: datetime) -> None:
    sql.execute(
        tx,
        "UPDATE systems SET safety_looked_at = %(at)s WHERE controller = %(controller)s AND system = %(system)s",
        controller=tx.of,
        system=system,
        at=at,
    )


def never_looked_at(tx: Transaction) -> list[SystemId]:
    rows = sql.all_rows(
        tx,
        "SELECT system FROM systems WHERE controller = %(controller)s AND safety_looked_at IS NULL AND retired_at IS NULL"
        " ORDER BY name",
        controller=tx.of,
    )
    return [SystemId(row["system"]) for row in rows]


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
        "SELECT weakness, system, kind, objects, evidence, places, state, first_seen_at, last_seen_at, accepted_by,"
        " accepted_role, accepted_until, reason FROM weaknesses WHERE controller = %(controller)s"
        " AND (%(system)s::uuid IS NULL OR system = %(system)s) AND (%(weakness)s::uuid IS NULL OR weakness = %(weakness)s)"
        " ORDER BY first_seen_at, weakness",
        controller=tx.of,
        system=system,
        weakness=weakness,
    )
    return [_weakness(row) for row in rows]


def lying_again(tx: Transaction, objects: Collection[ObjectId]) -> list[tuple[SystemId, Spot]]:
    """Those of these objects that are copies which nobody registered, as the last look at their systems saw. IS TRUE: the objects
    are looked up by hash, whatever the planner takes their number for."""
    rows = sql.all_rows(
        tx,
        "SELECT w.system, p.place FROM weaknesses w CROSS JOIN LATERAL jsonb_array_elements(w.places) AS p (place)"
        " WHERE w.controller = %(controller)s AND w.kind = %(kind)s AND w.state <> 'mended'"
        " AND (p.place ->> 'object' IN (SELECT unnest(%(objects)s::text[]))) IS TRUE",
        controller=tx.of,
        kind=WeaknessKind.UNREGISTERED_COPIES.value,
        objects=[str(each) for each in objects],
    )
    return [(SystemId(row["system"]), _spot(row["place"])) for row in rows]


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
        spots=tuple(_spot(each) for each in row["places"]),
    )


def _place(spot: Spot) -> Json:
    again = None if spot.again is None else str(spot.again)
    again_in = None if spot.again_in is None else str(spot.again_in)
    return {"object": str(spot.object), "field": spot.field, "findings": spot.findings, "again": again, "again_in": again_in}


def _spot(place: Mapping[str, Any]) -> Spot:
    return Spot(
        object=ObjectId(UUID(place["object"])),
        field=place["field"],
        findings=place["findings"],
        again=None if place["again"] is None else ObjectId(UUID(place["again"])),
        again_in=None if place["again_in"] is None else SystemId(UUID(place["again_in"])),
    )
