"""Asking and choosing: a notice was played, a party answered. A refusal or a withdrawal is answered only once the gate holds."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header
from pydantic import AwareDatetime, Field

from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Form, Items, Language, Line, Shape, Words
from rightcall.api.gates import Held, hold
from rightcall.api.named import Keys, keys_of, purpose_of
from rightcall.api.problems import Refusal
from rightcall.api.quality import QualityShape, quality_shape, quarantined_at
from rightcall.calls import actions as calls
from rightcall.consent import actions as consent
from rightcall.consent.model import (
    EVIDENCE_OF,
    Answer,
    Ask,
    AskId,
    Channel,
    Choice,
    Evidence,
    EvidenceKind,
    NewChoice,
    Steps,
    Told,
)
from rightcall.consent.quality import actions as quality
from rightcall.database.connection import Transaction
from rightcall.errors import Breach, Malformed, Outage
from rightcall.ids import CallId, ChoiceId, NoticeId, PartyId
from rightcall.personal import Personal
from rightcall.recordings import actions as recordings
from rightcall.recordings.confirming import live_version, pause_instead
from rightcall.staff.model import Deed
from rightcall.telemetry import metrics

router = APIRouter(tags=["choices"])
_log = logging.getLogger(__name__)


class EvidenceForm(Form):
    """How it is known. `detail` is sealed under the person's key; the ledger gets a commitment to it that dies with that key."""

    kind: EvidenceKind
    detail: Words


class AskForm(Form):
    """What follows `notice` is for the weighing of the answer, and need not be told. `language`: the person's own, as the IVR or
    the agent knows it. `spoken_from`, `spoken_until`: when the question was spoken. `steps_yes`, `steps_no`: how many steps each
    answer takes, by a form say."""

    party: UUID
    notice: UUID
    language: Language | None = None
    spoken_from: AwareDatetime | None = None
    spoken_until: AwareDatetime | None = None
    steps_yes: Annotated[int, Field(ge=1, le=1000)] | None = None
    steps_no: Annotated[int, Field(ge=1, le=1000)] | None = None


class AskShape(Shape):
    """The notice was put to the party. A yes answers it until `expires_at`; where it has keys, the party's next one does."""

    id: UUID
    call: UUID
    party: UUID
    purpose: UUID
    purpose_key: str
    notice: UUID
    by: ActorShape
    asked_at: datetime
    expires_at: datetime


class ChoiceForm(Form):
    """`purpose` is an id or a key. A grant answers an open ask and needs `notice`, `language`, `evidence`. `evidence` may be bare
    words: then its kind is the one that belongs to the channel."""

    party: UUID
    purpose: Line
    answer: Answer
    notice: UUID | None = None
    language: Language | None = None
    channel: Channel
    evidence: EvidenceForm | Words | None = None
    ask: UUID | None = None


class ChoiceShape(Shape):
    """`receipt` is where the receipt is, for every answer. `held` is the recorder's word, null where nothing records the call.
    `quality` is what a yes is worth by its newest weighing, and why; a no has none."""

    id: UUID
    call: UUID
    party: UUID
    subject: UUID
    purpose: UUID
    purpose_key: str
    sequence: int
    answer: Answer
    notice: UUID | None
    notice_digest: str | None
    language: str | None
    channel: Channel
    by: ActorShape
    ask: UUID | None
    asked_by: ActorShape | None
    evidence_kind: EvidenceKind
    made_at: datetime
    statement: UUID
    receipt: str
    quality: QualityShape | None
    held: Held | None = None


@router.post("/calls/{call}/asks", status_code=201)
def ask(door: Annotated[Door, Depends(door_for(Deed.ASK_PARTY))], call: UUID, form: AskForm) -> AskShape:
    """The notice was played, read out or shown to this party, just now. Where it has a keypad, answers once the recorder listens
    for the key."""
    id = CallId(call)

    def deed(tx: Transaction) -> tuple[Ask, int | None, Keys]:
        recordings.touch(tx, id)
        asked = recordings.ask(
            tx,
            door.house.tools,
            call=id,
            party=PartyId(form.party),
            notice=NoticeId(form.notice),
            by=door.actor,
            told=_told(form),
        )
        return asked, None if asked.keypad is None else live_version(tx, id), keys_of(tx)

    asked, version, keys = door.run(deed)
    if version is not None:
        instead = "Keys may not be heard: let the party say their answer, and send it as a choice."
        hold(door, id, version, what="The question is written down.", instead=instead, ask=str(asked.id))
    return _ask_shape(asked, keys)


@router.post("/calls/{call}/choices", status_code=201)
def choose(
    door: Annotated[Door, Depends(door_for(Deed.RECORD_CHOICE))],
    call: UUID,
    form: ChoiceForm,
    idempotency_key: Annotated[
        str | None,
        Header(max_length=100, pattern=r"^[\x21-\x7e]+$", description="The same key again gives the same choice again."),
    ] = None,
) -> ChoiceShape:
    """What a party answered about a purpose. Answers once the recorder has confirmed that what it may keep is so. A no needs no
    key service; its evidence does, and is not kept while that is away. A no that cannot be written down at all pauses the call
    instead, and the answer is a 503 that says so."""
    id = CallId(call)

    def deed(tx: Transaction) -> tuple[Choice, int | None]:
        recordings.touch(tx, id)
        choice = recordings.choose(tx, door.house.tools, _new(tx, door, id, form, idempotency_key))
        return choice, live_version(tx, id)

    try:
        choice, version = door.run(deed)
    except (Breach, Outage) as error:
        if form.answer is Answer.GRANTED:
            raise
        _log.error("a no could not be written down: %s", error, extra={"call": id}, exc_info=error)
        raise _paused_instead(door, id) from error
    metrics().choices.labels(answer=choice.answer.value).inc()
    held = None
    if version is not None:
        held = hold(
            door,
            id,
            version,
            what=f"The choice is written down and counts ({choice.answer.value}).",
            instead=_ADVICE[choice.answer],
            choice=str(choice.id),
        )
    return door.run(lambda tx: shapes(tx, [choice], held)[0])


