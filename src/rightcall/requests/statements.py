"""What requests say in the ledger."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.ids import RequestId, SubjectId
from rightcall.ledger.model import Statement
from rightcall.requests.model import Answered, DenialGround, RequestKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReceived(Statement):
    KIND: ClassVar[str] = "requests.received"

    request: RequestId
    subject: SubjectId
    kind_of_request: RequestKind
    due_on: date
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAnswered(Statement):
    KIND: ClassVar[str] = "requests.answered"

    request: RequestId
    subject: SubjectId
    kind_of_request: RequestKind
    outcome: Answered
    ground: DenialGround | None
    actor: UUID
    role: Role
