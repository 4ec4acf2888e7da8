"""What parity says in the ledger: that somebody looked, what was found, what a person answered, what was lifted."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.ethics.model import Explanation, FlagId, LookId, Measure
from rightcall.ids import ConcernId, PurposeId
from rightcall.ledger.model import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAsked(Statement):
    """A person wants a look now and not at the next turn; the worker makes it."""

    KIND: ClassVar[str] = "ethics.look_asked"

    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ParityLooked(Statement):
    """A look was begun, over the calls that no look had before, up to `until`. What it found has statements of its own."""

    KIND: ClassVar[str] = "ethics.parity_looked"

    look: LookId
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeFlagged(Statement):
    """A gap was found, so the purpose's yeses are not freely given. Effect and interval in thousandths of pairs; the sizes of
    the groups in tens, so that nobody is told apart by them."""

    KIND: ClassVar[str] = "ethics.purpose_flagged"

    flag: FlagId
    look: LookId
    purpose: PurposeId
    measure: Measure
    effect: int
    low: int
    high: int
    noes: int
    yeses: int
    concern: ConcernId


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagAnswered(Statement):
    KIND: ClassVar[str] = "ethics.flag_answered"

    flag: FlagId
    purpose: PurposeId
    measure: Measure
    explanation: Explanation
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagLapsed(Statement):
    """The trial after an answer ended, and the gap was not gone: the answer counts no more."""

    KIND: ClassVar[str] = "ethics.flag_lapsed"

    flag: FlagId
    look: LookId
    purpose: PurposeId
    measure: Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagLifted(Statement):
    """The calls since the answer show the gap gone."""

    KIND: ClassVar[str] = "ethics.flag_lifted"

    flag: FlagId
    look: LookId
    purpose: PurposeId
    measure: Measure
