"""What another term of a purpose does to what is held already."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasted:
    """What was made before `until` lasted `days` for the purpose: all of its term as it was then."""

    days: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """So many things of ours, of so many people, would be kept for longer, the first of which would go after `first_day`, the
    last after `last_day`; None where there are none. `less`: so many were given less than the term by a rule of its own, and stay
    as they are. `is_all`: False where only some of all that is held was looked at, so that there may be more of each."""

    items: int
    people: int
    first_day: date | None
    last_day: date | None
    less: int
    is_all: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sooner:
    """So many things of ours, of so many people, would end sooner than they do now: `at_once`, or with their last day within a
    month, within a quarter of a year, or later. `stays`: so many of them stay for another purpose. `is_all` as in `Reach`."""

    items: int
    people: int
    at_once: int
    in_a_month: int
    in_a_quarter: int
    later: int
    stays: int
    is_all: bool
