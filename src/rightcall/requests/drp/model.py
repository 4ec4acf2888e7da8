"""Requests that an authorised agent sends for a person: the Data Rights Protocol, inbound."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from rightcall.ids import ControllerId, RequestId
from rightcall.personal import Personal

AgentId = NewType("AgentId", UUID)
DrpId = NewType("DrpId", UUID)


class Why(StrEnum):
    """Why a message is refused, in the order in which the protocol has them looked at (section 3.07)."""

    NOT_PAIRED = "not_paired"
    NOT_BASE64 = "not_base64"
    BAD_SIGNATURE = "bad_signature"
    NOT_THE_FORM = "not_the_form"
    OTHER_AGENT = "other_agent"
    OTHER_BUSINESS = "other_business"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    TOO_LONG = "too_long"
    VERSION = "version"
    UNSUPPORTED = "unsupported"
    CALLBACK = "callback"
    REPLAYED = "replayed"
    TOO_MANY = "too_many"


class Status(StrEnum):
    """Section 3.02."""

    IN_PROGRESS = "in_progress"
    FULFILLED = "fulfilled"
    REVOKED = "revoked"
    DENIED = "denied"
    EXPIRED = "expired"


class Trouble(StrEnum):
    """Why an agent could not be called back. `inside`: its address leads to a network that is not for it."""

    AWAY = "away"
    REFUSED = "refused"
    INSIDE = "inside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """An authorised agent that the controller trusts. `name`: its `agent-id`; `business`: our own `business-id` towards it;
    `key`: its Ed25519 public key, raw."""

    id: AgentId
    controller: ControllerId
    name: str
    business: str
    key: bytes
    added_at: datetime
    retired_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What every signed message but a revocation says. `digest`: SHA-256 of the whole message, by which a second one is known."""

    agent: str
    business: str
    issued_at: datetime
    expires_at: datetime
    version: str
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """What is asked. Of who it is, only what the agent says that it verified."""

    envelope: Envelope
    exercise: str
    regime: str | None
    agent_request: str | None
    callback: str | None
    email: Personal[str] | None = field(default=None, repr=False)
    phone: Personal[str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrpRequest:
    """`request`: None where nobody, or more than one person, is known by what the agent verified. The agent is not told which."""

    id: DrpId
    agent: AgentId
    agent_request: str | None
    exercise: str
    received_at: datetime
    expected_on: date
    request: RequestId | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """What there is to tell an agent by itself, and what came of it so far. `told`: SHA-256 of what it knows."""

    drp: DrpRequest
    url: str
    told: bytes
    round: int
    failures: int
    failing_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Untold:
    """Requests of an agent that it could not be told of when it was called last, and why, of the one that fails longest."""

    agent: AgentId
    requests: int
    since: datetime
    trouble: Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How far it is, as the agent is told (section 3.03). `expires_on`: the last day on which it can be shown who asks."""

    id: DrpId
    status: Status
    reason: str | None
    received_at: datetime
    expected_on: date
    agent_request: str | None
    details: str | None
    expires_on: date | None
