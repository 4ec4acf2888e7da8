"""Against published values, and against going through every way in which the answers could have fallen."""

import math
from itertools import combinations
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rightcall.ethics.comparing import (
    FEWEST_UNALIKE,
    Sample,
    all_the_same,
    are_comparable,
    compare,
    exact_z,
    is_telling,
    paired,
    rank_z,
    wilson,
)
from rightcall.ethics.model import Comparison, Estimate, Kind, Strata

NORMAL = NormalDist()


def sample(
    no: object,
    yes: object,
    queue: object = None,
    *,
    hour: object = None,
    language: object = None,
    agent: object = None,
    wire: float = 0.0,
) -> Sample:
    """`queue`, `hour`, `language` and `agent`: codes, of the noes first."""
    noes, yeses = np.asarray(no, dtype=np.float64), np.asarray(yes, dtype=np.float64)
    count = len(noes) + len(yeses)
    nothing = np.zeros(count, dtype=np.int64)
    queue, language, hour = (nothing if it is None else np.asarray(it, dtype=np.int64) for it in (queue, language, hour))
    return Sample(
        values=np.concatenate([noes, yeses]),
        is_no=np.arange(count) < len(noes),
        queue=queue,
        language=language,
        hour=hour,
        from_wire=np.arange(count) < wire * count,
        agent=None if agent is None else np.asarray(agent, dtype=np.int64),
    )


def compared(kind: Kind, no: object, yes: object, queue: object = None) -> Comparison:
    found = compare(sample(no, yes, queue), kind, least=1, units=True)
    assert found is not None
    return found


def shares(no: tuple[int, int], yes: tuple[int, int]) -> Estimate:
    events = [[1] * happened + [0] * (of - happened) for happened, of in (no, yes)]
    return compared(Kind.YES_OR_NO, *events).effect


@pytest.mark.parametrize(
    ("no", "yes", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_differences_of_shares_as_newcombe_published(no: tuple[int, int], yes: tuple[int, int], low: float, high: float) -> None:
    """Newcombe, Statistics in Medicine 17 (1998) 873, table II, method 10."""
    found = shares(no, yes)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_wilson_as_newcombe_published() -> None:
    """Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3: 81 of 263."""
    assert [round(end, 4) for end in wilson(81 / 263, 263)] == [0.2553, 0.3662]


TERM = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
EARLY = [1.15, 0.88, 0.90, 0.74, 1.21]


def test_ranks_and_shift_as_hollander_and_wolfe_published() -> None:
    """Nonparametric Statistical Methods (1973) 69: permeability of the amnion. W = 35 of 50, shift 0.305, and its interval."""
    found = compared(Kind.SECONDS, [1000 * each for each in TERM], [1000 * each for each in EARLY])
    assert found.effect.value == pytest.approx(2 * 35 / 50 - 1)
    assert found.in_units == Estimate(value=305.0, low=-150.0, high=760.0)
    assert found.z == pytest.approx((35 - 25) / math.sqrt(10 * 5 * 16 / 12))


@given(
    noes=st.lists(st.integers(0, 4), min_size=3, max_size=4),
    yeses=st.lists(st.integers(0, 4), min_size=3, max_size=4),
)
@settings(max_examples=40, deadline=None)
def test_ranks_have_the_mean_and_spread_of_every_way_the_answers_could_have_fallen(noes: list[int], yeses: list[int]) -> None:
    values = np.array(noes + yeses, dtype=np.float64)
    found = []
    for chosen in combinations(range(len(values)), len(noes)):
        is_no = np.isin(np.arange(len(values)), chosen)
        found.append(rank_z(paired(values, is_no, np.zeros(len(values), dtype=np.int64))))
    assert np.mean(found) == pytest.approx(0, abs=1e-9)
    assert np.var(found) == pytest.approx(0 if all_the_same(values) else 1, abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.booleans()), min_size=8, max_size=11))
