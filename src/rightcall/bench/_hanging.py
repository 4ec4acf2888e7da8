"""Calls without any gap that hang together: people who call again and again, hours in which all wait longer and say no more
often, agents who differ in pace and in how many noes they hear. What is independent on paper is not so on the line."""

from collections.abc import Callable, Mapping

import numpy as np

from rightcall.ethics.comparing import Bools, Floats, Ints, Sample
from rightcall.ethics.model import Measure

Calls = Mapping[tuple[int, Measure], Sample]
Weekly = Callable[[int], Calls]
"""The calls of a week, by its number from 1. The first of each key is the purpose."""
_REMEMBERED_WEEKS = 13
_A_QUARTER = 0.25
_AFTER = (Measure.HANDLING, Measure.TRANSFERS, Measure.UNRESOLVED)
"""What comes after somebody asked."""


def regulars(chance: np.random.Generator, calls: int, *, people: int, temper: float, often: Callable[[int], Floats]) -> Weekly:
    """Each has an answer and a temper for good. `often`: how much each calls, in shares of any size."""
    says_no, tempers = chance.random(people) < _A_QUARTER, temper * chance.normal(size=people)
    rates = often(people)
    last_called: dict[int, int] = {}

    def week(number: int) -> Calls:
        callers = chance.choice(people, chance.poisson(calls), p=rates / rates.sum())
        first = _first_in_a_while(callers, last_called, number)
        moods, mine = tempers[callers], says_no[callers]
        return {(0, measure): _sample(values[first], mine[first]) for measure, values in _went(chance, moods).items()}

    return week


def _first_in_a_while(callers: Ints, last_called: dict[int, int], week: int) -> Ints:
    """Where somebody calls who did not in the last 91 days: only such calls are compared."""
    first = []
    for place, caller in enumerate(callers.tolist()):
        before = last_called.get(caller)
        if before is None or week - before >= _REMEMBERED_WEEKS:
            first.append(place)
        last_called[caller] = week
    return np.array(first, dtype=np.int64)


def _went(chance: np.random.Generator, moods: Floats) -> Mapping[Measure, Floats]:
    calls = len(moods)
    return {
        Measure.WAITING: np.floor(chance.lognormal(3.4, 0.9, calls)),
        Measure.HANDLING: np.floor(np.exp(5.3 + 0.6 * chance.normal(size=calls) + moods) / 5) * 5,
        Measure.TRANSFERS: chance.poisson(0.2 * np.exp(moods)).astype(np.float64),
        Measure.UNRESOLVED: (chance.random(calls) < 1 / (1 + np.exp(1.5 - moods))).astype(np.float64),
    }


def mondays(chance: np.random.Generator, calls: int) -> Weekly:
    """Mondays are busy: people wait more than twice as long, and twice as many say no."""

    def week(_: int) -> Calls:
        count = chance.poisson(calls)
        day = chance.choice(5, count, p=[0.3, 0.2, 0.2, 0.15, 0.15])
        waits = np.floor(np.exp(3.4 + 0.9 * chance.normal(size=count) + 0.9 * (day == 0)))
        says_no = chance.random(count) < np.where(day == 0, 0.4, 0.2)
        return {(0, Measure.WAITING): _sample(waits, says_no, 24 * day + 4 * chance.integers(2, 5, count))}

    return week


def busy_hours(chance: np.random.Generator, calls: int) -> Weekly:
    """From hour to hour, four hours long, waits and noes rise together."""

    def week(_: int) -> Calls:
        count = chance.poisson(calls)
        hour = chance.integers(8, 20, count)
        load = (hour % 4 - 1.5) / 1.5
        waits = np.floor(np.exp(3.4 + 0.9 * chance.normal(size=count) + 0.6 * load))
        says_no = chance.random(count) < _A_QUARTER + 0.12 * load
        return {(0, Measure.WAITING): _sample(waits, says_no, 24 * chance.integers(0, 7, count) + hour)}

    return week


def agents(chance: np.random.Generator, calls: int, *, of: int) -> Weekly:
    """The agent asks. How often each hears a no and how long each talks have nothing to do with one another, but they are few."""
    hears_no, slower = chance.beta(2, 6, of), 0.35 * chance.normal(size=of)

    def week(_: int) -> Calls:
        count = chance.poisson(calls)
        agent = chance.integers(0, of, count)
        says_no = chance.random(count) < hears_no[agent]
        went = _went(chance, slower[agent])
        return {(0, measure): _sample(went[measure], says_no, agent=agent) for measure in _AFTER}

    return week


def _sample(values: Floats, says_no: Bools, hour: Ints | None = None, agent: Ints | None = None) -> Sample:
    same = np.zeros(len(values), dtype=np.int64)
    return Sample(
        values=values,
        is_no=says_no,
        queue=same,
        language=same,
        hour=same if hour is None else hour,
        from_wire=same.astype(bool),
        agent=agent,
    )
