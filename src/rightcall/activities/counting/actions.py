"""Counting what the record tells. Little is counted when somebody looks; much by the worker, once a day, since to count ten
million things takes most of a minute, and whoever looks is told when it was done."""

from datetime import timedelta

from rightcall.activities.counting import store
from rightcall.activities.counting.model import Counted
from rightcall.clock import Clock, day_of
from rightcall.database.connection import Transaction
from rightcall.holdings.map import actions as data_map
from rightcall.holdings.uses import actions as uses

USES_DAYS = 90
"""So many days back uses are counted."""


def counted(tx: Transaction, clock: Clock) -> Counted | None:
    """As it is now; where it is more than can be counted while somebody waits, as it was when it was counted last. None where
    that never was."""
    return store.counted(tx) if _is_much(tx, clock) else count(tx, clock)


def count(tx: Transaction, clock: Clock) -> Counted:
    """All of it, now."""
    at = clock.now()
    since = at - timedelta(days=USES_DAYS)
    kept, used = tuple(data_map.by_purpose(tx)), tuple(uses.made(tx, since))
    return Counted(kept=kept, used=used, uses_since=since, at=at)


def is_due(tx: Transaction, clock: Clock) -> bool:
    """Whether it is much, and was not counted today or is much else by now."""
    last = store.counted_at(tx)
    return (last is None or day_of(last) < day_of(clock.now()) or data_map.people_are_due(tx, clock)) and _is_much(tx, clock)


counted_at = store.counted_at


def keep(tx: Transaction, clock: Clock) -> Counted:
    """Counts all of it, and whom the data map is about, to be told until it is counted again."""
    found = count(tx, clock)
    store.forget(tx)
    store.insert(tx, found)
    store.insert_kept(tx, found.kept)
    store.insert_used(tx, found.used)
    data_map.count_people(tx, clock)
    return found


def _is_much(tx: Transaction, clock: Clock) -> bool:
    since = clock.now() - timedelta(days=USES_DAYS)
    return data_map.is_much(tx) or store.are_more_uses_than(tx, data_map.AT_ONCE, since)
