"""How requests are told: one as it stands, each step of it, and what was weighed against it."""

from datetime import date, datetime
from uuid import UUID

from rightcall.api.forms import ActorShape, Shape
from rightcall.api.verdicts import ReasonShape
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.holdings.holds.model import HoldReason
from rightcall.policy.model import Outcome
from rightcall.requests import proving, staying
from rightcall.requests.conflicts.model import Weighed
from rightcall.requests.model import (
    Answered,
    Behalf,
    Channel,
    DenialGround,
    ExtensionReason,
    Happened,
    Missing,
    ProofKind,
    Request,
    RequestKind,
    Stage,
    Step,
)
from rightcall.requests.staying import Told


class LetterShape(Shape):
    """`asked_language`: the person's; where nothing is written in it, the letter is in English."""

    language: str
    asked_language: str
    paragraphs: list[str]


class RequestShape(Shape):
    """`due_on`: the last day of the law whose clock is over first, `law` with its `cite`; the later one once it is extended.
    `longest_on`: the last day that an extension can give. `waits_for`: what is missing; nothing is done before it is empty. An
    erasure and a withdrawal are carried out by Rightcall; a person answers the others. `doubtful`: so many records may be about
    the person, of which nobody has said whose they are, or had when it was begun or answered; `without`: it does not wait for
    up to so many. `partly`: it was answered, and something of what was to go is there still."""

    id: UUID
    subject: UUID
    kind: RequestKind
    channel: Channel
    language: str
    by: ActorShape
    received_at: datetime
    law: str
    cite: str
    due_on: date
    longest_on: date
    acknowledge_by: date | None
    acknowledged_at: datetime | None
    extended_for: ExtensionReason | None
    behalf: Behalf
    mandate_until: date | None
    proof: ProofKind | None
    ready_at: datetime | None
    appealed_at: datetime | None
    waits_for: list[Missing]
    doubtful: int
    without: int
    stage: Stage
    outcome: Answered | None
    partly: bool
    ground: DenialGround | None
    answered_at: datetime | None
    statement: UUID


class StepShape(Shape):
    """`detail`: the proof, the reason, the ground."""

    step: Step
    at: datetime
    by: ActorShape
    detail: str | None


class WeighedShape(Shape):
    """What a law wanted kept for `purpose`, or a `hold` kept, and the verdict on it with its reasons. `stays`: it is kept,
    `until` that day; null once nothing of it is. `is_told`: the person may be told."""

    verdict: UUID
    outcome: Outcome
    reasons: list[ReasonShape]
    purpose: UUID | None
    hold: UUID | None
    reason: HoldReason
    law: str | None
    stays: bool
    until: date | None
    is_told: bool


class ProgressShape(RequestShape):
    """`steps`: what happened, in order. `weighed`: where a wish to be erased met a reason to keep."""

    steps: list[StepShape]
    weighed: list[WeighedShape]


def shape(tx: Transaction, clock: Clock, request: Request) -> RequestShape:
    [told] = staying.told(tx, [request])
    return shape_of(tx, clock, told)


def shape_of(tx: Transaction, clock: Clock, told: Told) -> RequestShape:
    request = told.asked
    return RequestShape(
        id=request.id,
        subject=request.subject,
        kind=request.kind,
        channel=request.channel,
        language=request.language,
        by=ActorShape.of(request.by),
        received_at=request.received_at,
        law=request.law,
        cite=request.cite,
        due_on=request.due_on,
        longest_on=request.longest_on,
        acknowledge_by=request.acknowledge_by,
        acknowledged_at=request.acknowledged_at,
        extended_for=request.extended_for,
        behalf=request.behalf,
        mandate_until=request.mandate_until,
        proof=request.proof,
        ready_at=request.ready_at,
        appealed_at=request.appealed_at,
        waits_for=list(proving.missing_of(tx, clock, request)),
        doubtful=proving.doubtful_records(tx, request),
        without=request.without,
        stage=request.stage,
        outcome=request.outcome,
        partly=told.is_partly,
        ground=request.ground,
        answered_at=request.answered_at,
        statement=request.statement,
    )


def step_of(happened: Happened) -> StepShape:
    return StepShape(step=happened.step, at=happened.at, by=ActorShape.of(happened.by), detail=happened.detail)


def weighed_of(weighed: Weighed) -> WeighedShape:
    conflict = weighed.conflict
    return WeighedShape(
        verdict=conflict.verdict,
        outcome=weighed.verdict.outcome,
        reasons=[ReasonShape.model_validate(each) for each in weighed.verdict.reasons],
        purpose=conflict.purpose,
        hold=conflict.hold,
        reason=weighed.reason,
        law=None if weighed.law is None else weighed.law.text,
        stays=conflict.stays,
        until=weighed.until,
        is_told=weighed.is_told,
    )
