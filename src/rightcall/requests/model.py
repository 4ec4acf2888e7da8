"""What a subject asks of a controller, and how far it is (GDPR Art. 7(3), 12 to 22)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from rightcall.actors import Actor
from rightcall.ids import RequestId, StatementId, SubjectId


class RequestKind(StrEnum):
    """Art. 15, 17, 16, 18, 21, 20, 7(3), in this order. `withdrawal`: of every yes that the person gave."""

    ACCESS = "access"
    ERASURE = "erasure"
    RECTIFICATION = "rectification"
    RESTRICTION = "restriction"
    OBJECTION = "objection"
    PORTABILITY = "portability"
    WITHDRAWAL = "withdrawal"


class Channel(StrEnum):
    """How it came. `phone`: somebody who works here enters it. `drp`: the Data Rights Protocol."""

    PORTAL = "portal"
    EMAIL = "email"
    PHONE = "phone"
    API = "api"
    DRP = "drp"


class Stage(StrEnum):
    """`in_progress`: a procedure or a person works on it."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"


class Answered(StrEnum):
    """How it ended. A denial names its ground."""

    FULFILLED = "fulfilled"
    DENIED = "denied"


class DenialGround(StrEnum):
    """Why a request may be denied: Art. 12(5) and (6), Art. 17(3), each named, never silent."""

    MANIFESTLY_UNFOUNDED = "manifestly_unfounded"
    IDENTITY_IN_DOUBT = "identity_in_doubt"
    LEGAL_OBLIGATION = "legal_obligation"
    LEGAL_CLAIMS = "legal_claims"
    PUBLIC_INTEREST = "public_interest"


class ExtensionReason(StrEnum):
    """Why more time is taken: the two that Art. 12(3) has."""

    COMPLEX = "complex"
    MANY_REQUESTS = "many_requests"


class Step(StrEnum):
    """What happened to a request."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    BEGUN = "begun"
    EXTENDED = "extended"
    FULFILLED = "fulfilled"
    DENIED = "denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One step, with its instant and who took it."""

    step: Step
    at: datetime
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many requests are not answered, and how many of these are past their day. `due_soon`: within a week. `unacknowledged`:
    a law gives a day until which the person is told that it came, and it is past."""

    requests: int
    late: int
    due_soon: int = 0
    unacknowledged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The days of one request. `law`: the jurisdiction whose clock is over first. `longest_on`: the last day after an extension,
    the same as `due_on` where none is possible. `acknowledge_by`: None where no law sets a day."""

    law: str
    cite: str
    due_on: date
    longest_on: date
    acknowledge_by: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`due_on`: the law's last day, the later one once it is extended. `language`: in which the person is answered."""

    id: RequestId
    subject: SubjectId
    kind: RequestKind
    channel: Channel
    language: str
    by: Actor
    received_at: datetime
    law: str
    cite: str
    due_on: date
    longest_on: date
    acknowledge_by: date | None
    acknowledged_at: datetime | None
    extended_for: ExtensionReason | None
    stage: Stage
    outcome: Answered | None
    ground: DenialGround | None
    answered_at: datetime | None
    statement: StatementId
