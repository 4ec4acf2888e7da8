"""The states of a concern: this table and nothing else decides what may follow what.

    stage        waiting for        owned     answered   accepted   appealed   decided   lapsed
    raised       an owner           owned     -          -          -          -         -
    owned        an answer          owned     answered   -          -          -         -
    answered     the raiser         -         -          closed     appealed   -         closed
    appealed     a second person    -         -          -          -          closed    -
    closed       -                  -         -          -          -          -         -

"-" is a Conflict. Another person may take an owned concern over until it is answered. An appeal is made once: what the second
person decides closes the concern. An answer that the raiser neither accepts nor appeals in time lapses into closed.
"""

from dataclasses import dataclass
from enum import StrEnum

from rightcall.errors import Conflict


class Stage(StrEnum):
    RAISED = "raised"
    OWNED = "owned"
    ANSWERED = "answered"
    APPEALED = "appealed"
    CLOSED = "closed"


class WaitingFor(StrEnum):
    AN_OWNER = "an_owner"
    AN_ANSWER = "an_answer"
    THE_RAISER = "the_raiser"
    A_SECOND_PERSON = "a_second_person"


class Ending(StrEnum):
    ACCEPTED = "accepted"
    DECIDED = "decided"
    LAPSED = "lapsed"


class Event(StrEnum):
    OWNED = "owned"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    APPEALED = "appealed"
    DECIDED = "decided"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    stage: Stage
    waiting_for: WaitingFor | None = None
    ending: Ending | None = None


RAISED = State(stage=Stage.RAISED, waiting_for=WaitingFor.AN_OWNER)
_OWNED = State(stage=Stage.OWNED, waiting_for=WaitingFor.AN_ANSWER)
_ANSWERED = State(stage=Stage.ANSWERED, waiting_for=WaitingFor.THE_RAISER)
_APPEALED = State(stage=Stage.APPEALED, waiting_for=WaitingFor.A_SECOND_PERSON)
_ACCEPTED = State(stage=Stage.CLOSED, ending=Ending.ACCEPTED)
_DECIDED = State(stage=Stage.CLOSED, ending=Ending.DECIDED)
_LAPSED = State(stage=Stage.CLOSED, ending=Ending.LAPSED)

TABLE: dict[State, dict[Event, State]] = {
    RAISED: {Event.OWNED: _OWNED},
    _OWNED: {Event.OWNED: _OWNED, Event.ANSWERED: _ANSWERED},
    _ANSWERED: {Event.ACCEPTED: _ACCEPTED, Event.APPEALED: _APPEALED, Event.LAPSED: _LAPSED},
    _APPEALED: {Event.DECIDED: _DECIDED},
    _ACCEPTED: {},
    _DECIDED: {},
    _LAPSED: {},
}

_ADVICE = {
    Stage.RAISED: "Nobody has taken this concern yet. Take it first, then answer it.",
    Stage.OWNED: "This concern is not answered yet.",
    Stage.ANSWERED: "This concern is answered. It is for the raiser to accept the answer or to appeal.",
    Stage.APPEALED: "This concern was appealed. A second person decides it, and that is the end of it.",
    Stage.CLOSED: "This concern is closed. Raise a new one if there is more to say.",
}


def after(state: State, event: Event) -> State:
    """The state that follows; Conflict where the table has none."""
    following = TABLE[state].get(event)
    if following is None:
        raise Conflict(_ADVICE[state.stage])
    return following


def state_of(stage: Stage, ending: Ending | None) -> State:
    """The one state that a stored stage and ending stand for."""
    return next(state for state in TABLE if (state.stage, state.ending) == (stage, ending))
