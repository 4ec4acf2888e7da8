"""What parity shows is counted beforehand, and is what comparing every call at that moment would show, to the last digit."""

from dataclasses import replace
from datetime import datetime, timedelta

import psycopg
import pytest

from rightcall.database.connection import Transaction
from rightcall.ethics import standing
from rightcall.ethics.counted import actions as counted
from rightcall.ethics.counted import rules
from rightcall.ethics.counted.model import Count, CountId
from rightcall.ethics.model import Bar, Group, Parity
from rightcall.ethics.outcomes import actions as outcomes
from rightcall.ethics.outcomes.model import Changes, Report
from rightcall.ethics.procedure import Recounter
from rightcall.ethics.slices import store as slice_store
from rightcall.ids import CallId, SubjectId, new_id
from tests.cast import MONDAY
from tests.ethics.scene import KEPT, Line, recounted
from tests.procedures.fakes import InlineSteps

DAY, WEEK = timedelta(days=1), timedelta(days=7)
NOW = MONDAY + 10 * WEEK + timedelta(hours=9)


@pytest.fixture
def line(line: Line) -> Line:
    """A week, some of whose calls are one person's."""
    line.week(MONDAY + 8 * WEEK, noes=30, yeses=40, longer=2.5)
    line.only = line.caller
    line.calls([("refused", MONDAY + 8 * WEEK + nth * DAY, {"waited_seconds": 9000, "queue": "billing"}) for nth in range(6)])
    line.clock.at = NOW
    return line


@pytest.fixture
def quarter(line: Line) -> Line:
    """More of them, the gap came late; and some who took their yes back while they called, or were not asked."""
    line.only = None
    for nth in range(7):
        line.week(MONDAY + nth * WEEK, noes=25, yeses=50, longer=2.5 if nth > 5 else 1.0, seed=nth)
    late = MONDAY + 8 * WEEK
    line.calls([("withdrawn", late + nth * timedelta(hours=1), {"waited_seconds": nth}) for nth in range(40)])
    line.calls([(None, late + nth * timedelta(hours=1), {"waited_seconds": nth}) for nth in range(50)])
    return line


def shown(line: Line, back: timedelta = KEPT, bar: Bar | None = None) -> Parity:
    with line.database.transaction(line.controller) as tx:
        return standing.parity(tx, bar or Bar(), now=line.clock.at, back=back, only=None, by_notice=True)


def compared(line: Line, since: datetime, until: datetime) -> Parity:
    """Every call of the time, now."""
    with line.database.transaction(line.controller) as tx:
        parts = [counted.of_purpose(tx, each, Bar(), since=since, until=until) for each in slice_store.asked_purposes(tx, since)]
        rows, sizes = [row for part in parts for row in part[0]], [size for part in parts for size in part[1]]
        return standing.put_together(standing.known(tx), rows, sizes, since=since, until=until, counted_at=None)


def is_the_same(line: Line) -> bool:
    until = rules.midnight(NOW)
    told = [(shown(line, weeks * WEEK), compared(line, until - weeks * WEEK, until)) for weeks in (4, 13)]
    assert told[0][1] != told[1][1]
    return all(replace(was_counted, counted_at=None) == now for was_counted, now in told)


def due(line: Line) -> bool:
    with line.database.transaction(line.controller) as tx:
        return counted.is_due(tx, line.clock, Bar(), kept=KEPT)


def told(tx: Transaction, line: Line, call: CallId, waited: int) -> None:
    outcomes.report(tx, line.vault, line.clock, call, Report(waited_seconds=waited, queue="billing"))


def test_each_period_shows_what_comparing_every_call_would(quarter: Line) -> None:
    assert (shown(quarter).counted_at, shown(quarter).rows) == (None, ())
    recounted(quarter)
    assert is_the_same(quarter)
    sizes = {each.group: each.calls for each in shown(quarter, WEEK).sizes}
    assert sizes == {Group.NO: 60, Group.YES: 90, Group.WITHDREW: 40, Group.UNANSWERED: None, Group.UNASKED: 50}
    assert shown(quarter, 2 * WEEK) == shown(quarter, 4 * WEEK), "the shortest that reaches as far"
    assert shown(quarter, 5 * WEEK) == shown(quarter)


