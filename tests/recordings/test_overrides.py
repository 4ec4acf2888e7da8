"""What is captured by an override is captured until it ends, and no longer than until the recorder looks next; and so it
is with rules that are adopted while a call goes on."""

import dataclasses
from datetime import timedelta

import pytest

from rightcall.calls.model import Trunk
from rightcall.consent.model import Answer
from rightcall.database.connection import Database
from rightcall.ids import ControllerId, OverrideId
from rightcall.personal import Personal
from rightcall.policy import adopting, overriding
from rightcall.policy.model import Axis, RuleSet
from rightcall.policy.overrides.model import Category, Wanted
from rightcall.policy.reading import read_rules, rule_set
from rightcall.policy.replay import Tally
from rightcall.policy.texts import Proposal, Text
from rightcall.recorder.media_database import DatabaseDecisions
from rightcall.recordings import actions
from rightcall.recordings.model import EndReason, Why
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock
from tests.recordings.scene import DPO, SUPERVISOR, Scene, ring, shipped_rules

RULE = """
@id("house.no_training_in_november")
@value("rest: nobody is coached in November")
@owner("dpo")
@in_force_from("2026-11-01")
@last_checked("2026-11-02")
@jurisdiction("*")
@says("Nothing is captured for training in November.")
@instead("It would be right in December.")
forbid (principal, action == Action::"capture", resource) when { context.purpose.key == "training" };
"""


def rules() -> RuleSet:
    house, findings = read_rules("november.cedar", RULE, Axis.HOUSE)
    assert findings == []
    return rule_set([*shipped_rules().rules, *house])


@pytest.fixture
def running(database: Database, controller: ControllerId, vault: Vault, clock: FixedClock, trunk: Trunk) -> Scene:
    """A committed call with Ada's yes to training, which the house stops."""
    with database.transaction(controller) as tx:
        scene = ring(tx, vault, clock, trunk)
        scene.recorder.tools = dataclasses.replace(scene.recorder.tools, rules=rules())
        scene.review()
        scene.answer("p-ada", scene.training, Answer.GRANTED)
        scene.settle()
        assert scene.open() == {}
    return scene


def give(scene: Scene, database: Database, controller: ControllerId, *, every_call: bool = False) -> OverrideId:
    wanted = Wanted(
        rule="house.no_training_in_november",
        purpose=scene.training.id,
        call=None if every_call else scene.call,
        category=Category.OTHER,
        name=Personal("Grace Hopper"),
        reason=Personal("The trainer leaves us at the end of the week."),
        until=scene.clock.at + timedelta(minutes=10),
    )
    with database.transaction(controller) as tx:
        return overriding.give(tx, scene.vault, scene.clock, scene.tools.rules, wanted, by=DPO).id


def looked(scene: Scene, database: Database, controller: ControllerId) -> dict[str, set[str]]:
    """The recorder's look, once a second: what it finds changed is settled, and nothing else."""
    decisions = DatabaseDecisions(database, scene.tools, scene.arrived.session.recorder)
    with database.transaction(controller) as tx:
        applied = actions.call_state(tx, scene.call).session.version
    (changed,) = decisions.beat("127.0.0.1:1")
    with database.transaction(controller) as tx:
        scene.tx = tx
        if changed.version != applied:
            scene.settle()
        return scene.open()


def test_the_gates_open_when_one_begins_and_close_when_it_ends(
    database: Database, controller: ControllerId, running: Scene
) -> None:
    assert looked(running, database, controller) == {}
    give(running, database, controller)
    assert looked(running, database, controller) == {"1": {"training"}, "2": {"training"}}
    running.clock.at += timedelta(minutes=9, seconds=59)
    assert looked(running, database, controller) == {"1": {"training"}, "2": {"training"}}
    running.clock.at += timedelta(seconds=1)
    assert looked(running, database, controller) == {}
    with database.transaction(controller) as tx:
        assert {each.why for each in actions.call_state(tx, running.call).streams} == {Why.RULES}
        actions.end(tx, running.tools, running.call, EndReason.HUNG_UP)


