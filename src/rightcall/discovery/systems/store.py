"""The tables `systems`, `system_uses` and `system_patterns`."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from psycopg.types.json import Jsonb

from rightcall.actors import Actor, Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.database.sql import Row
from rightcall.discovery.ports import Ability, Load
from rightcall.discovery.systems.model import Erases, OwnNumber, RegisteredSystem, SystemName, SystemUse, TermFrom
from rightcall.ids import PurposeId, StatementId, SubjectId, SystemId
from rightcall.languages import Texts


def insert(tx: Transaction, system: RegisteredSystem, sealed_address: bytes) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO systems (controller, system, name, kind, key, sealed_address, regions, copy_of, abilities, owner,
                             owner_role, registered_at, checked_at, statement, pace, rows_pace, erases, corrects)
        VALUES (%(controller)s, %(system)s, %(name)s, %(kind)s, %(key)s, %(sealed_address)s, %(regions)s,
                %(copy_of)s::uuid[], %(abilities)s, %(owner)s, %(owner_role)s, %(registered_at)s, %(registered_at)s,
                %(statement)s, %(pace)s, %(rows_pace)s, %(erases)s, %(corrects)s)
        """,
        controller=tx.of,
        system=system.id,
        name=system.name.text,
        kind=system.kind,
        key=system.key,
        sealed_address=sealed_address,
        regions=list(system.regions),
        copy_of=list(system.copy_of),
        abilities=sorted(system.abilities),
        owner=system.owner.id,
        owner_role=system.owner.role.value,
        registered_at=system.registered_at,
        statement=system.statement,
        pace=system.load.bytes,
        rows_pace=system.load.rows,
        erases=system.erases,
        corrects=system.corrects,
    )


def insert_uses(tx: Transaction, system: SystemId, uses: Sequence[SystemUse]) -> None:
    statement = """INSERT INTO system_uses
        (controller, system, nth, objects, fields, category, purpose, term_from, term_field, term_days) VALUES
        (%(controller)s, %(system)s, %(nth)s, %(objects)s, %(fields)s, %(category)s, %(purpose)s, %(term_from)s, %(term_field)s,
         %(term_days)s)"""
    sql.execute_many(tx, statement, [_of_use(tx, system, nth, use) for nth, use in enumerate(uses, 1)])


def _of_use(tx: Transaction, system: SystemId, nth: int, use: SystemUse) -> Mapping[str, object]:
    return {
        "controller": tx.of,
        "system": system,
        "nth": nth,
        "objects": use.objects,
        "fields": use.fields,
        "category": use.category,
        "purpose": use.purpose,
        "term_from": use.term_from.value,
        "term_field": use.term_field,
        "term_days": use.term_days,
    }


def delete_uses(tx: Transaction, system: SystemId) -> None:
    statement = "DELETE FROM system_uses WHERE controller = %(controller)s AND system = %(system)s"
    sql.execute(tx, statement, controller=tx.of, system=system)


def insert_numbers(tx: Transaction, system: SystemId, numbers: Sequence[OwnNumber]) -> None:
    statement = """INSERT INTO system_patterns (controller, system, name, expression)
        VALUES (%(controller)s, %(system)s, %(name)s, %(expression)s)"""
    rows = [{"controller": tx.of, "system": system, "name": each.name, "expression": each.expression} for each in numbers]
    sql.execute_many(tx, statement, rows)


def delete_numbers(tx: Transaction, system: SystemId) -> None:
    statement = "DELETE FROM system_patterns WHERE controller = %(controller)s AND system = %(system)s"
    sql.execute(tx, statement, controller=tx.of, system=system)


def all_systems(tx: Transaction) -> list[RegisteredSystem]:
    """Retired ones too, by name."""
    rows = sql.all_rows(
        tx,
        """
        SELECT system, name, kind, key, regions, copy_of, abilities, owner, owner_role, registered_at, checked_at, retired_at,
               statement, pace, rows_pace, erases, corrects, labels, keepers_language
          FROM systems WHERE controller = %(controller)s ORDER BY name
        """,
        controller=tx.of,
    )
    uses, numbers = _uses(tx), _numbers(tx)
    return [_system(row, uses.get(row["system"], []), numbers.get(row["system"], [])) for row in rows]


def _uses(tx: Transaction) -> Mapping[SystemId, list[SystemUse]]:
    rows = sql.all_rows(
        tx,
        """
        SELECT system, objects, fields, category, purpose, term_from, term_field, term_days
          FROM system_uses WHERE controller = %(controller)s ORDER BY system, nth
        """,
        controller=tx.of,
    )
    found: dict[SystemId, list[SystemUse]] = {}
    for row in rows:
        found.setdefault(SystemId(row["system"]), []).append(_use(row))
    return found


