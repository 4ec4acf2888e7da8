"""Contradictions are planted, one of each sort, and found; the rules that come with Rightcall have none."""

import dataclasses
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from rightcall import policy
from rightcall.policy.loading import check_rules, law_of, load_rules, read_house
from rightcall.policy.model import Act, Axis, Finding, Rule, RuleSet
from rightcall.policy.reading import read_rules, rule_set
from rightcall.policy.texts import Text
from rightcall.policy.trying.contradictions import contradictions
from rightcall.policy.trying.scenarios import Scenario
from tests.policy.shipped import CORPUS, shipped

LAW = law_of(load_rules())
FEW = [each for each in shipped(CORPUS) if each.question.act in (Act.CAPTURE, Act.PLAY, Act.ERASE)][:60]

RULE = """
@id("house.{id}")
@value("a value")
@owner("dpo")
@in_force_from("2026-11-01")
@last_checked("2026-11-02")
@jurisdiction("*")
@says("Says.")
@instead("Instead.")
{notes}
{effect} (principal, action {acts}, resource) {when};
"""


def rule(id: str, acts: str, when: str = "", *, effect: str = "forbid", notes: str = "") -> Rule:
    text = RULE.format(id=id, acts=acts, when=when, effect=effect, notes=notes)
    (read,), findings = read_house([Text(file="planted.cedar", text=text)])
    assert findings == []
    return read


def found(*house: Rule, law: RuleSet = LAW, scenarios: list[Scenario] | None = None) -> list[Finding]:
    return contradictions(law, house, FEW if scenarios is None else scenarios)


LATER = datetime(2026, 12, 10, 12, tzinfo=UTC)
PLAY, CAPTURE = '== Action::"play"', '== Action::"capture"'
BY_AGENT = 'when { context.actor.role == Role::"supervisor" }'


def test_what_comes_with_it_has_none() -> None:
    assert check_rules(Path(policy.__file__).parent / "house") == []


def test_one_that_is_in_order_is_not_found() -> None:
    assert found(rule("fine", PLAY, BY_AGENT)) == []


def test_the_same_under_two_ids() -> None:
    (finding,) = found(rule("one", PLAY, BY_AGENT), rule("other", PLAY, BY_AGENT))
    assert finding.problem == "house.other says the same as house.one, under another id."
    assert (finding.file, finding.line, finding.rule) == ("planted.cedar", 2, "house.other")


def test_one_that_can_never_fire() -> None:
    never = 'when { context.purpose.key == "unheard-of" && context.purpose.key == "unheard" }'
    (finding,) = found(rule("never", PLAY, never))
    assert "house.never can never fire" in finding.problem


def test_duties_that_bind_nothing() -> None:
    duties = rule("duties", CAPTURE, 'when { context.purpose.key == "unheard-of" }', effect="permit", notes='@duties("announce")')
    (finding,) = found(duties)
    assert "house.duties binds to nothing" in finding.problem


def test_the_same_facts_on_another_day_are_tried_too() -> None:
    """Under a law that opens nothing before December, duties bind something only on the days after."""
    law = rule_set([dataclasses.replace(each, in_force_from=date(2026, 12, 1)) for each in LAW.rules if each.axis is Axis.LAW])
    duties = rule("duties", PLAY, "when { true }", effect="permit", notes='@duties("announce")')
    assert any("binds to nothing" in finding.problem for finding in found(duties, law=law))
    later = [dataclasses.replace(each, question=dataclasses.replace(each.question, at=LATER)) for each in FEW]
    for scenarios in ([*FEW, *later], [*later, *FEW]):
        assert found(duties, law=law, scenarios=scenarios) == []


@pytest.mark.parametrize("when", ["", "when { true }", "unless { false }", "when { context.case_given || !context.case_given }"])
def test_an_act_that_nobody_can_do_any_more(when: str) -> None:
    findings = found(rule("all", PLAY, when))
    assert [each.problem.split(":")[0] for each in findings] == ["Nobody can play any more"]
    assert "house.all" in findings[0].problem


def test_two_rules_that_close_an_act_together() -> None:
    one = rule("with_case", PLAY, "when { context.case_given }")
    other = rule("without_case", PLAY, "unless { context.case_given }")
    assert found(one) == []
    assert any("Nobody can play any more" in each.problem for each in found(one, other))


@pytest.mark.parametrize("act", ["erase", "capture"])
def test_one_that_stops_all_that_a_law_demands(act: str) -> None:
    when = {"erase": "", "capture": 'unless { context.purpose.basis == Basis::"consent" }'}[act]
    findings = found(rule("against", f'== Action::"{act}"', when))
    assert any(f"house.against stops every {act} that a law demands" in each.problem for each in findings)


def test_one_whose_advice_can_never_help() -> None:
    """Whoever gets past the first is stopped by the second: the marketing that the first has in mind is nobody's."""
    asks = rule("case", PLAY, 'when { context.purpose.key == "training" && !context.case_given }')
    bars = rule("nobody", PLAY, 'when { context.purpose.key == "training" }')
    own = [
        dataclasses.replace(each, question=dataclasses.replace(each.question, case_given=given))
        for each in FEW
        for given in (True, False)
        if each.question.act is Act.PLAY and each.question.purpose is not None
    ]
    others = [
        dataclasses.replace(
            each,
            question=dataclasses.replace(
                each.question,
                purpose=dataclasses.replace(each.question.purpose, key="quality"),
                collected_for=frozenset({"quality"}),
            ),
        )
        for each in own
        if each.question.purpose is not None
    ]
    findings = found(asks, bars, scenarios=[*own, *others])
    assert [each.rule for each in findings] == ["house.case", "house.nobody"] or [each.rule for each in findings] == [
        "house.case"
    ]
    assert "house.nobody stops the same, whatever is changed" in findings[0].problem


def test_one_that_takes_a_right_away() -> None:
    """A house may keep what it has to itself, and not from whoever said it."""
    stays = rule("stays", PLAY, "unless { context.case_given }")
    (finding,) = found(stays)
    assert finding.problem == "house.stays takes a right away: it stops play for the person whose own words they are."
    assert "context.for_speaker" in finding.advice
    assert found(rule("stays", PLAY, "unless { context.case_given || context.for_speaker }")) == []


def test_duties_that_cannot_both_be_kept() -> None:
    text = RULE.format(
        id="x",
        acts=CAPTURE,
        when="",
        effect="permit",
        notes='@cite("A law")\n@confidence("settled")\n@duties("keep_at_least_days=2000")',
    )
    (keeps,), findings = read_rules("law.cedar", text.replace('@value("a value")\n', "").replace("house.x", "law.keep"), Axis.LAW)
    assert findings == []
    law = rule_set([*LAW.rules, keeps])
    short = rule("short", CAPTURE, effect="permit", notes='@duties("keep_at_most_days=90")')
    (finding,) = found(short, law=law)
    assert finding.problem == "house.short cannot be kept: at most 90 days by house.short, at least 2000 by law.keep."
    assert found(rule("long", CAPTURE, effect="permit", notes='@duties("keep_at_most_days=3650")'), law=law) == []
