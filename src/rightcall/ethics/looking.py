"""One look at parity: take in what the wire told, add the calls that no look had before, weigh it all, and flag or lift.

Every part may be repeated: a call is counted once for each measure of each purpose. Where a group has too few calls, they wait
for the next look. Deliberately elsewhere: what is shown for a period (`standing`), and when a look is made (`worker`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from rightcall.clock import Clock
from rightcall.concerns.actions import raise_concern
from rightcall.concerns.model import AboutPurpose, Days, System
from rightcall.database.connection import Transaction
from rightcall.ethics import comparing, rules, sampling, store
from rightcall.ethics.actions import flags
from rightcall.ethics.model import KINDS, Account, Bar, Flag, FlagId, LookId, Measure
from rightcall.ethics.outcomes import actions as outcomes
from rightcall.ethics.saying import concern_about
from rightcall.ethics.slices import actions as reading
from rightcall.ethics.slices import store as slice_store
from rightcall.ethics.statements import FlagLapsed, FlagLifted, ParityLooked, PurposeFlagged
from rightcall.ids import PurposeId, StatementId, new_id
from rightcall.ledger.actions import append
from rightcall.vault.actions import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What came of a look: how many measures of purposes have an account, and which flags are new, which are lifted,
    and which were answered in vain."""

    tested: int
    flagged: tuple[FlagId, ...]
    lifted: tuple[FlagId, ...]
    lapsed: tuple[FlagId, ...]


def begin(tx: Transaction, clock: Clock, *, kept: timedelta) -> LookId:
    """A look over what was taken down until a day ago: whoever reports has had a day to do so."""
    now = clock.now()
    until = now - rules.TIME_TO_REPORT
    last = store.last_look(tx)
    since = now - kept if last is None else max(last[1], now - kept)
    outcomes.take_in_seen(tx, clock, since=since, until=until)
    look = LookId(new_id())
    store.insert_look(tx, look, at=now, until=until)
    append(tx, ParityLooked(at=now, controller=tx.of, look=look, until=until))
    return look


def purposes_of(tx: Transaction, look: LookId, *, kept: timedelta) -> list[PurposeId]:
    """Those that this look has anything to add to."""
    looked_at, _ = store.times_of_look(tx, look)
    return slice_store.asked_purposes(tx, looked_at - kept)


def add(tx: Transaction, look: LookId, purpose: PurposeId, bar: Bar, *, kept: timedelta) -> int:
    """The calls of one purpose since the look before, for each measure that they tell something of. How many measures those were.
    Again adds nothing."""
    looked_at, until = store.times_of_look(tx, look)
    accounts = _accounts_of(tx, purpose, looked_at, kept)
    added = 0
    answered = _answered(flag for flag in flags(tx) if flag.purpose == purpose)

    def span(measure: Measure) -> tuple[datetime, datetime]:
        """From when on it was told, and from when on the calls ended: one from before an answer does not show what is mended."""
        return accounts[measure].until, answered.get(measure, looked_at - 2 * kept)

    for (since, after), measures in groupby(sorted(accounts, key=span), span):
        if since >= until:
            continue
        known = sampling.samples(reading.columns(tx, purpose, since=since, until=until, after=after))
        for measure in measures:
            sample = known[measure]
            found = comparing.compare(sample, KINDS[measure], least=bar.least) if comparing.is_telling(sample.values) else None
            if found is not None:
                added += store.insert_account(tx, look, rules.added(accounts[measure], found, until))
    return added


def _accounts_of(tx: Transaction, purpose: PurposeId, now: datetime, kept: timedelta) -> Mapping[Measure, Account]:
    """What each measure's new calls are added to: the account of this season, or one that begins."""
    known = {account.measure: account for account in store.accounts(tx) if account.purpose == purpose}
    answered = _answered(flag for flag in flags(tx) if flag.purpose == purpose)
    accounts: dict[Measure, Account] = {}
    for measure in Measure:
        last, answer = known.get(measure), answered.get(measure)
        since = now - kept if last is None else max(now - kept, last.until)
        if answer is not None and (last is None or last.began_at < answer):
            since = max(since, answer + rules.TIME_TO_REPORT)
        begins = last is None or rules.is_over(last, now, answer)
        accounts[measure] = rules.opened(purpose, measure, since) if begins or last is None else last
    return accounts


