"""The tables `scans`, `system_objects`, `scan_objects` and `scan_passed_over`. Leases are told by the database's clock."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from rightcall.actors import Actor, Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.database.sql import Row
from rightcall.database.walk import Walk, both_ways
from rightcall.discovery.model import REPAIRED
from rightcall.discovery.ports import Load
from rightcall.discovery.scans.model import Amount, How, ObjectState, Outcome, Scan, Stage, Taken
from rightcall.ids import ObjectId, ScanId, StatementId, SystemId


def insert(tx: Transaction, scan: Scan) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO scans (controller, scan, system, stage, sample, workers, pace, rows_pace, started_by, started_role,
                           started_at, statement)
        VALUES (%(controller)s, %(scan)s, %(system)s, 'listing', %(sample)s, %(workers)s, %(pace)s, %(rows_pace)s, %(by)s,
                %(role)s, %(at)s, %(statement)s)
        """,
        controller=tx.of,
        scan=scan.id,
        system=scan.system,
        sample=scan.how.sample,
        workers=scan.how.workers,
        pace=scan.how.load.bytes,
        rows_pace=scan.how.load.rows,
        by=scan.started_by.id,
        role=scan.started_by.role.value,
        at=scan.started_at,
        statement=scan.statement,
    )


def scans(tx: Transaction, system: SystemId | None, scan: ScanId | None, limit: int) -> list[Scan]:
    """Newest first."""
    rows = sql.all_rows(
        tx,
        """
        SELECT scan, system, stage, outcome, why, sample, workers, pace, rows_pace, rules, started_by, started_role, started_at,
               reading_since, waiting_since, waiting_why, ended_at, followed_at, statement
          FROM scans WHERE controller = %(controller)s AND (%(system)s::uuid IS NULL OR system = %(system)s)
           AND (%(scan)s::uuid IS NULL OR scan = %(scan)s)
         ORDER BY scan DESC LIMIT %(limit)s
        """,
        controller=tx.of,
        system=system,
        scan=scan,
        limit=limit,
    )
    return [_scan(row) for row in rows]


def shared(tx: Transaction) -> list[ScanId]:
    """Those that are being read and that more than one worker may read."""
    rows = sql.all_rows(
        tx,
        "SELECT scan FROM scans WHERE controller = %(controller)s AND stage = 'reading' AND workers > 1 ORDER BY scan",
        controller=tx.of,
    )
    return [ScanId(row["scan"]) for row in rows]


def hold(tx: Transaction, scan: ScanId) -> Stage | None:
    """Its stage, which nobody changes until the transaction ends; None where there is no such scan."""
    statement = "SELECT stage FROM scans WHERE controller = %(controller)s AND scan = %(scan)s FOR NO KEY UPDATE"
    row = sql.maybe_row(tx, statement, controller=tx.of, scan=scan)
    return None if row is None else Stage(row["stage"])


def hold_followed(tx: Transaction) -> None:
    """Until the transaction ends, the scans whose findings are being followed up: what two of them found is linked one after the
    other, so that nothing is linked twice."""
    sql.all_rows(
        tx,
        """SELECT scan FROM scans
            WHERE controller = %(controller)s AND stage = 'over' AND outcome = 'done' AND followed_at IS NULL
            ORDER BY scan FOR NO KEY UPDATE""",
        controller=tx.of,
    )


def to_reading(tx: Transaction, scan: ScanId, rules: bytes, at: datetime) -> None:
    statement = """UPDATE scans SET stage = 'reading', rules = %(rules)s, reading_since = %(at)s
        WHERE controller = %(controller)s AND scan = %(scan)s AND stage = 'listing'"""
    sql.execute(tx, statement, controller=tx.of, scan=scan, rules=rules, at=at)


def to_settling(tx: Transaction, scan: ScanId) -> None:
    statement = """UPDATE scans SET stage = 'settling'
        WHERE controller = %(controller)s AND scan = %(scan)s AND stage = 'reading'"""
    sql.execute(tx, statement, controller=tx.of, scan=scan)


def end(tx: Transaction, scan: ScanId, outcome: Outcome, why: str | None, at: datetime) -> bool:
    """False where it was over before."""
    statement = """UPDATE scans SET stage = 'over', outcome = %(outcome)s, why = %(why)s, ended_at = %(at)s,
            waiting_since = NULL, waiting_why = NULL
        WHERE controller = %(controller)s AND scan = %(scan)s AND stage <> 'over'"""
    return sql.execute(tx, statement, controller=tx.of, scan=scan, outcome=outcome.value, why=why, at=at) == 1


