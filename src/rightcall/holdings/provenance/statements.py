"""What provenance says in the ledger: that more is known of where something came from, that an origin fell, that it holds
again."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.holdings.provenance.model import FallReason
from rightcall.ids import HoldingId
from rightcall.ledger.model import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginTold(Statement):
    """What is on the map already came from these."""

    KIND: ClassVar[str] = "provenance.origin_told"

    holding: HoldingId
    origins: tuple[HoldingId, ...]
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginFell(Statement):
    """What was made from it is not to be relied on."""

    KIND: ClassVar[str] = "provenance.origin_fell"

    holding: HoldingId
    reason: FallReason
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginHolds(Statement):
    """The reason is gone."""

    KIND: ClassVar[str] = "provenance.origin_holds"

    holding: HoldingId
    reason: FallReason
    actor: UUID
    role: Role
