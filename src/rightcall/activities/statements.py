"""What the record of processing says in the ledger: that a recipient was declared or ended, for which purposes; no names."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.activities.model import RecipientKind, Safeguard
from rightcall.actors import Role
from rightcall.ids import PurposeId, RecipientId
from rightcall.ledger.model import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientDeclared(Statement):
    KIND: ClassVar[str] = "activities.recipient_declared"

    recipient: RecipientId
    receives_as: RecipientKind
    purposes: tuple[PurposeId, ...]
    safeguard: Safeguard | None
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientEnded(Statement):
    """It receives nothing any more."""

    KIND: ClassVar[str] = "activities.recipient_ended"

    recipient: RecipientId
    actor: UUID
    role: Role
