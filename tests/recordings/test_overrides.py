"""What is captured by an override is captured until the override ends, and not a packet longer than until the next look."""

import dataclasses
from datetime import timedelta

import pytest

from rightcall.calls.model import Trunk
from rightcall.consent.model import Answer
from rightcall.database.connection import Database
from rightcall.ids import ControllerId, OverrideId
from rightcall.personal import Personal
from rightcall.policy import overriding
from rightcall.policy.model import Axis, RuleSet
from rightcall.policy.overrides.model import Category, Wanted
from rightcall.policy.reading import read_rules, rule_set
from rightcall.recorder.media_database import DatabaseDecisions
from rightcall.recordings import actions
from rightcall.recordings.model import EndReason, Why
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock
from tests.recordings.scene import DPO, Scene, ring, shipped_rules

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


def give(scene: Scene, database: Database, controller: ControllerId) -> OverrideId:
    wanted = Wanted(
        rule="house.no_training_in_november",
        purpose=scene.training.id,
        call=None,
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
