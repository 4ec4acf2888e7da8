"""What the ledger says of vCons that another system sends: that one came or went there, never which."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.discovery.vcons.model import TakenIn
from rightcall.ids import SystemId
from rightcall.ledger.model import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class VconTold(Statement):
    """A system sent a vCon of its own, to be looked through."""

    KIND: ClassVar[str] = "discovery.vcon_told"

    system: SystemId
    outcome: TakenIn
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class VconForgotten(Statement):
    """A system told that it has let go of a vCon, or was asked to; what was kept of it here went too."""

    KIND: ClassVar[str] = "discovery.vcon_forgotten"

    system: SystemId
    actor: UUID
    role: Role
