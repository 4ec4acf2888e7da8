"""The worker tries the scenarios of what is in force when it starts and when rules or law change, and says what drifted, once."""

import logging
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from rightcall.actors import Actor, Role
from rightcall.ids import ControllerId, new_id
from rightcall.policy import adopting, in_force
from rightcall.policy.reading import rule_set
from rightcall.policy.replay import Tally
from rightcall.policy.texts import Proposal
from rightcall.wiring import House
from rightcall.worker.drift import Drift
from tests.policy.proposals import MARKETING, changed, example


def adopt(house: House, controller: ControllerId, proposal: Proposal | None = None) -> None:
    first, second = (Actor(id=new_id(), role=role) for role in (Role.DPO, Role.REVIEWER))
    with house.database.transaction(controller) as tx:
        draft = adopting.draft_rules(tx, house.clock, house.rules, proposal or example(), by=first)
        proposed, now = adopting.proposed_rules(draft, house.rules), house.clock.now()
        report = Tally(proposed, house.rules).report(now - timedelta(days=1), now)
        adopting.keep_replay(tx, house.clock, draft.id, rule_set=proposed.digest, report=report, document={})
        adopting.sign(tx, house.clock, house.rules, draft.id, by=first)
        assert adopting.sign(tx, house.clock, house.rules, draft.id, by=second).adoption is not None


def stricter() -> Proposal:
    """Stops what the charter lets through in play-doubtful-yes.toml."""
    marketing = 'context.purpose.key == "marketing" &&\n    context.actor.role == Role::"agent"'
    whole = changed(marketing, 'context.speaker.quality == Quality::"doubtful" && !context.for_speaker')
    stopped, let_through = whole.scenarios
    doubtful = replace(stopped, text=stopped.text.replace('answer = "granted"', 'answer = "granted"\nquality = "doubtful"'))
    return replace(whole, scenarios=(doubtful, let_through))


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records if record.name == "rightcall.worker.drift"]


def test_what_is_in_force_comes_out_as_it_says(house: House, controller: ControllerId, caplog: pytest.LogCaptureFixture) -> None:
    adopt(house, controller)
    drift = Drift()
    drift.look(house)
    assert (drift.found, said(caplog)) == (0, [])


def test_a_house_that_is_stricter_than_a_charter_scenario_is_no_error(
    house: House, controller: ControllerId, caplog: pytest.LogCaptureFixture
) -> None:
    """It was checked, and found in order, before it was adopted: nobody listens to what a doubtful yes let us keep."""
    adopt(house, controller, stricter())
    drift = Drift()
    drift.look(house)
    assert (drift.found, said(caplog)) == (0, [])


def test_a_charter_scenario_that_the_law_turns_is_said(
    house: House, controller: ControllerId, caplog: pytest.LogCaptureFixture
) -> None:
    adopt(house, controller, stricter())
    updated = replace(house, rules=rule_set([each for each in house.rules.rules if each.id != "basis.consent"]))
    Drift().look(updated)
    (line,) = [record for record in caplog.records if getattr(record, "controller", "") == str(controller)]
    assert "play-doubtful-yes.toml" in line.scenarios  # type: ignore[attr-defined]  # what it was given


def test_a_law_that_changed_under_adopted_rules_is_said_once(
    house: House, controller: ControllerId, caplog: pytest.LogCaptureFixture
) -> None:
    adopt(house, controller)
    other = rule_set([rule for rule in house.rules.rules if rule.id != "basis.consent"])
    updated = replace(house, rules=other)
    drift = Drift()
    with caplog.at_level(logging.ERROR):
        drift.look(updated)
        drift.look(updated)
    (line,) = [record for record in caplog.records if getattr(record, "controller", "") == str(controller)]
    assert "come out otherwise" in line.message
    assert "1.toml" in line.scenarios  # type: ignore[attr-defined]  # what it was given
    assert drift.found > 0


def test_scenarios_that_cannot_be_read_are_said(house: House, controller: ControllerId, caplog: pytest.LogCaptureFixture) -> None:
    """Another version may read less of what was adopted: what was not tried has not come out as it says."""
    adopt(house, controller, changed(MARKETING, "house.of_this_test_alone_too", also_scenarios=True))
    with psycopg.connect(house.database.url) as connection:
        connection.execute(
            'UPDATE rule_drafts SET scenarios = \'[{"file": "x.toml", "text": "act ="}]\' WHERE controller = %s', (controller,)
        )
    drift = Drift()
    drift.look(house)
    (line,) = [record for record in caplog.records if getattr(record, "controller", "") == str(controller)]
    assert "x.toml" in line.scenarios  # type: ignore[attr-defined]  # what it was given
    assert drift.found > 0


def test_rules_that_cannot_be_read_are_said(
    house: House, controller: ControllerId, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    adopt(house, controller, changed(MARKETING, "house.of_this_test_alone", also_scenarios=True))
    with psycopg.connect(house.database.url) as connection:
        connection.execute(
            'UPDATE rule_drafts SET files = \'[{"file": "x.cedar", "text": "forbid"}]\' WHERE controller = %s', (controller,)
        )
    monkeypatch.setattr(in_force, "_SHELF", in_force.Shelf())
    Drift().look(house)
    assert any("cannot be read" in line for line in said(caplog))
