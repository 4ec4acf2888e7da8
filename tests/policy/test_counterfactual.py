"""The smallest change that turns a verdict: it does turn it, nothing smaller does, and it is what a person would say."""

import itertools
from dataclasses import replace

import pytest

from rightcall.canonical import parse_json
from rightcall.clock import day_of
from rightcall.policy.actions import load_rules
from rightcall.policy.counterfactual import counterfactuals
from rightcall.policy.model import Act, Outcome, Question, Said
from rightcall.policy.otherwise import changed, in_words, plain_words, steps_of
from rightcall.policy.rules import canonical_facts, counting, decide, weigh_anew
from rightcall.policy.trying.scenarios import Scenario
from rightcall.policy.vocabulary import facts_in
from rightcall.purposes.model import LawfulBasis
from tests.policy.facts import agent, capture, customer
from tests.policy.shipped import CORPUS, HOUSE, shipped

RULES = load_rules()
SCENARIOS = shipped(HOUSE, CORPUS)


def told(question: Question) -> list[list[str]]:
    verdict = decide(RULES, question)
    found = counterfactuals(RULES, question.act, canonical_facts(question), day_of(question.at), verdict)
    return [[f"{change.fact}={change.would_be}" for change in each.changes] for each in found]


def test_a_yes_that_is_not_there_would_open_it() -> None:
    unasked = capture(speaker=customer(Said.UNASKED), parties=(customer(Said.UNASKED), agent()))
    assert told(unasked) == [["outsiders.answer=granted"]]


def test_two_things_in_the_way_are_changed_together() -> None:
    carries = capture(carries_card_data=True, carries_authentication_data=True)
    assert told(carries) == [["carries_authentication_data=false", "carries_card_data=false"]]


def test_both_sides_are_changed_together_where_a_law_wants_everyones_yes() -> None:
    unasked = customer(Said.UNASKED)
    silent = capture(jurisdictions=frozenset({"DE"}), speaker=unasked, parties=(unasked, agent()))
    assert told(silent) == [["outsiders.answer=granted", "staff.answer=granted"]]


@pytest.mark.parametrize("act", [Act.CAPTURE, Act.ASK])
def test_what_is_missing_is_in_the_way_though_the_law_has_opened(act: Act) -> None:
    unreviewed = replace(capture(), act=act, review_in_force=None)
    assert decide(RULES, unreviewed).outcome is Outcome.CANNOT_TELL
    assert ["review_in_force=true"] in told(unreviewed)


def test_a_no_that_somebody_could_turn_is_turned() -> None:
    """Of the corpus: a no has none only where what stands in the way is not for anybody to change."""
    without = [
        scenario.file
        for scenario in SCENARIOS
        if not (verdict := decide(RULES, scenario.question)).proceeds
        and not counterfactuals(
            RULES, scenario.question.act, canonical_facts(scenario.question), day_of(scenario.question.at), verdict
        )
        and {each.rule for each in verdict.reasons} & {"consent.unambiguous", "consent.refused", "recording.both_parties"}
        and scenario.question.act is Act.CAPTURE
        and scenario.question.purpose is not None
        and scenario.question.purpose.active
        and scenario.question.purpose.basis is LawfulBasis.CONSENT
    ]
    assert without == []


def test_a_missing_fact_is_a_change_too() -> None:
    assert told(capture(pauses=None)) == [["pauses=none"]]


def test_where_nothing_helps_nothing_is_said() -> None:
    assert told(capture(jurisdictions=frozenset({"JP"}))) == []


def test_a_go_is_turned_by_one_fact() -> None:
    found = told(capture())
    assert ["outsiders.answer=refused"] in found
    assert all(len(changes) == 1 for changes in found)


def test_nobody_is_advised_to_unsay_a_no() -> None:
    refused = capture(speaker=customer(Said.REFUSED), parties=(customer(Said.REFUSED), agent()))
    assert {change for changes in told(refused) for change in changes} == {"outsiders.answer=granted"}


@pytest.mark.parametrize("act", list(Act))
def test_each_turns_the_verdict_and_nothing_smaller_does(act: Act) -> None:
    for scenario in SCENARIOS:
        if scenario.question.act is act:
            assert_smallest(scenario)


def assert_smallest(scenario: Scenario) -> None:
    question = scenario.question
    verdict, day, facts = decide(RULES, question), day_of(question.at), canonical_facts(question)
    found = counterfactuals(RULES, question.act, facts, day, verdict)
    places = question.jurisdictions or frozenset()
    counts, known = counting(RULES, day, places), parse_json(facts)
    assert isinstance(known, dict)
    here = [rule for rule, counts_here in zip(RULES.rules, counts, strict=True) if counts_here and question.act in rule.acts]
    steps = {step.change: step for step in steps_of(here, question.act, known, to_go=not verdict.proceeds)}
    tried = set()
    for each in found:
        for size in range(len(each.changes) + 1):
            for some in itertools.combinations(each.changes, size):
                if some not in tried:
                    turned = changed(known, [steps[change] for change in some])
                    then = weigh_anew(RULES, counts, places, question.act, turned)
                    assert (then.proceeds is not verdict.proceeds) is (size == len(each.changes)), scenario.file
                tried.add(some)
        assert each.outcome is not Outcome.CANNOT_TELL or verdict.proceeds, scenario.file


def test_every_fact_has_plain_words() -> None:
    shared = {f"{group}.{name}" for group in ("outsiders", "staff") for name in ("answer", "preference", "quality", "age")}
    flags = {
        f"{group}.{name}"
        for group in ("outsiders", "staff")
        for name in ("declined_recording", "in_distress", "asks_for_it", "restricted")
    }
    facts = {path for act in Act for path in facts_in(act) if not path.startswith(("everyone.", "outsiders.", "staff."))}
    assert set(plain_words()) == facts | shared | flags


def test_it_is_said_in_words() -> None:
    unasked = capture(speaker=customer(Said.UNASKED), parties=(customer(Said.UNASKED), agent()))
    verdict = decide(RULES, unasked)
    (found,) = counterfactuals(RULES, unasked.act, canonical_facts(unasked), day_of(unasked.at), verdict)
    assert [in_words(change) for change in found.changes] == [
        "the answer of customers and third parties: granted (it is unasked)"
    ]
