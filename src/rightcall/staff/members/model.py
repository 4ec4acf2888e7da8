"""People who work here. A member is one person at one controller, with one role; known to everybody else by an id alone."""

from dataclasses import dataclass, field
from datetime import datetime

from rightcall.actors import Actor, Role
from rightcall.ids import ControllerId, MemberId, SubjectId
from rightcall.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """`key`: the member's own in the vault. A member that was forgotten is suspended too. `waits`: nothing
    lets them in before a DPO has agreed."""

    id: MemberId
    controller: ControllerId
    key: SubjectId
    role: Role
    created_at: datetime
    suspended_at: datetime | None
    forgotten_at: datetime | None
    waits: bool

    @property
    def is_active(self) -> bool:
        return self.suspended_at is None

    @property
    def actor(self) -> Actor:
        return Actor(id=self.id, role=self.role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A member with what they are called; No name once they were forgotten."""

    member: Member
    name: Personal[str] | None
    address: Personal[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMember:
    """`address`: the e-mail address that a provider knows them by. Who has none signs in by passkey alone."""

    role: Role
    name: Personal[str]
    address: Personal[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpLink:
    """At the one moment when its secret can be read."""

    member: MemberId
    expires_at: datetime
    secret: str = field(repr=False)