@settings(max_examples=40, deadline=None)
def test_the_exact_test_is_that_of_every_way_the_answers_could_have_fallen(calls: list[tuple[int, bool, bool]]) -> None:
    """Within each stratum, its noes fixed."""
    stratum, is_no, values = (np.array(column) for column in zip(*calls, strict=True))
    kept = paired(values.astype(np.float64), is_no, stratum)
    if not len(kept.values) or all_the_same(kept.values):
        return
    observed = (kept.values * kept.is_no).sum()
    ways = [0]
    for each in range(len(kept.size)):
        own = kept.values[kept.stratum == each]
        to_no = [int(own[list(chosen)].sum()) for chosen in combinations(range(len(own)), int(kept.noes[each]))]
        ways = [so_far + more for so_far in ways for more in to_no]
    if len(set(ways)) == 1:
        assert exact_z(kept) == 0
        return
    upper = np.mean([(way > observed) + (way == observed) / 2 for way in ways])
    assert exact_z(kept) == pytest.approx(-NORMAL.inv_cdf(float(upper)), abs=1e-6)


def test_where_events_are_many_the_exact_test_is_the_usual_one() -> None:
    """Above 400 of variance it is normal; just below it is added up: both say the same."""
    chance = np.random.default_rng(3)
    for count in (1500, 1900):
        found = compared(Kind.YES_OR_NO, chance.random(count) < 0.52, chance.random(count) < 0.5)
        plain = found.effect.value / math.sqrt(2 * 0.51 * 0.49 / count)
        assert found.z == pytest.approx(plain, abs=0.05)


def test_one_stratum_twice_is_twice_the_evidence_and_the_same_effect() -> None:
    once = compared(Kind.SECONDS, TERM, EARLY)
    twice = compared(Kind.SECONDS, TERM * 2, EARLY * 2, [0] * 10 + [1] * 10 + [0] * 5 + [1] * 5)
    assert twice.effect.value == pytest.approx(once.effect.value)
    assert twice.z == pytest.approx(math.sqrt(2) * once.z)
    assert twice.weight == pytest.approx(2 * once.weight)
    assert twice.strata is Strata.QUEUE_LANGUAGE_DAY_HOUR


def test_a_busy_queue_in_which_people_say_no_is_no_gap() -> None:
    """Confounding: all noes together wait longer; within each queue nobody does."""
    chance = np.random.default_rng(5)
    queue = chance.integers(0, 2, 4000)
    is_no = chance.random(4000) < np.where(queue == 1, 0.6, 0.1)
    waits = chance.lognormal(3 + 1.5 * queue, 1)
    alike = sample(waits[is_no], waits[~is_no], np.concatenate([queue[is_no], queue[~is_no]]))
    together = sample(waits[is_no], waits[~is_no])
    stratified, crude = compare(alike, Kind.SECONDS, least=30), compare(together, Kind.SECONDS, least=30)
    assert stratified is not None
    assert crude is not None
    assert abs(stratified.z) < 2.5
    assert crude.z > 15


def test_an_agent_who_talks_longer_and_hears_more_noes_is_no_gap() -> None:
    chance = np.random.default_rng(6)
    agent = chance.integers(0, 10, 4000)
    is_no = chance.random(4000) < 0.1 + 0.05 * agent
    talks = chance.lognormal(5 + 0.1 * agent, 0.6)
    by_agent = sample(talks[is_no], talks[~is_no], agent=np.concatenate([agent[is_no], agent[~is_no]]))
    together = sample(talks[is_no], talks[~is_no])
    stratified, crude = compare(by_agent, Kind.SECONDS, least=30), compare(together, Kind.SECONDS, least=30)
    assert stratified is not None
    assert crude is not None
    assert abs(stratified.z) < 2.5
    assert crude.z > 6
    assert stratified.strata is Strata.QUEUE_LANGUAGE_AGENT_DAY_HOUR


