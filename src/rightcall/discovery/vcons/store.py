"""The table `system_vcons`."""

from uuid import UUID

from rightcall.database.connection import Transaction
from rightcall.database.sql import all_rows, execute, maybe_row
from rightcall.discovery.vcons.model import SentVcon, Stored
from rightcall.ids import SystemId


def put(tx: Transaction, system: SystemId, vcon: SentVcon) -> None:
    """The newer in the place of an older one with the same uuid."""
    execute(
        tx,
        """
        INSERT INTO system_vcons (controller, system, vcon, mark, sealed, received_at)
        VALUES (%(controller)s, %(system)s, %(vcon)s, %(mark)s, %(sealed)s, %(received_at)s)
        ON CONFLICT (controller, system, vcon)
        DO UPDATE SET mark = excluded.mark, sealed = excluded.sealed, received_at = excluded.received_at
        """,
        controller=tx.of,
        system=system,
        vcon=vcon.id,
        mark=vcon.mark,
        sealed=vcon.sealed,
        received_at=vcon.received_at,
    )


def mark_of(tx: Transaction, system: SystemId, vcon: UUID) -> bytes | None:
    statement = """SELECT mark FROM system_vcons
        WHERE controller = %(controller)s AND system = %(system)s AND vcon = %(vcon)s"""
    row = maybe_row(tx, statement, controller=tx.of, system=system, vcon=vcon)
    return None if row is None else bytes(row["mark"])


def sealed_of(tx: Transaction, system: SystemId, vcon: UUID) -> bytes | None:
    statement = """SELECT sealed FROM system_vcons
        WHERE controller = %(controller)s AND system = %(system)s AND vcon = %(vcon)s"""
    row = maybe_row(tx, statement, controller=tx.of, system=system, vcon=vcon)
    return None if row is None else bytes(row["sealed"])


def some(tx: Transaction, system: SystemId, after: UUID | None, most: int) -> list[Stored]:
    """In the order of their uuids."""
    rows = all_rows(
        tx,
        """
        SELECT vcon, mark, octet_length(sealed) AS size, received_at
          FROM system_vcons
         WHERE controller = %(controller)s AND system = %(system)s AND (%(after)s::uuid IS NULL OR vcon > %(after)s)
         ORDER BY vcon
         LIMIT %(most)s
        """,
        controller=tx.of,
        system=system,
        after=after,
        most=most,
    )
    return [Stored(id=row["vcon"], mark=bytes(row["mark"]), size=row["size"], received_at=row["received_at"]) for row in rows]


def delete(tx: Transaction, system: SystemId, vcon: UUID) -> bool:
    """False where there was none."""
    statement = "DELETE FROM system_vcons WHERE controller = %(controller)s AND system = %(system)s AND vcon = %(vcon)s"
    return execute(tx, statement, controller=tx.of, system=system, vcon=vcon) == 1
