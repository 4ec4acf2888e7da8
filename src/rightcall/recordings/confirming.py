"""The recorder's word on a change of what may be kept: the change is committed first, then the recorder is asked to hold it."""

from rightcall.calls import actions as calls
from rightcall.database.connection import Transaction
from rightcall.errors import NotFound, RecorderGone
from rightcall.ids import CallId, ControllerId
from rightcall.recordings.history import call_state
from rightcall.recordings.ports import Gates, Settled


def live_version(tx: Transaction, call: CallId) -> int | None:
    """The version of the call's recording session, which the recorder must have read; None where there is no recorder to ask."""
    if calls.get(tx, call).ended_at is not None:
        return None
    try:
        session = call_state(tx, call).session
    except NotFound:
        return None
    return None if session.state.is_over else session.version


def confirmed(gates: Gates, controller: ControllerId, call: CallId, version: int) -> Settled:
    """What the recorder says, once it has read at least `version`: an answer from before the change confirms nothing."""
    for _ in range(2):
        settled = gates.settle(controller, call)
        if settled.version >= version:
            return settled
    raise RecorderGone("The recorder answered twice on an older state of the call than the one it was asked to hold.")