def test_strata_are_as_fine_as_the_noes_have_a_yes_beside_them() -> None:
    def strata(queue: list[int], hour: list[int], agent: list[int] | None = None) -> Strata:
        found = compare(sample([1, 2], [3, 4], queue, hour=hour, agent=agent), Kind.SECONDS, least=1)
        assert found is not None
        return found.strata

    one, each_their_own = [0, 0, 0, 0], [0, 1, 2, 3]
    assert strata(one, [0, 1, 0, 1], one) is Strata.QUEUE_LANGUAGE_AGENT_DAY_HOUR
    assert strata(one, [0, 1, 2, 3], one) is Strata.QUEUE_LANGUAGE_AGENT_DAY_FOUR_HOURS
    assert strata(one, [0, 24, 48, 72], one) is Strata.QUEUE_LANGUAGE_AGENT_FOUR_HOURS
    assert strata(one, [0, 4, 8, 12], one) is Strata.QUEUE_LANGUAGE_AGENT
    assert strata(one, [0, 1, 0, 1], each_their_own) is Strata.QUEUE_LANGUAGE_DAY_HOUR

    assert strata([0, 1, 0, 1], [0, 1, 0, 1]) is Strata.QUEUE_LANGUAGE_DAY_HOUR
    assert strata([0, 1, 0, 1], [0, 1, 2, 3]) is Strata.QUEUE_LANGUAGE_DAY_FOUR_HOURS
    assert strata([0, 1, 0, 1], [0, 24, 48, 72]) is Strata.QUEUE_LANGUAGE_FOUR_HOURS
    assert strata([0, 1, 0, 1], [0, 4, 8, 12]) is Strata.QUEUE_LANGUAGE


def test_where_a_queue_hears_only_noes_nothing_is_compared() -> None:
    alone = sample([9, 9, 9, 9], [1, 1, 1, 1], [0, 1, 1, 1, 0, 0, 0, 0])
    assert compare(alone, Kind.SECONDS, least=1) is None
    assert not are_comparable(alone)
    assert are_comparable(sample([9, 9], [1, 1]))


def test_a_busy_monday_on_which_more_say_no_is_no_gap() -> None:
    chance = np.random.default_rng(3)
    day = chance.choice(5, 20_000)
    is_no = chance.random(20_000) < np.where(day == 0, 0.4, 0.2)
    waits = np.exp(3.4 + 0.9 * chance.normal(size=20_000) + 0.9 * (day == 0))
    order = np.argsort(~is_no, kind="stable")
    hours = 24 * day[order]
    noes = int(is_no.sum())
    found = compare(sample(waits[order][:noes], waits[order][noes:], hour=hours), Kind.SECONDS, least=1)
    assert found is not None
    assert abs(found.z) < 2.5


def test_a_group_without_any_transfer_is_no_certainty() -> None:
    """Two of a hundred calls are passed on, and 30 say no: of 95 % intervals nearly all hold nought."""
    chance, holds = np.random.default_rng(6), 0
    for _ in range(300):
        found = compare(sample(chance.poisson(0.02, 45), chance.poisson(0.02, 1455)), Kind.COUNT, least=30)
        assert found is not None
        holds += found.effect.low <= 0 <= found.effect.high
    assert holds >= 0.93 * 300


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize(
    ("noes", "yeses"),
    [([], []), ([], [1.0] * 40), ([1.0] * 40, []), ([0.0, 1.0] * 14 + [1.0], [0.0, 1.0] * 200), ([1.0], [0.0] * 500)],
    ids=["none", "no_noes", "no_yeses", "29_noes", "one_no"],
)
def test_nothing_is_said_of_a_group_that_is_too_small(kind: Kind, noes: list[float], yeses: list[float]) -> None:
    assert compare(sample(noes, yeses), kind, least=30) is None


@pytest.mark.parametrize("kind", list(Kind))
def test_where_all_are_the_same_there_is_no_difference(kind: Kind) -> None:
    found = compared(kind, [1.0] * 40, [1.0] * 60)
    assert (found.z, found.effect.value) == (0, 0)
    assert all(map(math.isfinite, (found.effect.low, found.effect.high)))
    assert all_the_same(np.ones(3))
    assert not all_the_same(np.array([]))
    assert not is_telling(np.ones(500))


