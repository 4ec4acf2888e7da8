"""What is published about concerns, for anyone: how many, about what, what came of them, how fast. Nobody is found by it.

Small numbers name people, and so do numbers that can be subtracted from each other. Three rules keep both from happening:

1. Every count is a band of five: fewer than 5 (none included), 5 to 9, 10 to 14, and so on. No total is told.
2. The tables always have the same cells: twelve months, four sorts of target, four outcomes. None of these is a multiple of five,
   so the ends of the bands of two tables never add up to the same, and every cell keeps at least two values that it may have
   (tests/concerns/test_rates.py tries it).
3. Only months that are over count, as they stood on their last day: nothing moves when a concern is raised or answered, so
   watching the page tells nothing of a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median_low

from rightcall.clock import day_of
from rightcall.concerns.model import Concern, Finding, Outcome, TargetKind
from rightcall.concerns.rules import kind_of

MONTHS = 12
_WIDTH = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A count between these two, both included."""

    at_least: int
    at_most: int

    def __str__(self) -> str:
        return f"fewer than {_WIDTH}" if self.at_least == 0 else f"{self.at_least} to {self.at_most}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Concerns raised in twelve whole months, as they stood at the end of the last day. `median_days`: from raised to answered;
    None where fewer than five were answered. `changed`: appeals that ended with another outcome than the answer."""

    first: date
    last: date
    months: dict[str, Band]
    targets: dict[TargetKind, Band]
    outcomes: dict[Outcome, Band]
    median_days: int | None
    overdue: Band
    appeals: Band
    changed: Band


def span(today: date) -> tuple[date, date]:
    """The first and the last day of the twelve months before this one."""
    this_month = today.replace(day=1)
    return this_month.replace(year=this_month.year - 1), this_month - timedelta(days=1)


def rates_of(concerns: Sequence[Concern], today: date) -> Rates:
    """`concerns`: all of those raised in the span."""
    first, last = span(today)
    finals = [final for each in concerns if (final := _final(each, last)) is not None]
    waited = [(day_of(answer.at) - each.raised_on).days for each in concerns if (answer := _until(each.answer, last)) is not None]
    appealed = [each for each in concerns if each.appealed_on is not None and each.appealed_on <= last]
    months = [_month(each.raised_on) for each in concerns]
    kinds = [kind_of(each.target) for each in concerns]
    return Rates(
        first=first,
        last=last,
        months={month: band(months.count(month)) for month in _months(first)},
        targets={kind: band(kinds.count(kind)) for kind in TargetKind},
        outcomes={outcome: band(finals.count(outcome)) for outcome in Outcome},
        median_days=median_low(waited) if len(waited) >= _WIDTH else None,
        overdue=band(sum(_is_late(each, last) for each in concerns)),
        appeals=band(len(appealed)),
        changed=band(sum(_is_changed(each, last) for each in appealed)),
    )


def band(count: int) -> Band:
    low = count // _WIDTH * _WIDTH
    return Band(at_least=low, at_most=low + _WIDTH - 1)


def _final(concern: Concern, last: date) -> Outcome | None:
    found = _until(concern.decision, last) or _until(concern.answer, last)
    return None if found is None else found.outcome


def _until(finding: Finding | None, last: date) -> Finding | None:
    return finding if finding is not None and day_of(finding.at) <= last else None


def _is_late(concern: Concern, last: date) -> bool:
    """Whether on that day something was due that had not come."""
    if _until(concern.answer, last) is None:
        return concern.answer_due_on < last
    appealed = concern.appealed_on is not None and concern.appealed_on <= last
    due = concern.decision_due_on
    return appealed and due is not None and due < last and _until(concern.decision, last) is None


def _is_changed(concern: Concern, last: date) -> bool:
    decision = _until(concern.decision, last)
    return decision is not None and concern.answer is not None and decision.outcome is not concern.answer.outcome


def _months(first: date) -> list[str]:
    return [_month(date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1)) for n in range(MONTHS)]


def _month(day: date) -> str:
    return f"{day:%Y-%m}"
