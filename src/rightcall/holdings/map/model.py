"""The data map from above: how much of which sort of data lies in which system, about how many people, without a purpose, or kept
past its term."""

from dataclasses import dataclass
from datetime import date

from rightcall.holdings.categories import Category, Sensitivity
from rightcall.ids import PurposeId, SystemId


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One sort of data in one system (None: Rightcall itself): how many things are there now, about how many people, how many
    of them without a purpose, and how many whose every last day is over. `nobodys`: what was found there beside them that is
    linked to nobody we know."""

    system: SystemId | None
    category: Category
    sensitivity: Sensitivity
    items: int
    people: int
    without_purpose: int
    past_term: int
    nobodys: int = 0


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
