"""What is said of e-mails in the ledger: that one came, and what became of it. Neither of whom nor what."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.ids import RequestId
from rightcall.ledger.model import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTaken(Statement):
    KIND: ClassVar[str] = "requests.mail_taken"

    mail: UUID
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettled(Statement):
    """Somebody read it and entered what it asks, or that it asks nothing: `request` is None then. Its words are dark."""

    KIND: ClassVar[str] = "requests.mail_settled"

    mail: UUID
    request: RequestId | None
    actor: UUID
    role: Role
