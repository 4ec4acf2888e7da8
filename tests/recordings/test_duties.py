"""A rule may let something be kept for fewer days than the purpose's term: then the key's last day is the earlier one."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from rightcall.clock import day_of
from rightcall.consent.model import Answer
from rightcall.holdings import actions as holdings
from rightcall.policy.model import Axis, RuleSet
from rightcall.policy.reading import read_rules, rule_set
from rightcall.recordings.model import Cut, Take
from rightcall.vault.model import ContentKey, Dark, DarkReason
from tests.recordings.scene import Scene, shipped_rules
from tests.recordings.test_receiving import document, read, take_in
from tests.recordings.test_taking import recorded_call
from tests.recordings.test_vcon import exported

TERM_DAYS = 30
AT_MOST = """
@id("house.at_most")
@value("thrift")
@owner("dpo")
@in_force_from("2026-01-01")
@last_checked("2026-11-02")
@jurisdiction("*")
@says("Kept for a few days only.")
@instead("Take it out.")
@duties("keep_at_most_days={days}")
permit (principal, action == Action::"capture", resource);
"""


def at_most(days: int) -> RuleSet:
    rules, findings = read_rules("planted.cedar", AT_MOST.format(days=days), Axis.HOUSE)
    assert findings == []
    return rule_set([*shipped_rules().rules, *rules])


def under(scene: Scene, rules: RuleSet) -> None:
    scene.recorder.tools = replace(scene.recorder.tools, rules=rules)
    scene.review()


def last_day(scene: Scene, take: Take) -> date:
    (term,) = holdings.get(scene.tx, take.id).terms
    assert term.last_day is not None
    return term.last_day


@pytest.mark.parametrize(("demanded", "kept"), [(7, 7), (400, TERM_DAYS)])
def test_what_is_captured_is_kept_for_the_shorter_of_the_two(scene: Scene, demanded: int, kept: int) -> None:
    under(scene, at_most(demanded))
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    took = day_of(scene.clock.at)
    assert {last_day(scene, take) for take in scene.state_takes()} == {took + timedelta(days=kept)}
    (take, *_) = scene.state_takes()
    scene.clock.at += timedelta(days=kept)
    assert isinstance(scene.vault.unlock_content(scene.tx, holding=take.id, purpose=scene.training.id), ContentKey)
    scene.clock.at += timedelta(days=1)
    dark = scene.vault.unlock_content(scene.tx, holding=take.id, purpose=scene.training.id)
    assert dark == Dark(reason=DarkReason.TERM_OVER)


def test_a_recipient_is_told_the_shorter_of_the_two(scene: Scene) -> None:
    under(scene, at_most(7))
    recorded_call(scene)
    took = day_of(scene.state_takes()[0].opened_at)
    ends = {each["body"]["expiration"] for each in exported(scene).vcon["attachments"]}
    assert ends == {f"{took + timedelta(days=7)}T23:59:59Z"}


def test_a_rule_that_comes_into_force_in_mid_call_binds_what_is_said_from_then_on(scene: Scene) -> None:
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    scene.later()
    under(scene, at_most(7))
    scene.settle()
    took = day_of(scene.clock.at)
    mine = [take for take in scene.state_takes() if take.stream == scene.stream("1")]
    assert [take.cut_reason for take in mine] == [Cut.CHANGED, None]
    assert [last_day(scene, take) for take in mine] == [took + timedelta(days=days) for days in (TERM_DAYS, 7)]
    scene.settle()
    assert len([take for take in scene.state_takes() if take.stream == scene.stream("1")]) == 2


@pytest.mark.parametrize(("days_ago", "is_kept"), [(3, True), (10, False)])
def test_what_comes_as_a_vcon_counts_from_when_it_was_said(scene: Scene, tmp_path: Path, days_ago: int, is_kept: bool) -> None:
    vcon = read(document(scene))
    took = day_of(min(dialog.start for dialog in vcon.dialogs))
    scene.clock.at += timedelta(days=days_ago)
    under(scene, at_most(7))
    received = take_in(scene, vcon, tmp_path)
    assert bool(received.kept) is is_kept
    for holding in received.kept.values():
        assert [term.last_day for term in holdings.get(scene.tx, holding).terms] == [took + timedelta(days=7)]
