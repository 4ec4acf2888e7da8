"""Two groups of calls, like with like: is there a difference, how large, and how sure is that? Pure; arrays in, figures out.

Order by rank, never by size: waiting times have heavy tails, and one call of two hours must not decide. Within each stratum
every no is held against every yes (van Elteren 1960, the stratified Wilcoxon test, with ties); yes-or-no measures are tested
exactly, conditional on the margins of each stratum (Mantel and Haenszel 1959; the sum of hypergeometric variables, mid-p).
The effect is Cliff's delta over strata, which for yes-or-no is the difference of shares. Deliberately elsewhere: what follows
from many looks and many measures (`rules`).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from rightcall.ethics.model import Comparison, Estimate, Kind, Strata

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_NORMAL = NormalDist()
_Z95 = _NORMAL.inv_cdf(0.975)
_EXACT_UP_TO = 400.0
"""Above this variance the exact distribution of a count is normal for every purpose here, and slow to add up."""
FEWEST_UNALIKE = 10
"""Below so many calls that differ from the most usual one, both groups together, a test would rest on a handful."""
_FEW = 5
"""Below so many unlike the most usual value in either group, that group's own spread is no measure of its uncertainty."""
_AGENT_AND_TIMES = (
    Strata.QUEUE_LANGUAGE_AGENT_DAY_HOUR,
    Strata.QUEUE_LANGUAGE_AGENT_DAY_FOUR_HOURS,
    Strata.QUEUE_LANGUAGE_AGENT_FOUR_HOURS,
    Strata.QUEUE_LANGUAGE_AGENT,
)
_TIMES = (
    Strata.QUEUE_LANGUAGE_DAY_HOUR,
    Strata.QUEUE_LANGUAGE_DAY_FOUR_HOURS,
    Strata.QUEUE_LANGUAGE_FOUR_HOURS,
    Strata.QUEUE_LANGUAGE,
)
_PAIRED = 0.8
"""The share of noes that must find a yes in their own stratum; else strata are made coarser."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One measure of some calls: its value, whether the answer was no (else yes), what was alike (one column each; the hour is
    of the week), and whether the value was seen on the wire alone. `agent`: who asked, None where that cannot have steered it."""

    values: Floats
    is_no: Bools
    queue: Ints
    language: Ints
    hour: Ints
    from_wire: Bools
    agent: Ints | None = None


@dataclass(frozen=True, slots=True)
class Paired:
    """Calls in strata that have both answers; `stratum` counts from 0, `size`, `noes` and `yeses` are of each stratum."""

    values: Floats
    is_no: Bools
    stratum: Ints
    size: Floats
    noes: Floats
    yeses: Floats

    @property
    def weight(self) -> Floats:
        """What a stratum can tell: the harmonic mean of its groups, halved."""
        return self.noes * self.yeses / self.size


def is_telling(values: Floats) -> bool:
    """Whether enough calls differ from the most usual value. Decided over both groups together, so it favours neither."""
    if not len(values):
        return False
    return len(values) - int(np.unique(values, return_counts=True)[1].max()) >= FEWEST_UNALIKE


def all_the_same(values: Floats) -> bool:
    return len(values) > 0 and bool((values == values[0]).all())


def compare(sample: Sample, kind: Kind, *, least: int, units: bool = False) -> Comparison | None:
    """None where fewer than `least` of either group have one of the other beside them, or are not comparable.
    `units`: also in the measure's own, which
    takes most of the time."""
    if min(sample.is_no.sum(), (~sample.is_no).sum()) < max(least, 1):
        return None
    like = _stratified(sample)
    if like is None:
        return None
    strata, stratum = like
    kept = paired(sample.values, sample.is_no, stratum)
    noes, yeses = int(kept.noes.sum()), int(kept.yeses.sum())
    if min(noes, yeses) < max(least, 1):
        return None
    if kind is Kind.YES_OR_NO:
        z, effect = exact_z(kept), _difference_of_shares(kept)
    else:
        z, effect = rank_z(kept), _cliffs_delta(kept)
    return Comparison(
        noes=noes,
        yeses=yeses,
        strata=strata,
        effect=effect,
        in_units=_in_units(kept, kind) if units else None,
        from_wire=float(sample.from_wire.mean()),
        z=z,
        weight=float(kept.weight.sum()),
    )


