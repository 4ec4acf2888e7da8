"""The recorder's word on a change of what may be kept: the change is committed first, then the recorder is asked to hold it, and
only what it confirms is believed."""

from dataclasses import dataclass

from rightcall.actors import Actor
from rightcall.calls import actions as calls
from rightcall.database.connection import Database, Transaction
from rightcall.errors import NotFound, RecorderGone
from rightcall.ids import CallId, ControllerId
from rightcall.policy.model import PauseReason
from rightcall.recordings import actions as recordings
from rightcall.recordings.history import call_state
from rightcall.recordings.ports import Gates, Settled
from rightcall.recordings.tools import Tools


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """`version`: of the recording session that the recorder's gates stand as; a later one is not confirmed."""

    settled: Settled
    version: int


def live_version(tx: Transaction, call: CallId) -> int | None:
    """The version of the call's recording session, which the recorder must have read; None where there is no recorder to ask."""
    if calls.get(tx, call).ended_at is not None:
        return None
    try:
        session = call_state(tx, call).session
    except NotFound:
        return None
    return None if session.state.is_over else session.version


def hold(database: Database, gates: Gates, tools: Tools, *, controller: ControllerId, call: CallId, version: int) -> Held:
    """Have the recorder hold what was committed as `version`, and write down that a pause holds. RecorderGone, or another Outage,
    where nobody confirms it: then sound may still be kept. The change stands all the same, and the recorder closes by itself
    within moments of reading it, or of losing the database."""
    settled = _confirmed(gates, controller, call, version)
    session = database.run(controller, lambda tx: recordings.gate_reported(tx, tools, call, settled=settled))
    if session.pause is not None and session.pause_held_at is None:
        raise RecorderGone("The recorder answered on an older state of the call than the one with the pause.")
    is_just_written = session.pause_held_at == settled.at and session.version == settled.version + 1
    return Held(settled=settled, version=session.version if is_just_written else settled.version)


def pause_instead(tx: Transaction, tools: Tools, call: CallId, *, by: Actor) -> int | None:
    """Somebody said no, and it could not be written down: nothing more is kept of the call until it is. A pause of its own, so
    that the end of another, for a card say, does not end it. The version to be held; None where no recorder has the call."""
    if live_version(tx, call) is None:
        return None
    recordings.pause(tx, tools, call, by=by, reason=PauseReason.NOT_WRITTEN)
    return live_version(tx, call)


def _confirmed(gates: Gates, controller: ControllerId, call: CallId, version: int) -> Settled:
    """What the recorder says, once it has read at least `version`: an answer from before the change confirms nothing."""
    for _ in range(2):
        settled = gates.settle(controller, call)
        if settled.version >= version:
            return settled
    raise RecorderGone("The recorder answered twice on an older state of the call than the one it was asked to hold.")