def take_stock(tx: Transaction, scan: ScanId) -> None:
    """How far it is, put down for whoever asks about people meanwhile."""
    statement = """UPDATE scans s SET objects = n.objects, looked_at = n.looked_at, not_read = n.not_read,
               parts_not_read = p.parts
        FROM (SELECT count(*) FILTER (WHERE state <> 'left_out') AS objects,
                     count(*) FILTER (WHERE state IN ('read', 'unchanged', 'skipped')) AS looked_at,
                     count(*) FILTER (WHERE state = 'skipped') AS not_read
                FROM scan_objects WHERE controller = %(controller)s AND scan = %(scan)s) n,
             (SELECT count(*) AS parts FROM scan_objects o
                JOIN scan_passed_over p ON p.controller = o.controller AND p.scan = coalesce(o.since, o.scan)
                                       AND p.object = o.object
               WHERE o.controller = %(controller)s AND o.scan = %(scan)s AND o.state IN ('read', 'unchanged')
                 AND p.reason <> ALL (%(repaired)s)) p
        WHERE s.controller = %(controller)s AND s.scan = %(scan)s AND s.reading_since IS NOT NULL
          AND (s.objects, s.looked_at, s.not_read, s.parts_not_read)
              IS DISTINCT FROM (n.objects, n.looked_at, n.not_read, p.parts)"""
    sql.execute(tx, statement, controller=tx.of, scan=scan, repaired=[each.value for each in REPAIRED])


def followed(tx: Transaction, scan: ScanId, at: datetime) -> None:
    statement = """UPDATE scans SET followed_at = coalesce(followed_at, %(at)s)
        WHERE controller = %(controller)s AND scan = %(scan)s AND outcome = 'done'"""
    sql.execute(tx, statement, controller=tx.of, scan=scan, at=at)


def wait(tx: Transaction, scan: ScanId, why: str, at: datetime) -> datetime | None:
    """Since when it waits; None where it is over."""
    statement = """UPDATE scans SET waiting_since = coalesce(waiting_since, %(at)s), waiting_why = %(why)s
        WHERE controller = %(controller)s AND scan = %(scan)s AND stage <> 'over' RETURNING waiting_since"""
    row = sql.maybe_row(tx, statement, controller=tx.of, scan=scan, why=why, at=at)
    return None if row is None else row["waiting_since"]


def go_on(tx: Transaction, scan: ScanId) -> None:
    statement = """UPDATE scans SET waiting_since = NULL, waiting_why = NULL
        WHERE controller = %(controller)s AND scan = %(scan)s AND waiting_since IS NOT NULL"""
    sql.execute(tx, statement, controller=tx.of, scan=scan)


# Objects


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
    return {bytes(row["mark"]): (ObjectId(row["object"]), _bytes(row["fingerprint"]), _bytes(row["rules"])) for row in rows}


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


def take_list(tx: Transaction, scan: ScanId, lister: UUID, seconds: float) -> bool:
    """To be made by this one alone, for so long; again for longer. False while another makes it, or once it is made."""
    statement = """UPDATE scans SET lister = %(lister)s, listing_until = now() + make_interval(secs => %(seconds)s)
        WHERE controller = %(controller)s AND scan = %(scan)s AND stage = 'listing'
         AND (lister IS NULL OR lister = %(lister)s OR listing_until <= now())"""
    return sql.execute(tx, statement, controller=tx.of, scan=scan, lister=lister, seconds=seconds) == 1


def leave_list(tx: Transaction, scan: ScanId, lister: UUID) -> None:
    statement = """UPDATE scans SET lister = NULL, listing_until = NULL
        WHERE controller = %(controller)s AND scan = %(scan)s AND lister = %(lister)s"""
    sql.execute(tx, statement, controller=tx.of, scan=scan, lister=lister)


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


# Figures


def amounts(tx: Transaction, scan: ScanId) -> dict[ObjectState, Amount]:
    rows = sql.all_rows(
        tx,
        """
        SELECT state, count(*) AS objects, coalesce(sum(size), 0)::bigint AS size, sum(bytes)::bigint AS bytes,
               sum(rows)::bigint AS rows, sum(findings)::bigint AS findings, sum(seconds) AS seconds
          FROM scan_objects WHERE controller = %(controller)s AND scan = %(scan)s GROUP BY state
        """,
        controller=tx.of,
        scan=scan,
    )
    return {
        ObjectState(row["state"]): Amount(
            objects=row["objects"],
            size=row["size"],
            bytes=row["bytes"],
            rows=row["rows"],
            findings=row["findings"],
            seconds=row["seconds"],
        )
        for row in rows
    }


def rows_by_type(tx: Transaction, scan: ScanId, system: SystemId) -> dict[str, int]:
    """For each type that this scan saw in tables: in how many of their rows."""
    rows = sql.all_rows(
        tx,
        """
        SELECT f.type, count(DISTINCT f.record) AS rows
          FROM findings f JOIN scan_objects s ON s.controller = f.controller AND s.object = f.object AND s.scan = %(scan)s
         WHERE f.controller = %(controller)s AND f.system = %(system)s AND f.last_scan = %(scan)s AND f.gone_at IS NULL
           AND s.rows > 0
         GROUP BY f.type ORDER BY count(DISTINCT f.record) DESC, f.type
        """,
        controller=tx.of,
        scan=scan,
        system=system,
    )
    return {row["type"]: row["rows"] for row in rows}