def test_nothing_but_what_was_counted_is_read(line: Line) -> None:
    recounted(line)
    before = shown(line)
    with psycopg.connect(line.url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM call_outcomes WHERE controller = %s", (line.controller,))
    assert shown(line) == before


def test_an_erased_persons_calls_are_counted_out_at_once_and_a_corrected_one_within_the_hour(quarter: Line) -> None:
    recounted(quarter)
    assert not due(quarter)
    with quarter.database.transaction(quarter.controller) as tx:
        told(tx, quarter, quarter.made[70], waited=0)
    assert not due(quarter)
    quarter.clock.at += timedelta(hours=1)
    assert due(quarter)
    assert not is_the_same(quarter)
    recounted(quarter)
    assert is_the_same(quarter)
    with quarter.database.transaction(quarter.controller) as tx:
        row = tx.connection.execute("SELECT subject FROM parties WHERE call = %s", (quarter.made[0],)).fetchone()
        assert row is not None
        assert outcomes.forget_subject(tx, quarter.clock, SubjectId(row["subject"])) == 1
    assert due(quarter)
    assert not is_the_same(quarter)
    recounted(quarter)
    assert not due(quarter)
    assert is_the_same(quarter)


def test_a_call_of_today_waits_for_the_night(line: Line) -> None:
    recounted(line)
    call = line.call("refused", NOW - timedelta(hours=1))
    with line.database.transaction(line.controller) as tx:
        told(tx, line, call, waited=3)
    line.clock.at += timedelta(hours=2)
    assert not due(line)
    line.clock.at += timedelta(hours=14)
    assert due(line)


def test_what_is_told_while_it_is_counted_is_not_taken_for_counted(line: Line) -> None:
    """Its transaction is not over when the count begins."""
    with line.database.transaction(line.controller) as tx:
        told(tx, line, line.made[-6], waited=1)
        recounted(line)
    line.clock.at += timedelta(hours=1)
    assert due(line)


def test_a_smaller_group_is_told_of_by_no_older_count(line: Line) -> None:
    recounted(line, bar=Bar(least=30))
    assert shown(line, bar=Bar(least=60)).counted_at is None
    assert shown(line).counted_at == NOW


def test_a_count_that_is_cut_off_goes_on_and_the_one_before_is_shown_until_then(line: Line) -> None:
    recounted(line)
    first = shown(line)
    line.clock.at += timedelta(minutes=1)
    each, seen = frozenset({"begin", "find parts", "count", "finish"}), list[Parity]()
    steps = InlineSteps(fail_before=each, fail_after=each, meanwhile=lambda: seen.append(shown(line)))
    Recounter(database=line.database, clock=line.clock, bar=Bar(), kept=KEPT)(steps, str(line.controller))
    assert len(steps.failed) == 8
    assert [was.counted_at for was in seen] == 7 * [NOW] + [line.clock.at]
    assert shown(line).counted_at == line.clock.at
    assert shown(line).rows == first.rows
    with line.database.transaction(line.controller) as tx:
        row = tx.connection.execute("SELECT count(*) AS n FROM parity_counts").fetchone()
    assert row is not None
    assert row["n"] == 1


def test_of_two_counts_the_later_one_stands(line: Line) -> None:
    with line.database.transaction(line.controller) as tx:
        early = counted.begin(tx, line.clock, Bar(), kept=KEPT)
        (part, *_) = counted.parts(tx, early)
    line.clock.at += timedelta(minutes=1)
    recounted(line)
    with line.database.transaction(line.controller) as tx:
        assert counted.add(tx, early, part, Bar()) == 0
        assert not counted.finish(tx, line.clock, early)
    assert shown(line).counted_at == line.clock.at


def test_when_it_is_time_to_count() -> None:
    count = Count(id=CountId(new_id()), weeks=(4, 13), least=30, until=rules.midnight(NOW), begun_at=NOW)

    def is_due(last: Count | None = count, at: datetime = NOW, looked_at: datetime | None = None, least: int = 30) -> bool:
        return rules.is_due(last, at, kept=KEPT, least=least, looked_at=looked_at, changes=None)

    assert not is_due()
    assert not is_due(looked_at=NOW - DAY)
    assert is_due(looked_at=NOW)
    assert is_due(last=None)
    assert is_due(least=40)
    assert is_due(at=NOW + DAY)
    assert is_due(last=replace(count, weeks=(4,)))
    assert rules.is_due(count, NOW, kept=KEPT, least=30, looked_at=None, changes=Changes(forgotten=True))
    assert not rules.is_due(count, NOW, kept=KEPT, least=30, looked_at=None, changes=Changes(forgotten=False))
    assert rules.periods(timedelta(days=28)) == (4,)
    assert rules.periods(timedelta(days=1)) == (1,)
