"""How parity stands over a period: for each purpose and measure the difference, its interval, and what the looks have shown.

Reading changes nothing and counts nothing: the differences were counted beforehand (`counted`). Whether one is a gap is told by
the account, which every look adds to (`looking`), since a figure that is looked at again and again shows gaps that are none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rightcall.database.connection import Transaction
from rightcall.ethics import rules, store
from rightcall.ethics.actions import flags, last_looked_at
from rightcall.ethics.counted import actions as counted
from rightcall.ethics.counted import rules as periods
from rightcall.ethics.counted import store as counts
from rightcall.ethics.counted.model import Compared
from rightcall.ethics.model import Account, Bar, Flag, GroupSize, Measure, Parity, Row
from rightcall.ids import PurposeId


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the looks have shown so far, read once for all purposes."""

    looked_at: datetime | None
    accounts: Mapping[tuple[PurposeId, Measure], Account]
    flags: Mapping[tuple[PurposeId, Measure], Flag] = field(default_factory=dict)


def known(tx: Transaction) -> Known:
    return Known(
        looked_at=last_looked_at(tx),
        accounts={(account.purpose, account.measure): account for account in store.accounts(tx)},
        flags={(flag.purpose, flag.measure): flag for flag in flags(tx) if flag.stands},
    )


def parity(tx: Transaction, bar: Bar, *, now: datetime, back: timedelta, only: PurposeId | None, by_notice: bool) -> Parity:
    """Of the shortest period that is counted and reaches so far back, as it was counted last. `by_notice`: with a row for each
    measure of each notice besides."""
    looks, count = known(tx), counted.last(tx, bar)
    if count is None:
        until = periods.midnight(now)
        since = periods.since(until, periods.periods(back)[-1])
        return put_together(looks, (), (), since=since, until=until, counted_at=None)
    weeks = periods.period_for(count, back)
    rows = [each for each in counts.compared(tx, count.id, weeks) if only in (None, each.purpose)]
    sizes = [each for each in counts.groups(tx, count.id, weeks) if only in (None, each.purpose)]
    return put_together(
        looks,
        [each for each in rows or _nothing(only) if by_notice or each.notice is None],
        sizes,
        since=periods.since(count.until, weeks),
        until=count.until,
        counted_at=count.begun_at,
    )


def put_together(
    known: Known,
    rows: Sequence[Compared],
    sizes: Sequence[GroupSize],
    *,
    since: datetime,
    until: datetime,
    counted_at: datetime | None,
) -> Parity:
    return Parity(
        since=since,
        until=until,
        counted_at=counted_at,
        looked_at=known.looked_at,
        tested=len(known.accounts),
        rows=tuple(_row(each, known) for each in rows),
        sizes=tuple(sizes),
    )


def _nothing(purpose: PurposeId | None) -> list[Compared]:
    """Of a purpose that nobody answered in this time."""
    return [
        Compared(purpose=purpose, notice=None, measure=measure, comparison=None, is_same=False, is_comparable=True)
        for measure in Measure
        if purpose is not None
    ]


def _row(of: Compared, known: Known) -> Row:
    """The looks' account is of all notices together."""
    key = (of.purpose, of.measure)
    account, flag = (None, None) if of.notice is not None else (known.accounts.get(key), known.flags.get(key))
    return Row(
        purpose=of.purpose,
        notice=of.notice,
        measure=of.measure,
        finding=rules.finding_of(of.comparison, flag, same=of.is_same, comparable=of.is_comparable),
        comparison=of.comparison,
        account=account,
        chance=None if account is None else rules.chance_of(account),
        flag=flag,
    )
