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
AT_ONCE = 10_000
"""Things, or uses of them, that are counted while somebody waits."""


def counted(tx: Transaction, clock: Clock) -> Counted | None:
    """As it is now; where it is more than `AT_ONCE`, as it was when it was counted last. None where that never was."""
    return store.counted(tx) if _is_much(tx, clock) else count(tx, clock)


def count(tx: Transaction, clock: Clock) -> Counted:
    """All of it, now."""
    at = clock.now()
    since = at - timedelta(days=USES_DAYS)
    kept, used = tuple(data_map.by_purpose(tx)), tuple(uses.made(tx, since))
    return Counted(kept=kept, used=used, uses_since=since, at=at)


def is_due(tx: Transaction, clock: Clock) -> bool:
    """Whether it is much, and was not counted today."""
    last = store.counted_at(tx)
    return (last is None or day_of(last) < day_of(clock.now())) and _is_much(tx, clock)


def keep(tx: Transaction, clock: Clock) -> Counted:
    """Counts all of it, to be told until it is counted again."""
    found = count(tx, clock)
    store.forget(tx)
    store.insert(tx, found)
    store.insert_kept(tx, found.kept)
    store.insert_used(tx, found.used)
    return found


def _is_much(tx: Transaction, clock: Clock) -> bool:
    return store.is_more_than(tx, AT_ONCE, clock.now() - timedelta(days=USES_DAYS))
