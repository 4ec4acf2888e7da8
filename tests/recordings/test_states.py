"""The state table: what may follow what, and nothing else."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.errors import Conflict
from rightcall.recordings.states import ARRIVING, TABLE, Event, Outcome, Stage, State, WaitingFor, after, settled

LIVE = [state for state in TABLE if not state.is_over]
OVER = [state for state in TABLE if state.is_over]


@pytest.mark.parametrize(("state", "event"), list(itertools.product(TABLE, Event)))
def test_every_pair_is_a_state_of_the_table_or_a_conflict(state: State, event: Event) -> None:
    allowed = event in TABLE[state] or (not state.is_over and event in (Event.ENDED, Event.LOST))
    if allowed:
        assert after(state, event) in TABLE
    else:
        with pytest.raises(Conflict):
            after(state, event)


@pytest.mark.parametrize("state", TABLE)
def test_the_three_questions_fit_together(state: State) -> None:
    assert (state.outcome is not None) == state.is_over
    assert not (state.is_over and state.waiting_for)


def test_a_pause_ends_only_by_someones_word() -> None:
    paused = after(after(ARRIVING, Event.ANSWERED), Event.PAUSED)
    for event in (Event.HELD, Event.UNHELD, Event.CLOSED, Event.PAUSED):
        assert after(paused, event) == paused
    with pytest.raises(Conflict):
        after(paused, Event.OPENED)
    assert after(paused, Event.RESUMED).waiting_for is WaitingFor.A_YES


@pytest.mark.parametrize("state", OVER)
def test_nothing_follows_the_end(state: State) -> None:
    for event in Event:
        with pytest.raises(Conflict):
            after(state, event)


@given(st.sampled_from(LIVE), st.booleans())
def test_settling_says_what_is_being_waited_for(state: State, held: bool) -> None:
    result = settled(state, capturing=False, held=held)
    assert result.stage is Stage.LIVE
    is_paused = state.waiting_for is WaitingFor.RESUME
    if is_paused:
        assert result == state
    else:
        assert result.waiting_for is (WaitingFor.UNHOLD if held else WaitingFor.A_YES)
    if not is_paused:
        assert settled(state, capturing=True, held=False).waiting_for is None


def test_an_end_is_told_from_a_loss() -> None:
    assert after(ARRIVING, Event.ENDED).outcome is Outcome.ENDED
    assert after(ARRIVING, Event.LOST).outcome is Outcome.LOST
