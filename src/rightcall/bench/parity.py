"""How often parity is taken for a gap, and how often a gap is found: a contact centre's years, made by chance from a seed.

Each year is 52 weekly looks at four purposes and five measures, by the very functions that the worker uses; only the database is
left out. Calls have what makes such figures hard: heavy tails, many equal values, measures that hang together, busy hours in
which people wait longer and say no more often, small queues, and answers to the four purposes that hang together too. Beside it
the same years judged as a dashboard would: each week's figures so far, at 5 %, without any correction. And years without a gap in
which calls hang together more than that (`_hanging`).
"""

import math
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from statistics import NormalDist
from typing import Any

import numpy as np

from rightcall.bench import _hanging
from rightcall.ethics import rules
from rightcall.ethics.comparing import Bools, Floats, Sample, compare, is_telling
from rightcall.ethics.model import KINDS, Account, Bar, Measure
from rightcall.ids import PurposeId, new_id

PURPOSES = 4
WEEKS = 52
_AGENTS = 25
_LATE = 20
"""In the middle of a season."""
_BEGAN = datetime(2026, 1, 5, tzinfo=UTC)
_WEEK = timedelta(days=7)
_SAYS_NO = (0.35, 0.25, 0.15, 0.04)
_UNCORRECTED = NormalDist().inv_cdf(0.975)
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A gap in one measure of one purpose. `size` multiplies waiting and handling times and rates of transfers, and is added to
    the share of calls that go unresolved, or are hung up on while they are. `week`: in which it begins."""

    purpose: int
    measure: Measure
    size: float
    week: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """The week in which each flag came, by purpose and measure; and whether an uncorrected dashboard saw anything."""

    flags: Mapping[tuple[int, Measure], int]
    certain: bool
    uncorrected: bool


_PLANTS = (
    Planted(purpose=1, measure=Measure.WAITING, size=1.3),
    Planted(purpose=1, measure=Measure.WAITING, size=1.6),
    Planted(purpose=1, measure=Measure.HANDLING, size=0.75),
    Planted(purpose=1, measure=Measure.TRANSFERS, size=1.6),
    Planted(purpose=1, measure=Measure.UNRESOLVED, size=0.08),
    Planted(purpose=1, measure=Measure.UNRESOLVED, size=0.15),
    Planted(purpose=1, measure=Measure.HANG_UPS, size=0.04),
)


def run(*, years: int = 200, calls: int = 400, tell: Tell | None = None) -> dict[str, object]:
    """`calls`: a week."""
    began = time.perf_counter()
    parity: list[Year] = []
    for seed in range(years):
        parity.append(year(seed, calls, None))
        if tell:
            tell("Years of parity", seed + 1, years)
    plants = [*_PLANTS, *(replace(plant, week=_LATE) for plant in _PLANTS)]
    each = max(years // 10, 10)
    found = []
    for number, plant in enumerate(plants, 1):
        found.append(_power(plant, calls, each))
        if tell:
            tell("Planted gaps", number, len(plants))
    hanging = []
    for number, (name, setting) in enumerate(HANGING.items(), 1):
        hanging.append(_without_a_gap(name, setting, calls, each))
        if tell:
            tell("Years in which calls hang together", number, len(HANGING))
    return {
        "bench": "parity",
        "years": years,
        "calls_a_week": calls,
        "tests_a_year": PURPOSES * len(Measure) * WEEKS,
        "years_with_a_false_flag": sum(bool(each.flags) for each in parity) / years,
        "years_with_false_certainty": sum(each.certain for each in parity) / years,
        "goal": Bar().alarm,
        "peer": "each week's figures so far at 5 %, uncorrected",
        "peer_years_with_a_false_alarm": sum(each.uncorrected for each in parity) / years,
        "planted": found,
        "hanging_together": hanging,
        "seconds": round(time.perf_counter() - began, 1),
    }


def year(seed: int, calls: int, planted: Planted | None, *, bar: Bar | None = None, weeks: int = WEEKS) -> Year:
    """One year of weekly looks at four purposes."""
    chance = np.random.default_rng(seed)

    def week(number: int) -> _hanging.Calls:
        made = Week(chance, chance.poisson(calls), planted, begun=planted is not None and number >= planted.week)
        return {key: made.sample(*key) for key in product(range(PURPOSES), Measure)}

    return looked_at(week, bar=bar or Bar(), weeks=weeks)


def looked_at(calls: _hanging.Weekly, *, bar: Bar, weeks: int = WEEKS) -> Year:
    """A year of weekly looks at these calls."""
    purposes = [PurposeId(new_id()) for _ in range(PURPOSES)]
    accounts: dict[tuple[int, Measure], Account] = {}
    waiting: dict[tuple[int, Measure], Sample] = {}
    flags: dict[tuple[int, Measure], int] = {}
    certain = uncorrected = False
    for week in range(1, weeks + 1):
        for key, sample in calls(week).items():
            all_new = _joined(waiting.pop(key), sample) if key in waiting else sample
            found = compare(all_new, KINDS[key[1]], least=bar.least) if is_telling(all_new.values) else None
            if found is None:
                waiting[key] = all_new
            else:
                account, until = accounts.get(key), _BEGAN + week * _WEEK
                if account is None or rules.is_over(account, until, None):
                    account = rules.opened(purposes[key[0]], key[1], until - _WEEK)
                accounts[key] = rules.added(account, found, until)
        standing = list(accounts.values())
        certain = certain or bool(rules.held_by_holm(standing, bar.alarm))
        uncorrected = uncorrected or any(abs(each.score) > _UNCORRECTED * math.sqrt(each.information) for each in standing)
        for each in rules.gaps(standing, bar, controllers=1):
            flags.setdefault((purposes.index(each.purpose), each.measure), week)
    return Year(flags=flags, certain=certain, uncorrected=uncorrected)


def _joined(before: Sample, new: Sample) -> Sample:
    """Calls that were too few for a look wait for the next."""
    facts: dict[str, Any] = {}
    for each in fields(Sample):
        columns = getattr(before, each.name), getattr(new, each.name)
        facts[each.name] = None if columns[0] is None else np.concatenate(columns)
    return Sample(**facts)


def _power(plant: Planted, calls: int, years: int) -> dict[str, object]:
    seen = [year(10_000 + seed, calls, plant) for seed in range(years)]
    key = plant.purpose, plant.measure
    at = sorted(each.flags[key] - plant.week + 1 for each in seen if key in each.flags)
    others = Counter(other for each in seen for other in each.flags if other != key)
    return {
        "measure": plant.measure.value,
        "size": plant.size,
        "from_week": plant.week,
        "effect_in_pairs_of_100": round(100 * _effect(plant), 1),
        "years": years,
        "found": len(at) / years,
        "found_in_4_weeks": sum(week <= 4 for week in at) / years,
        "found_in_13_weeks": sum(week <= 13 for week in at) / years,
        "median_weeks": at[len(at) // 2] if at else None,
        "other_flags_a_year": sum(others.values()) / years,
    }


HANGING: Mapping[str, Callable[[np.random.Generator, int], _hanging.Weekly]] = {
    "300 regular callers": lambda chance, calls: _hanging.regulars(
        chance, calls, people=300, temper=0.6, often=lambda people: chance.gamma(0.5, 2, people)
    ),
    "3,000 callers, a few of them very often": lambda chance, calls: _hanging.regulars(
        chance, calls, people=3000, temper=0.4, often=lambda people: chance.pareto(1.2, people) + 0.1
    ),
    "500 regular callers": lambda chance, calls: _hanging.regulars(
        chance, calls, people=500, temper=0.35, often=lambda people: chance.gamma(1, 1, people)
    ),
    "busy Mondays": _hanging.mondays,
    "busy hours": _hanging.busy_hours,
    "25 agents": lambda chance, calls: _hanging.agents(chance, calls, of=25),
}
"""No gap in any of them."""


def _without_a_gap(
    name: str, setting: Callable[[np.random.Generator, int], _hanging.Weekly], calls: int, years: int
) -> dict[str, object]:
    seen = [looked_at(setting(np.random.default_rng(20_000 + seed), calls), bar=Bar()) for seed in range(years)]
    return {
        "calls": name,
        "years": years,
        "years_with_a_flag": sum(bool(each.flags) for each in seen),
        "years_on_an_uncorrected_dashboard": sum(each.uncorrected for each in seen),
    }


def _effect(plant: Planted) -> float:
    """The planted gap on the common scale, from very many calls."""
    sample = Week(np.random.default_rng(1), 200_000, plant).sample(plant.purpose, plant.measure)
    found = compare(sample, KINDS[plant.measure], least=1)
    return math.nan if found is None else found.effect.value


class Week:
    """The calls of a week: where they came in, what was answered for each purpose, how they went."""

    def __init__(self, chance: np.random.Generator, calls: int, planted: Planted | None, *, begun: bool = True) -> None:
        self._chance = chance
        self.queue = chance.choice(5, calls, p=[0.4, 0.3, 0.2, 0.08, 0.02])
        self.agent = chance.integers(0, _AGENTS, calls)
        self.hour = chance.choice(4, calls, p=[0.15, 0.4, 0.35, 0.1])
        busy = 0.6 * (self.hour == 1) + 0.2 * self.queue
        trouble = chance.normal(size=calls)  # what makes a call hard, and every measure of it worse
        mood = chance.normal(size=calls) if planted is None else np.zeros(calls)
        self.says_no = [self._answers(share, busy, mood) for share in _SAYS_NO]
        worse = self._worse(calls, planted if begun else None)
        self._values = self._outcomes(calls, busy, trouble, worse)
        self._known = {measure: chance.random(calls) < 0.95 for measure in Measure}

    def sample(self, purpose: int, measure: Measure) -> Sample:
        known, nothing = self._known[measure], np.zeros(len(self.queue), dtype=np.int64)
        return Sample(
            values=self._values[measure][known],
            is_no=self.says_no[purpose][known],
            queue=self.queue[known],
            language=nothing[known],
            hour=(np.arange(len(self.queue)) % 7 * 24 + self.hour * 4)[known],
            from_wire=nothing[known].astype(bool),
            agent=None if measure is Measure.WAITING else self.agent[known],
        )

    def _answers(self, share: float, busy: Floats, mood: Floats) -> Bools:
        """People in a hurry say no more often, and who says no to one thing says no to the next; but not where a gap is planted
        for one purpose alone, since it would be a gap for the others as well."""
        leaning = mood + busy + self._chance.normal(size=len(mood)) - 0.4
        return leaning > math.sqrt(2) * NormalDist().inv_cdf(1 - share)

    def _worse(self, calls: int, planted: Planted | None) -> Mapping[Measure, Floats]:
        worse: dict[Measure, Floats] = {measure: np.zeros(calls) for measure in Measure}
        if planted is not None:
            is_factor = planted.measure in (Measure.WAITING, Measure.HANDLING, Measure.TRANSFERS)
            size = math.log(planted.size) if is_factor else planted.size
            worse[planted.measure] = np.where(self.says_no[planted.purpose], size, 0.0)
        return worse

    def _outcomes(self, calls: int, busy: Floats, trouble: Floats, worse: Mapping[Measure, Floats]) -> Mapping[Measure, Floats]:
        chance = self._chance
        waits = np.exp(3.4 + busy + 0.9 * chance.normal(size=calls) + 0.4 * trouble + worse[Measure.WAITING])
        handled = np.exp(5.3 + 0.15 * self.queue + 0.6 * chance.normal(size=calls) + 0.4 * trouble + worse[Measure.HANDLING])
        passed_on = chance.poisson(0.18 * np.exp(0.7 * trouble + 0.1 * self.queue + worse[Measure.TRANSFERS]))
        failing = 1 / (1 + np.exp(1.5 - 0.6 * trouble - 0.2 * busy))
        unresolved = chance.random(calls) < np.minimum(failing + worse[Measure.UNRESOLVED], 1)
        hung_up = unresolved & (chance.random(calls) < 0.06)
        hung_up |= chance.random(calls) < worse[Measure.HANG_UPS]
        return {
            Measure.WAITING: np.where(chance.random(calls) < 0.3, 0, np.floor(waits)),
            Measure.HANDLING: np.floor(handled / 5) * 5,
            Measure.TRANSFERS: passed_on.astype(np.float64),
            Measure.UNRESOLVED: unresolved.astype(np.float64),
            Measure.HANG_UPS: hung_up.astype(np.float64),
        }
