"""Who is signed in. A session is a member's, for a while; it knows when and how they signed in."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from rightcall.actors import Actor
from rightcall.ids import ControllerId, MemberId, SessionId


class Way(StrEnum):
    """How somebody signed in."""

    PASSKEY = "passkey"
    OPENID = "openid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`idle`: without a request. `longest`: whatever is done."""

    idle: timedelta
    longest: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    id: SessionId
    member: MemberId
    way: Way
    signed_in_at: datetime
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None

    def signed_in_within(self, fresh: timedelta, now: datetime) -> bool:
        """Whether they showed so lately who they are that a deed that needs it may be done."""
        return now - self.signed_in_at <= fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """A session at the one moment when its secret can be read."""

    session: Session
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Whoever a session is: acts like the bearer of a token."""

    controller: ControllerId
    actor: Actor
    session: Session
