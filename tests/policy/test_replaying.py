"""A replay of very many verdicts goes on without whoever asked, says how far it is, and what it showed is kept with the draft."""

from datetime import timedelta

import pytest

from rightcall.clock import day_of
from rightcall.database.connection import Database
from rightcall.errors import Conflict
from rightcall.ids import ControllerId
from rightcall.policy import adopting
from rightcall.policy.procedure import Replaying
from rightcall.policy.replaying import is_short
from rightcall.procedures.model import Reached
from tests.conftest import FixedClock
from tests.policy.test_adopting import DPO, RULES, drafted, kinds, outcome
from tests.procedures.fakes import InlineSteps


def test_it_says_how_far_it_is_and_what_it_showed_is_kept(
    database: Database, controller: ControllerId, clock: FixedClock
) -> None:
    with database.transaction(controller) as tx:
        draft = drafted(tx, clock)
        outcome(tx, clock)
        clock.at += timedelta(minutes=1)
        assert is_short(tx, clock, 7)
        assert not is_short(tx, clock, 7, stretch=1)
        adopting.ask_replay(tx, clock, draft.id, days=7, by=DPO)
        assert kinds(tx)[-1] == "policy.replay_asked"
    steps, replaying = InlineSteps(), Replaying(database=database, clock=clock, rules=RULES)
    asked = (str(controller), str(draft.id), str(day_of(clock.at) - timedelta(days=7)))
    made = replaying(steps, *asked)
    assert steps.told == [Reached(7, 7)]
    with database.transaction(controller) as tx:
        [kept] = adopting.replays(tx, draft.id)
        assert (str(kept.id), kept.verdicts) == (made, 1)
        adopting.withdraw(tx, clock, draft.id, by=DPO)
        with pytest.raises(Conflict):
            adopting.ask_replay(tx, clock, draft.id, days=7, by=DPO)
    assert replaying(InlineSteps(), *asked) is None, "nobody wants it any more"