def _in_units(kept: Paired, kind: Kind) -> Estimate | None:
    match kind:
        case Kind.SECONDS:
            return _shift(kept)
        case Kind.COUNT:
            return _ratio_of_rates(kept)
        case Kind.YES_OR_NO:
            return None


def are_comparable(sample: Sample) -> bool:
    """Whether like can be held against like at all: where a queue hears only noes, what differs may be the queue."""
    return not sample.is_no.any() or _stratified(sample) is not None


def _stratified(sample: Sample) -> tuple[Strata, Ints] | None:
    """The finest strata in which nearly every no has a yes beside it. None where even in the same queue too few have. Looks at
    answers and strata, never at values."""
    day, block = sample.hour // 24, sample.hour % 24 // 4
    alike = [sample.queue, sample.language]
    times = [[sample.hour], [day, block], [block], []]
    levels = [*zip(_TIMES, ([*alike, *time] for time in times), strict=True), (Strata.QUEUE, alike[:1])]
    if sample.agent is not None:
        levels = [*zip(_AGENT_AND_TIMES, ([*alike, sample.agent, *time] for time in times), strict=True), *levels]
    for level, columns in levels:
        stratum = _codes(columns)
        yeses = np.bincount(stratum, ~sample.is_no)
        if (yeses[stratum[sample.is_no]] > 0).mean() >= _PAIRED:
            return level, stratum
    return None


def _codes(columns: list[Ints]) -> Ints:
    rows = np.stack(columns, axis=1)
    return np.unique(rows, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)


def paired(values: Floats, is_no: Bools, stratum: Ints) -> Paired:
    """The calls of strata that have both answers."""
    noes, yeses = np.bincount(stratum, is_no), np.bincount(stratum, ~is_no)
    kept = ((noes > 0) & (yeses > 0))[stratum]
    codes = np.unique(stratum[kept], return_inverse=True)[1].reshape(-1).astype(np.int64)
    no, size = _tallied(codes, is_no[kept]), _tallied(codes, np.ones(len(codes)))
    return Paired(values[kept], is_no[kept], codes, size, no, size - no)


def _tallied(stratum: Ints, values: Floats | Bools) -> Floats:
    return np.bincount(stratum, values).astype(np.float64)


def _midranks(values: Floats, stratum: Ints) -> tuple[Floats, Floats]:
    """The rank of each value in its stratum, equal ones sharing theirs; and for each stratum the sum of t³ − t over its ties."""
    order = np.lexsort((values, stratum))
    sorted_values, sorted_strata = values[order], stratum[order]
    first = np.ones(len(values), dtype=bool)
    first[1:] = sorted_strata[1:] != sorted_strata[:-1]
    begins = first.copy()
    begins[1:] |= sorted_values[1:] != sorted_values[:-1]
    run = np.cumsum(begins) - 1
    start = np.flatnonzero(begins)
    length = np.diff(np.append(start, len(values))).astype(np.float64)
    stratum_start = np.flatnonzero(first)[np.cumsum(first) - 1]
    ranks = np.empty(len(values))
    ranks[order] = start[run] + (length[run] + 1) / 2 - stratum_start
    ties = _tallied(sorted_strata[start], length**3 - length)
    return ranks, ties


def rank_z(kept: Paired) -> float:
    """The stratified Wilcoxon test's z (van Elteren), corrected for ties: positive where the noes have more. 0 where all are the
    same."""
    ranks, ties = _midranks(kept.values, kept.stratum)
    sums = np.bincount(kept.stratum, ranks * kept.is_no)
    more = sums - kept.noes * (kept.size + 1) / 2
    spread = kept.size + 1 - ties / (kept.size * (kept.size - 1))
    variance = kept.noes * kept.yeses / 12 * spread
    total = float((variance / (kept.size + 1) ** 2).sum())
    return float((more / (kept.size + 1)).sum()) / math.sqrt(total) if total > 1e-12 else 0.0