def skipped_by_reason(tx: Transaction, scan: ScanId) -> dict[str, int]:
    rows = sql.all_rows(
        tx,
        """
        SELECT reason, count(*) AS number FROM scan_objects
         WHERE controller = %(controller)s AND scan = %(scan)s AND state = 'skipped' GROUP BY reason ORDER BY reason
        """,
        controller=tx.of,
        scan=scan,
    )
    return {row["reason"]: row["number"] for row in rows}


def inside_by_reason(tx: Transaction, scan: ScanId) -> dict[str, int]:
    rows = sql.all_rows(
        tx,
        """
        SELECT reason, count(*) AS number FROM scan_passed_over
         WHERE controller = %(controller)s AND scan = %(scan)s GROUP BY reason ORDER BY reason
        """,
        controller=tx.of,
        scan=scan,
    )
    return {row["reason"]: row["number"] for row in rows}


def still_by_reason(tx: Transaction, scan: ScanId) -> dict[str, int]:
    """What was passed over within objects that this scan found unchanged, when they were read."""
    rows = sql.all_rows(
        tx,
        """
        SELECT p.reason, count(*) AS number FROM scan_objects s
          JOIN scan_passed_over p ON p.controller = s.controller AND p.scan = s.since AND p.object = s.object
         WHERE s.controller = %(controller)s AND s.scan = %(scan)s AND s.since IS NOT NULL GROUP BY p.reason ORDER BY p.reason
        """,
        controller=tx.of,
        scan=scan,
    )
    return {row["reason"]: row["number"] for row in rows}


_SKIPPED = both_ways("""
SELECT s.object, o.sealed_name, s.reason
  FROM scan_objects s JOIN system_objects o ON o.controller = s.controller AND o.object = s.object
 WHERE s.controller = %(controller)s AND s.scan = %(scan)s AND s.state = 'skipped' AND s.object {beyond} %(id)s
   AND (%(reason)s::text IS NULL OR s.reason = %(reason)s)
 ORDER BY s.object {way} LIMIT %(limit)s
""")


def skipped(tx: Transaction, scan: ScanId, walk: Walk, reason: str | None, limit: int) -> list[tuple[ObjectId, bytes, str]]:
    """Object, sealed name, reason."""
    statement, id = _SKIPPED[walk.oldest_first], walk.bounds()["id"]
    rows = sql.all_rows(tx, statement, controller=tx.of, scan=scan, id=id, reason=reason, limit=limit)
    return [(ObjectId(row["object"]), bytes(row["sealed_name"]), row["reason"]) for row in rows]


def passed_over_inside(tx: Transaction, scan: ScanId, limit: int) -> list[tuple[ObjectId, int, bytes, str, datetime | None]]:
    """Object, number, sealed name of what lies inside, reason; and since when, where its object is unchanged since then."""
    rows = sql.all_rows(
        tx,
        """
        SELECT p.object, p.nth, p.sealed_name, p.reason, a.started_at AS since FROM scan_objects s
          JOIN scan_passed_over p ON p.controller = s.controller AND p.scan = coalesce(s.since, s.scan) AND p.object = s.object
          LEFT JOIN scans a ON a.controller = s.controller AND a.scan = s.since
         WHERE s.controller = %(controller)s AND s.scan = %(scan)s ORDER BY p.object, p.nth LIMIT %(limit)s
        """,
        controller=tx.of,
        scan=scan,
        limit=limit,
    )
    return [(ObjectId(row["object"]), row["nth"], bytes(row["sealed_name"]), row["reason"], row["since"]) for row in rows]


def _bytes(value: object) -> bytes | None:
    return bytes(value) if isinstance(value, bytes | memoryview) else None


def _taken(row: Row) -> Taken:
    return Taken(
        object=ObjectId(row["object"]),
        sealed_name=bytes(row["sealed_name"]),
        size=row["size"],
        fingerprint=_bytes(row["fingerprint"]),
        takes=row["takes"],
        reading=row["readings"],
        read_as=(_bytes(row["was"]), _bytes(row["rules"])),
    )


def _scan(row: Row) -> Scan:
    return Scan(
        id=ScanId(row["scan"]),
        system=SystemId(row["system"]),
        stage=Stage(row["stage"]),
        outcome=None if row["outcome"] is None else Outcome(row["outcome"]),
        why=row["why"],
        how=How(
            sample=None if row["sample"] is None else round(row["sample"], 6),
            workers=row["workers"],
            load=Load(bytes=row["pace"], rows=row["rows_pace"]),
        ),
        rules=_bytes(row["rules"]),
        started_by=Actor(id=row["started_by"], role=Role(row["started_role"])),
        started_at=row["started_at"],
        reading_since=row["reading_since"],
        waiting_since=row["waiting_since"],
        waiting_why=row["waiting_why"],
        ended_at=row["ended_at"],
        followed_at=row["followed_at"],
        statement=StatementId(row["statement"]),
    )
