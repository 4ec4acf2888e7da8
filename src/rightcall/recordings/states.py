"""The states of a recording session: this table and nothing else decides what may follow what.

Three questions, three answers, never one flat status:

    stage         where the session is in its life        arriving -> live -> over
    waiting_for   what keeps it from capturing            a_yes | resume | unhold, or nothing: something is being captured
    outcome       how it went, once it is over            ended | lost

    waiting for    opened    closed    paused    resumed   held      unheld
    arriving       -         -         resume    -         -         -
    a_yes          nothing   a_yes     resume    -         unhold    -
    nothing        nothing   a_yes     resume    -         unhold    -
    unhold         -         unhold    resume    -         unhold    a_yes
    resume         -         resume    resume    a_yes     resume    resume

"-" is a Conflict. A pause is stronger than a hold: it ends only by someone's word, and where there are several reasons for
it, only with the last of them. After a pause the next settling finds out anew whether there is a yes, and whether the client
still holds. Nothing follows `over`.
"""

from dataclasses import dataclass
from enum import StrEnum

from rightcall.errors import Conflict


class Stage(StrEnum):
    ARRIVING = "arriving"
    LIVE = "live"
    OVER = "over"


class WaitingFor(StrEnum):
    A_YES = "a_yes"
    RESUME = "resume"
    UNHOLD = "unhold"


class Outcome(StrEnum):
    ENDED = "ended"
    LOST = "lost"


class Event(StrEnum):
    ANSWERED = "answered"
    OPENED = "opened"
    CLOSED = "closed"
    PAUSED = "paused"
    RESUMED = "resumed"
    HELD = "held"
    UNHELD = "unheld"
    ENDED = "ended"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    stage: Stage
    waiting_for: WaitingFor | None = None
    outcome: Outcome | None = None

    @property
    def is_over(self) -> bool:
        return self.stage is Stage.OVER


ARRIVING = State(stage=Stage.ARRIVING, waiting_for=WaitingFor.A_YES)
_ASKING = State(stage=Stage.LIVE, waiting_for=WaitingFor.A_YES)
_RECORDING = State(stage=Stage.LIVE)
_PAUSED = State(stage=Stage.LIVE, waiting_for=WaitingFor.RESUME)
_HELD = State(stage=Stage.LIVE, waiting_for=WaitingFor.UNHOLD)
_ENDED = State(stage=Stage.OVER, outcome=Outcome.ENDED)
_LOST = State(stage=Stage.OVER, outcome=Outcome.LOST)

TABLE: dict[State, dict[Event, State]] = {
    ARRIVING: {Event.ANSWERED: _ASKING, Event.PAUSED: _PAUSED},
    _ASKING: {Event.OPENED: _RECORDING, Event.CLOSED: _ASKING, Event.PAUSED: _PAUSED, Event.HELD: _HELD},
    _RECORDING: {Event.OPENED: _RECORDING, Event.CLOSED: _ASKING, Event.PAUSED: _PAUSED, Event.HELD: _HELD},
    _HELD: {Event.CLOSED: _HELD, Event.PAUSED: _PAUSED, Event.HELD: _HELD, Event.UNHELD: _ASKING},
    _PAUSED: {Event.CLOSED: _PAUSED, Event.PAUSED: _PAUSED, Event.RESUMED: _ASKING, Event.HELD: _PAUSED, Event.UNHELD: _PAUSED},
    _ENDED: {},
    _LOST: {},
}

_ADVICE = {
    Event.RESUMED: "The recording is not paused, so it cannot be resumed.",
}


def after(state: State, event: Event) -> State:
    """The state that follows; Conflict where the table has none."""
    following = _over(state, event) or TABLE[state].get(event)
    if following is not None:
        return following
    if state.is_over:
        raise Conflict("The recording session is over. A new call has a session of its own.")
    raise Conflict(_ADVICE.get(event, f"A recording session in this state cannot be {event.value}. Read its state anew."))


def settled(state: State, *, capturing: bool, held: bool) -> State:
    """The state after a settling found that something is being captured, and that the client holds every stream."""
    if state.is_over:
        return state
    if state.stage is Stage.ARRIVING:
        state = after(state, Event.ANSWERED)
    if held != (state.waiting_for is WaitingFor.UNHOLD):
        state = after(state, Event.HELD if held else Event.UNHELD)
    if capturing:
        return after(state, Event.OPENED)
    return after(state, Event.CLOSED) if state == _RECORDING else state


def _over(state: State, event: Event) -> State | None:
    """Every session can end, and every session can be lost: once."""
    if state.is_over:
        return None
    return {Event.ENDED: _ENDED, Event.LOST: _LOST}.get(event)
