"""The recording session of a call: it arrives, is amended, paused, resumed, settled, and ends.

The deeds that open and cut gates are in settling.py, those on what was captured in taking.py and playing.py, those on vCons in
exporting.py and receiving.py; all are reached from here.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from rightcall.actors import Actor, Role
from rightcall.calls import actions as calls
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict
from rightcall.ids import CallId, ControllerId, PartyId, RecorderId
from rightcall.ledger import actions as ledger
from rightcall.policy.model import PauseReason
from rightcall.recordings import states, store
from rightcall.recordings.arriving import Merge, leaving, merge
from rightcall.recordings.asking import ask, choose
from rightcall.recordings.exporting import export
from rightcall.recordings.history import call_state, count_takes, silent_among, timeline
from rightcall.recordings.model import (
    Arrival,
    Arrived,
    Changed,
    Cut,
    EndReason,
    Happening,
    Session,
    TimelineEntry,
    Why,
)
from rightcall.recordings.playing import play, play_held
from rightcall.recordings.ports import Settled
from rightcall.recordings.receiving import receive
from rightcall.recordings.settling import cut_takes, locked_session, recorder_of, settle
from rightcall.recordings.statements import Paused, PauseHeld, Resumed, SessionArrived, SessionOver
from rightcall.recordings.states import Event
from rightcall.recordings.takes import store as take_store
from rightcall.recordings.taking import finish_take, recover, unfinished
from rightcall.recordings.tools import Tools

__all__ = [
    "amend",
    "answer_waited",
    "arrive",
    "ask",
    "call_state",
    "changed_since",
    "choose",
    "count_takes",
    "end",
    "export",
    "finish_take",
    "gate_reported",
    "live_versions",
    "look_again",
    "newest",
    "pause",
    "play",
    "play_held",
    "receive",
    "recover",
    "resume",
    "settle",
    "silent_among",
    "timeline",
    "touch",
    "unfinished",
]


def arrive(tx: Transaction, tools: Tools, arrival: Arrival, *, recorder: RecorderId) -> Arrived:
    """A call, its parties and streams exist now. Nothing is captured: only `settle` opens a gate."""
    group = None if arrival.group is None else calls.group_of(tx, tools.vault, arrival.group)
    call = calls.begin(tx, tools.clock, trunk=arrival.trunk.id, group=group)
    store.insert_session(
        tx,
        Session(
            call=call.id,
            recorder=recorder,
            state=states.ARRIVING,
            pauses=frozenset(),
            paused_at=None,
            pause_held_at=None,
            pause_version=None,
            version=1,
            opened_at=call.started_at,
            ended_at=None,
        ),
    )
    by = Actor(id=recorder, role=Role.SYSTEM)
    statement = ledger.append(tx, SessionArrived(at=call.started_at, controller=tx.of, call=call.id, recorder=recorder))
    came = TimelineEntry(at=call.started_at, kind=Happening.ARRIVED, by=by, statement=statement)
    return _merged(tx, tools, call.id, arrival, by, came)


def amend(tx: Transaction, tools: Tools, call: CallId, arrival: Arrival) -> Arrived:
    """A re-INVITE or UPDATE: merge by id. New parties are asked anew, leavers leave, streams are held or not. Settle after it."""
    session = locked_session(tx, call)
    if session.state.is_over:
        states.after(session.state, Event.ANSWERED)
    return _merged(tx, tools, call, arrival, recorder_of(session))


def _merged(tx: Transaction, tools: Tools, call: CallId, arrival: Arrival, by: Actor, *first: TimelineEntry) -> Arrived:
    merging = Merge(tx=tx, tools=tools, call=call, arrival=arrival, by=by, at=tools.clock.now(), entries=list(first))
    merge(merging)
    store.bump(tx, call)
    state = call_state(tx, call)
    return Arrived(
        session=state.session,
        streams=tuple(stream for stream in state.streams if stream.gone_at is None),
        by_label=merging.by_label,
        by_ref=merging.by_ref,
    )


def end(tx: Transaction, tools: Tools, call: CallId, reason: EndReason) -> Session:
    """Everything open is cut and everybody leaves. Over already is fine: the first end stands."""
    session = locked_session(tx, call)
    if session.state.is_over:
        return session
    lost, by, at = reason is EndReason.LOST, recorder_of(session), tools.clock.now()
    entries = cut_takes(tx, tools, take_store.open_takes(tx, call), Cut.LOST if lost else Cut.OVER, by)
    entries += [leaving(tx, party, at, by) for party in calls.parties(tx, call) if party.left_at is None]
    calls.finish(tx, tools.clock, call)
    store.set_whys(tx, [(stream.id, Why.OVER) for stream in store.streams(tx, call)])
    statement = ledger.append(tx, SessionOver(at=at, controller=tx.of, call=call, reason=reason))
    entries.append(
        TimelineEntry(
            at=at,
            kind=Happening.LOST if lost else Happening.ENDED,
            by=by,
            reason=reason.value,
            statement=statement,
        )
    )
    store.insert_timeline(tx, call, entries)
    over = replace(_unpaused(session), state=states.after(session.state, Event.LOST if lost else Event.ENDED), ended_at=at)
    steps = 1 + store.delete_marks(tx, call)
    store.save_session(tx, over, steps=steps)
    return replace(over, version=session.version + 1)


def touch(tx: Transaction, call: CallId) -> None:
    """Takes the session's lock, so that a choice written after it in this transaction never waits crosswise with a settling. A
    call without a recording session is fine."""
    if store.lock_session(tx, call):
        store.bump(tx, call)


def pause(tx: Transaction, tools: Tools, call: CallId, *, by: Actor, reason: PauseReason) -> Session:
    """Nothing may be captured until someone resumes. It holds only when the recorder has said so: see `gate_reported`. Another
    reason is added to those there are, and has to be ended too; one that is there already is fine."""
    session, at = locked_session(tx, call), tools.clock.now()
    state = states.after(session.state, Event.PAUSED)
    if reason in session.pauses:
        return session
    paused = replace(session, state=state, pauses=session.pauses | {reason}, version=session.version + 1)
    if not session.pauses:
        paused = replace(paused, paused_at=at, pause_version=paused.version)
    store.save_session(tx, paused)
    statement = ledger.append(tx, Paused(at=at, controller=tx.of, call=call, reason=reason, actor=by.id, role=by.role))
    _tell(tx, call, TimelineEntry(at=at, kind=Happening.PAUSED, by=by, reason=reason.value, statement=statement))
    return paused


def resume(tx: Transaction, tools: Tools, call: CallId, *, by: Actor, reason: PauseReason | None = None) -> Session:
    """The pause for this reason is over; without one, the only one. Whether anything is captured again, the next settling finds
    out anew; while there is another reason, nothing is. Conflict where it is not said which of several is meant."""
    session, at = locked_session(tx, call), tools.clock.now()
    state, ended = states.after(session.state, Event.RESUMED), _ended(session, reason)
    left = session.pauses - {ended}
    resumed = replace(session, pauses=left) if left else replace(_unpaused(session), state=state)
    resumed = replace(resumed, version=session.version + 1)
    store.save_session(tx, resumed)
    statement = ledger.append(tx, Resumed(at=at, controller=tx.of, call=call, reason=ended, actor=by.id, role=by.role))
    _tell(tx, call, TimelineEntry(at=at, kind=Happening.RESUMED, by=by, reason=ended.value, statement=statement))
    return resumed


def _ended(session: Session, reason: PauseReason | None) -> PauseReason:
    there = [each for each in PauseReason if each in session.pauses]
    named = ", ".join(there)
    if reason is None and len(there) > 1:
        raise Conflict(f"The recording is paused for several reasons: {named}. Say which of them has ended.")
    if reason is not None and reason not in there:
        raise Conflict(f"The recording is not paused for this reason, but for: {named}. It stays paused.")
    return reason or there[0]


def gate_reported(tx: Transaction, tools: Tools, call: CallId, *, settled: Settled) -> Session:
    """The recorder said since when its gates hold. A pause in force is marked as held, once; `pause_held_at` of the session that
    is returned stays None where the report is older than the pause, and then nobody may be told that it holds."""
    session = locked_session(tx, call)
    if session.pause_version is None or session.pause_held_at is not None or settled.version < session.pause_version:
        return session
    held = replace(session, pause_held_at=settled.at, version=session.version + 1)
    store.save_session(tx, held)
    statement = ledger.append(
        tx,
        PauseHeld(
            at=tools.clock.now(),
            controller=tx.of,
            call=call,
            held_at=settled.at,
            last_packet_at=settled.last_packet_at,
        ),
    )
    _tell(
        tx,
        call,
        TimelineEntry(at=settled.at, kind=Happening.PAUSE_HELD, by=recorder_of(session), statement=statement),
    )
    return held


def changed_since(system_tx: Transaction, recorder: RecorderId) -> list[Changed]:
    """Every live session of this recorder with its version now: one cheap query, to be read every second. A session that the
    recorder knows and that is not listed is over."""
    return store.live_sessions(system_tx, recorder)


def live_versions(system_tx: Transaction, watched: Sequence[tuple[ControllerId, CallId]]) -> dict[CallId, int]:
    """Of these calls those whose recording session is live, each with its version now: one cheap query, for whoever watches
    them. One that is not in it is over, or no recorder ever had it."""
    return store.live_versions(system_tx, watched)


def newest(system_tx: Transaction, controllers: Sequence[ControllerId]) -> dict[ControllerId, CallId]:
    """The call of each that came to a recorder last."""
    return store.newest_sessions(system_tx, controllers)


def look_again(tx: Transaction, controllers: Sequence[ControllerId]) -> None:
    """Every live call of these controllers is settled anew: what their rules say has turned, or a purpose, or its review. `tx` is
    of the one controller, or of the system."""
    if controllers:
        store.bump_live(tx, controllers)


def answer_waited(tx: Transaction, call: CallId, party: PartyId, *, since: datetime) -> None:
    """This party's answer could not be written down until now, so the recorder has kept nothing of the call since `since`."""
    session = locked_session(tx, call)
    reason = PauseReason.NOT_WRITTEN.value
    _tell(tx, call, TimelineEntry(at=since, kind=Happening.CLOSED, party=party, by=recorder_of(session), reason=reason))


def _unpaused(session: Session) -> Session:
    return replace(session, pauses=frozenset(), paused_at=None, pause_held_at=None, pause_version=None)


def _tell(tx: Transaction, call: CallId, entry: TimelineEntry) -> None:
    store.insert_timeline(tx, call, [entry])
