"""What people ask of the controller (GDPR Art. 7(3), 15 to 22): received with a clock, answered with an outcome and a ground."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse
from pydantic import StringConstraints

from rightcall.api.door import Door, door_for
from rightcall.api.forms import Form, Items, Language, Limit, Line, Shape
from rightcall.api.problems import Refusal
from rightcall.api.request_shapes import LetterShape, ProgressShape, RequestShape, shape, shape_of, step_of, weighed_of
from rightcall.clock import day_of
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.design.drawings import html
from rightcall.ids import RequestId, SubjectId
from rightcall.ledger.checkpoint import key_of
from rightcall.personal import Personal
from rightcall.requests import actions as requests
from rightcall.requests import appeals, going_without, letters, limiting, proving, staying
from rightcall.requests.actions import Came
from rightcall.requests.conflicts import actions as conflicts
from rightcall.requests.letters import LetterKind
from rightcall.requests.model import (
    Behalf,
    Channel,
    DenialGround,
    ExtensionReason,
    Mandate,
    MandateEvidence,
    ProofKind,
    ProofRefusal,
    Request,
    RequestKind,
    WithoutReason,
)
from rightcall.requests.outside import outside
from rightcall.requests.page import page
from rightcall.requests.rules import IN_A_YEAR, SAME_LATELY, check_deniable, check_said_done, is_excessive
from rightcall.requests.still_held import still_held
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
        steps = [step_of(each) for each in requests.progress(tx, found.id)]
        weighed = [weighed_of(each) for each in conflicts.weighed(tx, found.id)]
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
        written = letters.letter(
            letter,
            found,
            steps,
            waits_for,
            company,
            weighed,
            outside(tx, found),
            today,
            door.house.settings.epoch_days,
            still_held(tx, found),
        )
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
            door.house.settings.epoch_days,
            still_held(tx, found),
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

    return _done(door, request, lambda tx, id: proving.mandate(tx, door.house.vault, door.house.clock, id, shown, by=door.actor))


@router.post("/{request}/acknowledge")
def acknowledge(door: Annotated[Door, Depends(door_for(Deed.MAKE_REQUEST))], request: UUID) -> RequestShape:
    """The person was told that it came. What came by e-mail waits for this; other channels tell the person themselves."""

    return _done(door, request, lambda tx, id: requests.acknowledge(tx, door.house.clock, id, by=door.actor))


@router.post("/{request}/tell-before-lifting")
def tell_before_lifting(door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], request: UUID) -> RequestShape:
    """The person was told that the restriction, or the objection, by this request is going to be lifted."""

    return _done(door, request, lambda tx, id: limiting.tell_before_lifting(tx, door.house.clock, id, by=door.actor))


@router.post("/{request}/lift")
def lift(door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], request: UUID) -> RequestShape:
    """The restriction, or the objection, by this request stands no longer. The person was told before: 409 otherwise."""

    return _done(door, request, lambda tx, id: limiting.lift(tx, door.house.clock, id, by=door.actor))


@router.post("/{request}/extend")
def extend(door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], request: UUID, form: ExtensionForm) -> RequestShape:
    """More time, once, for a reason that the person was told; before the first time is over."""

    return _done(door, request, lambda tx, id: requests.extend(tx, door.house.clock, id, reason=form.reason, by=door.actor))


@router.post("/{request}/go-on-without")
def go_on_without(
    door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], request: UUID, form: WithoutForm
) -> RequestShape:
    """It waits no longer for a word on the records that may be about the person. The answer says that they are no part of it."""

    return _done(
        door, request, lambda tx, id: going_without.go_on_without(tx, door.house.clock, id, reason=form.reason, by=door.actor)
    )


@router.post("/{request}/fulfil")
def fulfil(door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], request: UUID) -> RequestShape:
    """A person did what was asked. An erasure and a withdrawal are answered by the procedures that carry them out; a
    copy by handing it over."""

    def deed(tx: Transaction, id: RequestId) -> None:
        check_said_done(requests.get(tx, id))
        requests.fulfil(tx, door.house.clock, id, by=door.actor)

    return _done(door, request, deed)


@router.post("/{request}/deny")
def deny(door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], request: UUID, form: DenialForm) -> RequestShape:
    """Refused, for a named reason."""

    def deed(tx: Transaction, id: RequestId) -> None:
        check_deniable(requests.get(tx, id))
        requests.deny(tx, door.house.clock, id, ground=form.ground, by=door.actor)

    return _done(door, request, deed)


def _page(tx: Transaction, door: Door, found: Sequence[Request], limit: int) -> Items[RequestShape]:
    shapes = [shape_of(tx, door.house.clock, each) for each in staying.told(tx, found)]
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

    return _done(door, request, lambda tx, id: appeals.appeal(tx, door.house.clock, id, by=door.actor))


@router.post("/{request}/appeal/decision")
def decide_appeal(
    door: Annotated[Door, Depends(door_for(Deed.DECIDE_APPEAL))], request: UUID, form: DecisionForm
) -> RequestShape:
    """Another person than the one who denied it looked again. Where the denial does not stand, the request is open again."""

    return _done(door, request, lambda tx, id: appeals.decide(tx, door.house.clock, id, stands=form.stands, by=door.actor))


def _done(door: Door, request: UUID, deed: Callable[[Transaction, RequestId], object]) -> RequestShape:
    """The request as it is once this was done about it."""

    def done(tx: Transaction) -> RequestShape:
        deed(tx, RequestId(request))
        return shape(tx, door.house.clock, requests.get(tx, RequestId(request)))

    return door.run(done)


def proved(door: Door, request: RequestId, weigh: Callable[[Transaction], ProofRefusal | None]) -> RequestShape:
    """What became of a proof. A refusal is written down before it is answered."""

    def deed(tx: Transaction) -> ProofRefusal | RequestShape:
        why = weigh(tx)
        return why if why is not None else shape(tx, door.house.clock, requests.get(tx, request))

    answer = door.run(deed)
    if isinstance(answer, ProofRefusal):
        raise Refusal("proof-refused", "It does not show who asks", 403, proving.REFUSED[answer], why=answer.value)
    return answer
