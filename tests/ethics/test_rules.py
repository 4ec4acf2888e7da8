"""Many looks, many measures, small numbers: what holds whatever comes, and what a flag needs to be lifted."""

import math
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.errors import Malformed
from rightcall.ethics import rules
from rightcall.ethics.model import Account, Bar, Comparison, Estimate, Explanation, Finding, Flag, FlagId, LookId, Measure, Strata
from rightcall.ethics.outcomes.model import EndedBy, Report, Resolved
from rightcall.ethics.outcomes.rules import checked
from rightcall.ethics.saying import chance_told
from rightcall.ids import ConcernId, PurposeId, StatementId, new_id
from tests.cast import MONDAY

PURPOSE = PurposeId(new_id())
BAR = Bar()


def account(measure: Measure = Measure.WAITING, *, evidence: float = 0.0, effect: float = 0.2, error: float = 0.02) -> Account:
    return replace(
        rules.opened(PURPOSE, measure, MONDAY),
        looks=1,
        noes=100,
        yeses=100,
        information=50.0,
        evidence=evidence,
        highest=max(evidence, 0.0),
        effect=effect,
        error=error,
    )


def found(z: float, *, weight: float = 50.0, effect: float = 0.1) -> Comparison:
    return Comparison(
        noes=100,
        yeses=100,
        strata=Strata.QUEUE,
        effect=Estimate(value=effect, low=effect - 0.05, high=effect + 0.05),
        in_units=None,
        from_wire=0.0,
        z=z,
        weight=weight,
    )


@pytest.mark.parametrize("both_ways", [True, False])
@pytest.mark.parametrize("information", [1.0, 40.0, 2000.0])
def test_under_parity_evidence_is_one_on_average(both_ways: bool, information: float) -> None:
    """The integral of exp(evidence) over the normal density of the score: what makes it a martingale, and Ville's bound hold."""
    scores = np.linspace(-8, 8, 4001) * math.sqrt(information * (1 + information * 0.15**2))
    logs = -(scores**2) / (2 * information) - math.log(2 * math.pi * information) / 2
    evidence = np.array([rules.log_evidence(float(score), information, both_ways=both_ways) for score in scores])
    assert np.trapezoid(np.exp(evidence + logs), scores) == pytest.approx(1, abs=1e-3)


@given(st.floats(-60, 60), st.floats(0.1, 5000))
def test_evidence_grows_with_what_is_worse_for_the_noes(score: float, information: float) -> None:
    one_way = rules.log_evidence(score, information, both_ways=False)
    assert math.isfinite(one_way)
    assert rules.log_evidence(score + 1, information, both_ways=False) > one_way
    assert rules.log_evidence(score, information, both_ways=True) == rules.log_evidence(-score, information, both_ways=True)


def test_no_look_makes_false_alarms_of_more_looks() -> None:
    """5,000 seasons of 300 looks in parity: any alarm at all in at most one in twenty; uncorrected, in most of them."""
    chance = np.random.default_rng(1)
    weights = chance.uniform(5, 60, 300)
    scores = np.cumsum(np.sqrt(weights) * chance.normal(size=(5000, 300)), axis=1)
    informations = np.cumsum(weights)
    square = 0.15**2
    wide = 1 + informations * square
    evidence = scores**2 * square / (2 * wide) - np.log(wide) / 2
    assert evidence[7, 9] == pytest.approx(rules.log_evidence(scores[7, 9], informations[9], both_ways=True))
    assert (evidence.max(axis=1) >= math.log(20)).mean() <= 0.05
    assert (np.abs(scores) / np.sqrt(informations) > 1.96).any(axis=1).mean() > 0.4


def test_an_account_adds_up() -> None:
    one = rules.added(rules.opened(PURPOSE, Measure.WAITING, MONDAY), found(2.0, effect=0.2), MONDAY + timedelta(days=7))
    two = rules.added(one, found(-1.0, weight=150.0, effect=0.0), MONDAY + timedelta(days=14))
    assert (two.looks, two.noes, two.information) == (2, 200, 200.0)
    assert two.score == pytest.approx(2 * math.sqrt(50) - math.sqrt(150))
    assert two.effect == pytest.approx(0.05)
    assert one.error == pytest.approx(0.05 / 1.96, abs=1e-3)
    assert two.error < one.error
    assert two.highest == one.evidence > two.evidence


