"""The tables `system_objects`, `scan_objects` and `scan_passed_over`: what lies there, and how far each is read. Leases are told
by the database's clock."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.database.sql import Row
from rightcall.discovery.scans.model import Amount, ObjectState, Taken
from rightcall.ids import ObjectId, ScanId, SystemId


def objects_by_mark(
    tx: Transaction, system: SystemId, marks: Sequence[bytes]
) -> Mapping[bytes, tuple[ObjectId, bytes | None, bytes | None]]:
    """Object, fingerprint and rules of when it was last read whole."""
    rows = sql.all_rows(
        tx,
        """
        SELECT mark, object, fingerprint, rules FROM system_objects
         WHERE controller = %(controller)s AND system = %(system)s AND mark = ANY(%(marks)s)
        """,
        controller=tx.of,
        system=system,
        marks=list(marks),
    )
    return {
        bytes(row["mark"]): (ObjectId(row["object"]), sql.maybe_bytes(row["fingerprint"]), sql.maybe_bytes(row["rules"]))
        for row in rows
    }


def names_there(tx: Transaction, system: SystemId, most: int) -> list[tuple[ObjectId, bytes]]:
    """Sealed, of what is there as far as is known."""
    statement = """SELECT object, sealed_name FROM system_objects
        WHERE controller = %(controller)s AND system = %(system)s AND gone_at IS NULL LIMIT %(most)s"""
    rows = sql.all_rows(tx, statement, controller=tx.of, system=system, most=most)
    return [(ObjectId(row["object"]), bytes(row["sealed_name"])) for row in rows]


def insert_objects(tx: Transaction, system: SystemId, rows: Sequence[tuple[ObjectId, bytes, bytes]], at: datetime) -> None:
    """Object, mark and sealed name of each."""
    statement = """INSERT INTO system_objects (controller, object, system, mark, sealed_name, first_seen_at)
        VALUES (%(controller)s, %(object)s, %(system)s, %(mark)s, %(name)s, %(at)s)
        ON CONFLICT (controller, system, mark) DO NOTHING"""
    fixed = {"controller": tx.of, "system": system, "at": at}
    sql.execute_many(tx, statement, [fixed | {"object": id, "mark": mark, "name": name} for id, mark, name in rows])


def insert_listed(
    tx: Transaction, scan: ScanId, rows: Sequence[tuple[ObjectId, ObjectState, str | None, bytes | None, int | None]]
) -> None:
    """Object, state, reason, fingerprint and size of each. Twice is fine."""
    statement = """INSERT INTO scan_objects (controller, scan, object, state, reason, fingerprint, size, since)
        VALUES (%(controller)s, %(scan)s, %(object)s, %(state)s, %(reason)s, %(fingerprint)s, %(size)s,
                CASE WHEN %(state)s = 'unchanged' THEN (SELECT read_in FROM system_objects
                                                         WHERE controller = %(controller)s AND object = %(object)s) END)
        ON CONFLICT (controller, scan, object) DO NOTHING"""
    values = [
        {
            "controller": tx.of,
            "scan": scan,
            "object": object,
            "state": state.value,
            "reason": reason,
            "fingerprint": fingerprint,
            "size": size,
        }
        for object, state, reason, fingerprint, size in rows
    ]
    sql.execute_many(tx, statement, values)


def forget_listed(tx: Transaction, scan: ScanId) -> None:
    """A list that was cut off is made anew: the source may be another meanwhile."""
    statement = "DELETE FROM scan_objects WHERE controller = %(controller)s AND scan = %(scan)s"
    sql.execute(tx, statement, controller=tx.of, scan=scan)


def count_waiting(tx: Transaction, scan: ScanId) -> int:
    statement = (
        "SELECT count(*) AS number FROM scan_objects WHERE controller = %(controller)s AND scan = %(scan)s AND state = 'waiting'"
    )
    return int(sql.one_row(tx, statement, controller=tx.of, scan=scan)["number"])


def leave_out(tx: Transaction, scan: ScanId, keep: int) -> None:
    """All but so many, which chance picks, and picks the same again: the order of a hash."""
    statement = """UPDATE scan_objects SET state = 'left_out' WHERE controller = %(controller)s AND scan = %(scan)s
        AND object IN (SELECT object FROM scan_objects WHERE controller = %(controller)s AND scan = %(scan)s AND state = 'waiting'
                       ORDER BY sha256(uuid_send(object) || uuid_send(scan)), object OFFSET %(keep)s)"""
    sql.execute(tx, statement, controller=tx.of, scan=scan, keep=keep)


def other_readers(tx: Transaction, scan: ScanId, reader: str) -> int:
    row = sql.one_row(
        tx,
        """
        SELECT count(DISTINCT taken_by) AS number FROM scan_objects
         WHERE controller = %(controller)s AND scan = %(scan)s AND state = 'taken' AND taken_until > now()
           AND taken_by <> %(reader)s
        """,
        controller=tx.of,
        scan=scan,
        reader=reader,
    )
    return int(row["number"])


def take(tx: Transaction, scan: ScanId, reader: str, *, objects: int, seconds: float) -> list[Taken]:
    """The next that nobody has, for so long. They are picked first and once: within the update they might be picked again."""
    rows = sql.all_rows(
        tx,
        """
        WITH next AS MATERIALIZED (
            SELECT object FROM scan_objects
             WHERE controller = %(controller)s AND scan = %(scan)s
               AND (state = 'waiting' OR (state = 'taken' AND taken_until <= now()))
             ORDER BY object LIMIT %(objects)s FOR UPDATE SKIP LOCKED)
        UPDATE scan_objects s SET state = 'taken', taken_by = %(reader)s, takes = s.takes + 1, readings = s.readings + 1,
               bytes = 0,
               taken_until = now() + make_interval(secs => %(seconds)s)
          FROM next n JOIN system_objects o ON o.controller = %(controller)s AND o.object = n.object
         WHERE s.controller = %(controller)s AND s.scan = %(scan)s AND s.object = n.object
        RETURNING s.object, o.sealed_name, s.size, s.fingerprint, s.takes, s.readings, o.fingerprint AS was, o.rules
        """,
        controller=tx.of,
        scan=scan,
        reader=reader,
        objects=objects,
        seconds=seconds,
    )
    return sorted((_taken(row) for row in rows), key=lambda each: each.object)


def still_mine(tx: Transaction, scan: ScanId, object: ObjectId, reader: str, *, so_far: Amount, lease: float) -> bool:
    """For so long again, with what was read so far; False where another has it, or the scan is over."""
    statement = """UPDATE scan_objects s SET bytes = %(bytes)s, rows = %(rows)s, findings = %(findings)s, seconds = %(seconds)s,
            taken_until = now() + make_interval(secs => %(lease)s)
        FROM scans a WHERE s.controller = %(controller)s AND s.scan = %(scan)s AND s.object = %(object)s
         AND s.state = 'taken' AND s.taken_by = %(reader)s
         AND a.controller = s.controller AND a.scan = s.scan AND a.stage = 'reading'"""
    figures = {"bytes": so_far.bytes, "rows": so_far.rows, "findings": so_far.findings, "seconds": so_far.seconds}
    values = {"scan": scan, "object": object, "reader": reader, "lease": lease}
    return sql.execute(tx, statement, controller=tx.of, **values, **figures) == 1


def give_back(tx: Transaction, scan: ScanId, reader: str) -> None:
    """What this reader has and did not read, as if it had never taken it."""
    statement = """UPDATE scan_objects SET state = 'waiting', taken_by = NULL, taken_until = NULL, takes = greatest(takes - 1, 0)
        WHERE controller = %(controller)s AND scan = %(scan)s AND state = 'taken' AND taken_by = %(reader)s"""
    sql.execute(tx, statement, controller=tx.of, scan=scan, reader=reader)


def was_read(tx: Transaction, scan: ScanId, object: ObjectId, *, bytes: int, rows: int, findings: int, seconds: float) -> None:
    statement = """UPDATE scan_objects SET state = 'read', taken_by = NULL, taken_until = NULL, bytes = %(bytes)s,
            rows = %(rows)s, findings = %(findings)s, seconds = %(seconds)s
        WHERE controller = %(controller)s AND scan = %(scan)s AND object = %(object)s AND state = 'taken'"""
    values = {"bytes": bytes, "rows": rows, "findings": findings, "seconds": seconds}
    sql.execute(tx, statement, controller=tx.of, scan=scan, object=object, **values)


def was_unchanged(tx: Transaction, scan: ScanId, object: ObjectId) -> None:
    statement = """UPDATE scan_objects SET state = 'unchanged', taken_by = NULL, taken_until = NULL,
            since = (SELECT read_in FROM system_objects WHERE controller = %(controller)s AND object = %(object)s)
        WHERE controller = %(controller)s AND scan = %(scan)s AND object = %(object)s AND state = 'taken'"""
    sql.execute(tx, statement, controller=tx.of, scan=scan, object=object)


def was_skipped(tx: Transaction, scan: ScanId, object: ObjectId, reason: str) -> None:
    statement = """UPDATE scan_objects SET state = 'skipped', taken_by = NULL, taken_until = NULL, reason = %(reason)s
        WHERE controller = %(controller)s AND scan = %(scan)s AND object = %(object)s AND state = 'taken'"""
    sql.execute(tx, statement, controller=tx.of, scan=scan, object=object, reason=reason)


def object_read(
    tx: Transaction, object: ObjectId, *, scan: ScanId, fingerprint: bytes | None, rules: bytes | None, bytes: int, at: datetime
) -> None:
    """With what it was read, and what it was then; None where it may have been another before it was read to its end."""
    sql.execute(
        tx,
        """
        UPDATE system_objects SET fingerprint = %(fingerprint)s, rules = %(rules)s, bytes = %(bytes)s, read_at = %(at)s,
               read_in = %(scan)s, gone_at = NULL
         WHERE controller = %(controller)s AND object = %(object)s
        """,
        controller=tx.of,
        object=object,
        scan=scan,
        fingerprint=fingerprint,
        rules=rules,
        bytes=bytes,
        at=at,
    )


def pass_over(tx: Transaction, scan: ScanId, object: ObjectId, rows: Sequence[tuple[int, bytes, str]]) -> None:
    """Number, sealed name and reason of each thing inside of the object. Twice is fine."""
    statement = """INSERT INTO scan_passed_over (controller, scan, object, nth, sealed_name, reason)
        VALUES (%(controller)s, %(scan)s, %(object)s, %(nth)s, %(name)s, %(reason)s)
        ON CONFLICT (controller, scan, object, nth) DO UPDATE SET sealed_name = excluded.sealed_name, reason = excluded.reason"""
    fixed = {"controller": tx.of, "scan": scan, "object": object}
    sql.execute_many(tx, statement, [fixed | {"nth": nth, "name": name, "reason": reason} for nth, name, reason in rows])


def objects_gone(tx: Transaction, scan: ScanId, system: SystemId, at: datetime) -> int:
    """Those that this scan, which listed all, did not list. And those it did list are there. How many are gone."""
    there = """UPDATE system_objects o SET gone_at = NULL FROM scan_objects s WHERE o.controller = %(controller)s
        AND o.system = %(system)s AND o.gone_at IS NOT NULL AND s.controller = o.controller AND s.scan = %(scan)s
        AND s.object = o.object"""
    sql.execute(tx, there, controller=tx.of, scan=scan, system=system)
    gone = """UPDATE system_objects o SET gone_at = %(at)s, fingerprint = NULL
        WHERE o.controller = %(controller)s AND o.system = %(system)s AND o.gone_at IS NULL
        AND NOT EXISTS (SELECT FROM scan_objects s
                         WHERE s.controller = o.controller AND s.scan = %(scan)s AND s.object = o.object)"""
    return sql.execute(tx, gone, controller=tx.of, scan=scan, system=system, at=at)


def was_listed_whole(tx: Transaction, scan: ScanId, unreadable: Sequence[str]) -> bool:
    """False where something could not even be listed, a folder say: then what lay in it is not gone."""
    statement = """SELECT NOT EXISTS (SELECT FROM scan_objects WHERE controller = %(controller)s AND scan = %(scan)s
        AND state = 'skipped' AND takes = 0 AND reason = ANY(%(unreadable)s)) AS whole"""
    return bool(sql.one_row(tx, statement, controller=tx.of, scan=scan, unreadable=list(unreadable))["whole"])


def _taken(row: Row) -> Taken:
    return Taken(
        object=ObjectId(row["object"]),
        sealed_name=bytes(row["sealed_name"]),
        size=row["size"],
        fingerprint=sql.maybe_bytes(row["fingerprint"]),
        takes=row["takes"],
        reading=row["readings"],
        read_as=(sql.maybe_bytes(row["was"]), sql.maybe_bytes(row["rules"])),
    )
