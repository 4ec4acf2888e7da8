"""What a scan came to, counted in the rows of its objects."""

from datetime import datetime

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.database.walk import Walk, both_ways
from rightcall.discovery.scans.model import Amount, ObjectState
from rightcall.ids import ObjectId, ScanId, SystemId


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


def skipped(tx: Transaction, scan: ScanId, walk: Walk, reason: str | None, limit: int) -> list[tuple[ObjectId, bytes, str]]:
    """Object, sealed name, reason."""
    statement, id = _SKIPPED[walk.oldest_first], walk.bounds()["id"]
    rows = sql.all_rows(tx, statement, controller=tx.of, scan=scan, id=id, reason=reason, limit=limit)
    return [(ObjectId(row["object"]), bytes(row["sealed_name"]), row["reason"]) for row in rows]


_SKIPPED = both_ways("""
SELECT s.object, o.sealed_name, s.reason
  FROM scan_objects s JOIN system_objects o ON o.controller = s.controller AND o.object = s.object
 WHERE s.controller = %(controller)s AND s.scan = %(scan)s AND s.state = 'skipped' AND s.object {beyond} %(id)s
   AND (%(reason)s::text IS NULL OR s.reason = %(reason)s)
 ORDER BY s.object {way} LIMIT %(limit)s
""")


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
