"""What the record counts: little as it is now, much as the worker counted it last, and nothing untrue in between."""

from datetime import timedelta

import pytest

from rightcall.activities import actions
from rightcall.activities.counting import actions as counting
from rightcall.activities.counting import store
from rightcall.activities.counting.procedure import Counting
from rightcall.activities.model import Missing, Record
from rightcall.activities.page import page
from rightcall.database.connection import Database, Transaction
from rightcall.holdings.map import actions as data_map
from rightcall.holdings.saying import day
from rightcall.ids import ControllerId, PurposeId, SystemId
from rightcall.vault.actions import Vault
from tests.activities.test_record import MEASURES, RULES, crm, hold, purpose
from tests.conftest import FixedClock
from tests.procedures.fakes import InlineSteps

__all__ = ["crm", "purpose"]


def told(tx: Transaction, clock: FixedClock) -> Record:
    return actions.record(tx, clock, RULES, MEASURES)


def items(record: Record) -> int:
    return sum(kept.items for each in record.activities for kept in each.kept)


def missing(record: Record) -> set[Missing]:
    return {gap.missing for gap in (*record.gaps, *(gap for each in record.activities for gap in each.gaps))}


def test_much_is_told_as_it_was_counted_last_and_until_then_it_is_said_that_nobody_counted(
    tx: Transaction, vault: Vault, clock: FixedClock, crm: SystemId, purpose: PurposeId, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(tx, vault, clock, crm, purpose, people=3)
    assert items(told(tx, clock)) == 3
    assert told(tx, clock).counted_at == clock.at
    assert not counting.is_due(tx, clock), "so little is counted when somebody looks"

    monkeypatch.setattr(data_map, "AT_ONCE", 2)
    assert counting.is_due(tx, clock)
    uncounted = told(tx, clock)
    assert uncounted.counted_at is None
    assert Missing.NOT_COUNTED in missing(uncounted)
    assert Missing.NOTHING_HELD not in missing(uncounted), "nobody knows"
    assert "was counted on" not in page(uncounted)

    counting.keep(tx, clock)
    at = clock.at
    assert not counting.is_due(tx, clock)
    hold(tx, vault, clock, crm, purpose, people=1)
    clock.at += timedelta(hours=1)
    found = told(tx, clock)
    assert (items(found), found.counted_at) == (3, at)
    assert counting.is_due(tx, clock), "more than a tenth came since"
    assert Missing.NOT_COUNTED not in missing(found)
    assert f"was counted on {day(at)} {at:%H:%M} UTC" in page(found)

    clock.at += timedelta(days=1)
    assert counting.is_due(tx, clock)
    counting.keep(tx, clock)
    assert not counting.is_due(tx, clock)
    assert items(told(tx, clock)) == 4


def test_the_worker_counts_what_the_record_would(
    database: Database, controller: ControllerId, vault: Vault, clock: FixedClock
) -> None:
    with database.transaction(controller) as tx:
        expected = counting.count(tx, clock)
    entries = Counting(database=database, clock=clock)(InlineSteps(), str(controller))
    with database.transaction(controller) as tx:
        assert store.counted(tx) == expected
    assert entries == len(expected.kept)
