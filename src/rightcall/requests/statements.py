"""What requests say in the ledger. Who asks is a commitment, which dies with the person's key."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.ids import CorrectionId, HoldingId, RequestId, SystemId
from rightcall.ledger.model import Commitment, Digest, Statement
from rightcall.requests.model import (
    Answered,
    Behalf,
    Channel,
    DenialGround,
    ExtensionReason,
    MandateEvidence,
    Missing,
    NotTheirs,
    ProofKind,
    ProofRefusal,
    RequestKind,
    WithoutReason,
)
from rightcall.subjects.model import Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReceived(Statement):
    """`subject` is None where the person was erased before they asked again."""

    KIND: ClassVar[str] = "requests.received"

    request: RequestId
    subject: Commitment | None
    kind_of_request: RequestKind
    channel: Channel
    behalf: Behalf
    due_on: date
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAcknowledged(Statement):
    """The person was told that it came."""

    KIND: ClassVar[str] = "requests.acknowledged"

    request: RequestId
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestProved(Statement):
    """It was shown who asks, in this way, by this one's word where it is a word."""

    KIND: ClassVar[str] = "requests.proved"

    request: RequestId
    proof: ProofKind
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofRefused(Statement):
    KIND: ClassVar[str] = "requests.proof_refused"

    request: RequestId
    proof: ProofKind
    why: ProofRefusal
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestMandated(Statement):
    """Somebody may ask for the person, as `actor` saw."""

    KIND: ClassVar[str] = "requests.mandated"

    request: RequestId
    evidence: MandateEvidence
    until: date
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReady(Statement):
    """Nothing is missing any more: what was asked is done from now on."""

    KIND: ClassVar[str] = "requests.ready"

    request: RequestId
    kind_of_request: RequestKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestGoneWithout(Statement):
    """It does not wait for a word on so many records that may be about the person."""

    KIND: ClassVar[str] = "requests.gone_without"

    request: RequestId
    records: int
    reason: WithoutReason
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPutBack(Statement):
    """Before anything of it was done, something came up that goes first."""

    KIND: ClassVar[str] = "requests.put_back"

    request: RequestId
    waits_for: Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLimited(Statement):
    """What this asks of the use of the person's data stands from now on, or no longer."""

    KIND: ClassVar[str] = "requests.limited"

    request: RequestId
    limit: Limit
    stands: bool
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedLimitLifted(Statement):
    """What a join brought, and no request of the person's says, stands for them no longer. Whoever asked keeps it."""

    KIND: ClassVar[str] = "requests.carried_limit_lifted"

    subject: Commitment
    limit: Limit
    reason: NotTheirs
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionEntered(Statement):
    """What is held got its right value. `replaces`: the correction before it. `systems`: in how many others it has to be."""

    KIND: ClassVar[str] = "requests.corrected"

    request: RequestId
    correction: CorrectionId
    holding: HoldingId
    replaces: CorrectionId | None
    systems: int
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionTakenBack(Statement):
    """It was entered by mistake, and nothing was put right by it."""

    KIND: ClassVar[str] = "requests.correction_taken_back"

    request: RequestId
    correction: CorrectionId
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedElsewhere(Statement):
    KIND: ClassVar[str] = "requests.corrected_elsewhere"

    correction: CorrectionId
    system: SystemId
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestExtended(Statement):
    """More time, once, for a reason that the person was told."""

    KIND: ClassVar[str] = "requests.extended"

    request: RequestId
    reason: ExtensionReason
    due_on: date
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAppealed(Statement):
    KIND: ClassVar[str] = "requests.appealed"

    request: RequestId
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealDecided(Statement):
    """Another person than the one who denied it looked again. `stands`: the denial does; else the request is open again."""

    KIND: ClassVar[str] = "requests.appeal_decided"

    request: RequestId
    stands: bool
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAnswered(Statement):
    """`same_lately`, `in_a_year`: what was counted, where it was denied as excessive."""

    KIND: ClassVar[str] = "requests.answered"

    request: RequestId
    kind_of_request: RequestKind
    outcome: Answered
    ground: DenialGround | None
    same_lately: int | None = None
    in_a_year: int | None = None
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestsForgotten(Statement):
    """So many requests are on record no more, `days` after each was answered. `root`: of their ids."""

    KIND: ClassVar[str] = "requests.forgotten"

    days: int
    count: int
    root: Digest
