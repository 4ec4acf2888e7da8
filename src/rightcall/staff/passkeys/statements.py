"""What is said in public of passkeys: that a member has one more, or one less."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.ids import MemberId, PasskeyId
from rightcall.ledger.model import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyAdded(Statement):
    """From now on this passkey lets its member in."""

    KIND: ClassVar[str] = "staff.passkey_added"
    member: MemberId
    passkey: PasskeyId
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyRemoved(Statement):
    """From now on it lets nobody in."""

    KIND: ClassVar[str] = "staff.passkey_removed"
    member: MemberId
    passkey: PasskeyId
    actor: UUID
    role: Role
