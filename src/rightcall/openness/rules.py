"""How much of a figure is told. Small numbers name people, and so do numbers that can be subtracted from each other.

Counts are bands of five, as those of concerns are (`concerns.rates`). Shares are told where at least `LEAST` people were asked,
and rounded to fives: at that number one person more or less moves a share by less than what it is rounded to. Only months that
are over count, so that nothing moves on the day on which somebody answers.
"""

from collections.abc import Sequence
from datetime import date
from statistics import median_low

from rightcall.clock import day_of
from rightcall.concerns.rates import band
from rightcall.ids import PurposeId
from rightcall.openness.model import Answers, Met, SetAside
from rightcall.policy.overrides.model import Override
from rightcall.requests.model import RequestKind

LEAST = 50
_STEP = 5
_FEW = 5


def answers_of(purpose: PurposeId, yes: int, no: int, withdrawn: int) -> Answers:
    """`withdrawn`: how many of those who said yes took it back."""
    asked = yes + no
    return Answers(
        purpose=purpose,
        asked=band(asked),
        yes=share(yes, asked),
        no=share(no, asked),
        withdrawn=share(withdrawn, yes),
    )


def share(some: int, of: int) -> int | None:
    return None if of < LEAST else round(100 * some / of / _STEP) * _STEP


def met(kind: RequestKind, received: int, days: Sequence[int], late: int) -> Met:
    """`days`: from received to answered, of each that was answered."""
    return Met(kind=kind, received=band(received), median_days=median_low(days) if len(days) >= _FEW else None, late=band(late))


def is_told(found: Override, last: date) -> bool:
    """What was done about one call is told when the month in which it ended is over: before, whoever looks again and again would
    see the minute of it. `last`: the last day that is counted."""
    return found.call is None or day_of(found.ended_at or found.until) <= last


def set_aside(found: Override) -> SetAside:
    return SetAside(
        value=found.value,
        category=found.category,
        first=day_of(found.begins_at).replace(day=1),
        last=day_of(found.ended_at or found.until).replace(day=1),
        uses=band(found.uses),
    )