def exact_z(kept: Paired) -> float:
    """For values of 0 and 1: the exact conditional test's mid-p as a normal deviate. 0 where all are the same."""
    events = _tallied(kept.stratum, kept.values)
    observed = float((kept.values * kept.is_no).sum())
    expected = kept.noes * events / kept.size
    variance = expected * (kept.size - events) / kept.size * kept.yeses / (kept.size - 1)
    total = float(variance.sum())
    if total <= 1e-12:
        return 0.0
    if total > _EXACT_UP_TO:
        return float(observed - expected.sum()) / math.sqrt(total)
    chances, fewest = _sum_of_hypergeometrics(kept, events)
    at = round(observed) - fewest
    half = chances[at] / 2
    below, above = float(chances[:at].sum() + half), float(chances[at + 1 :].sum() + half)
    return -_deviate(above) if above < below else _deviate(below)


def _deviate(chance: float) -> float:
    return _NORMAL.inv_cdf(min(max(chance, 1e-300), 1 - 1e-16))


def _sum_of_hypergeometrics(kept: Paired, events: Floats) -> tuple[Floats, int]:
    """The distribution of how many events fall to the noes if the answer made no difference, and its lowest value."""
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, int(kept.size.max()) + 1)))])
    total, fewest = np.ones(1), 0
    for noes, yeses, happened in zip(kept.noes.astype(int), kept.yeses.astype(int), np.rint(events).astype(int), strict=True):
        least, most = max(0, happened - yeses), min(noes, happened)
        if least == most:
            fewest += least
            continue
        to_no = np.arange(least, most + 1)
        weights = -(logs[to_no] + logs[noes - to_no] + logs[happened - to_no] + logs[yeses - happened + to_no])
        chances = np.exp(weights - weights.max())
        total = np.convolve(total, chances / chances.sum())
        fewest += least
    return total, fewest


def _cliffs_delta(kept: Paired) -> Estimate:
    """Over strata: of all pairs, the share in which the no has more less the share in which it has less. The interval is by the
    spread of each call's placement among the other group (DeLong et al. 1988), which holds for ties and any shape."""
    both, _ = _midranks(kept.values, kept.stratum)
    own, _ = _midranks(kept.values, 2 * kept.stratum + kept.is_no)
    others = np.where(kept.is_no, kept.yeses[kept.stratum], kept.noes[kept.stratum])
    placed = (2 * (both - own) / others - 1) * np.where(kept.is_no, 1, -1)
    mean, variance = _standardised(kept, placed)
    return _bounded(float(mean[0]), math.sqrt(max(float(variance.sum()), _least_variance(kept))))


def _least_variance(kept: Paired) -> float:
    """What the spread would be if the group that differs least had one more call unlike the most usual: where it has none, its
    own spread is nought, which is no sign of certainty."""
    usual = float(np.unique(kept.values, return_counts=True)[1].argmax())
    usual = float(np.unique(kept.values)[int(usual)])
    unlike, total = kept.values != usual, 0.0
    for is_group, count in ((kept.is_no, kept.noes), (~kept.is_no, kept.yeses)):
        weight = kept.weight / kept.weight.sum()
        size = 1 / float((weight**2 / count).sum())
        share = (float((unlike & is_group).sum()) + 1) / (float(is_group.sum()) + 2)
        total += share * (1 - share) / size
    return total if min(int((unlike & kept.is_no).sum()), int((unlike & ~kept.is_no).sum())) < _FEW else 0.0


def _standardised(kept: Paired, values: Floats) -> tuple[Floats, Floats]:
    """Mean and its variance, of the noes and of the yeses, each stratum weighed by what it can tell. The spread is taken about
    the whole group's mean, so that strata of one call have one as well."""
    weight = kept.weight / kept.weight.sum()
    of_no, of_yes = (weight / kept.noes)[kept.stratum] * kept.is_no, (weight / kept.yeses)[kept.stratum] * ~kept.is_no
    means = np.array([(of_no * values).sum(), (of_yes * values).sum()])
    apart = np.array([(of_no**2 * (values - means[0]) ** 2).sum(), (of_yes**2 * (values - means[1]) ** 2).sum()])
    counts = np.array([kept.noes.sum(), kept.yeses.sum()])
    return means, apart * counts / np.maximum(counts - 1, 1)


