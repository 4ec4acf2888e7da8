"""What the counts allow to be said of a purpose's term and of what it keeps.

Data that is young cannot have been read late: only holdings that were watched from the shorter term to the end of the present one
tell whether anything is read in between. Of those that were not watched so long, the ones that were read late count against the
shorter term all the same. What answers a person's own request, or is read under a hold, is no need of the purpose: a person gets
what there is, and a hold has a key of its own. What is read for a case is shown, and no term is proposed that ends before.
Few holdings may be read often: of the uses themselves, too, all must fall within the shorter term, or all but a share whose
bound is stated. Assumed, and said in the docs: holdings are read independently of one another, and the future is read like the
past.
"""

from collections.abc import Iterable, Sequence
from math import exp, expm1, lgamma, log, log1p, sqrt

from rightcall.ethics.minimisation.model import (
    ALARM,
    MOST_OF_TERM,
    TERMS,
    TOLERATED,
    Beyond,
    Cohort,
    Figures,
    Kept,
    Kind,
    NewProposal,
    Point,
    Term,
    TermFinding,
    UsesAtAge,
)
from rightcall.purposes.model import LawfulBasis, Purpose

_MANY = 200
_Z = 3.0
"""For more late holdings than `_MANY` the interval is Wilson's, with this many standard errors: wider than is needed."""


def most(late: int, watched: int, alarm: float) -> float:
    """The upper end of an exact one-sided interval (Clopper and Pearson, 1934) for a share: it is higher at most so often."""
    if watched == 0 or late >= watched:
        return 1.0
    if late == 0:
        return -expm1(log(alarm) / watched)
    if late > _MANY:
        return _wilson(late, watched)
    low, high = late / watched, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(late, watched, middle) > alarm else (low, middle)
    return high


def needed(terms: int) -> int:
    """So many holdings have to be watched to the end, and none of them read late, before a term can be proposed at all."""
    alarm = ALARM / max(1, terms)
    return int(log(alarm) / log1p(-TOLERATED)) + 1


def term_of(
    purpose: Purpose, cohorts: Sequence[Cohort], ages: Sequence[UsesAtAge], *, least_days: int, latest_case: int | None
) -> Term:
    """What can be said of the purpose's term. `least_days`: what a law demands that it be kept at least."""
    tried = [days for days in TERMS if days < purpose.term_days]
    alarm = ALARM / max(1, len(tried))
    within = _within(cohorts, ages, purpose.term_days)
    points = tuple(_point(cohorts, days, purpose.term_days, alarm, within) for days in tried)
    watched = sum(each.holdings for each in cohorts if each.until >= purpose.term_days)
    may = [each for each in points if _is_enough(each, purpose.term_days, least_days, latest_case)]
    enough = next((each for each in may if _falls_within(each, beyond(ages, each.days, len(tried)))), None)
    enough = None if _is_duty(purpose) or not ages else enough
    return Term(
        days=purpose.term_days,
        least_days=least_days,
        finding=_finding(purpose, watched, len(tried), enough, bool(ages)),
        enough_days=None if enough is None else enough.days,
        watched=watched,
        needed=needed(len(tried)),
        latest_case=latest_case,
        points=points,
        ages=tuple(ages),
    )


def beyond(ages: Iterable[UsesAtAge], days: int, terms: int) -> Beyond:
    """What of the uses comes later than `days`, where so many terms are tried."""
    found = list(ages)
    uses, late = sum(each.uses for each in found), sum(each.uses for each in found if each.age_days > days)
    return Beyond(uses=uses, late=late, high=most(late, uses, ALARM / max(1, terms)) if late else 0.0)


def proposals(purpose: Purpose, figures: Figures) -> list[NewProposal]:
    """What follows from the figures, the shorter term first."""
    found = []
    term = figures.term
    if term.finding is TermFinding.SHORTER and term.enough_days is not None:
        point = next(each for each in term.points if each.days == term.enough_days)
        shorter = _proposal(
            purpose, figures, Kind.SHORTEN_TERM, term_days=point.days, watched=point.watched, late=point.late, high=point.high
        )
        found.append(shorter)
    for category in sorted(_droppable(purpose, figures)):
        watched = sum(each.old_enough for each in figures.kept if each.category == category)
        high = most(0, watched, ALARM / len(purpose.data_categories))
        found.append(_proposal(purpose, figures, Kind.DROP_CATEGORY, category=category, watched=watched, late=0, high=high))
    return found


def still_follows(what: NewProposal, now: Iterable[NewProposal]) -> bool:
    """Whether the figures of today say the same: the same kind, the same term or category, of the same purpose as it was."""
    return any(
        (each.kind, each.term_days, each.category, each.was_days) == (what.kind, what.term_days, what.category, what.was_days)
        for each in now
    )