def _answered(flags: Iterable[Flag]) -> Mapping[Measure, datetime]:
    """When each measure's flags were answered last."""
    latest: dict[Measure, datetime] = {}
    for flag in flags:
        if flag.answered_at is not None:
            latest[flag.measure] = max(flag.answered_at, latest.get(flag.measure, flag.answered_at))
    return latest


def weigh(tx: Transaction, vault: Vault, clock: Clock, look: LookId, bar: Bar, *, controllers: int, days: Days) -> Looked:
    """All accounts together: flag what is a gap and not flagged yet, lift what a person has answered and is gone. Again changes
    nothing. `controllers`: how many there are, since each has its part of the false alarms. `days`: the clocks of the
    concern that a flag raises."""
    store.lock_accounts(tx)
    accounts, standing = store.accounts(tx), [flag for flag in flags(tx) if flag.stands]
    open_now = {(flag.purpose, flag.measure) for flag in standing}
    found = rules.gaps(accounts, bar, controllers=controllers)
    new = [each for each in found if (each.purpose, each.measure) not in open_now]
    by_purpose: dict[PurposeId, list[Account]] = defaultdict(list)
    for account in new:
        by_purpose[account.purpose].append(account)
    flagged = [flag for purpose, each in by_purpose.items() for flag in _flag(tx, vault, clock, look, purpose, each, days)]
    since = {(account.purpose, account.measure): account for account in accounts}
    gone = [flag for flag in standing if _is_gone(flag, since.get((flag.purpose, flag.measure)), bar, clock.now())]
    vain = [flag for flag in standing if flag not in gone and rules.is_over_with(flag, found, clock.now())]
    for flag in gone:
        _lift(tx, clock, look, flag)
    for flag in vain:
        _lapse(tx, clock, look, flag)
    return Looked(
        tested=len(accounts),
        flagged=tuple(flagged),
        lifted=tuple(flag.id for flag in gone),
        lapsed=tuple(flag.id for flag in vain),
    )


def _is_gone(flag: Flag, since: Account | None, bar: Bar, now: datetime) -> bool:
    return since is not None and rules.is_gone(flag, since, bar, now)


def _flag(
    tx: Transaction, vault: Vault, clock: Clock, look: LookId, purpose: PurposeId, found: list[Account], days: Days
) -> list[FlagId]:
    """One concern for the purpose, and a flag for each measure."""
    words = concern_about(found)
    concern = raise_concern(tx, vault, clock, target=AboutPurpose(purpose), words=words, by=System(), days=days).concern.id
    made = []
    for account in found:
        flag = Flag(
            id=FlagId(new_id()),
            purpose=purpose,
            measure=account.measure,
            look=look,
            effect=rules.estimate_of(account),
            noes=account.noes,
            yeses=account.yeses,
            flagged_at=clock.now(),
            concern=concern,
            answer=None,
            answered_by=None,
            answered_at=None,
            lapsed_at=None,
            lifted_at=None,
            statement=StatementId(new_id()),
            strata=account.strata,
        )
        append(tx, _said(tx, flag), id=flag.statement)
        store.insert_flag(tx, flag)
        made.append(flag.id)
    return made


def _said(tx: Transaction, flag: Flag) -> PurposeFlagged:
    return PurposeFlagged(
        at=flag.flagged_at,
        controller=tx.of,
        flag=flag.id,
        look=flag.look,
        purpose=flag.purpose,
        measure=flag.measure,
        effect=round(1000 * flag.effect.value),
        low=round(1000 * flag.effect.low),
        high=round(1000 * flag.effect.high),
        noes=rules.in_tens(flag.noes),
        yeses=rules.in_tens(flag.yeses),
        concern=flag.concern,
    )


def _lift(tx: Transaction, clock: Clock, look: LookId, flag: Flag) -> None:
    at, statement = clock.now(), StatementId(new_id())
    said = FlagLifted(at=at, controller=tx.of, flag=flag.id, look=look, purpose=flag.purpose, measure=flag.measure)
    append(tx, said, id=statement)
    store.insert_lifting(tx, flag, look, at=at, statement=statement)


def _lapse(tx: Transaction, clock: Clock, look: LookId, flag: Flag) -> None:
    at, statement = clock.now(), StatementId(new_id())
    said = FlagLapsed(at=at, controller=tx.of, flag=flag.id, look=look, purpose=flag.purpose, measure=flag.measure)
    append(tx, said, id=statement)
    store.insert_lapse(tx, flag, look, at=at, statement=statement)
