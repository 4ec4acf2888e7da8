"""What people ask of the controller (GDPR Art. 7(3), 15 to 22): received with a clock, answered with an outcome and a ground."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse
from pydantic import StringConstraints

from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Form, Items, Language, Limit, Line, Shape
from rightcall.api.problems import Refusal
from rightcall.api.verdicts import ReasonShape
from rightcall.clock import Clock, day_of
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.design.drawings import html
from rightcall.holdings.holds.model import HoldReason
from rightcall.ids import RequestId, SubjectId
from rightcall.ledger.checkpoint import key_of
from rightcall.personal import Personal
from rightcall.policy.model import Outcome
from rightcall.requests import actions as requests
from rightcall.requests import appeals, going_without, letters, limiting, proving, staying
from rightcall.requests.actions import Came
from rightcall.requests.conflicts import actions as conflicts
from rightcall.requests.conflicts.model import Weighed
from rightcall.requests.letters import LetterKind
from rightcall.requests.model import (
    Answered,
    Behalf,
    Channel,
    DenialGround,
    ExtensionReason,
    Happened,
    Mandate,
    MandateEvidence,
    Missing,
    ProofKind,
    ProofRefusal,
    Request,
    RequestKind,
    Stage,
    Step,
    WithoutReason,
)
from rightcall.requests.outside import outside
from rightcall.requests.page import page
from rightcall.requests.rules import IN_A_YEAR, SAME_LATELY, check_deniable, check_said_done, is_excessive
from rightcall.requests.staying import Told
from rightcall.staff.model import Deed

router = APIRouter(prefix="/requests", tags=["requests"])

Word = Literal[ProofKind.RECOGNISED, ProofKind.CALL_BACK, ProofKind.SIGNED_IN, ProofKind.VOUCHED]
"""Proofs that are somebody's word."""


class RequestForm(Form):
    """`language`: in which the person is answered. `lives_in`: where they say that they live, such as DE or US-CA: its law counts
    too. `behalf`: who asks for another shows a mandate. `proof`: your word for who asks; left out, the DPO's that they vouch."""

    subject: UUID
    kind: RequestKind
    channel: Channel = Channel.API
    language: Language = "en"
    lives_in: Line | None = None
    behalf: Behalf = Behalf.SELF
    proof: Word | None = None


class ProofForm(Form):
    proof: Word


class ReceiptForm(Form):
    """`file`: the receipt as text, byte for byte."""

    file: Annotated[str, StringConstraints(min_length=2, max_length=500_000)]


class MandateForm(Form):
    """`who`: who asks for the person, sealed under the person's key."""

    who: Line
    evidence: MandateEvidence
    until: date


class DenialForm(Form):
    ground: DenialGround


class LetterShape(Shape):
    """`asked_language`: the person's; where nothing is written in it, the letter is in English."""

    language: str
    asked_language: str
    paragraphs: list[str]


class DecisionForm(Form):
    """`stands`: whether the denial does."""

    stands: bool


class CountedShape(Shape):
    """Of the whole person, what was shown to be theirs: how often the same was done in the last 90 days, and how often they asked
    in the last year, each with the number from which on the rule lets a request be called excessive."""

    same_lately: int
    in_a_year: int
    same_lately_bar: int
    in_a_year_bar: int
    is_excessive: bool


class WithoutForm(Form):
    reason: WithoutReason


class ExtensionForm(Form):
    reason: ExtensionReason


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


@router.post("", status_code=201)
def receive(door: Annotated[Door, Depends(door_for(Deed.MAKE_REQUEST))], form: RequestForm) -> RequestShape:
    """A person asks. The clock runs from now. Nothing is done before it is shown who asks; an erasure begins at once then, and
    cannot be taken back."""
    came = Came(channel=form.channel, language=form.language, lives_in=form.lives_in, behalf=form.behalf, proof=form.proof)

    def deed(tx: Transaction) -> RequestShape:
        house, subject = door.house, SubjectId(form.subject)
        asked = requests.receive(tx, house.vault, house.clock, subject=subject, kind=form.kind, by=door.actor, came=came)
        return shape(tx, house.clock, asked)

    return door.run(deed)


@router.get("")
def list_requests(
    door: Annotated[Door, Depends(door_for(Deed.SEE_REQUESTS))], after: UUID | None = None, limit: Limit = 100
) -> Items[RequestShape]:
    """Newest first."""

    def deed(tx: Transaction) -> Items[RequestShape]:
        found = requests.recent(tx, after=None if after is None else RequestId(after), limit=limit)
        return _page(tx, door, found, limit)

    return door.run(deed)


@router.get("/waiting")
def list_waiting(
    door: Annotated[Door, Depends(door_for(Deed.SEE_REQUESTS))], after: UUID | None = None, limit: Limit = 100
) -> Items[RequestShape]:
    """Those that wait for an answer, the first due first."""

    def deed(tx: Transaction) -> Items[RequestShape]:
        found = requests.waiting(tx, after=None if after is None else RequestId(after), limit=limit)
        return _page(tx, door, found, limit)

    return door.run(deed)


