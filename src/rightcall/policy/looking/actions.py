"""Looking at what was decided: last month's verdicts by purpose and act, the rules behind each no, and the verdicts."""

from datetime import timedelta

from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.ids import PurposeId, VerdictId
from rightcall.policy import actions as policy
from rightcall.policy.looking import store
from rightcall.policy.looking.model import Summary, Wanted
from rightcall.policy.model import StoredVerdict


def of_days(clock: Clock, days: int, *, purpose: PurposeId | None = None) -> Wanted:
    """Everything of the last `days` days, up to now."""
    now = clock.now()
    return Wanted(since=now - timedelta(days=days), until=now + timedelta(seconds=1), purpose=purpose)


def summary(tx: Transaction, wanted: Wanted) -> Summary:
    """How often each act was allowed and stopped for each purpose, and by what."""
    verdicts, calls = store.total(tx, wanted)
    lines = store.lines(tx, wanted, store.behind(tx, wanted))
    return Summary(since=wanted.since, until=wanted.until, verdicts=verdicts, calls=calls, lines=tuple(lines))


def verdicts(tx: Transaction, wanted: Wanted, *, after: VerdictId | None = None, limit: int = 100) -> list[StoredVerdict]:
    """The verdicts themselves, the newest first, beginning after `after`."""
    return [policy.get(tx, verdict) for verdict in store.ids(tx, wanted, after=after, limit=limit)]
