"""What is said in public of people who work here: that there is one more or less, and with which role. Never who."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.ids import MemberId
from rightcall.ledger.model import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberCreated(Statement):
    """One more works here, in this role."""

    KIND: ClassVar[str] = "staff.member_created"
    member: MemberId
    member_role: Role
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberAgreed(Statement):
    """A DPO agreed to what an administrator gave this member: somebody new, another role, another way in."""

    KIND: ClassVar[str] = "staff.member_agreed"
    member: MemberId
    member_role: Role
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRoleChanged(Statement):
    """From now on in this one."""

    KIND: ClassVar[str] = "staff.member_role_changed"
    member: MemberId
    member_role: Role
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSuspended(Statement):
    """From now on nothing lets this member in."""

    KIND: ClassVar[str] = "staff.member_suspended"
    member: MemberId
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRestored(Statement):
    """What let this member in lets them in again."""

    KIND: ClassVar[str] = "staff.member_restored"
    member: MemberId
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberForgotten(Statement):
    """Name and address are destroyed, with the key that they were sealed under."""

    KIND: ClassVar[str] = "staff.member_forgotten"
    member: MemberId
    actor: UUID
    role: Role
