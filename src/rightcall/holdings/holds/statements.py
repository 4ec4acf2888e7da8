"""What holds say in the ledger. Whose things they keep, and which law they cite, the data map knows."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.holdings.holds.model import HoldReason, Untold
from rightcall.ids import HoldId, HoldingId, PurposeId
from rightcall.ledger.model import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlaced(Statement):
    """`holdings` and `purposes` are the held slices, side by side. `agree_by`: until which day it keeps unless another agrees."""

    KIND: ClassVar[str] = "holdings.hold_placed"

    hold: HoldId
    reason: HoldReason
    until: date
    agree_by: date
    untold: Untold | None
    holdings: tuple[HoldingId, ...]
    purposes: tuple[PurposeId, ...]
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldAgreed(Statement):
    """A second person said yes to it."""

    KIND: ClassVar[str] = "holdings.hold_agreed"

    hold: HoldId
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class LongerAsked(Statement):
    """Somebody asks that it last until then."""

    KIND: ClassVar[str] = "holdings.hold_longer_asked"

    hold: HoldId
    until: date
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldProlonged(Statement):
    """A second person agreed that the reason lasts longer: `until` is the last day from now on."""

    KIND: ClassVar[str] = "holdings.hold_prolonged"

    hold: HoldId
    until: date
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldTold(Statement):
    """One of those whose things it keeps was told of it."""

    KIND: ClassVar[str] = "holdings.hold_told"

    hold: HoldId
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLifted(Statement):
    """Its key is destroyed: by the DPO, or by the system when its last day was over."""

    KIND: ClassVar[str] = "holdings.hold_lifted"

    hold: HoldId
    actor: UUID
    role: Role
