"""What a scan says in the ledger: that somebody had a system looked through, and how that ended. Not what lay where."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.discovery.scans.model import Outcome
from rightcall.ids import ScanId, SystemId
from rightcall.ledger.model import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanStarted(Statement):
    """`sample_per_mille` None: everything is looked at."""

    KIND: ClassVar[str] = "discovery.scan_started"

    scan: ScanId
    system: SystemId
    sample_per_mille: int | None
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanEnded(Statement):
    """`read`, `unchanged` and `skipped`: how many objects. `findings`: how many lie in those that were read."""

    KIND: ClassVar[str] = "discovery.scan_ended"

    scan: ScanId
    system: SystemId
    outcome: Outcome
    read: int
    unchanged: int
    skipped: int
    findings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanFollowed(Statement):
    """All that it found is with whose it is and on the data map."""

    KIND: ClassVar[str] = "discovery.scan_followed"

    scan: ScanId
    system: SystemId