def _droppable(purpose: Purpose, figures: Figures) -> set[str]:
    """Categories of which nothing anywhere was read, where every place tells, and enough was there long enough. Never all."""
    if figures.unplaced or _is_duty(purpose):
        return set()
    by_category: dict[str, list[Kept]] = {}
    for each in figures.kept:
        by_category.setdefault(each.category, []).append(each)
    alarm = ALARM / len(purpose.data_categories)
    unread = {
        category
        for category, kept in by_category.items()
        if category in purpose.data_categories
        and all(each.told and each.read == 0 for each in kept)
        and most(0, sum(each.old_enough for each in kept), alarm) <= TOLERATED
    }
    return unread if unread < set(purpose.data_categories) else set()


def _proposal(
    purpose: Purpose,
    figures: Figures,
    kind: Kind,
    *,
    watched: int,
    late: int,
    high: float,
    term_days: int | None = None,
    category: str | None = None,
) -> NewProposal:
    return NewProposal(
        purpose=purpose.id,
        kind=kind,
        term_days=term_days,
        category=category,
        was_days=purpose.term_days,
        holdings=watched,
        uses=sum(figures.uses.values()),
        late=late,
        high=high,
    )


def _is_duty(purpose: Purpose) -> bool:
    return purpose.lawful_basis is LawfulBasis.LEGAL_OBLIGATION


def _finding(purpose: Purpose, watched: int, tried: int, enough: Point | None, is_read: bool) -> TermFinding:
    if _is_duty(purpose):
        return TermFinding.LEGAL_DUTY
    if enough is not None:
        return TermFinding.SHORTER
    if watched < needed(tried):
        return TermFinding.TOO_LITTLE
    return TermFinding.LONG_NEEDED if is_read else TermFinding.NEVER_READ


def _is_enough(point: Point, term_days: int, least_days: int, latest_case: int | None) -> bool:
    return (
        point.high <= TOLERATED
        and point.days <= MOST_OF_TERM * term_days
        and point.days >= least_days
        and (latest_case is None or point.days >= latest_case)
    )


def _falls_within(point: Point, late: Beyond) -> bool:
    """All uses that were seen, or all but a share that is at most what is tolerated; counted as they are, and counted as if all
    had been watched as long."""
    return late.late == 0 or (late.high <= TOLERATED and point.within >= 1 - TOLERATED)


def _point(cohorts: Sequence[Cohort], days: int, term_days: int, alarm: float, within: Sequence[float]) -> Point:
    """A holding that was read when it was `days` old was read in time: it is dark only once the day is over. One that was read
    later counts, however short it was watched."""
    late = sum(each.holdings for each in cohorts if each.last is not None and each.last > days)
    in_time = sum(
        each.holdings
        for each in cohorts
        if each.since <= days and each.until >= term_days and (each.last is None or each.last <= days)
    )
    watched = late + in_time
    return Point(days=days, watched=watched, late=late, high=most(late, watched, alarm), within=within[days])


def _within(cohorts: Sequence[Cohort], ages: Sequence[UsesAtAge], term_days: int) -> list[float]:
    """The share of uses until each age, from 0 to the term: uses at each age for each holding that was watched at that age, added
    up (the mean cumulative function of recurrent events), so that what is too young to be read late takes nothing away."""
    at_risk = [0] * (term_days + 2)
    for each in cohorts:
        at_risk[min(each.since, term_days + 1)] += each.holdings
        at_risk[min(each.until, term_days) + 1] -= each.holdings
    for age in range(1, len(at_risk)):
        at_risk[age] += at_risk[age - 1]
    rate = [0.0] * (term_days + 1)
    for use in ages:
        if use.age_days <= term_days and at_risk[use.age_days]:
            rate[use.age_days] = use.uses / at_risk[use.age_days]
    total, found, so_far = sum(rate), [], 0.0
    for each_rate in rate:
        so_far += each_rate
        found.append(so_far / total if total else 0.0)
    return found


def _at_most(late: int, watched: int, share: float) -> float:
    """The chance of at most so many, where each is late with this chance."""
    if share >= 1.0:
        return 0.0
    whole, rest = log(share), log1p(-share)
    return sum(
        exp(lgamma(watched + 1) - lgamma(n + 1) - lgamma(watched - n + 1) + n * whole + (watched - n) * rest)
        for n in range(late + 1)
    )


def _wilson(late: int, watched: int) -> float:
    share, square = late / watched, _Z * _Z
    middle = share + square / (2 * watched)
    spread = _Z * sqrt(share * (1 - share) / watched + square / (4 * watched * watched))
    return min(1.0, (middle + spread) / (1 + square / watched))
