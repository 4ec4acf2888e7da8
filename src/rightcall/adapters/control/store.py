"""The registry of recorder processes. The times in it are the database's own: machines need not agree on the hour."""

from rightcall.adapters.control.model import RecorderRole, Registered
from rightcall.database.connection import Transaction
from rightcall.database.sql import Row, all_rows, execute, maybe_row
from rightcall.ids import RecorderId


def put(tx: Transaction, recorder: RecorderId, role: RecorderRole, address: str) -> None:
    execute(
        tx,
        "INSERT INTO recorders (recorder, role, address, started_at, seen_at)"
        " VALUES (%(recorder)s, %(role)s, %(address)s, now(), now())"
        " ON CONFLICT (recorder) DO UPDATE SET role = EXCLUDED.role, address = EXCLUDED.address,"
        " started_at = EXCLUDED.started_at, seen_at = EXCLUDED.seen_at",
        recorder=recorder,
        role=role,
        address=address,
    )


def touch(tx: Transaction, recorder: RecorderId, address: str) -> int:
    """Nothing where it is not registered at that address."""
    return execute(
        tx,
        "UPDATE recorders SET seen_at = greatest(now(), seen_at) WHERE recorder = %(recorder)s AND address = %(address)s",
        recorder=recorder,
        address=address,
    )


def remove(tx: Transaction, recorder: RecorderId) -> int:
    return execute(tx, "DELETE FROM recorders WHERE recorder = %(recorder)s", recorder=recorder)


def get(tx: Transaction, recorder: RecorderId) -> Registered | None:
    row = maybe_row(
        tx,
        "SELECT recorder, role, address, started_at, seen_at FROM recorders WHERE recorder = %(recorder)s",
        recorder=recorder,
    )
    return None if row is None else _registered(row)


def seen_within(tx: Transaction, role: RecorderRole, seconds: float) -> list[Registered]:
    rows = all_rows(
        tx,
        "SELECT recorder, role, address, started_at, seen_at FROM recorders"
        " WHERE role = %(role)s AND seen_at > now() - make_interval(secs => %(seconds)s) ORDER BY recorder",
        role=role,
        seconds=seconds,
    )
    return [_registered(row) for row in rows]


def _registered(row: Row) -> Registered:
    return Registered(
        recorder=RecorderId(row["recorder"]),
        role=RecorderRole(row["role"]),
        address=row["address"],
        started_at=row["started_at"],
        seen_at=row["seen_at"],
    )
