"""A mistake in any one rule is noticed by the corpus: at least 97 of 100, and every rule that is gone or turned round.

All of them are tried, which takes a minute or two of one core, so two share it.
"""

import json
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import pytest

from rightcall.cli import main
from rightcall.policy.loading import load_rules
from rightcall.policy.model import Axis, Effect, Rule
from rightcall.policy.reading import read_rules, rule_set
from rightcall.policy.trying.mutants import Mutant, mutants
from rightcall.policy.trying.mutation import Tally, score, try_mutants
from rightcall.policy.trying.outcomes import difference
from rightcall.policy.trying.sameness import are_the_same
from rightcall.policy.trying.scenarios import Scenario
from tests.policy.shipped import FOLDERS, shipped

RULES = load_rules()
BY_ID = {rule.id: rule for rule in RULES.rules}
SCENARIOS = shipped(*FOLDERS)
LEAST = 0.97
SHARES = 2


def tried(share: int) -> list[Tally]:
    return try_mutants(RULES, RULES.rules[share::SHARES], SCENARIOS)


@cache
def tallies() -> tuple[Tally, ...]:
    with ProcessPoolExecutor(SHARES, mp_context=get_context("spawn")) as shares:
        return tuple(tally for share in shares.map(tried, range(SHARES)) for tally in share)


def told(found: list[Tally]) -> str:
    return "\n".join(f"{each.rule}: {change}" for each in found for change in each.unnoticed)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("part", ["", "house.", "charter."])
def test_the_corpus_notices_mistakes(part: str) -> None:
    found = [each for each in tallies() if each.rule.startswith(part)]
    mistakes = sum(each.noticed + len(each.unnoticed) for each in found)
    sys.stdout.write(json.dumps({"score": round(score(found), 4), "mistakes": mistakes}) + f"\n{told(found)}\n")
    assert score(found) >= LEAST, told(found)


def test_no_rule_can_be_dropped_or_turned_round_unnoticed() -> None:
    assert {each.rule for each in tallies()} == set(BY_ID)
    gone = [
        f"{each.rule}: {change}"
        for each in tallies()
        for change in each.unnoticed
        if change in ("dropped", "effect turned round")
    ]
    assert gone == []


def test_each_rule_notices_most_of_its_own() -> None:
    assert [each.rule for each in tallies() if score([each]) < 0.7] == []


# What the mutants of a rule are

RULE = """
@id("planted.rule")
@value("v") @owner("dpo") @in_force_from("2026-11-01") @last_checked("2026-11-02") @jurisdiction("EU, UK")
@says("s") @instead("i")
forbid (principal, action in [Action::"play", Action::"export"], resource)
when { context.speaker.answer == Answer::"refused" && (context.reason_given || !context.case_given) }
unless { context.for_speaker };
"""


def one(text: str) -> Rule:
    (rule,), findings = read_rules("planted.cedar", text, Axis.HOUSE)
    assert findings == []
    return rule


def test_the_mutants_of_a_rule() -> None:
    assert [each.change for each in mutants(one(RULE))] == [
        "dropped",
        'without: when speaker.answer == Answer::"refused" && (reason_given || !case_given)',
        'turned round: when speaker.answer == Answer::"refused" && (reason_given || !case_given)',
        '|| for &&: speaker.answer == Answer::"refused" || reason_given || !case_given',
        'without: speaker.answer == Answer::"refused"',
        '!= for ==: speaker.answer == Answer::"refused"',
        'Answer::"withdrawn" for Answer::"refused" in speaker.answer == Answer::"refused"',
        'Answer::"unasked" for Answer::"refused" in speaker.answer == Answer::"refused"',
        'Answer::"granted" for Answer::"refused" in speaker.answer == Answer::"refused"',
        "without: reason_given || !case_given",
        "&& for ||: reason_given && !case_given",
        "without: reason_given",
        "without: !case_given",
        "without not: case_given",
        "without: unless for_speaker",
        "turned round: unless for_speaker",
        "not for play",
        "not for export",
        "also for analyse",
        "also for train_model",
        "also for share",
        "in force a day before",
        "in force a day later",
        "everywhere",
        "not in EU",
        "not in UK",
        "also in US",
        "in US instead",
        "in DE instead",
        "also in US-CA",
        "in US-CA instead",
    ]


def test_a_list_of_words_is_tried_with_each_other_word() -> None:
    text = RULE.replace('context.speaker.answer == Answer::"refused"', '[Answer::"refused"].contains(context.speaker.answer)')
    added = [each.change for each in mutants(one(text)) if each.change.startswith("with:")]
    whole = ' in [Answer::"refused"].contains(speaker.answer)'
    assert added == [f'with: Answer::"{word}"{whole}' for word in ("withdrawn", "unasked", "granted")]


def test_a_pattern_is_tried_turned_round() -> None:
    text = RULE.replace('context.speaker.answer == Answer::"refused"', 'context.purpose.dpv like "dpv:Personnel*"')
    assert 'not like: purpose.dpv like "dpv:Personnel*"' in [each.change for each in mutants(one(text))]


def test_a_mutant_is_one_step_away_and_loads() -> None:
    rule = one(RULE)
    for mutant in mutants(rule)[1:]:
        assert mutant.rule is not None
        assert (mutant.rule.id, mutant.rule.canonical != rule.canonical) == (rule.id, True)


