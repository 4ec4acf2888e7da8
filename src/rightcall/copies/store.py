"""The tables `backups`, `drills` and `copies_look`, which belong to the deployment; and what PostgreSQL says of its own
copies."""

from datetime import datetime

from rightcall.copies.model import Backup, BackupId, BackupKind, DatabaseCopies, Drill, DrillId, Fault, Look, StoreCopies
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.database.sql import Row


def insert_backup(tx: Transaction, backup: Backup) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO backups (backup, kind, epoch, place, begun_at)
        VALUES (%(backup)s, %(kind)s, %(epoch)s, %(place)s, %(begun_at)s)
        """,
        backup=backup.id,
        kind=backup.kind,
        epoch=backup.epoch,
        place=backup.place,
        begun_at=backup.begun_at,
    )


def set_made(tx: Transaction, backup: BackupId, *, epoch: int, at: datetime) -> None:
    sql.execute(
        tx,
        "UPDATE backups SET epoch = %(epoch)s, made_at = %(at)s WHERE backup = %(backup)s",
        backup=backup,
        epoch=epoch,
        at=at,
    )


def set_gone(tx: Transaction, backup: BackupId, at: datetime) -> int:
    return sql.execute(
        tx, "UPDATE backups SET gone_at = %(at)s WHERE backup = %(backup)s AND gone_at IS NULL", backup=backup, at=at
    )


def backups(tx: Transaction, limit: int) -> list[Backup]:
    """The newest first."""
    rows = sql.all_rows(
        tx,
        """
        SELECT backup, kind, epoch, place, begun_at, made_at, gone_at FROM backups
        ORDER BY begun_at DESC, backup DESC LIMIT %(limit)s
        """,
        limit=limit,
    )
    return [_backup(row) for row in rows]


def backup(tx: Transaction, backup: BackupId) -> Backup | None:
    row = sql.maybe_row(
        tx,
        "SELECT backup, kind, epoch, place, begun_at, made_at, gone_at FROM backups WHERE backup = %(backup)s",
        backup=backup,
    )
    return None if row is None else _backup(row)


def standing(tx: Transaction, kind: BackupKind) -> list[Backup]:
    """Those not confirmed gone, the oldest first."""
    rows = sql.all_rows(
        tx,
        """
        SELECT backup, kind, epoch, place, begun_at, made_at, gone_at FROM backups
        WHERE kind = %(kind)s AND gone_at IS NULL ORDER BY begun_at, backup
        """,
        kind=kind,
    )
    return [_backup(row) for row in rows]


def keys_until(tx: Transaction, epoch: int) -> tuple[int, int]:
    """Of `epoch` or before: not confirmed gone, and gone."""
    row = sql.one_row(
        tx,
        """
        SELECT count(*) FILTER (WHERE gone_at IS NULL) AS standing, count(*) FILTER (WHERE gone_at IS NOT NULL) AS gone
        FROM backups WHERE kind = 'keys' AND epoch <= %(epoch)s
        """,
        epoch=epoch,
    )
    return int(row["standing"]), int(row["gone"])


def keys_before(tx: Transaction, epoch: int) -> int:
    """Backups of keys from before `epoch` that nobody has confirmed as gone."""
    row = sql.one_row(
        tx,
        "SELECT count(*) AS n FROM backups WHERE kind = 'keys' AND gone_at IS NULL AND epoch < %(epoch)s",
        epoch=epoch,
    )
    return int(row["n"])


def insert_drill(tx: Transaction, drill: Drill) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO drills (drill, drilled_at, faults, live, live_opened, gone, gone_opened, fenced, backup_made_at)
        VALUES (%(drill)s, %(at)s, %(faults)s, %(live)s, %(live_opened)s, %(gone)s, %(gone_opened)s, %(fenced)s, %(of)s)
        """,
        drill=drill.id,
        at=drill.drilled_at,
        faults=[fault.value for fault in drill.faults],
        live=drill.live,
        live_opened=drill.live_opened,
        gone=drill.gone,
        gone_opened=drill.gone_opened,
        fenced=drill.fenced,
        of=drill.backup_made_at,
    )


def drills(tx: Transaction, limit: int) -> list[Drill]:
    """The newest first."""
    rows = sql.all_rows(
        tx,
        """
        SELECT drill, drilled_at, faults, live, live_opened, gone, gone_opened, fenced, backup_made_at FROM drills
        ORDER BY drilled_at DESC, drill DESC LIMIT %(limit)s
        """,
        limit=limit,
    )
    return [_drill(row) for row in rows]


def newest_drilled(tx: Transaction) -> Drill | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT drill, drilled_at, faults, live, live_opened, gone, gone_opened, fenced, backup_made_at FROM drills
        ORDER BY coalesce(backup_made_at, drilled_at) DESC, drilled_at DESC, drill DESC LIMIT 1
        """,
    )
    return None if row is None else _drill(row)


def _drill(row: sql.Row) -> Drill:
    return Drill(
        id=DrillId(row["drill"]),
        drilled_at=row["drilled_at"],
        faults=tuple(Fault(fault) for fault in row["faults"]),
        live=row["live"],
        live_opened=row["live_opened"],
        gone=row["gone"],
        gone_opened=row["gone_opened"],
        fenced=row["fenced"],
        backup_made_at=row["backup_made_at"],
    )


def database_copies(tx: Transaction) -> DatabaseCopies:
    """What PostgreSQL tells everybody who is let in: not whom it copies to, and that is not asked."""
    row = sql.one_row(
        tx,
        """
        SELECT current_setting('archive_mode') <> 'off' AS archives,
               (SELECT count(*) FROM pg_stat_replication) AS replicas,
               (SELECT count(*) FROM pg_replication_slots) AS slots
        """,
    )
    return DatabaseCopies(archives=row["archives"], replicas=row["replicas"], slots=row["slots"])


def set_look(tx: Transaction, look: Look) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO copies_look (looked_at, archives, replicas, slots, versions, locks, replicates)
        VALUES (%(at)s, %(archives)s, %(replicas)s, %(slots)s, %(versions)s, %(locks)s, %(replicates)s)
        ON CONFLICT (one) DO UPDATE SET looked_at = EXCLUDED.looked_at, archives = EXCLUDED.archives,
            replicas = EXCLUDED.replicas, slots = EXCLUDED.slots, versions = EXCLUDED.versions, locks = EXCLUDED.locks,
            replicates = EXCLUDED.replicates
        """,
        at=look.looked_at,
        archives=look.database.archives,
        replicas=look.database.replicas,
        slots=look.database.slots,
        versions=look.store.versions,
        locks=look.store.locks,
        replicates=look.store.replicates,
    )


def look(tx: Transaction) -> Look | None:
    row = sql.maybe_row(tx, "SELECT looked_at, archives, replicas, slots, versions, locks, replicates FROM copies_look")
    if row is None:
        return None
    return Look(
        looked_at=row["looked_at"],
        database=DatabaseCopies(archives=row["archives"], replicas=row["replicas"], slots=row["slots"]),
        store=StoreCopies(versions=row["versions"], locks=row["locks"], replicates=row["replicates"]),
    )


def _backup(row: Row) -> Backup:
    return Backup(
        id=BackupId(row["backup"]),
        kind=BackupKind(row["kind"]),
        epoch=row["epoch"],
        place=row["place"],
        begun_at=row["begun_at"],
        made_at=row["made_at"],
        gone_at=row["gone_at"],
    )
