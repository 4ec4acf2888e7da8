"""What safety says in the ledger: that a system was looked at, and that a weakness was accepted."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.ids import SystemId
from rightcall.ledger.model import Statement
from rightcall.safety.model import AcceptReason, WeaknessKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemLookedAt(Statement):
    """How many weaknesses are open, accepted and newly mended."""

    KIND: ClassVar[str] = "safety.system_looked_at"

    system: SystemId
    open: int
    accepted: int
    mended: int
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class WeaknessAccepted(Statement):
    KIND: ClassVar[str] = "safety.weakness_accepted"

    weakness: UUID
    kind_of_weakness: WeaknessKind
    reason: AcceptReason
    until: date
    actor: UUID
    role: Role