def test_holm_holds_the_chance_of_any_false_flag() -> None:
    at = [account(evidence=math.log(each)) for each in (1.0, 41.0, 55.0, 90.0)]
    assert rules.held_by_holm(at, 0.05) == [at[3]], "90 passes 4/0.05, then 55 would have to pass 3/0.05"
    assert rules.held_by_holm([account(evidence=math.log(each)) for each in (1.0, 41.0, 61.0, 90.0)], 0.05) != []
    assert len(rules.held_by_holm([account(evidence=math.log(each)) for each in (1.0, 41.0, 61.0, 90.0)], 0.05)) == 3
    assert rules.held_by_holm([], 0.05) == []


def test_each_controller_has_its_part() -> None:
    clear = [account(evidence=math.log(100))]
    assert rules.gaps(clear, BAR, controllers=1) == clear
    assert rules.gaps(clear, BAR, controllers=2) == []


def test_each_season_has_its_part_of_a_years_alarms() -> None:
    assert rules.gaps([account(evidence=math.log(4 / BAR.alarm) + 0.01)], BAR, controllers=1) != []
    assert rules.gaps([account(evidence=math.log(4 / BAR.alarm) - 0.01)], BAR, controllers=1) == []


def test_certain_is_not_enough_and_large_is_not_enough() -> None:
    certain = account(evidence=50.0, effect=0.09)
    assert rules.gaps([certain], BAR, controllers=1) == []
    assert rules.gaps([account(evidence=1.0, effect=0.9)], BAR, controllers=1) == []
    assert rules.gaps([account(evidence=50.0, effect=0.11)], BAR, controllers=1) != []


@pytest.mark.parametrize("measure", list(Measure))
def test_only_handling_is_a_gap_either_way(measure: Measure) -> None:
    better = rules.gaps([account(measure, evidence=50.0, effect=-0.5)], BAR, controllers=1)
    assert bool(better) is (measure is Measure.HANDLING)


FLAG = Flag(
    id=FlagId(new_id()),
    purpose=PURPOSE,
    measure=Measure.WAITING,
    look=LookId(new_id()),
    effect=Estimate(value=0.2, low=0.15, high=0.25),
    noes=100,
    yeses=100,
    flagged_at=MONDAY - timedelta(days=9),
    concern=ConcernId(new_id()),
    answer=Explanation.MENDED,
    answered_by=None,
    answered_at=MONDAY - timedelta(days=1),
    lapsed_at=None,
    lifted_at=None,
    answers=1,
    statement=StatementId(new_id()),
)


@pytest.mark.parametrize(
    ("since", "flag", "gone"),
    [
        (account(effect=0.01, error=0.03), FLAG, True),
        (account(effect=-0.3, error=0.03), FLAG, True),
        (account(effect=0.01, error=0.03), replace(FLAG, answered_at=None), False),
        (account(effect=0.01, error=0.03), replace(FLAG, answered_at=MONDAY + timedelta(days=1)), False),
        (account(effect=0.12, error=0.01), FLAG, False),
        (account(effect=0.06, error=0.03), FLAG, False),
        (account(effect=0.01, error=0.03), replace(FLAG, answers=2), False),
        (account(effect=0.01, error=0.03), replace(FLAG, lapsed_at=MONDAY), False),
        (account(effect=0.05, error=0.10), FLAG, False),
        (replace(account(effect=0.0, error=0.0), looks=0), FLAG, False),
    ],
    ids=[
        "gone",
        "turned",
        "unanswered",
        "answered_later",
        "still_matters",
        "may_still_matter",
        "second_is_longer",
        "lapsed",
        "too_unsure",
        "no_look",
    ],
)
def test_when_a_gap_is_gone(since: Account, flag: Flag, gone: bool) -> None:
    assert rules.is_gone(flag, since, BAR, MONDAY + timedelta(days=27)) is gone
    assert not rules.is_gone(flag, since, BAR, MONDAY + timedelta(days=26)), "a trial is judged once, at its end"


