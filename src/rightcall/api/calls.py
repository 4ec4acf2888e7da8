"""Calls: which are on, what is captured of each and what is not, and pausing, which is acknowledged only when it holds."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from rightcall.actors import PartyRole
from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Form, Items, Limit, Shape
from rightcall.api.gates import Held, hold
from rightcall.api.named import Keys, keys_of
from rightcall.calls import actions as calls
from rightcall.calls.model import Call, Party
from rightcall.consent.model import Answer, Quality
from rightcall.consent.standing import standing_in
from rightcall.database.connection import Transaction
from rightcall.errors import NotFound
from rightcall.ids import CallId, PartyId, PurposeId, SubjectId
from rightcall.policy.model import PauseReason
from rightcall.purposes.model import LawfulBasis
from rightcall.recordings import actions as recordings
from rightcall.recordings.attributing import attribute
from rightcall.recordings.history import maybe_call_state
from rightcall.recordings.model import CallState, Cut, Happening, Session, Take, TimelineEntry, Why
from rightcall.recordings.states import Outcome, Stage, WaitingFor
from rightcall.staff.actions import require
from rightcall.staff.model import Deed
from rightcall.subjects import actions as subjects
from rightcall.telemetry import metrics

router = APIRouter(prefix="/calls", tags=["calls"])


class PartyShape(Shape):
    """One subject in one call. Who the subject is, /subjects/{subject} says, to those who may see it."""

    id: UUID
    subject: UUID
    role: PartyRole
    joined_at: datetime
    left_at: datetime | None


class CallShape(Shape):
    id: UUID
    trunk: UUID | None
    started_at: datetime
    ended_at: datetime | None
    parties: list[PartyShape]


class StateShape(Shape):
    """The recording session in the words of its state table: `stage`, what it waits for, and once it is over, how it went.
    `pauses`: every reason for a pause, of which `pause` is the strictest; each has to be ended."""

    stage: Stage
    waiting_for: WaitingFor | None
    outcome: Outcome | None
    pause: PauseReason | None
    pauses: list[PauseReason]
    paused_at: datetime | None
    pause_held_at: datetime | None
    version: int

    @classmethod
    def of_session(cls, session: Session) -> "StateShape":
        return cls(
            stage=session.state.stage,
            waiting_for=session.state.waiting_for,
            outcome=session.state.outcome,
            pause=session.pause,
            pauses=[reason for reason in PauseReason if reason in session.pauses],
            paused_at=session.paused_at,
            pause_held_at=session.pause_held_at,
            version=session.version,
        )


class StreamShape(Shape):
    """`why`: what keeps this stream from being captured now; null while it is captured."""

    id: UUID
    party: UUID | None
    codecs: list[str]
    held: bool
    gone_at: datetime | None
    why: Why | None


class TakeShape(Shape):
    """One stretch of sound that was kept, for exactly these purposes. `id` is also its holding's."""

    id: UUID
    stream: UUID
    party: UUID | None
    purposes: list[UUID]
    purpose_keys: list[str]
    opened_at: datetime
    cut_at: datetime | None
    cut_reason: Cut | None
    packets: int | None
    first_at: datetime | None
    last_at: datetime | None
    finished_at: datetime | None


class TimelineShape(Shape):
    """One thing that happened to the capture of this call. Kept in every case, also where no sound is."""

    at: datetime
    kind: Happening
    party: UUID | None
    purpose: UUID | None
    purpose_key: str | None
    stream: UUID | None
    take: UUID | None
    by: ActorShape | None
    reason: str | None
    statement: UUID | None


class StandingShape(Shape):
    """Where a party stands about a purpose. `answer` is null for those who were never asked or are not asked for a consent;
    `quality` is what a yes is worth, null where there is none or it was never weighed."""

    party: UUID
    purpose: UUID
    purpose_key: str
    answer: Answer | None
    quality: Quality | None
    choice: UUID | None
    basis: LawfulBasis
    may_be_kept: bool


