"""From one look to a finding: many looks, many measures, small numbers, and what is large enough to matter. Pure.

Many looks. Each look brings calls that no look had before, and turns them into a normal deviate that has mean nought where the
answer makes no difference. Their sum is weighed by a mixture over possible gaps (Robbins 1970; the mixture sequential probability
ratio test). Under parity this evidence is a martingale, so by Ville's inequality the chance that it ever reaches 1/a is at most
a, however often and whenever anybody looks. A season lasts a year, then the account begins anew.

Many measures. Holm's procedure (1979) on a = 1/evidence holds the chance of any false flag, for measures that hang together in
whatever way; each controller has an equal part of it. A flag says of a purpose that its yeses are not freely given: one that is
false harms, so it is the chance of any that is held and not their share among the flags (Benjamini and Hochberg).
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import NormalDist

from rightcall.ethics.model import (
    BOTH_WAYS,
    Account,
    Bar,
    Comparison,
    Estimate,
    Finding,
    Flag,
    Measure,
    Strata,
)
from rightcall.ids import PurposeId

SEASON = timedelta(days=92)
"""A gap that begins late is told from the calls around it, not from a whole year's mean."""
_SEASONS_A_YEAR = 4
TRIALS = (timedelta(days=28), timedelta(days=84))
"""How long after the first and after the second answer people are asked again before later calls must have shown the gap gone.
Nobody could be compared if nobody were asked; and nobody may put a flag to sleep by answering it. There is no third."""
TIME_TO_REPORT = timedelta(days=1)
"""How long the contact centre's systems have to report a call before a look takes it."""
_COARSER = list(Strata)
_LIKELY_GAP = 0.15
"""The size of gap, in standard deviations, that the mixture is quickest to find: about where a gap begins to matter."""
_NORMAL = NormalDist()
_Z95 = _NORMAL.inv_cdf(0.975)


def opened(purpose: PurposeId, measure: Measure, began_at: datetime) -> Account:
    """An account that knows nothing yet."""
    return Account(
        purpose=purpose,
        measure=measure,
        began_at=began_at,
        until=began_at,
        looks=0,
        noes=0,
        yeses=0,
        score=0.0,
        information=0.0,
        evidence=0.0,
        highest=0.0,
        effect=0.0,
        error=0.0,
    )


def is_over(account: Account, now: datetime, answered_at: datetime | None) -> bool:
    """Whether a new season begins: after a quarter, and after a person's answer, since when things should be otherwise."""
    return now - account.began_at >= SEASON or (answered_at is not None and account.began_at < answered_at)


def added(account: Account, found: Comparison, until: datetime) -> Account:
    """The account with one more look's calls."""
    information = account.information + found.weight
    score = account.score + math.sqrt(found.weight) * found.z
    evidence = log_evidence(score, information, both_ways=account.measure in BOTH_WAYS)
    error = (found.effect.high - found.effect.low) / (2 * _Z95)
    spread = (account.information * account.error) ** 2 + (found.weight * error) ** 2
    return replace(
        account,
        until=until,
        looks=account.looks + 1,
        noes=account.noes + found.noes,
        yeses=account.yeses + found.yeses,
        score=score,
        information=information,
        evidence=evidence,
        highest=max(account.highest, evidence),
        effect=(account.information * account.effect + found.weight * found.effect.value) / information,
        error=math.sqrt(spread) / information,
        strata=max(account.strata, found.strata, key=_COARSER.index),
    )


def log_evidence(score: float, information: float, *, both_ways: bool) -> float:
    """The mixture over gaps, normal about nought; or only over those that are worse for the noes, which is its upper half."""
    square = _LIKELY_GAP**2
    wide = 1 + information * square
    evidence = score**2 * square / (2 * wide) - math.log(wide) / 2
    if both_ways:
        return evidence
    return evidence + math.log(2) + _log_cdf(score * _LIKELY_GAP / math.sqrt(wide))


def _log_cdf(z: float) -> float:
    """Of the normal distribution, far into its lower tail too (erfc underflows beyond; then its first term is near enough)."""
    tail = math.erfc(-z / math.sqrt(2)) / 2
    return math.log(tail) if tail > 0 else -(z**2) / 2 - math.log(-z * math.sqrt(2 * math.pi))


def chance_of(account: Account) -> float:
    """An upper bound on how often parity would ever show as much, valid at any time: an always-valid p-value."""
    return math.exp(-max(account.highest, 0.0))


def held_by_holm(accounts: Sequence[Account], alarm: float) -> list[Account]:
    """Those whose evidence stands after all of them were looked at, the clearest first."""
    found: list[Account] = []
    for place, account in enumerate(sorted(accounts, key=chance_of)):
        if chance_of(account) > alarm / (len(accounts) - place):
            break
        found.append(account)
    return found


def gaps(accounts: Sequence[Account], bar: Bar, *, controllers: int) -> list[Account]:
    """Where a difference is both certain and large enough to matter, in a direction that is a detriment. The alarm rate of a year
    is shared by its seasons, and by the controllers."""
    alarm = bar.alarm / _SEASONS_A_YEAR / max(controllers, 1)
    return [each for each in held_by_holm(accounts, alarm) if matters(each.measure, each.effect, bar)]


def matters(measure: Measure, effect: float, bar: Bar) -> bool:
    return (abs(effect) if measure in BOTH_WAYS else effect) >= bar.gap[measure]


def estimate_of(account: Account) -> Estimate:
    """The mean effect of a season with its 95 % interval."""
    reach = _Z95 * account.error
    return Estimate(value=account.effect, low=max(-1.0, account.effect - reach), high=min(1.0, account.effect + reach))


def trial_of(flag: Flag) -> timedelta:
    return TRIALS[min(max(flag.answers, 1), len(TRIALS)) - 1]


def is_gone(flag: Flag, since: Account, bar: Bar, now: datetime) -> bool:
    """Whether the calls since the person's answer show the gap gone: their interval does not reach the smallest gap that matters.
    Judged once a trial, when its time is up: who looks every week and takes the first week that pleases finds one. That few
    calls show nothing is no sign of parity."""
    if not flag.is_on_trial or flag.answered_at is None or since.began_at < flag.answered_at or since.looks == 0:
        return False
    left, gap = estimate_of(since), bar.gap[flag.measure]
    is_small = left.high < gap and (flag.measure not in BOTH_WAYS or left.low > -gap)
    return now - flag.answered_at >= trial_of(flag) and is_small


def is_over_with(flag: Flag, found: Sequence[Account], now: datetime) -> bool:
    """Whether a trial has failed: its time is up, or the calls since the answer show a gap of their own. `found`: all gaps."""
    if not flag.is_on_trial or flag.answered_at is None:
        return False
    again = any(
        (each.purpose, each.measure) == (flag.purpose, flag.measure) and each.began_at >= flag.answered_at for each in found
    )
    return again or now - flag.answered_at >= trial_of(flag)


def finding_of(comparison: Comparison | None, flag: Flag | None, *, same: bool, comparable: bool = True) -> Finding:
    if flag is not None:
        return Finding.GAP
    if comparison is None:
        return Finding.TOO_FEW if comparable else Finding.NOT_COMPARABLE
    return Finding.ALL_THE_SAME if same else Finding.NO_GAP_FOUND


def told(calls: int, least: int) -> int | None:
    """A group's size, in tens, where it is large enough to be told: two answers side by side single nobody out."""
    return None if calls < least else in_tens(calls)


def in_tens(calls: int) -> int:
    return calls - calls % 10
