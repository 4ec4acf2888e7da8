"""What a subject asks of a controller, and how far it is (GDPR Art. 12 to 22)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from rightcall.actors import Actor
from rightcall.ids import RequestId, StatementId, SubjectId


class RequestKind(StrEnum):
    """Art. 15, 17, 16, 18, 21, 20, in this order."""

    ACCESS = "access"
    ERASURE = "erasure"
    RECTIFICATION = "rectification"
    RESTRICTION = "restriction"
    OBJECTION = "objection"
    PORTABILITY = "portability"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many requests are not answered, and how many of these are past their day."""

    requests: int
    late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`due_on`: one month from receipt, Art. 12(3)."""

    id: RequestId
    subject: SubjectId
    kind: RequestKind
    by: Actor
    received_at: datetime
    due_on: date
    stage: Stage
    outcome: Answered | None
    ground: DenialGround | None
    answered_at: datetime | None
    statement: StatementId