def test_one_for_every_call_opens_them_once_the_reviewers_have_seen_it(
    database: Database, controller: ControllerId, running: Scene
) -> None:
    give(running, database, controller, every_call=True)
    assert looked(running, database, controller) == {}
    with database.transaction(controller) as tx:
        running.tx = tx
        running.review()
        running.settle()
        assert running.open() == {"1": {"training"}, "2": {"training"}}
    running.clock.at += timedelta(minutes=10)
    assert looked(running, database, controller) == {}
    with database.transaction(controller) as tx:
        actions.end(tx, running.tools, running.call, EndReason.HUNG_UP)


def test_they_close_when_it_is_ended_early(database: Database, controller: ControllerId, running: Scene) -> None:
    override = give(running, database, controller)
    assert looked(running, database, controller) != {}
    running.clock.at += timedelta(minutes=1)
    with database.transaction(controller) as tx:
        overriding.end(tx, running.clock, override, by=DPO)
    assert looked(running, database, controller) == {}
    with database.transaction(controller) as tx:
        actions.end(tx, running.tools, running.call, EndReason.HUNG_UP)


def test_a_clock_that_is_behind_lets_nothing_go_on(database: Database, controller: ControllerId, running: Scene) -> None:
    """Another recorder's clock has turned the end; ours is a minute behind, and settles all the same as if it were over."""
    give(running, database, controller)
    assert looked(running, database, controller) != {}
    running.clock.at += timedelta(minutes=10)
    ahead = DatabaseDecisions(database, running.tools, running.arrived.session.recorder)
    ahead.beat("127.0.0.1:1")
    running.clock.at -= timedelta(minutes=1)
    with database.transaction(controller) as tx:
        running.tx = tx
        running.settle()
        assert running.open() == {}
        actions.end(tx, running.tools, running.call, EndReason.HUNG_UP)


SCENARIO = """
says = "Ada said yes. May her words be captured?"
why = "That is what is tried."
act = "capture"
jurisdictions = ["DK"]
speaker = 1
pauses = []
carries_card_data = false
carries_authentication_data = false
[purpose]
key = "{key}"
[[parties]]
role = "customer"
answer = "granted"
[[parties]]
role = "agent"
answer = "unasked"
[expect]
outcome = "{outcome}"
rules = ["{rule}"]
"""


def test_a_rule_that_is_adopted_closes_the_gates_of_running_calls(
    database: Database, controller: ControllerId, vault: Vault, clock: FixedClock, trunk: Trunk
) -> None:
    """Adopted for tomorrow: the gates stand open until then, and close by themselves."""
    with database.transaction(controller) as tx:
        scene = ring(tx, vault, clock, trunk)
        scene.answer("p-ada", scene.training, Answer.GRANTED)
        scene.settle()
    told = {"training": ("not_right", "house.no_training_in_november"), "disputes": ("proceed", "basis.consent")}
    proposal = Proposal(
        files=(Text(file="november.cedar", text=RULE),),
        scenarios=tuple(
            Text(file=f"{key}.toml", text=SCENARIO.format(key=key, outcome=outcome, rule=rule))
            for key, (outcome, rule) in told.items()
        ),
    )
    base = shipped_rules()
    with database.transaction(controller) as tx:
        first_day = (clock.at + timedelta(days=1)).date()
        draft = adopting.draft_rules(tx, clock, base, proposal, by=DPO, in_force_from=first_day)
        proposed = adopting.proposed_rules(draft, base)
        report = Tally(proposed, base).report(clock.at - timedelta(days=1), clock.at)
        adopting.keep_replay(tx, clock, draft.id, rule_set=proposed.digest, report=report, document={})
        adopting.sign(tx, clock, base, draft.id, by=DPO)
        adoption = adopting.sign(tx, clock, base, draft.id, by=SUPERVISOR).adoption
    assert adoption is not None
    assert looked(scene, database, controller) == {"1": {"training"}, "2": {"training"}}
    clock.at = adoption.in_force_at
    assert looked(scene, database, controller) == {}
    with database.transaction(controller) as tx:
        actions.end(tx, scene.tools, scene.call, EndReason.HUNG_UP)
