"""What is published tells how it goes, and nobody's concern: every cell keeps at least two values that it may have."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rightcall.actors import Actor, Role
from rightcall.concerns.codes import random_id
from rightcall.concerns.model import (
    AboutCall,
    AboutNotice,
    AboutPurpose,
    AboutRule,
    Concern,
    Finding,
    Outcome,
    RaisedAs,
    Target,
    TargetKind,
)
from rightcall.concerns.rates import Band, band, rates_of, span
from rightcall.concerns.states import RAISED
from rightcall.ids import ConcernId, NoticeId, PurposeId

TODAY = date(2026, 11, 25)
SUPERVISOR = Actor(id=random_id(), role=Role.SUPERVISOR)
DPO = Actor(id=random_id(), role=Role.DPO)
TARGETS: dict[TargetKind, Target] = {
    TargetKind.PURPOSE: AboutPurpose(PurposeId(random_id())),
    TargetKind.RULE: AboutRule("house.no_emotion_scores"),
    TargetKind.NOTICE: AboutNotice(NoticeId(random_id())),
    TargetKind.CALL: AboutCall(None),
}


def concern(
    raised_on: date,
    *,
    target: TargetKind = TargetKind.CALL,
    answered: tuple[int, Outcome] | None = None,
    appealed: int | None = None,
    decided: tuple[int, Outcome] | None = None,
) -> Concern:
    """Each with days since it was raised. Rates look at the days and not at the state."""
    on = None if appealed is None else raised_on + timedelta(days=appealed)
    return Concern(
        id=ConcernId(random_id()),
        target=TARGETS[target],
        raised_as=RaisedAs.STAFF,
        raised_on=raised_on,
        state=RAISED,
        owner=None,
        answer_due_on=raised_on + timedelta(days=14),
        answer=_finding(raised_on, answered, SUPERVISOR),
        appealed_on=on,
        decision_due_on=None if on is None else on + timedelta(days=14),
        decision=_finding(raised_on, decided, DPO),
        closed_on=None,
        escalated_for=None,
        may_be_shown=False,
        forgotten_on=None,
    )


def _finding(raised_on: date, found: tuple[int, Outcome] | None, by: Actor) -> Finding | None:
    if found is None:
        return None
    at = datetime(raised_on.year, raised_on.month, raised_on.day, 12, tzinfo=UTC) + timedelta(days=found[0])
    return Finding(outcome=found[1], by=by, at=at)


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (TODAY, date(2025, 11, 1), date(2026, 10, 31)),
        (date(2027, 1, 1), date(2026, 1, 1), date(2026, 12, 31)),
        (date(2028, 2, 29), date(2027, 2, 1), date(2028, 1, 31)),
    ],
)
def test_twelve_whole_months(today: date, first: date, last: date) -> None:
    assert span(today) == (first, last)
    months = rates_of([], today).months
    assert len(months) == 12
    assert (min(months), max(months)) == (f"{first:%Y-%m}", f"{last:%Y-%m}")


@pytest.mark.parametrize(
    ("count", "says"), [(0, "fewer than 5"), (4, "fewer than 5"), (5, "5 to 9"), (9, "5 to 9"), (10, "10 to 14")]
)
def test_a_count_is_a_band_of_five(count: int, says: str) -> None:
    assert str(band(count)) == says
    assert band(count).at_least <= count <= band(count).at_most


def test_what_came_of_them() -> None:
    month = date(2026, 9, 1)
    found = [concern(month, target=TargetKind.NOTICE, answered=(3, Outcome.UPHELD)) for _ in range(6)]
    found += [concern(month, answered=(10, Outcome.NOT_UPHELD), appealed=12, decided=(20, Outcome.PARTLY)) for _ in range(5)]
    same = Outcome.NOT_UPHELD
    found += [concern(month, answered=(10, same), appealed=12, decided=(20, same)) for _ in range(5)]
    found += [concern(month) for _ in range(7)]
    rates = rates_of(found, TODAY)
    assert rates.months["2026-09"] == band(23)
    assert rates.targets == {
        TargetKind.PURPOSE: band(0),
        TargetKind.RULE: band(0),
        TargetKind.NOTICE: band(6),
        TargetKind.CALL: band(17),
    }
    assert rates.outcomes == {
        Outcome.UPHELD: band(6),
        Outcome.PARTLY: band(5),
        Outcome.NOT_UPHELD: band(5),
        Outcome.CANNOT_TELL: band(0),
    }
    assert rates.median_days == 10
    assert (rates.overdue, rates.appeals, rates.changed) == (band(7), band(10), band(5))


def test_it_stands_still_until_the_month_is_over() -> None:
    """What is answered, appealed or decided this month is not in it yet, and neither does it become less late."""
    month = date(2026, 9, 20)
    before = [concern(month) for _ in range(6)]
    after = [concern(month, answered=(50, Outcome.UPHELD), appealed=51, decided=(60, Outcome.PARTLY)) for _ in range(6)]
    assert rates_of(before, TODAY) == rates_of(after, TODAY)
    assert rates_of(before, date(2026, 12, 1)) != rates_of(after, date(2026, 12, 1))


def test_the_days_of_few_are_not_told() -> None:
    few = [concern(date(2026, 9, 1), answered=(3, Outcome.UPHELD)) for _ in range(4)]
    assert rates_of(few, TODAY).median_days is None


# Everything that is counted, as one vector: 12 months, 4 targets, 4 outcomes, appeals, changed, overdue. The bands are known,
# and what must hold between the counts.
MONTHS, KINDS, FOUND = range(12), range(12, 16), range(16, 20)
APPEALS, CHANGED, OVERDUE = 20, 21, 22


def is_possible(counts: Sequence[int]) -> bool:
    raised, answered = sum(counts[n] for n in MONTHS), sum(counts[n] for n in FOUND)
    return (
        min(counts) >= 0
        and raised == sum(counts[n] for n in KINDS)
        and answered <= raised
        and counts[CHANGED] <= counts[APPEALS] <= answered
        and counts[OVERDUE] <= raised - answered + counts[APPEALS] - counts[CHANGED]
    )


def told(counts: Sequence[int]) -> list[Band]:
    return [band(count) for count in counts]


def others(counts: Sequence[int], cell: int) -> Iterator[list[int]]:
    """Other counts that were told in just the same way, with another value in this cell: found by small changes."""
    for by in (1, -1):
        changed = list(counts)
        changed[cell] += by
        yield from _mended(counts, changed, {cell})


def _mended(counts: Sequence[int], changed: list[int], kept: set[int], depth: int = 0) -> Iterator[list[int]]:
    if told(changed) != told(counts):
        return
    if is_possible(changed):
        yield changed
        return
    if depth == 6:
        return
    tried: set[tuple[int, int, int]] = set()
    for table, other, by in _mendings(changed):
        alike = (table, changed[other], by)
        if other in kept or alike in tried:
            continue
        tried.add(alike)
        again = list(changed)
        again[other] += by
        yield from _mended(counts, again, kept | {other}, depth + 1)


def _mendings(counts: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Changes by one that go towards what must hold, the first of it that does not: table, cell, by how much."""
    raised, by_kind, answered = (sum(counts[n] for n in table) for table in (MONTHS, KINDS, FOUND))
    if raised != by_kind:
        up = 1 if raised < by_kind else -1
        yield from ((0, n, up) for n in MONTHS)
        yield from ((1, n, -up) for n in KINDS)
    elif answered > raised:
        yield from ((2, n, -1) for n in FOUND)
        yield from ((0, n, 1) for n in MONTHS)
    elif counts[APPEALS] > answered:
        yield 3, APPEALS, -1
        yield from ((2, n, 1) for n in FOUND)
    elif counts[CHANGED] > counts[APPEALS]:
        yield 4, CHANGED, -1
        yield 3, APPEALS, 1
    else:
        yield 5, OVERDUE, -1
        yield 4, CHANGED, -1
        yield 3, APPEALS, 1
        yield from ((2, n, -1) for n in FOUND)
        yield from ((0, n, 1) for n in MONTHS)


