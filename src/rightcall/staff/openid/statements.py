"""What is said in public of accounts at a provider: that a member has one."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.ids import MemberId
from rightcall.ledger.model import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLinked(Statement):
    """From now on an account at the provider lets this member in."""

    KIND: ClassVar[str] = "staff.account_linked"
    member: MemberId
    actor: UUID
    role: Role