@router.get("/{request}")
def get_request(door: Annotated[Door, Depends(door_for(Deed.SEE_REQUESTS))], request: UUID) -> ProgressShape:
    """One request, and how far it is: each step with its instant."""

    def deed(tx: Transaction) -> ProgressShape:
        found = requests.get(tx, RequestId(request))
        steps = [_step(each) for each in requests.progress(tx, found.id)]
        weighed = [_weighed(each) for each in conflicts.weighed(tx, found.id)]
        return ProgressShape(**dict(shape(tx, door.house.clock, found)), steps=steps, weighed=weighed)

    return door.run(deed)


@router.get("/{request}/letters/{letter}")
def write_letter(door: Annotated[Door, Depends(door_for(Deed.MAKE_REQUEST))], request: UUID, letter: LetterKind) -> LetterShape:
    """What the person is told, in their language. 409 for an answer before there is one."""

    def deed(tx: Transaction) -> LetterShape:
        found = requests.get(tx, RequestId(request))
        waits_for = proving.missing_of(tx, door.house.clock, found)
        steps, weighed = requests.progress(tx, found.id), conflicts.weighed(tx, found.id)
        company, today = controllers.get(tx), day_of(door.house.clock.now())
        written = letters.letter(letter, found, steps, waits_for, company, weighed, outside(tx, found), today)
        return LetterShape(language=written.language, asked_language=found.language, paragraphs=list(written.paragraphs))

    return door.run(deed)


@router.get("/{request}/page", response_class=HTMLResponse)
def show_page(door: Annotated[Door, Depends(door_for(Deed.SEE_REQUESTS))], request: UUID) -> HTMLResponse:
    """The request as a page, with all that the person is told."""

    def deed(tx: Transaction) -> str:
        found, clock = requests.get(tx, RequestId(request)), door.house.clock
        waits_for = proving.missing_of(tx, clock, found)
        return page(
            found,
            requests.progress(tx, found.id),
            waits_for,
            controllers.get(tx),
            day_of(clock.now()),
            conflicts.weighed(tx, found.id),
            outside(tx, found),
        )

    return html(door.run(deed))


@router.post("/{request}/proof")
def prove(door: Annotated[Door, Depends(door_for(Deed.MAKE_REQUEST))], request: UUID, form: ProofForm) -> RequestShape:
    """Your word for who asks. 403 with the reason where it is not taken."""
    id = RequestId(request)
    return proved(door, id, lambda tx: proving.prove(tx, door.house.clock, id, proof=form.proof, by=door.actor))


@router.post("/{request}/receipt")
def show_receipt(door: Annotated[Door, Depends(door_for(Deed.MAKE_REQUEST))], request: UUID, form: ReceiptForm) -> RequestShape:
    """The person holds the receipt of a choice of theirs. 403 with the reason where it does not show who asks."""
    id, file, key = RequestId(request), form.file.encode(), key_of(door.house.signer).text
    return proved(door, id, lambda tx: proving.prove_by_receipt(tx, door.house.clock, id, file=file, key=key, by=door.actor))


@router.post("/{request}/mandate")
def mandate(door: Annotated[Door, Depends(door_for(Deed.MAKE_REQUEST))], request: UUID, form: MandateForm) -> RequestShape:
    """Who asks for another showed you that they may. No copy is kept."""
    shown = Mandate(who=Personal(form.who), evidence=form.evidence, until=form.until)

    def deed(tx: Transaction) -> RequestShape:
        house = door.house
        proving.mandate(tx, house.vault, house.clock, RequestId(request), shown, by=door.actor)
        return shape(tx, house.clock, requests.get(tx, RequestId(request)))

    return door.run(deed)


@router.post("/{request}/acknowledge")
def acknowledge(door: Annotated[Door, Depends(door_for(Deed.MAKE_REQUEST))], request: UUID) -> RequestShape:
    """The person was told that it came. What came by e-mail waits for this; other channels tell the person themselves."""

    def deed(tx: Transaction) -> RequestShape:
        requests.acknowledge(tx, door.house.clock, RequestId(request), by=door.actor)
        return shape(tx, door.house.clock, requests.get(tx, RequestId(request)))

    return door.run(deed)


@router.post("/{request}/tell-before-lifting")
def tell_before_lifting(door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], request: UUID) -> RequestShape:
    """The person was told that the restriction, or the objection, by this request is going to be lifted."""

    def deed(tx: Transaction) -> RequestShape:
        limiting.tell_before_lifting(tx, door.house.clock, RequestId(request), by=door.actor)
        return shape(tx, door.house.clock, requests.get(tx, RequestId(request)))

    return door.run(deed)


@router.post("/{request}/lift")
def lift(door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], request: UUID) -> RequestShape:
    """The restriction, or the objection, by this request stands no longer. The person was told before: 409 otherwise."""

    def deed(tx: Transaction) -> RequestShape:
        limiting.lift(tx, door.house.clock, RequestId(request), by=door.actor)
        return shape(tx, door.house.clock, requests.get(tx, RequestId(request)))

    return door.run(deed)


