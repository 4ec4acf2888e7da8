"""What is said of those who look after a system in which something is to be put right. Never of whom, and never what."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.ids import CorrectionId, SystemId
from rightcall.ledger.model import Statement
from rightcall.requests.informing.model import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionKeeperTold(Statement):
    """Somebody says that those who look after this system were told what is right."""

    KIND: ClassVar[str] = "requests.keeper_told"

    correction: CorrectionId
    system: SystemId
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionKeeperReplied(Statement):
    """What they said. Where they say that it is right, what stands there is read again."""

    KIND: ClassVar[str] = "requests.keeper_replied"

    correction: CorrectionId
    system: SystemId
    answer: Reply
    actor: UUID
    role: Role
