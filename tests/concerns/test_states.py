"""The table of states, as it is written at its head."""

import re

import pytest

from rightcall.concerns import states
from rightcall.concerns.states import RAISED, TABLE, Ending, Event, Stage, State, WaitingFor, after, state_of
from rightcall.errors import Conflict


def as_written() -> dict[tuple[Stage, Event], str]:
    """The table in the module's docstring."""
    lines = (states.__doc__ or "").splitlines()
    head = next(line for line in lines if line.strip().startswith("stage "))
    events = [Event(word) for word in re.split(r"\s{2,}", head.strip())[2:]]
    found: dict[tuple[Stage, Event], str] = {}
    for line in lines[lines.index(head) + 1 :]:
        cells = re.split(r"\s{2,}", line.strip())
        if len(cells) == len(events) + 2:
            found |= {(Stage(cells[0]), event): cell for event, cell in zip(events, cells[2:], strict=True)}
    return found


def test_the_docstring_is_the_table() -> None:
    written = as_written()
    assert len(written) == len(Stage) * len(Event)
    for state, row in TABLE.items():
        for event in Event:
            cell = row[event].stage.value if event in row else "-"
            assert written[state.stage, event] == cell, (state, event)


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("state", TABLE, ids=str)
def test_what_the_table_does_not_have_is_a_conflict(state: State, event: Event) -> None:
    if event in TABLE[state]:
        assert after(state, event) == TABLE[state][event]
    else:
        with pytest.raises(Conflict, match=r"\."):
            after(state, event)


def test_every_state_is_reached_and_stored_by_stage_and_ending() -> None:
    assert {RAISED, *(to for row in TABLE.values() for to in row.values())} == set(TABLE)
    for state in TABLE:
        assert state_of(state.stage, state.ending) == state
        assert (state.stage is Stage.CLOSED) == (state.ending is not None) == (state.waiting_for is None)


def test_an_appeal_is_made_once() -> None:
    appealed = after(after(after(RAISED, Event.OWNED), Event.ANSWERED), Event.APPEALED)
    assert appealed.waiting_for is WaitingFor.A_SECOND_PERSON
    decided = after(appealed, Event.DECIDED)
    assert decided.ending is Ending.DECIDED
    for event in Event:
        with pytest.raises(Conflict):
            after(decided, event)
