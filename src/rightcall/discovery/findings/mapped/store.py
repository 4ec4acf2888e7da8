"""Findings whose is known, and which of them the data map has."""

from collections.abc import Sequence

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.discovery.findings.model import SealedFinding
from rightcall.discovery.findings.store import sealed_of
from rightcall.ids import FindingId, HoldingId, SystemId


def unmapped(tx: Transaction, system: SystemId, after: FindingId | None, limit: int) -> list[SealedFinding]:
    """Linked and on no map, in the order of their ids."""
    return _linked(tx, system, after, limit, "f.holding IS NULL")


def mapped(tx: Transaction, system: SystemId, after: FindingId | None, limit: int) -> list[SealedFinding]:
    """The same of those that are on the map."""
    return _linked(tx, system, after, limit, "f.holding IS NOT NULL")


def mapped_of(tx: Transaction, system: SystemId, wanted: Sequence[FindingId]) -> list[SealedFinding]:
    """The same of these."""
    return _linked(tx, system, None, len(wanted), "f.holding IS NOT NULL AND f.finding = ANY (%(wanted)s)", wanted)


def _linked(
    tx: Transaction, system: SystemId, after: FindingId | None, limit: int, only: str, wanted: Sequence[FindingId] = ()
) -> list[SealedFinding]:
    rows = sql.all_rows(
        tx,
        f"""
        SELECT f.finding, f.system, f.object, f.record, f.sealed_spot, f.field, f.type, f.category, f.confidence, f.why,
               f.clue_kinds, f.subject, f.holding, f.first_scan, f.last_scan, f.first_seen_at, f.gone_at, f.dated_on, f.erased,
               o.sealed_name
          FROM findings f JOIN system_objects o ON o.controller = f.controller AND o.object = f.object
         WHERE f.controller = %(controller)s AND f.system = %(system)s AND f.subject IS NOT NULL AND {only}
           AND f.gone_at IS NULL AND (%(after)s::uuid IS NULL OR f.finding > %(after)s)
         ORDER BY f.finding LIMIT %(limit)s
        """,  # noqa: S608 - our own words
        controller=tx.of,
        system=system,
        after=after,
        limit=limit,
        wanted=list(wanted),
    )
    return [sealed_of(row) for row in rows]


def put_on_map(tx: Transaction, findings: Sequence[FindingId]) -> None:
    """Each under its own id."""
    statement = """UPDATE findings SET holding = finding
        WHERE controller = %(controller)s AND finding = ANY(%(findings)s) AND subject IS NOT NULL"""
    sql.execute(tx, statement, controller=tx.of, findings=list(findings))


def gone_on_map(tx: Transaction, system: SystemId, limit: int) -> list[tuple[FindingId, HoldingId]]:
    rows = sql.all_rows(
        tx,
        """
        SELECT finding, holding FROM findings
         WHERE controller = %(controller)s AND system = %(system)s AND gone_at IS NOT NULL AND holding IS NOT NULL
         ORDER BY finding LIMIT %(limit)s
        """,
        controller=tx.of,
        system=system,
        limit=limit,
    )
    return [(FindingId(row["finding"]), HoldingId(row["holding"])) for row in rows]


def take_off_map(tx: Transaction, findings: Sequence[FindingId]) -> None:
    statement = "UPDATE findings SET holding = NULL WHERE controller = %(controller)s AND finding = ANY(%(findings)s)"
    sql.execute(tx, statement, controller=tx.of, findings=list(findings))
