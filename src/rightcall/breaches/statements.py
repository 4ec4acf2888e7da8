"""What breaches say in the ledger (GDPR Art. 33(5)): that one was entered, who was told, that it was closed. Nobody is named."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.breaches.model import LateReason, Nature, Reach, Severity
from rightcall.ids import BreachId, RehearsalId, SystemId, VerdictId
from rightcall.ledger.model import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachEntered(Statement):
    KIND: ClassVar[str] = "breaches.entered"

    breach: BreachId
    system: SystemId | None
    began_at: datetime
    until: datetime
    known_at: datetime
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachCorrected(Statement):
    """More is known of what happened: so it was, as is known now. It is weighed anew by that."""

    KIND: ClassVar[str] = "breaches.corrected"

    breach: BreachId
    nature: tuple[Nature, ...]
    reach: Reach
    malicious: bool
    unintelligible: bool
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachWeighed(Statement):
    """The circumstances as they are known now, and what follows from them."""

    KIND: ClassVar[str] = "breaches.weighed"

    breach: BreachId
    nature: tuple[Nature, ...]
    reach: Reach
    malicious: bool
    unintelligible: bool
    severity: Severity
    people: int
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachWeighingAsked(Statement):
    """It is to be weighed anew, by the data map as it is now."""

    KIND: ClassVar[str] = "breaches.weighing_asked"

    breach: BreachId
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachRehearsed(Statement):
    """Somebody asked what a leak would mean. Nothing leaked, as far as is known."""

    KIND: ClassVar[str] = "breaches.rehearsed"

    rehearsal: RehearsalId
    system: SystemId | None
    began_at: datetime
    until: datetime
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachTold(Statement):
    """`people` false: the authority was told, and why so late where it was; true: those who are affected were. Said again, it
    puts right what was said before."""

    KIND: ClassVar[str] = "breaches.told"

    breach: BreachId
    people: bool
    told_at: datetime
    actor: UUID
    role: Role
    late_because: LateReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachClosed(Statement):
    KIND: ClassVar[str] = "breaches.closed"

    breach: BreachId
    verdict: VerdictId
    actor: UUID
    role: Role
