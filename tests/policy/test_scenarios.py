"""Every scenario comes out as it says, and every house rule has one that it stops and one that it lets through."""

import dataclasses
from dataclasses import replace

import pytest

from rightcall.errors import Malformed
from rightcall.policy.actions import check_rules, load_rules
from rightcall.policy.loading import check, law_of, read_scenarios_of
from rightcall.policy.model import Axis, Effect, Outcome, Place, PlaceSource
from rightcall.policy.rules import decide
from rightcall.policy.texts import Text
from rightcall.policy.trying.outcomes import outcomes, uncovered
from rightcall.policy.trying.scenarios import read_scenario
from tests.policy.proposals import changed, example
from tests.policy.shipped import FOLDERS, PACKAGE, findings_in, shipped

SCENARIOS = shipped(*FOLDERS)
RULES = load_rules()


def test_all_are_read() -> None:
    assert findings_in(*FOLDERS) == []
    files = sum(len(list(folder.glob("*.toml"))) for folder in FOLDERS)
    assert len([each for each in SCENARIOS if "," not in each.file]) == files >= 80


def test_the_house_rules_that_come_with_it_are_in_order() -> None:
    assert check_rules(PACKAGE / "house") == []


def test_each_comes_out_as_it_says() -> None:
    assert [str(finding) for finding in outcomes(RULES, SCENARIOS)] == []


def test_every_house_rule_stops_one_and_lets_one_through() -> None:
    assert uncovered(RULES.rules, [(RULES, each) for each in SCENARIOS]) == []


def test_every_rule_decides_somewhere() -> None:
    verdicts = [decide(RULES, each.question) for each in SCENARIOS]
    decided = {reason.rule for verdict in verdicts for reason in verdict.reasons}
    decided |= {duty.rule for verdict in verdicts for duty in verdict.duties}
    assert {rule.id for rule in RULES.rules} - decided <= {"basis.legal_obligation_use"}


def test_every_outcome_occurs() -> None:
    assert {scenario.outcome for scenario in SCENARIOS} == set(Outcome)


def test_a_scenario_that_comes_out_otherwise_is_found() -> None:
    allowed = next(scenario for scenario in SCENARIOS if scenario.outcome is Outcome.PROCEED)
    planted = dataclasses.replace(allowed, outcome=Outcome.NOT_RIGHT)
    (finding,) = outcomes(RULES, [planted])
    assert "not_right" in finding.problem


def test_a_house_rule_without_scenarios_is_found() -> None:
    found = uncovered(RULES.rules, [])
    assert {finding.rule for finding in found} == {
        rule.id for rule in RULES.rules if rule.axis is Axis.HOUSE and rule.effect is Effect.FORBID
    }


