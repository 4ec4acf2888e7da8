"""What is said of recipients who are told what is right."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.ids import CorrectionId, RecipientId
from rightcall.ledger.model import Statement
from rightcall.requests.informing.model import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientInformed(Statement):
    """Somebody says that the recipient was told what is right."""

    KIND: ClassVar[str] = "requests.recipient_informed"

    correction: CorrectionId
    recipient: RecipientId
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientReplied(Statement):
    KIND: ClassVar[str] = "requests.recipient_replied"

    correction: CorrectionId
    recipient: RecipientId
    answer: Reply
    actor: UUID
    role: Role
