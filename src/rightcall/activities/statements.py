"""What the record of processing says in the ledger: that a recipient, or somebody who answers for it, was declared or ended; no
names."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.activities.model import Capacity, RecipientKind, Safeguard
from rightcall.actors import Role
from rightcall.ids import PurposeId, RecipientId, ResponsibleId
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsibleDeclared(Statement):
    """Somebody answers for the processing; who, the record says."""

    KIND: ClassVar[str] = "activities.responsible_declared"

    responsible: ResponsibleId
    capacity: Capacity
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsibleEnded(Statement):
    """They answer for it no more."""

    KIND: ClassVar[str] = "activities.responsible_ended"

    responsible: ResponsibleId
    actor: UUID
    role: Role