def _difference_of_shares(kept: Paired) -> Estimate:
    """Newcombe's interval (1998, method 10: Wilson's, squared and added), over strata with effective sizes."""
    weight = kept.weight / kept.weight.sum()
    shares, limits = [], []
    for is_group, count in ((kept.is_no, kept.noes), (~kept.is_no, kept.yeses)):
        happened = np.bincount(kept.stratum, kept.values * is_group)
        share = float((weight * happened / count).sum())
        shares.append(share)
        limits.append(wilson(share, 1 / float((weight**2 / count).sum())))
    (no, yes), ((no_low, no_high), (yes_low, yes_high)) = shares, limits
    value = no - yes
    return Estimate(
        value=value,
        low=max(-1.0, value - math.hypot(no - no_low, yes_high - yes)),
        high=min(1.0, value + math.hypot(no_high - no, yes - yes_low)),
    )


def wilson(share: float, size: float) -> tuple[float, float]:
    """Wilson's score interval (1927)."""
    square = _Z95**2
    centre = share + square / (2 * size)
    reach = _Z95 * math.sqrt(max(share * (1 - share) / size + square / (4 * size**2), 0.0))
    return (centre - reach) / (1 + square / size), (centre + reach) / (1 + square / size)


def _ratio_of_rates(kept: Paired) -> Estimate | None:
    """How many times as many, over strata (Mantel-Haenszel weights); None where a group has none at all. The spread is the calls'
    own, so that counts may be more uneven than Poisson's."""
    means, variance = _standardised(kept, kept.values)
    if means.min() <= 0:
        return None
    error = math.sqrt(float((variance / means**2).sum()))
    value = float(means[0] / means[1])
    return Estimate(value=value, low=value * math.exp(-_Z95 * error), high=value * math.exp(_Z95 * error))


def _shift(kept: Paired) -> Estimate:
    """By how much the noes have more: the shift that makes the stratified Wilcoxon test see no difference (Hodges and Lehmann
    1963), and those at which it would just see one. To a tenth of a unit."""
    values = kept.values - kept.values.min()
    width = float(values.max()) + 1.0
    key = kept.stratum * 4 * width
    yes = np.sort((key + values)[~kept.is_no])
    no, offsets = (key + values)[kept.is_no], np.concatenate([[0.0], np.cumsum(kept.yeses)])
    stratum = kept.stratum[kept.is_no]
    variance = float((kept.noes * kept.yeses / 12 / (kept.size + 1)).sum())

    def z_at(shift: float) -> float:
        below = (np.searchsorted(yes, no - shift, "left") + np.searchsorted(yes, no - shift, "right")) / 2 - offsets[stratum]
        more = np.bincount(stratum, below) - kept.noes * kept.yeses / 2
        return float((more / (kept.size + 1)).sum()) / math.sqrt(variance)

    value, low, high = (_falls_to(z_at, level, width) for level in (0.0, _Z95, -_Z95))
    return Estimate(value=value, low=min(low, value), high=max(high, value))


def _falls_to(z_at: Callable[[float], float], level: float, width: float) -> float:
    """Where a falling function reaches `level`: the middle, where it does so over a stretch."""

    def found(is_above: Callable[[float], bool]) -> float:
        low, high = -width, width
        while high - low > 0.01:
            middle = (low + high) / 2
            low, high = (middle, high) if is_above(z_at(middle)) else (low, middle)
        return (low + high) / 2

    middle = (found(lambda z: z > level + 1e-9) + found(lambda z: z >= level - 1e-9)) / 2
    return round(middle, 1) + 0.0


def _bounded(value: float, error: float) -> Estimate:
    return Estimate(value=value, low=max(-1.0, value - _Z95 * error), high=min(1.0, value + _Z95 * error))
