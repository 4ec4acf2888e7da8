"""What the staff room writes to the ledger: tokens come and go, in public."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.ids import TokenId
from rightcall.ledger.model import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCreated(Statement):
    """From now on the bearer of this token has this role at this controller."""

    KIND: ClassVar[str] = "staff.token_created"
    token: TokenId
    token_role: Role
    expires_at: datetime
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenAgreed(Statement):
    """A DPO agreed to what an administrator made: from now on it opens something."""

    KIND: ClassVar[str] = "staff.token_agreed"
    token: TokenId
    token_role: Role
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRevoked(Statement):
    """From now on this token opens nothing."""

    KIND: ClassVar[str] = "staff.token_revoked"
    token: TokenId
    actor: UUID
    role: Role
