"""A breach of personal data (GDPR Art. 4(12)): what is known of it, and what the data map says it means.

What may have been open is what lay in that system between two instants. How bad that is follows from facts by one table (rules);
whoever finds it too bad or too mild corrects the facts, never the result.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rightcall.actors import Actor
from rightcall.holdings.categories import Category, Sensitivity
from rightcall.ids import BreachId, StatementId, SystemId, VerdictId


class Nature(StrEnum):
    """What happened to the data: seen, changed, lost."""

    CONFIDENTIALITY = "confidentiality"
    INTEGRITY = "integrity"
    AVAILABILITY = "availability"


class Reach(StrEnum):
    """Who may have it now. `unknown` is weighed as anybody."""

    NOBODY = "nobody"
    KNOWN_RECIPIENTS = "known_recipients"
    UNKNOWN = "unknown"


class Severity(StrEnum):
    """In the steps of ENISA's recommendations for assessing breaches (2013)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very_high"


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """`malicious`: somebody meant to. `unintelligible`: what leaked is sealed under keys that did not leak (Art. 34(3)(a))."""

    nature: frozenset[Nature]
    reach: Reach = Reach.UNKNOWN
    malicious: bool = True
    unintelligible: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What lay in `system` (None: Rightcall itself) from `began_at` to before `until`."""

    system: SystemId | None
    began_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBreach:
    """`known_at`: when somebody at the controller became aware of it; the 72 hours count from then."""

    window: Window
    circumstances: Circumstances
    known_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    id: BreachId
    window: Window
    circumstances: Circumstances
    known_at: datetime
    entered_by: Actor
    entered_at: datetime
    authority_told_at: datetime | None
    people_told_at: datetime | None
    closed_at: datetime | None
    verdict: VerdictId | None
    statement: StatementId


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """One sort of data that lay open: how much, of how many people. `first_seen_after`: found only after the breach, and may have
    been there before."""

    category: Category
    sensitivity: Sensitivity
    items: int
    people: int
    first_seen_after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """`score` and `severity` by rules.py. `places`: in which countries, by their numbers, so many of the `places_of` people who
    were looked at live; `laws`: the places whose law applies. `risk` and `high_risk` are what Art. 33(1) and 34(1) ask."""

    open: tuple[Open, ...]
    people: int
    items: int
    score: float
    severity: Severity
    risk: bool
    high_risk: bool
    places: Mapping[str, int]
    places_of: int
    laws: tuple[str, ...]
    at: datetime