@router.post("/{request}/extend")
def extend(door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], request: UUID, form: ExtensionForm) -> RequestShape:
    """More time, once, for a reason that the person was told; before the first time is over."""

    def deed(tx: Transaction) -> RequestShape:
        requests.extend(tx, door.house.clock, RequestId(request), reason=form.reason, by=door.actor)
        return shape(tx, door.house.clock, requests.get(tx, RequestId(request)))

    return door.run(deed)


@router.post("/{request}/go-on-without")
def go_on_without(
    door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], request: UUID, form: WithoutForm
) -> RequestShape:
    """It waits no longer for a word on the records that may be about the person. The answer says that they are no part of it."""

    def deed(tx: Transaction) -> RequestShape:
        going_without.go_on_without(tx, door.house.clock, RequestId(request), reason=form.reason, by=door.actor)
        return shape(tx, door.house.clock, requests.get(tx, RequestId(request)))

    return door.run(deed)


@router.post("/{request}/fulfil")
def fulfil(door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], request: UUID) -> RequestShape:
    """A person did what was asked. An erasure and a withdrawal are answered by the procedures that carry them out; a
    copy by handing it over."""

    def deed(tx: Transaction) -> RequestShape:
        check_said_done(requests.get(tx, RequestId(request)))
        requests.fulfil(tx, door.house.clock, RequestId(request), by=door.actor)
        return shape(tx, door.house.clock, requests.get(tx, RequestId(request)))

    return door.run(deed)


@router.post("/{request}/deny")
def deny(door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], request: UUID, form: DenialForm) -> RequestShape:
    """Refused, for a named reason."""

    def deed(tx: Transaction) -> RequestShape:
        check_deniable(requests.get(tx, RequestId(request)))
        requests.deny(tx, door.house.clock, RequestId(request), ground=form.ground, by=door.actor)
        return shape(tx, door.house.clock, requests.get(tx, RequestId(request)))

    return door.run(deed)


def _page(tx: Transaction, door: Door, found: Sequence[Request], limit: int) -> Items[RequestShape]:
    shapes = [_shape(tx, door.house.clock, each) for each in staying.told(tx, found)]
    return Items(items=shapes, next=found[-1].id if len(found) == limit else None)


@router.get("/{request}/counted")
def counted(door: Annotated[Door, Depends(door_for(Deed.SEE_REQUESTS))], request: UUID) -> CountedShape:
    """What the rule on excessive requests counts of this person, and whether it lets this one be denied for that."""

    def deed(tx: Transaction) -> CountedShape:
        asked = requests.asked_before(tx, door.house.clock, requests.get(tx, RequestId(request)))
        return CountedShape(
            same_lately=asked.same_lately,
            in_a_year=asked.in_a_year,
            same_lately_bar=SAME_LATELY,
            in_a_year_bar=IN_A_YEAR,
            is_excessive=is_excessive(asked),
        )

    return door.run(deed)


@router.post("/{request}/appeal")
def appeal(door: Annotated[Door, Depends(door_for(Deed.MAKE_REQUEST))], request: UUID) -> RequestShape:
    """The person does not agree with the denial. Once."""

    def deed(tx: Transaction) -> RequestShape:
        appeals.appeal(tx, door.house.clock, RequestId(request), by=door.actor)
        return shape(tx, door.house.clock, requests.get(tx, RequestId(request)))

    return door.run(deed)


@router.post("/{request}/appeal/decision")
def decide_appeal(
    door: Annotated[Door, Depends(door_for(Deed.DECIDE_APPEAL))], request: UUID, form: DecisionForm
) -> RequestShape:
    """Another person than the one who denied it looked again. Where the denial does not stand, the request is open again."""

    def deed(tx: Transaction) -> RequestShape:
        appeals.decide(tx, door.house.clock, RequestId(request), stands=form.stands, by=door.actor)
        return shape(tx, door.house.clock, requests.get(tx, RequestId(request)))

    return door.run(deed)


def proved(door: Door, request: RequestId, weigh: Callable[[Transaction], ProofRefusal | None]) -> RequestShape:
    """What became of a proof. A refusal is written down before it is answered."""

    def deed(tx: Transaction) -> ProofRefusal | RequestShape:
        why = weigh(tx)
        return why if why is not None else shape(tx, door.house.clock, requests.get(tx, request))

    answer = door.run(deed)
    if isinstance(answer, ProofRefusal):
        raise Refusal("proof-refused", "It does not show who asks", 403, proving.REFUSED[answer], why=answer.value)
    return answer


def shape(tx: Transaction, clock: Clock, request: Request) -> RequestShape:
    [told] = staying.told(tx, [request])
    return _shape(tx, clock, told)


def _shape(tx: Transaction, clock: Clock, told: Told) -> RequestShape:
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


def _step(happened: Happened) -> StepShape:
    return StepShape(step=happened.step, at=happened.at, by=ActorShape.of(happened.by), detail=happened.detail)


def _weighed(weighed: Weighed) -> WeighedShape:
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