@router.get("/calls/{call}/choices")
def of_call(door: Annotated[Door, Depends(door_for(Deed.SEE_CALLS))], call: UUID) -> Items[ChoiceShape]:
    """Every choice in this call, in order, with what each yes is worth and why. None is ever changed or removed."""

    def deed(tx: Transaction) -> Items[ChoiceShape]:
        found = calls.get(tx, CallId(call))
        return Items(items=shapes(tx, consent.choices_of_call(tx, found.id)))

    return door.run(deed)


@router.get("/choices/{choice}")
def get_choice(door: Annotated[Door, Depends(door_for(Deed.SEE_CALLS))], choice: UUID) -> ChoiceShape:
    """One choice."""
    return door.run(lambda tx: shapes(tx, [consent.choice(tx, ChoiceId(choice))])[0])


_ADVICE = {
    Answer.GRANTED: "It may take a moment longer; read the call's state to see when it is.",
    Answer.REFUSED: "Say nothing that must not be recorded. Send it again with the same Idempotency-Key, or end the call.",
    Answer.WITHDRAWN: "What was kept for this purpose alone can no longer be read. Send it again with the same Idempotency-Key, "
    "or end the call.",
}


def shapes(tx: Transaction, choices: Sequence[Choice], held: Held | None = None) -> list[ChoiceShape]:
    keys, weighed = keys_of(tx), quality.newest(tx, [choice.id for choice in choices])
    since = quarantined_at(tx, list(weighed.values()))
    worth = {id: quality_shape(each, since.get(id)) for id, each in weighed.items()}
    return [_shape(choice, keys, worth.get(choice.id), held) for choice in choices]


def _shape(choice: Choice, keys: Keys, worth: QualityShape | None, held: Held | None) -> ChoiceShape:
    return ChoiceShape(
        id=choice.id,
        call=choice.call,
        party=choice.party,
        subject=choice.subject,
        purpose=choice.purpose,
        purpose_key=keys[choice.purpose],
        sequence=choice.sequence,
        answer=choice.answer,
        notice=choice.notice,
        notice_digest=None if choice.notice_digest is None else choice.notice_digest.hex(),
        language=choice.language,
        channel=choice.channel,
        by=ActorShape.of(choice.by),
        ask=choice.ask,
        asked_by=ActorShape.of(choice.asked_by),
        evidence_kind=choice.evidence_kind,
        made_at=choice.made_at,
        statement=choice.statement,
        receipt=f"/api/v1/receipts/{choice.id}",
        quality=worth,
        held=held,
    )


def _paused_instead(door: Door, call: CallId) -> Refusal:
    """A no could not be written down, but nothing more is recorded (`pause_instead`). Where the database is away there is no
    pause: then the recorder has closed every gate by itself."""
    detail = "This answer is not written down, and nothing is destroyed yet: send it again, with the same Idempotency-Key."
    version = door.run(lambda tx: pause_instead(tx, door.house.tools, call, by=door.actor))
    members = {"call": str(call)}
    if version is not None:
        what = "This answer is not written down. The call was paused instead."
        held = hold(door, call, version, what=what, instead="End the call, or let nobody say what must not be recorded.")
        detail += " Until then the call is paused, and nothing more is recorded."
        detail += " Resume it (reason not_written) only after the answer is written down."
        members["held_at"] = held.held_at.isoformat()
    return Refusal("not-written-down", "The answer is not written down", 503, detail, **members)


def _new(tx: Transaction, door: Door, call: CallId, form: ChoiceForm, idempotency: str | None) -> NewChoice:
    return NewChoice(
        call=call,
        party=PartyId(form.party),
        purpose=purpose_of(tx, form.purpose),
        answer=form.answer,
        notice=None if form.notice is None else NoticeId(form.notice),
        language=form.language,
        channel=form.channel,
        by=door.actor,
        evidence=_evidence(form),
        ask=None if form.ask is None else AskId(form.ask),
        idempotency=idempotency,
    )


def _told(form: AskForm) -> Told:
    if (form.steps_yes is None) != (form.steps_no is None):
        raise Malformed("Say how many steps a yes takes and how many a no takes, or neither.")
    steps = None if form.steps_yes is None or form.steps_no is None else Steps(yes=form.steps_yes, no=form.steps_no)
    return Told(
        party_language=form.language,
        spoken_from=form.spoken_from,
        spoken_until=form.spoken_until,
        steps=steps,
    )


def _evidence(form: ChoiceForm) -> Evidence | None:
    if form.evidence is None:
        return None
    if isinstance(form.evidence, EvidenceForm):
        return Evidence(kind=form.evidence.kind, detail=Personal(form.evidence.detail))
    return Evidence(kind=EVIDENCE_OF.get(form.channel, EvidenceKind.PREFERENCE), detail=Personal(form.evidence))


def _ask_shape(ask: Ask, keys: Keys) -> AskShape:
    return AskShape(
        id=ask.id,
        call=ask.call,
        party=ask.party,
        purpose=ask.purpose,
        purpose_key=keys[ask.purpose],
        notice=ask.notice,
        by=ActorShape.of(ask.by),
        asked_at=ask.asked_at,
        expires_at=ask.expires_at,
    )