@st.composite
def counts(draw: st.DrawFn) -> list[int]:
    """Adversarial ones: few, and on the ends of the bands."""
    ends = st.sampled_from([0, 0, 0, 1, 3, 4, 5, 9, 10, 14])
    months = draw(st.lists(ends, min_size=12, max_size=12))
    raised = sum(months)
    kinds = _split(draw, raised)
    found = _split(draw, draw(st.integers(0, raised)))
    appeals = draw(st.integers(0, sum(found)))
    changed = draw(st.integers(0, appeals))
    late = draw(st.integers(0, raised - sum(found) + appeals - changed))
    return [*months, *kinds, *found, appeals, changed, late]


def _split(draw: st.DrawFn, total: int) -> list[int]:
    cuts = sorted(draw(st.lists(st.integers(0, total), min_size=3, max_size=3)))
    return [b - a for a, b in zip([0, *cuts], [*cuts, total], strict=True)]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(counts())
def test_no_cell_can_be_worked_out(vector: list[int]) -> None:
    assert is_possible(vector)
    for cell in range(len(vector)):
        assert next(others(vector, cell), None) is not None, (cell, vector)


def test_with_a_total_beside_them_a_cell_could_be_worked_out() -> None:
    """The attack that no total is told for: five cells of four, and twenty in all."""
    cells, total = [4, 4, 4, 4, 4], 20
    fitting = [c for c in _all(len(cells), 4) if band(sum(c)) == band(total) and all(x <= 4 for x in c)]
    assert fitting == [cells]


def _all(length: int, most: int) -> Iterator[list[int]]:
    if length == 0:
        yield []
        return
    for rest in _all(length - 1, most):
        for each in range(most + 1):
            yield [each, *rest]
