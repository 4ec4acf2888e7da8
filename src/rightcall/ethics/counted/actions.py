"""Counting what parity shows of the last weeks, beforehand: comparing takes long, and who looks at it must not wait.

A count replaces the one before once it is done. Every part may be repeated. Deliberately elsewhere: what is shown of it
(`standing`), and what the looks have shown (`looking`).
"""

from datetime import datetime, timedelta

from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.ethics import comparing, sampling
from rightcall.ethics.actions import last_looked_at
from rightcall.ethics.comparing import Sample
from rightcall.ethics.counted import rules, store
from rightcall.ethics.counted.model import Compared, Count, CountId, Part
from rightcall.ethics.model import KINDS, Bar, Columns, GroupSize
from rightcall.ethics.outcomes import actions as outcomes
from rightcall.ethics.rules import told
from rightcall.ethics.slices import actions as reading
from rightcall.ethics.slices.store import asked_purposes
from rightcall.ethics.store import flagged_purposes
from rightcall.ids import NoticeId, PurposeId, new_id


def last(tx: Transaction, bar: Bar) -> Count | None:
    """The last that was done and tells of no smaller groups than the bar lets it; None before the first."""
    found = latest(tx)
    return None if found is None or found.least != bar.least else found


def latest(tx: Transaction) -> Count | None:
    """The last that was done, by whatever bar."""
    return store.last(tx)


def is_due(tx: Transaction, clock: Clock, bar: Bar, *, kept: timedelta) -> bool:
    looked_at, changes = last_looked_at(tx), outcomes.changes(tx)
    return rules.is_due(latest(tx), clock.now(), kept=kept, least=bar.least, looked_at=looked_at, changes=changes)


def begin(tx: Transaction, clock: Clock, bar: Bar, *, kept: timedelta) -> CountId:
    """What changes from now on waits for the next count."""
    now = clock.now()
    count = Count(id=CountId(new_id()), weeks=rules.periods(kept), least=bar.least, until=rules.midnight(now), begun_at=now)
    outcomes.forget_changes(tx)
    store.insert_count(tx, count)
    return count.id


def parts(tx: Transaction, id: CountId) -> list[Part]:
    """For each period the purposes that somebody answered in a call of it, and those with a flag. None where another count was
    done meanwhile."""
    count = store.get(tx, id)
    if count is None:
        return []
    flagged = set(flagged_purposes(tx))
    return [
        Part(weeks=weeks, purpose=purpose)
        for weeks in count.weeks
        for purpose in sorted(flagged.union(asked_purposes(tx, rules.since(count.until, weeks))))
    ]


def add(tx: Transaction, id: CountId, part: Part, bar: Bar) -> int:
    """Counts one part, and keeps it. How many measures those were; again keeps the same."""
    count = store.get(tx, id)
    if count is None:
        return 0
    rows, sizes = of_purpose(tx, part.purpose, bar, since=rules.since(count.until, part.weeks), until=count.until)
    if not store.is_there(tx, id):
        return 0
    store.replace_part(tx, id, part, rows, sizes)
    return len(rows)


def finish(tx: Transaction, clock: Clock, id: CountId) -> bool:
    """From now on this one is shown, and those that began before it are gone. False where a later one was done meanwhile."""
    if not store.finish(tx, id, at=clock.now()):
        return False
    store.forget_before(tx, id)
    return True


def of_purpose(
    tx: Transaction, purpose: PurposeId, bar: Bar, *, since: datetime, until: datetime
) -> tuple[list[Compared], list[GroupSize]]:
    """A row a measure, and one for each measure of each notice besides. Reads every call of the period."""
    columns = reading.columns(tx, purpose, since=since, until=until, by_end=True)
    rows: list[Compared] = []
    for notice in (None, *sampling.notices(columns)):
        rows += _compared(purpose, notice, columns, bar)
    return rows, _sizes(purpose, columns, bar)


def _compared(purpose: PurposeId, notice: NoticeId | None, columns: Columns, bar: Bar) -> list[Compared]:
    return [
        Compared(
            purpose=purpose,
            notice=notice,
            measure=measure,
            comparison=comparing.compare(sample, KINDS[measure], least=bar.least, units=True) if len(sample.values) else None,
            is_same=comparing.all_the_same(sample.values),
            is_comparable=_is_comparable(sample, bar),
        )
        for measure, sample in sampling.samples(columns, notice).items()
    ]


def _is_comparable(sample: Sample, bar: Bar) -> bool:
    """Of a small group not even that is told."""
    few = min(sample.is_no.sum(), (~sample.is_no).sum()) < max(bar.least, 1)
    return bool(few) or comparing.are_comparable(sample)


def _sizes(purpose: PurposeId, columns: Columns, bar: Bar) -> list[GroupSize]:
    return [
        GroupSize(purpose=purpose, group=group, calls=told(calls, bar.least)) for group, calls in sampling.sizes(columns).items()
    ]