def test_a_gap_that_nobody_mended_is_seldom_taken_for_gone() -> None:
    """It just matters: 2,000 trials of four looks, each judged at its end."""
    chance, lifted = np.random.default_rng(4), 0
    for _ in range(2000):
        since = rules.opened(PURPOSE, Measure.WAITING, MONDAY)
        for _ in range(4):
            effect = 0.10 + 0.06 * float(chance.normal())
            one = replace(found(0.0), effect=Estimate(value=effect, low=effect - 1.96 * 0.06, high=effect + 1.96 * 0.06))
            since = rules.added(since, one, MONDAY)
        lifted += rules.is_gone(FLAG, since, BAR, MONDAY + timedelta(days=27))
    assert lifted < 0.035 * 2000


@pytest.mark.parametrize(
    ("flag", "found", "at", "over"),
    [
        (FLAG, [], MONDAY, False),
        (FLAG, [], MONDAY + timedelta(days=27), True),
        (FLAG, [account()], MONDAY, True),
        (FLAG, [account(Measure.HANDLING)], MONDAY, False),
        (replace(FLAG, answered_at=MONDAY + timedelta(days=1)), [account()], MONDAY + timedelta(days=2), False),
        (replace(FLAG, answered_at=None), [account()], MONDAY + timedelta(days=99), False),
        (replace(FLAG, lapsed_at=MONDAY), [account()], MONDAY + timedelta(days=99), False),
        (replace(FLAG, lifted_at=MONDAY), [account()], MONDAY + timedelta(days=99), False),
    ],
    ids=["on", "time_is_up", "again", "another_measure", "from_before", "unanswered", "lapsed", "lifted"],
)
def test_when_a_trial_is_over(flag: Flag, found: list[Account], at: datetime, over: bool) -> None:
    assert rules.is_over_with(flag, found, at) is over


def test_a_season_ends_after_a_quarter_and_with_an_answer() -> None:
    at = account()
    assert not rules.is_over(at, MONDAY + timedelta(days=91), None)
    assert rules.is_over(at, MONDAY + timedelta(days=92), None)
    assert rules.is_over(at, MONDAY, MONDAY + timedelta(seconds=1))
    assert not rules.is_over(at, MONDAY, MONDAY - timedelta(seconds=1))


def test_small_groups_are_not_told_and_large_ones_in_tens() -> None:
    assert [rules.told(calls, 30) for calls in (0, 1, 29, 30, 39, 40)] == [None, None, None, 30, 30, 40]


def test_what_can_be_said() -> None:
    assert rules.finding_of(None, None, same=False) is Finding.TOO_FEW
    assert rules.finding_of(None, FLAG, same=False) is Finding.GAP
    assert rules.finding_of(found(0.0), None, same=True) is Finding.ALL_THE_SAME
    assert rules.finding_of(found(9.0), None, same=False) is Finding.NO_GAP_FOUND


@pytest.mark.parametrize(
    "wrong",
    [
        Report(waited_seconds=-1),
        Report(handled_seconds=86_401),
        Report(transfers=101),
        Report(transfers=1, queue="Billing"),
        Report(transfers=1, queue="a--b"),
        Report(transfers=1, queue=""),
        Report(transfers=1, queue="x" * 41),
        Report(transfers=1, queue="4532123456"),
        Report(transfers=1, queue="line-453-212"),
        Report(),
        Report(queue="billing", language="da"),
    ],
)
def test_a_report_that_cannot_be_is_refused(wrong: Report) -> None:
    with pytest.raises(Malformed):
        checked(wrong)


def test_a_report_may_leave_out_what_is_not_known() -> None:
    for told in (Report(waited_seconds=0), Report(resolved=Resolved.NO), Report(ended_by=EndedBy.US, queue="billing-2")):
        assert checked(told) is told


@pytest.mark.parametrize(
    ("chance", "said"), [(1.8e-09, "below 0.0001"), (0.0001, "0.0001"), (0.0501, "0.0501"), (0.5, "0.5"), (1.0, "1")]
)
def test_a_chance_is_told_without_an_exponent(chance: float, said: str) -> None:
    assert chance_told(chance) == said
