"""A breach of personal data (GDPR Art. 4(12)): what is known of it, and what the data map says it means.

What may have been open is what lay in that system between two instants. How bad that is follows from facts by one table (rules);
whoever finds it too bad or too mild corrects the facts, never the result.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rightcall.actors import Actor
from rightcall.discovery.seen.model import Seen
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
    """In the steps of ENISA's recommendations for assessing breaches (2013). `not_known`: by what is known it would be low, and
    nobody read all of it."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very_high"
    NOT_KNOWN = "not_known"


class Owed(StrEnum):
    """Who is still to be told of a breach, the most pressing first: the authority, whose 72 hours are over; the authority, while
    they run; the people."""

    AUTHORITY_LATE = "authority, late"
    AUTHORITY = "authority"
    PEOPLE = "people"


class LateReason(StrEnum):
    """Why the authority was told later than 72 hours after the breach became known (Art. 33(1))."""

    LOOKED_INTO = "looked_into"
    IN_PHASES = "in_phases"
    NOT_SEEN_AS_ONE = "not_seen_as_one"
    TOLD_LATE = "told_late"
    ASKED_TO_WAIT = "asked_to_wait"
    OVERSIGHT = "oversight"


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
class Word:
    """Somebody was told of it: the people, or the authority; `at` that moment, None for now. `late_because`: of the authority,
    where that was after its 72 hours."""

    people: bool
    at: datetime | None = None
    late_because: LateReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """`late_because`: why the authority was told after its 72 hours."""

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
    weighing_asked_at: datetime | None = None
    late_because: LateReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """One sort of data that lay open: how much, of how many people. `nobodys`: how much more there was that belongs to nobody we
    can name. `first_seen_after`: of both, found only after the breach, and may have been there before."""

    category: Category
    sensitivity: Sensitivity
    items: int
    people: int
    first_seen_after: int
    nobodys: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Nobodys:
    """What lay open and belongs to nobody we can name: so many items, in so many records: rows, messages, lines. Each record is
    about a person, or about several; several may be about one."""

    items: int
    records: int


class ToldBy(StrEnum):
    """What tells in which country somebody lives; the first that is known."""

    NUMBER = "number"
    ADDRESS = "address"
    REGION = "region"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenCountry:
    """A country that so many numbers, or addresses, of one person belong to, as scans saw them."""

    place: str
    by: ToldBy
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """In which countries so many of the `looked_at` people live, and what told it of how many: a telephone number, an address,
    else the one region that the system is registered for. `regions`: all those that it is registered for."""

    counted: Mapping[str, int]
    looked_at: int
    told_by: Mapping[ToldBy, int]
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """`people` and `items`: of those whom we can name; `nobodys`: beside them; `card_codes`: how much of both is the
    security code of a card. `score` and `severity` by rules.py, over both.
    `places`: in which countries so many of the `places_of` people who were looked at live, and `told_by` what of how
    many; `laws`: the places whose law applies. `risk` and `high_risk` are what Art. 33(1) and 34(1)
    ask, and stand while they cannot be ruled out. `seen`: what is known of the system; None of Rightcall itself."""

    open: tuple[Open, ...]
    people: int
    items: int
    nobodys: Nobodys
    card_codes: int
    seen: Seen | None
    score: float
    severity: Severity
    risk: bool
    high_risk: bool
    places: Mapping[str, int]
    places_of: int
    told_by: Mapping[ToldBy, int]
    regions: tuple[str, ...]
    laws: tuple[str, ...]
    at: datetime

    @property
    def is_whole(self) -> bool:
        """All that lay there was looked for to the end, and could be read."""
        return self.seen is None or self.seen.is_read