def test_a_handful_that_differ_tell_nothing_yet() -> None:
    few = np.array([1.0] * (FEWEST_UNALIKE - 1) + [0.0] * 500)
    assert not is_telling(few)
    assert is_telling(np.append(few, 2.0))
    assert not is_telling(np.array([]))


def test_one_call_of_a_day_decides_nothing() -> None:
    chance = np.random.default_rng(7)
    noes, yeses = list(chance.lognormal(4, 1, 60)), list(chance.lognormal(4, 1, 60))
    plain, tail = compared(Kind.SECONDS, noes, yeses), compared(Kind.SECONDS, [*noes[:-1], 86_400.0], yeses)
    assert abs(plain.z - tail.z) < 0.3
    assert abs(plain.effect.value - tail.effect.value) < 0.04


def test_more_transfers_as_a_ratio() -> None:
    found = compared(Kind.COUNT, [0, 1, 2, 1] * 25, [0, 0, 1, 1] * 25)
    assert found.in_units is not None
    assert found.in_units.value == pytest.approx(2.0)
    assert 1.3 < found.in_units.low < 2 < found.in_units.high < 3.1
    assert compared(Kind.COUNT, [0] * 40, [1] * 40).in_units is None


def test_what_only_we_saw_is_told() -> None:
    found = compare(sample([1.0, 2.0] * 20, [1.0, 2.0] * 20, wire=0.25), Kind.SECONDS, least=30)
    assert found is not None
    assert found.from_wire == 0.25


@given(st.integers(0, 2**32 - 1), st.sampled_from(list(Kind)))
@settings(max_examples=60, deadline=None)
def test_figures_are_sane_whatever_comes(seed: int, kind: Kind) -> None:
    chance = np.random.default_rng(seed)
    noes, yeses = (int(each) for each in chance.integers(1, 60, 2))
    values = {
        Kind.SECONDS: np.floor(chance.pareto(0.8, noes + yeses) * 20),
        Kind.COUNT: chance.poisson(chance.exponential(), noes + yeses),
        Kind.YES_OR_NO: chance.random(noes + yeses) < chance.random(),
    }[kind]
    queue = chance.integers(0, 6, noes + yeses)
    found = compare(sample(values[:noes], values[noes:], queue), kind, least=1, units=True)
    if found is None:
        return
    assert -1 <= found.effect.low <= found.effect.value <= found.effect.high <= 1
    assert math.isfinite(found.z)
    assert found.weight > 0
    assert found.noes <= noes
    assert found.yeses <= yeses
    if found.in_units is not None:
        assert found.in_units.low <= found.in_units.value <= found.in_units.high
    swapped = compare(sample(values[noes:], values[:noes], np.concatenate([queue[noes:], queue[:noes]])), kind, least=1)
    if swapped is not None and swapped.strata is found.strata:
        assert swapped.z == pytest.approx(-found.z, abs=1e-6)
        assert swapped.effect.value == pytest.approx(-found.effect.value, abs=1e-9)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Small strata, heavy tails, a true gap: of 300 intervals at 95 %, nearly all hold it."""
    chance = np.random.default_rng(11)
    truth = 2 * NORMAL.cdf(math.log(1.3) / 1.2 / math.sqrt(2)) - 1
    held = held_share = 0
    for _ in range(300):
        queue, is_no = chance.integers(0, 30, 300), chance.random(300) < 0.25
        waits = chance.lognormal(4, 1.2, 300) * np.where(is_no, 1.3, 1) * (1 + queue / 30)
        failed = chance.random(300) < np.where(is_no, 0.12, 0.06)
        order = np.concatenate([queue[is_no], queue[~is_no]])
        effect = compared(Kind.SECONDS, waits[is_no], waits[~is_no], order).effect
        held += effect.low <= truth <= effect.high
        share = compared(Kind.YES_OR_NO, failed[is_no], failed[~is_no], order).effect
        held_share += share.low <= 0.06 <= share.high
    assert held >= 276
    assert held_share >= 276