class CallDetail(CallShape):
    """`state` is null for a call that no recorder ever had."""

    state: StateShape | None
    streams: list[StreamShape]
    takes: list[TakeShape]
    standing: list[StandingShape]
    legs: list[UUID]
    timeline: list[TimelineShape]


class AttributionForm(Form):
    """`subject`: who this party is."""

    subject: UUID


class PauseForm(Form):
    reason: PauseReason


class ResumeForm(Form):
    """`reason`: which pause has ended. Needed only while there are several."""

    reason: PauseReason | None = None


class PauseShape(Held):
    """It holds: since `held_at` nothing of this call is kept (pause), or again what the yeses allow (resume, once `pauses` is
    empty)."""

    state: StateShape


@router.get("")
def list_calls(
    door: Annotated[Door, Depends(door_for(Deed.SEE_CALLS))],
    active: Annotated[bool, Query(description="Only calls that go on now.")] = False,
    subject: Annotated[UUID | None, Query(description="Only calls of this person.")] = None,
    after: Annotated[UUID | None, Query(description="`next` of the list before.")] = None,
    limit: Limit = 100,
) -> Items[CallShape]:
    """Calls, oldest first."""

    def deed(tx: Transaction) -> Items[CallShape]:
        start = None if after is None else CallId(after)
        if subject is not None:
            found = _of_subject(tx, SubjectId(subject), active, start, limit)
        else:
            found = calls.active(tx, start, limit) if active else calls.every(tx, start, limit)
        items = [_call(call, calls.parties(tx, call.id)) for call in found]
        return Items(items=items, next=found[-1].id if len(found) == limit else None)

    return door.run(deed)


@router.get("/{call}")
def get_call(door: Annotated[Door, Depends(door_for(Deed.SEE_CALLS))], call: UUID) -> CallDetail:
    """One call: its state, its parties and where each stands, what is captured and what is not, and all that happened to it."""
    return door.run(lambda tx: detail(tx, CallId(call)))


@router.post("/{call}/pause")
def pause(door: Annotated[Door, Depends(door_for(Deed.PAUSE_CALL))], call: UUID, form: PauseForm) -> PauseShape:
    """Keep nothing from now on. Answers only when the recorder has confirmed that it holds; asking again confirms again. Another
    reason is a pause of its own: it has to be ended too."""
    id = CallId(call)

    def deed(tx: Transaction) -> Session:
        return recordings.pause(tx, door.house.tools, id, by=door.actor, reason=form.reason)

    return _change(
        door,
        id,
        deed,
        name="pause",
        what="The pause is written down.",
        instead="Let nobody say or key anything that must not be recorded. Ask for the pause again, or end the call.",
    )


@router.post("/{call}/resume")
def resume(door: Annotated[Door, Depends(door_for(Deed.PAUSE_CALL))], call: UUID, form: ResumeForm | None = None) -> PauseShape:
    """End a pause: what the yeses allow is kept again, once no other pause is left. Answers only when the recorder has confirmed
    it. While the call is paused for several reasons, `reason` says which has ended; without it nothing is, and that is a 409."""
    id = CallId(call)

    def deed(tx: Transaction) -> Session:
        return recordings.resume(tx, door.house.tools, id, by=door.actor, reason=None if form is None else form.reason)

    return _change(
        door,
        id,
        deed,
        name="resume",
        what="The end of the pause is written down.",
        instead="What the yeses allow may be recorded from any moment now. Read the call's state to see when it is.",
    )


@router.post("/{call}/parties/{party}/subject")
def attribute_party(
    door: Annotated[Door, Depends(door_for(Deed.SAY_WHO))], call: UUID, party: UUID, form: AttributionForm
) -> PartyShape:
    """This party is that person: their choices, what is held of them and its keys are that person's from now on. Other parties
    of the call that were taken for the same person go with it. Where it was taken for somebody who is known, that is the DPO's to
    say."""

    def deed(tx: Transaction) -> PartyShape:
        known = calls.party(tx, PartyId(party))
        if known.call != call:
            raise NotFound("There is no such party in this call. Look at the call to see who takes part.")
        if not subjects.get(tx, known.subject).ambiguous:
            require(door.actor, Deed.SPLIT_SUBJECT)
        found = attribute(tx, door.house.tools, party=PartyId(party), to=SubjectId(form.subject), by=door.actor)
        return PartyShape.model_validate(found)

    return door.run(deed)


