"""The data map from above: how much of which sort of data lies in which system, about how many people, without a purpose, or kept
past its term."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from rightcall.holdings.categories import Category, Sensitivity
from rightcall.ids import PurposeId, SystemId

Sort: TypeAlias = tuple[SystemId | None, Category, Sensitivity]
"""One sort of data in one system; None: Rightcall itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One sort of data in one system (None: Rightcall itself): how many things are there now, how many of them without a purpose,
    and how many whose every last day is over. `nobodys`: what was found there beside them that is linked to nobody we know."""

    system: SystemId | None
    category: Category
    sensitivity: Sensitivity
    items: int
    without_purpose: int
    past_term: int
    nobodys: int = 0

    @property
    def sort(self) -> Sort:
        return self.system, self.category, self.sensitivity


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """About how many people what is there of each sort was, `at` that moment; `is_now` where it was counted for this very look.
    `at` is None where nobody ever counted."""

    of_sort: Mapping[Sort, int]
    at: datetime | None
    is_now: bool

    def about(self, cell: Cell) -> int | None:
        """None where that is not counted yet. Never more than there are things now."""
        counted = self.of_sort.get(cell.sort, 0 if self.is_now or not cell.items else None)
        return None if counted is None else min(counted, cell.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Of the things of one sort those whose last day of all lies between these, where any is given; and `without_purpose` only
    those that are kept for none."""

    last_from: date | None = None
    last_to: date | None = None
    without_purpose: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """So many things of one sort in one system (None: Rightcall itself) are kept until that day, and no longer."""

    last_day: date
    system: SystemId | None
    category: Category
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """So many things of one sort in one system (None: Rightcall itself) whose last days lie between `first_on` and `last_on`."""

    system: SystemId | None
    category: Category
    first_on: date
    last_on: date
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is there now for one purpose (None: for none) of one sort of data in one system (None: Rightcall itself)."""

    purpose: PurposeId | None
    system: SystemId | None
    category: Category
    items: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Miscount:
    """Where the map's counters say otherwise than its rows."""

    counted: Cell | None
    found: Cell | None
