"""What the access log says in the ledger. Whose it was that was read, it does not say: the log knows."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.holdings.uses.model import Ground, UseAct
from rightcall.ids import HoldingId, PurposeId, VerdictId
from rightcall.ledger.model import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingUsed(Statement):
    """`holding` is None where what was read is not on the map. `fields`: how many were read."""

    KIND: ClassVar[str] = "holdings.used"

    holding: HoldingId | None
    purpose: PurposeId
    act: UseAct
    ground: Ground
    fields: int
    verdict: VerdictId | None
    actor: UUID
    role: Role