def _change(
    door: Door, call: CallId, deed: Callable[[Transaction], Session], *, name: str, what: str, instead: str
) -> PauseShape:
    version = door.run(deed).version
    held = None
    try:
        held = hold(door, call, version, what=what, instead=instead)
    finally:
        metrics().pauses.labels(deed=name, held="yes" if held else "no").inc()
    state = door.run(lambda tx: recordings.call_state(tx, call))
    return PauseShape(
        held_at=held.held_at,
        last_packet_at=held.last_packet_at,
        state=StateShape.of_session(state.session),
    )


def detail(tx: Transaction, id: CallId) -> CallDetail:
    call = calls.get(tx, id)
    state, keys = maybe_call_state(tx, id), keys_of(tx)
    return CallDetail(
        id=call.id,
        trunk=call.trunk,
        started_at=call.started_at,
        ended_at=call.ended_at,
        parties=[PartyShape.model_validate(party) for party in calls.parties(tx, id)],
        state=None if state is None else StateShape.of_session(state.session),
        streams=[] if state is None else _streams(state),
        takes=[] if state is None else [_take(take, keys) for take in state.takes],
        standing=_standing(tx, id, keys),
        legs=[] if call.group is None else [leg for leg in calls.same_group(tx, call.group) if leg != id],
        timeline=[_timeline(entry, keys) for entry in recordings.timeline(tx, id)],
    )


def _call(call: Call, parties: list[Party]) -> CallShape:
    return CallShape(
        id=call.id,
        trunk=call.trunk,
        started_at=call.started_at,
        ended_at=call.ended_at,
        parties=[PartyShape.model_validate(party) for party in parties],
    )


def _of_subject(tx: Transaction, subject: SubjectId, active: bool, after: CallId | None, limit: int) -> list[Call]:
    ids = sorted({party.call for party in calls.of_subject(tx, subject)})
    found = [calls.get(tx, id) for id in ids if after is None or id > after]
    return [call for call in found if not active or call.ended_at is None][:limit]


def _streams(state: CallState) -> list[StreamShape]:
    return [
        StreamShape(
            id=stream.id,
            party=stream.party,
            codecs=[f"{codec.name}/{codec.clock_rate}" for codec in stream.codecs],
            held=stream.held,
            gone_at=stream.gone_at,
            why=stream.why,
        )
        for stream in state.streams
    ]


def _take(take: Take, keys: Keys) -> TakeShape:
    return TakeShape(
        id=take.id,
        stream=take.stream,
        party=take.party,
        purposes=list(take.purposes),
        purpose_keys=[keys[purpose] for purpose in take.purposes],
        opened_at=take.opened_at,
        cut_at=take.cut_at,
        cut_reason=take.cut_reason,
        packets=take.packets,
        first_at=take.first_at,
        last_at=take.last_at,
        finished_at=take.finished_at,
    )


def _standing(tx: Transaction, call: CallId, keys: Keys) -> list[StandingShape]:
    standing = standing_in(tx, call)
    return [
        StandingShape(
            party=PartyId(party),
            purpose=PurposeId(purpose),
            purpose_key=keys[purpose],
            answer=where.answer,
            quality=where.quality,
            choice=where.choice,
            basis=where.basis,
            may_be_kept=where.grant is not None,
        )
        for (party, purpose), where in standing.items()
    ]


def _timeline(entry: TimelineEntry, keys: Keys) -> TimelineShape:
    return TimelineShape(
        at=entry.at,
        kind=entry.kind,
        party=entry.party,
        purpose=entry.purpose,
        purpose_key=None if entry.purpose is None else keys[entry.purpose],
        stream=entry.stream,
        take=entry.take,
        by=ActorShape.of(entry.by),
        reason=entry.reason,
        statement=entry.statement,
    )
