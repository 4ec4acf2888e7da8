"""The figures that are open to all. Counts of people are bands, shares are rounded: see `rules`."""

from dataclasses import dataclass
from datetime import date, datetime

from rightcall.activities.model import Recipient
from rightcall.breaches.model import Nature
from rightcall.concerns.rates import Band, Rates
from rightcall.ethics.model import Measure
from rightcall.ids import PurposeId
from rightcall.policy.overrides.model import Category
from rightcall.purposes.model import Purpose
from rightcall.requests.model import RequestKind
from rightcall.reviews.model import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was answered about one purpose. The shares are of a hundred, rounded to fives; None where too few were asked.
    `withdrawn`: of those who said yes in these months."""

    purpose: PurposeId
    asked: Band
    yes: int | None
    no: int | None
    withdrawn: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """How requests of one kind were met. `median_days`: from received to answered; None where fewer than five were answered."""

    kind: RequestKind
    received: Band
    median_days: int | None
    late: Band


@dataclass(frozen=True, slots=True, kw_only=True)
class LetGo:
    """`things`: whose bytes were deleted, each confirmed. `people`: erased altogether. `days`: last days of terms, each of whose
    keys was destroyed, and with it whatever was kept until then."""

    things: Band
    people: Band
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """What is counted over the twelve whole months up to `last`, as it stood then."""

    first: date
    last: date
    answers: tuple[Answers, ...]
    requests: tuple[Met, ...]
    let_go: LetGo
    concerns: Rates


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A house rule that a named person set aside. `value`: what it protects. `first`, `last`: the first day of the month in which
    that began, and of the one in which it ends or ended; a day would tell of a call."""

    value: str
    category: Category
    first: date
    last: date
    uses: Band


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Whoever said no fares worse in this. `tried_since`: it was answered then, and people are asked again, on trial, until calls
    show whether it is gone; None where nobody is asked."""

    purpose: PurposeId
    measure: Measure
    found_at: datetime
    tried_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fairness:
    """What parity showed last. `compared`: how many measures of purposes; `looked_at`: None where nobody looked yet."""

    looked_at: datetime | None
    compared: int
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A breach of personal data, in the year that is told: what happened, when it was known, and who was told of it when.
    `people`: whom it concerns, as far as they can be named; None where that is not counted yet."""

    natures: tuple[Nature, ...]
    people: Band | None
    known_at: datetime
    authority_told_at: datetime | None
    people_told_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A purpose, as it stands now. `review`: what its review says; None where none is in force, and nothing runs for it."""

    purpose: Purpose
    review: Content | None

    @property
    def aloud(self) -> str | None:
        """The sentence that would be said to a customer's face."""
        return None if self.review is None else self.review.answers.said_aloud


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """What stands at this moment."""

    at: datetime
    reasons: tuple[Reason, ...]
    recipients: tuple[Recipient, ...]
    overrides: tuple[SetAside, ...]
    fairness: Fairness
    incidents: tuple[Incident, ...]
    checkpoint: str | None
