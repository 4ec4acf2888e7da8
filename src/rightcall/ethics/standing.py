"""How parity stands over a period: for each purpose and measure the difference, its interval, and what the looks have shown.

Reading changes nothing and counts nothing. The difference is of the calls of the period; whether it is a gap is told by the
account, which every look adds to (`looking`), since a figure that is looked at again and again shows gaps that are none.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from rightcall.database.connection import Transaction
from rightcall.ethics import comparing, reading, rules, sampling, store
from rightcall.ethics.actions import flags, last_looked_at
from rightcall.ethics.comparing import Sample
from rightcall.ethics.model import KINDS, Account, Bar, Columns, Flag, GroupSize, Measure, Parity, Row
from rightcall.ids import NoticeId, PurposeId

_WEEK = timedelta(days=7)


def period(now: datetime, back: timedelta) -> tuple[datetime, datetime]:
    """Whole weeks up to last midnight (UTC): two answers side by side must not single out a call that is in one only."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - max(1, math.ceil(back / _WEEK)) * _WEEK, midnight


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


def purposes_since(tx: Transaction, since: datetime) -> list[PurposeId]:
    """Those that somebody answered in a call of the period, and those with a flag."""
    flagged = {flag.purpose for flag in flags(tx) if flag.stands}
    return sorted(flagged.union(store.asked_purposes(tx, since)))


def of_purpose(
    tx: Transaction, purpose: PurposeId, known: Known, bar: Bar, *, since: datetime, until: datetime, by_notice: bool = False
) -> tuple[list[Row], list[GroupSize]]:
    """A row a measure; with `by_notice` one for each measure of each notice besides, which has no account of its own."""
    columns = reading.columns(tx, purpose, since=since, until=until, by_end=True)
    rows = _rows(purpose, None, sampling.samples(columns), known, bar)
    for notice in sampling.notices(columns) if by_notice else ():
        rows += _rows(purpose, notice, sampling.samples(columns, notice), Known(looked_at=None, accounts={}), bar)
    return rows, _sizes(purpose, columns, bar)


def parity(tx: Transaction, bar: Bar, *, since: datetime, until: datetime, only: PurposeId | None, by_notice: bool) -> Parity:
    """All purposes in one transaction."""
    looks = known(tx)
    chosen = purposes_since(tx, since) if only is None else [only]
    parts = [of_purpose(tx, each, looks, bar, since=since, until=until, by_notice=by_notice) for each in chosen]
    return put_together(looks, parts, since=since, until=until)


def put_together(known: Known, parts: Iterable[tuple[list[Row], list[GroupSize]]], *, since: datetime, until: datetime) -> Parity:
    rows, sizes = [], []
    for part in parts:
        rows += part[0]
        sizes += part[1]
    return Parity(
        since=since,
        until=until,
        looked_at=known.looked_at,
        tested=len(known.accounts),
        rows=tuple(rows),
        sizes=tuple(sizes),
    )


def _rows(purpose: PurposeId, notice: NoticeId | None, samples: Mapping[Measure, Sample], known: Known, bar: Bar) -> list[Row]:
    return [_row(purpose, notice, measure, sample, known, bar) for measure, sample in samples.items()]


def _row(purpose: PurposeId, notice: NoticeId | None, measure: Measure, sample: Sample, known: Known, bar: Bar) -> Row:
    found = comparing.compare(sample, KINDS[measure], least=bar.least, units=True) if len(sample.values) else None
    account, flag = known.accounts.get((purpose, measure)), known.flags.get((purpose, measure))
    return Row(
        purpose=purpose,
        notice=notice,
        measure=measure,
        finding=rules.finding_of(found, flag, same=comparing.all_the_same(sample.values), comparable=_is_comparable(sample, bar)),
        comparison=found,
        account=account,
        chance=None if account is None else rules.chance_of(account),
        flag=flag,
    )


def _is_comparable(sample: Sample, bar: Bar) -> bool:
    """Of a small group not even that is told."""
    few = min(sample.is_no.sum(), (~sample.is_no).sum()) < max(bar.least, 1)
    return bool(few) or comparing.are_comparable(sample)


def _sizes(purpose: PurposeId, columns: Columns, bar: Bar) -> list[GroupSize]:
    return [
        GroupSize(purpose=purpose, group=group, calls=rules.told(calls, bar.least))
        for group, calls in sampling.sizes(columns).items()
    ]