def _numbers(tx: Transaction) -> Mapping[SystemId, list[OwnNumber]]:
    rows = sql.all_rows(
        tx,
        "SELECT system, name, expression FROM system_patterns WHERE controller = %(controller)s ORDER BY system, name",
        controller=tx.of,
    )
    found: dict[SystemId, list[OwnNumber]] = {}
    for row in rows:
        found.setdefault(SystemId(row["system"]), []).append(OwnNumber(name=row["name"], expression=row["expression"]))
    return found


def sealed_address(tx: Transaction, system: SystemId) -> bytes | None:
    """None once the system is retired."""
    statement = "SELECT sealed_address FROM systems WHERE controller = %(controller)s AND system = %(system)s"
    row = sql.one_row(tx, statement, controller=tx.of, system=system)
    return None if row["sealed_address"] is None else bytes(row["sealed_address"])


def change(
    tx: Transaction,
    system: SystemId,
    *,
    regions: Sequence[str],
    copy_of: Sequence[SystemId],
    abilities: Sequence[Ability],
    load: Load,
    erases: Erases | None,
    corrects: bool,
    at: datetime,
) -> None:
    sql.execute(
        tx,
        """
        UPDATE systems SET regions = %(regions)s, copy_of = %(copy_of)s::uuid[], abilities = %(abilities)s, pace = %(pace)s,
               rows_pace = %(rows_pace)s, checked_at = %(at)s, erases = %(erases)s, corrects = %(corrects)s,
               sealed_writing = CASE WHEN %(erases)s::text IS NULL AND NOT %(corrects)s THEN NULL ELSE sealed_writing END
         WHERE controller = %(controller)s AND system = %(system)s
        """,
        controller=tx.of,
        system=system,
        regions=list(regions),
        copy_of=list(copy_of),
        abilities=list(abilities),
        pace=load.bytes,
        rows_pace=load.rows,
        erases=erases,
        corrects=corrects,
        at=at,
    )


def put_words(tx: Transaction, system: SystemId, labels: Texts, keepers_language: str | None) -> None:
    statement = """UPDATE systems SET labels = %(labels)s, keepers_language = %(keepers_language)s
        WHERE controller = %(controller)s AND system = %(system)s"""
    sql.execute(tx, statement, controller=tx.of, system=system, labels=Jsonb(labels), keepers_language=keepers_language)


def reseal_address(tx: Transaction, system: SystemId, sealed: bytes) -> None:
    statement = "UPDATE systems SET sealed_address = %(sealed)s WHERE controller = %(controller)s AND system = %(system)s"
    sql.execute(tx, statement, controller=tx.of, system=system, sealed=sealed)


def seal_writing(tx: Transaction, system: SystemId, sealed: bytes) -> None:
    statement = "UPDATE systems SET sealed_writing = %(sealed)s WHERE controller = %(controller)s AND system = %(system)s"
    sql.execute(tx, statement, controller=tx.of, system=system, sealed=sealed)


def sealed_writing(tx: Transaction, system: SystemId) -> bytes | None:
    """None where it is got into by its one address, and once it is retired."""
    statement = "SELECT sealed_writing FROM systems WHERE controller = %(controller)s AND system = %(system)s"
    row = sql.one_row(tx, statement, controller=tx.of, system=system)
    return None if row["sealed_writing"] is None else bytes(row["sealed_writing"])


def retire(tx: Transaction, system: SystemId, at: datetime) -> bool:
    """False where it was retired before."""
    statement = """UPDATE systems
        SET sealed_address = NULL, sealed_writing = NULL, erases = NULL, corrects = false, retired_at = %(at)s
        WHERE controller = %(controller)s AND system = %(system)s AND retired_at IS NULL"""
    return sql.execute(tx, statement, controller=tx.of, system=system, at=at) == 1


def _use(row: Row) -> SystemUse:
    return SystemUse(
        purpose=PurposeId(row["purpose"]),
        objects=row["objects"],
        fields=row["fields"],
        category=row["category"],
        term_from=TermFrom(row["term_from"]),
        term_field=row["term_field"],
        term_days=row["term_days"],
    )


def _system(row: Row, uses: Sequence[SystemUse], numbers: Sequence[OwnNumber]) -> RegisteredSystem:
    return RegisteredSystem(
        id=SystemId(row["system"]),
        name=SystemName(text=row["name"]),
        kind=row["kind"],
        key=SubjectId(row["key"]),
        abilities=frozenset(map(Ability, row["abilities"])),
        regions=tuple(row["regions"]),
        uses=tuple(uses),
        numbers=tuple(numbers),
        copy_of=tuple(map(SystemId, row["copy_of"])),
        owner=Actor(id=row["owner"], role=Role(row["owner_role"])),
        registered_at=row["registered_at"],
        checked_at=row["checked_at"],
        retired_at=row["retired_at"],
        statement=StatementId(row["statement"]),
        load=Load(bytes=row["pace"], rows=row["rows_pace"]),
        erases=None if row["erases"] is None else Erases(row["erases"]),
        corrects=row["corrects"],
        labels=row["labels"],
        keepers_language=row["keepers_language"],
    )