def test_a_permit_is_turned_round_and_loses_its_duties() -> None:
    found = {each.change: each.rule for each in mutants(BY_ID["mifid.keep"])}
    turned = found["effect turned round"]
    assert turned is not None
    assert (turned.effect, turned.duties) == (Effect.FORBID, ())
    shorter = found["keep_at_most_days=2557 is 2556"]
    assert shorter is not None
    assert {duty.days for duty in shorter.duties} == {None, 1826, 2556}
    assert "without the duty announce" in found


# Which of them are no mistakes


@pytest.mark.parametrize(
    ("when", "instead", "same"),
    [
        ("context.reason_given && context.case_given", "context.case_given && context.reason_given", False),
        ("!(context.for_speaker || context.speaker.bundled)", "!context.for_speaker && !context.speaker.bundled", True),
        ('context.speaker.answer == Answer::"refused"', 'Answer::"refused" == context.speaker.answer', True),
        ("context.speaker.bundled && true", "context.speaker.bundled", True),
        ("context.purpose.term_days > 3", "context.purpose.term_days >= 4", True),
        ("context.purpose.term_days > 3", "context.purpose.term_days >= 3", False),
        ('[Answer::"granted"].containsAll([context.speaker.answer])', 'context.speaker.answer == Answer::"granted"', True),
    ],
)
def test_what_says_the_same_is_proved_and_what_does_not_is_told_apart(when: str, instead: str, same: bool) -> None:
    text = RULE.replace('context.speaker.answer == Answer::"refused" && (context.reason_given || !context.case_given)', "{}")
    first, other = (one(text.replace("when { {} }", f"when {{ {body} }}")) for body in (when, instead))
    assert are_the_same(first, other) is same


def test_where_it_counts_from_when_and_to_what_it_binds_are_part_of_it() -> None:
    first = one(RULE)
    for change in (("EU, UK", "EU"), ("2026-11-01", "2026-11-03")):
        assert not are_the_same(first, one(RULE.replace(*change)))


def test_where_not_every_combination_can_be_tried_nothing_is_claimed() -> None:
    text = RULE.replace("context.for_speaker", "{}")
    first, other = (one(text.replace("{ {} }", f"{{ {body} }}")) for body in ("context.places.isEmpty()", "true"))
    assert not are_the_same(first, other)
    assert not are_the_same(other, first)


# Trying them


def test_a_mistake_that_nobody_would_see_is_told() -> None:
    (tally,) = try_mutants(RULES, [BY_ID["house.nothing_is_sold"]], [])
    assert (tally.noticed, tally.same) == (0, 0)
    assert {"dropped", "without: when handover.paid_for", "in US alone"} <= set(tally.unnoticed)
    assert score([tally]) == 0.0
    assert score([]) == 1.0


def test_trying_agrees_with_deciding_by_all_rules_at_once() -> None:
    """What is left out of a trial makes no difference: the same mutants are noticed where the whole set decides anew."""
    rule = BY_ID["house.a_no_costs_nothing"]
    few = [each for each in SCENARIOS if each.file.startswith(("capture-where-a-no", "ask-where-a-no", "use-where-a-no"))]
    (tally,) = try_mutants(RULES, [rule], few)
    assert list(tally.unnoticed) == [each.change for each in mutants(rule) if not notices(each, few)]
    assert tally.noticed > 0


def notices(mutant: Mutant, scenarios: Sequence[Scenario]) -> bool:
    instead = [] if mutant.rule is None else [mutant.rule]
    rules = rule_set([*(each for each in RULES.rules if each.id != mutant.of), *instead])
    return any(difference(rules, each) for each in scenarios)


ASKING = """says = "Ada is asked, and her telephone says {preference}."
why = "It is her telephone."
act = "ask"
jurisdictions = ["DK"]
speaker = 1
pauses = []
[purpose]
key = "training"
[[parties]]
role = "customer"
answer = "unasked"
preference = "{preference}"
[expect]
outcome = "{outcome}"
rules = ["{rule}"]
"""


def test_the_command_prints_the_score_and_what_nobody_would_see(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    when = 'context.speaker.preference == Preference::"off"'
    (tmp_path / "mine.cedar").write_text(
        RULE.partition("forbid")[0] + f'forbid (principal, action == Action::"ask", resource) when {{ {when} }};',
        encoding="utf-8",
    )
    (tmp_path / "scenarios").mkdir()
    for preference, outcome, rule in (("off", "not_right", "planted.rule"), ("on", "proceed", "consent.separable")):
        text = ASKING.format(preference=preference, outcome=outcome, rule=rule)
        (tmp_path / "scenarios" / f"{preference}.toml").write_text(text, encoding="utf-8")
    assert main.code_of(["rules", "mutants", str(tmp_path), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    (tally,) = printed["rules"]
    assert {"also for capture", "also for call_out", "also in US", "everywhere", "not in UK"} <= set(tally["unnoticed"])
    assert printed["score"] == round(tally["noticed"] / (tally["noticed"] + len(tally["unnoticed"])), 4)
    (tmp_path / "scenarios" / "on.toml").unlink()
    assert main.code_of(["rules", "mutants", str(tmp_path)]) == 2
