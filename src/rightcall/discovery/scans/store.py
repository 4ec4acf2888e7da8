"""The table `scans`. Leases are told by the database's clock."""

from datetime import datetime
from uuid import UUID

from rightcall.actors import Actor, Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.database.sql import Row
from rightcall.discovery.model import REPAIRED
from rightcall.discovery.ports import Load
from rightcall.discovery.scans.model import How, Outcome, Scan, Stage
from rightcall.ids import ScanId, StatementId, SystemId


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
        rules=sql.maybe_bytes(row["rules"]),
        started_by=Actor(id=row["started_by"], role=Role(row["started_role"])),
        started_at=row["started_at"],
        reading_since=row["reading_since"],
        waiting_since=row["waiting_since"],
        waiting_why=row["waiting_why"],
        ended_at=row["ended_at"],
        followed_at=row["followed_at"],
        statement=StatementId(row["statement"]),
    )