WHOLE = 'says = "s"\nwhy = "w"\nact = "capture"\n[expect]\noutcome = "unlawful"\n'


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("says = ", "TOML"),
        (WHOLE.replace('act = "capture"', 'act = "captur"'), "captur"),
        (WHOLE.replace("says", "sais"), "sais"),
        (WHOLE.replace("[expect]", 'pauses = ["vulnerabel"]\n[expect]'), "vulnerabel"),
        (WHOLE.replace("[expect]", "speaker = 1\n[expect]"), "speaker"),
        (WHOLE.replace("[expect]", "reason_given = 1\n[expect]"), "reason_given"),
        (WHOLE.replace("[expect]", "at = 2026-11-23T09:30:00\n[expect]"), "offset"),
        (WHOLE.replace("[expect]", "parties = [1]\n[expect]"), "party"),
        (WHOLE.replace("[expect]", "[other]\n[expect]"), "other"),
        (WHOLE.replace("[expect]", "purpose = 1\n[expect]"), "purpose"),
        (WHOLE.replace("says", "sais"), "Did you mean says"),
        (WHOLE.replace('act = "capture"', 'act = "playback"'), "Did you mean play?"),
        (WHOLE.partition("[expect]")[0], "no .expect.. Write"),
        (WHOLE.replace('why = "w"\n', ""), "`why` is missing. Write it as text in quotes"),
        (WHOLE.replace("[expect]", '[[parties]]\nrole = "customer"\n[expect]'), "`answer` is missing. It is one of granted, "),
        (WHOLE.replace("[expect]", '[[parties]]\nrole = "customer"\nnumber = "+4532123456"\n[expect]'), "residence"),
    ],
)
def test_a_scenario_that_is_not_whole_is_refused(text: str, names: str) -> None:
    assert [each.outcome for each in read_scenario("whole.toml", WHOLE)] == [Outcome.UNLAWFUL]
    with pytest.raises(Malformed, match=names):
        read_scenario("planted.toml", text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (WHOLE.replace("[expect]", 'actr = "dpo"\n[expect]'), "actr"),
        (WHOLE.replace("[expect]", "[desing]\nconditional = true\n[expect]"), "desing"),
        (WHOLE + '[[likewise]]\npurpose = { kye = "x" }\nexpect = { outcome = "proceed" }\n', "kye"),
        (WHOLE.replace("[expect]", "act = \n[expect]"), "act = "),
    ],
)
def test_what_is_wrong_in_a_scenario_is_found_on_its_line(text: str, line: str) -> None:
    _, (finding,) = read_scenarios_of([Text(file="planted.toml", text=text)])
    assert line in text.splitlines()[finding.line - 1]
    assert finding.line > 1


def test_where_somebody_lives_adds_a_place() -> None:
    lives = 'jurisdictions = ["DK"]\n[[parties]]\nrole = "customer"\nanswer = "granted"\nresidence = "US-CA"\n[expect]'
    (scenario,) = read_scenario("whole.toml", WHOLE.replace("[expect]", lives))
    assert scenario.question.jurisdictions == frozenset({"DK", "US-CA"})
    assert scenario.question.places == {Place(place="US-CA", by=PlaceSource.RESIDENCE)}


def test_a_finding_names_the_line_where_the_scenario_says_what_it_expects() -> None:
    also = '[[likewise]]\njurisdictions = ["DK"]\nexpect = { outcome = "proceed" }\n'
    found = outcomes(RULES, read_scenario("whole.toml", WHOLE.replace("unlawful", "not_right") + also))
    assert [(each.file, each.line) for each in found] == [("whole.toml", 4), ("whole.toml, likewise 1", 8)]


def test_one_that_is_like_another_says_what_it_has_otherwise() -> None:
    text = (PACKAGE / "house" / "scenarios" / "play-out-of-curiosity.toml").read_text()
    first, *others = read_scenario("play.toml", text)
    assert first.told == first.says
    assert all(each.told.startswith(f"{first.says} Otherwise here: ") for each in others)
    assert "Otherwise here: actor subject, for speaker yes." in {each.told.removeprefix(f"{first.says} ") for each in others}
    own = read_scenario(
        "play.toml", f'{text}\n[[likewise]]\nsays = "Another."\nact = "export"\nexpect = {{ outcome = "not_right" }}\n'
    )
    assert own[-1].told == "Another."


@pytest.mark.parametrize("first", ["2026-11-27", "2027-06-01"])
def test_a_rule_that_begins_later_stops_its_own_situation_where_that_names_no_moment(first: str) -> None:
    """Whoever writes one gives the day on which they write. At a moment before it the rule sleeps, as it will."""
    law, shown = law_of(RULES), example().scenarios
    early = tuple(replace(each, text=f"at = 2026-11-23T09:30:01Z\n{each.text}") for each in shown)
    assert check(changed('@in_force_from("2026-11-01")', f'@in_force_from("{first}")'), law) == []
    assert check(replace(example(), scenarios=early), law) == []
    late = replace(changed('@in_force_from("2026-11-01")', f'@in_force_from("{first}")'), scenarios=early)
    assert any("comes out otherwise" in each.problem for each in check(late, law))
