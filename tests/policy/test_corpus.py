"""The corpus: eighty files and more, thirty of them drawn from real cases and practices; its drift is shown as a difference."""

import dataclasses
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from rightcall.errors import Malformed
from rightcall.policy.loading import load_rules
from rightcall.policy.model import Act, Axis, Effect, Outcome
from rightcall.policy.rules import decide
from rightcall.policy.trying.outcomes import difference, outcomes
from rightcall.policy.trying.scenarios import Scenario, read_scenario
from tests.policy.shipped import FOLDERS, shipped

FILES = [file for folder in FOLDERS for file in sorted(folder.glob("*.toml"))]
SCENARIOS = shipped(*FOLDERS)
RULES = load_rules()
YES = next(each for each in SCENARIOS if each.file == "capture-yes.toml")


def first(name: str) -> Scenario:
    return next(each for each in SCENARIOS if each.file == name)


def test_there_are_eighty_files_and_thirty_from_cases_and_practices() -> None:
    assert len(FILES) >= 80
    cases = [each for each in SCENARIOS if "," not in each.file and each.drawn_from is not None]
    assert len(cases) >= 30
    assert len({each.drawn_from for each in cases}) >= 30


def test_each_tells_a_situation_in_a_few_sentences_and_why() -> None:
    for each in SCENARIOS:
        assert 20 <= len(each.says) <= 400, each.file
        assert each.why.endswith((".", "?", "”")), each.file


def test_no_two_files_tell_the_same() -> None:
    told = Counter(each.says for each in SCENARIOS if "," not in each.file)
    assert [says for says, number in told.items() if number > 1] == []


def test_every_act_and_every_outcome_occurs() -> None:
    assert {each.question.act for each in SCENARIOS} == set(Act)
    assert {each.outcome for each in SCENARIOS} == set(Outcome)


def test_every_house_rule_makes_something_lawful_not_right() -> None:
    """But for those whose law says the same wherever they hold; and those that bind to a duty do bind."""
    stopped = {rule for each in SCENARIOS if each.outcome is Outcome.NOT_RIGHT for rule in each.rules}
    bound = {duty.rule for each in SCENARIOS for duty in decide(RULES, each.question).duties}
    house = [rule for rule in RULES.rules if rule.axis is Axis.HOUSE]
    stopping = {rule.id for rule in house if rule.effect is Effect.FORBID}
    assert stopping - stopped == {"house.gone_means_looked_at", "house.new_use_new_yes"}
    assert {rule.id for rule in house} - stopping - bound == set()


# Drift


def test_drift_is_a_difference_line_by_line() -> None:
    planted = dataclasses.replace(
        YES, outcome=Outcome.NOT_RIGHT, rules=frozenset({"basis.consent", "house.no_means_no"}), duties=frozenset({"announce"})
    )
    assert difference(RULES, planted) == [
        "- outcome not_right",
        "+ outcome proceed",
        "  rule basis.consent",
        "- rule house.no_means_no",
        "- duty announce",
    ]
    (finding,) = outcomes(RULES, [planted])
    assert str(finding).splitlines()[:3] == [
        f"capture-yes.toml:{YES.line}: It comes out otherwise (- as it says, + as it comes out):",
        "  - outcome not_right",
        "  + outcome proceed",
    ]
    assert str(finding).splitlines()[-1].startswith("Mend the rule")


def test_what_is_missing_is_a_line_too() -> None:
    unknown = dataclasses.replace(YES, question=dataclasses.replace(YES.question, review_in_force=None))
    assert "+ missing review_in_force" in difference(RULES, unknown)


def test_the_days_of_a_duty_count_where_they_are_told() -> None:
    kept = next(each for each in SCENARIOS if any(duty.startswith("keep_at_most_days") for duty in each.duties))
    named = frozenset(duty.partition("=")[0] for duty in kept.duties)
    assert difference(RULES, dataclasses.replace(kept, duties=named)) == []
    other = frozenset({*(named - {"keep_at_most_days"}), "keep_at_most_days=1"})
    lines = difference(RULES, dataclasses.replace(kept, duties=other))
    assert "- duty keep_at_most_days=1" in lines
    assert any(line.startswith("+ duty keep_at_most_days=") for line in lines)


@pytest.mark.parametrize(("days", "says"), [(-1, "not on"), (1, "before"), (400_000, "before")])
def test_since_when_a_rule_decides_is_held(days: int, says: str) -> None:
    since = next(rule.in_force_from for rule in RULES.rules if rule.id == "basis.consent")
    assert difference(RULES, dataclasses.replace(YES, since=(("basis.consent", since),))) == []
    told = since + timedelta(days=days)
    lines = difference(RULES, dataclasses.replace(YES, since=(("basis.consent", told),)))
    assert lines == [f"- since {told} by basis.consent", f"+ {says} {told} by basis.consent"]


# Likewise

TOLD = """
says = "s"
why = "w"
act = "erase"
jurisdictions = ["DK"]
actor = "dpo"
[purpose]
key = "one"
term_days = 9
[expect]
outcome = "proceed"
[since]
"a.rule" = 2026-11-01
"""


def test_what_is_likewise_has_the_same_facts_but_those_it_tells_anew() -> None:
    one, two = read_scenario(
        "f.toml", TOLD + '[[likewise]]\nactor = "agent"\npurpose = { key = "two" }\n[likewise.expect]\noutcome = "unlawful"\n'
    )
    assert (one.file, two.file) == ("f.toml", "f.toml, likewise 1")
    assert (one.since, two.since) == ((("a.rule", date(2026, 11, 1)),), ())
    assert one.question.purpose is not None
    assert two.question.purpose is not None
    assert (two.question.purpose.key, two.question.purpose.term_days) == ("two", 9)
    assert two.question.actor != one.question.actor
    assert two.question.jurisdictions == one.question.jurisdictions


@pytest.mark.parametrize(
    "wrong",
    [
        "likewise = 1\n" + TOLD,
        TOLD + '[[likewise]]\nactor = "agent"\n',
        TOLD + '[[likewise]]\nactr = "agent"\n[likewise.expect]\noutcome = "unlawful"\n',
    ],
)
def test_what_is_likewise_is_whole(wrong: str) -> None:
    with pytest.raises(Malformed):
        read_scenario("f.toml", wrong)


@pytest.mark.parametrize("duty", ["announce=3", "keep_at_most_days=soon", "anounce"])
def test_a_duty_that_is_none_is_refused(duty: str) -> None:
    with pytest.raises(Malformed):
        read_scenario("f.toml", TOLD.replace('"proceed"\n', f'"proceed"\nduties = ["{duty}"]\n'))


# In plain words

DOCUMENT = (Path(__file__).parents[2] / "docs" / "reference" / "house-rules.md").read_text(encoding="utf-8")


def test_the_house_rules_are_told_as_they_are() -> None:
    told = {section.partition("`\n")[0]: section for section in DOCUMENT.split("\n### `")[1:]}
    house = {rule.id: rule for rule in RULES.rules if rule.axis is Axis.HOUSE}
    assert len(house) >= 15
    assert told.keys() == house.keys()
    for name, rule in house.items():
        acts = ", ".join(f"`{act}`" for act in sorted(rule.acts))
        for words in (rule.says, rule.instead, f"*Protects* {rule.ground}.", f"*Owner*: {rule.owner}.", f"*Acts*: {acts}."):
            assert words in told[name], (name, words)
