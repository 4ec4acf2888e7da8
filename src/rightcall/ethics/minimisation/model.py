"""What each purpose really reads: which fields, how old they are when they are read, and what nobody reads; and what follows.

All of it is counted from the log of uses. Deliberately elsewhere: the log itself (`holdings.uses`), and changing a purpose, which
takes a review (`reviews`). What is proposed here changes nothing by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rightcall.actors import Actor, Role
from rightcall.holdings.uses.model import Ground
from rightcall.ids import ProposalId, PurposeId, ReviewId, StatementId, SystemId

ALARM = 0.05
"""How often, at most, what is proposed for a purpose would be wrong by chance, in one look over all terms that are tried."""
TOLERATED = 0.01
"""A shorter term is proposed only where at most this share of what is kept would be read after it, at the end of an interval."""
MOST_OF_TERM = 0.8
"""A term that is shorter by less than a fifth is not proposed."""
TERMS = (1, 2, 3, 7, 14, 21, 30, 45, 60, 90, 120, 180, 270, 365, 548, 730, 1095, 1461, 1826, 2557)
"""The terms that are tried, in days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """So many holdings whose reading was watched from the age `since` until the age `until`, in whole days; `until` is at most
    the purpose's term. `last`: how old they were when they were last read for it; None where they never were."""

    since: int
    until: int
    last: int | None
    holdings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UsesAtAge:
    """`uses` for the purpose, while what was read was so many days old; `cases` of them named a case."""

    age_days: int
    uses: int
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Of `watched` holdings that were watched from this age to the end of the term, `late` were read after it: a share that is at
    most `high`, but for chance. `within`: the share of all uses that come until this age, had all been watched as long."""

    days: int
    watched: int
    late: int
    high: float
    within: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Beyond:
    """Of `uses` whose age is known, `late` came later than some term: a share that is at most `high`, but for chance. `high`
    is 0 where none did: what was never seen is bounded by the holdings that were watched."""

    uses: int
    late: int
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """So many uses that are alike in all this. `unheld`: what they read is not on the map."""

    age_days: int | None
    ground: Ground
    refused: bool
    role: Role
    fields: tuple[str, ...]
    unheld: bool
    uses: int
    last_at: datetime


class TermFinding(StrEnum):
    """`too_little`: too few holdings were watched to the end of the term to tell. `legal_duty`: a law sets the term, and its
    minimum stays. `never_read`: nothing at all was read, which says nothing about days. `long_needed`: late uses are seen, or
    cannot be ruled out. `shorter`: a shorter term is enough."""

    TOO_LITTLE = "too_little"
    LEGAL_DUTY = "legal_duty"
    NEVER_READ = "never_read"
    LONG_NEEDED = "long_needed"
    SHORTER = "shorter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """`enough_days`: the shortest term that is enough, None where none is proposed. `least_days`: what the law demands, 0 for
    nothing known. `needed`: how many holdings have to be watched to the end before anything can be told. `latest_case`: the
    oldest that anything was when it was read for a case: no shorter term is proposed than that."""

    days: int
    least_days: int
    finding: TermFinding
    enough_days: int | None
    watched: int
    needed: int
    latest_case: int | None
    points: tuple[Point, ...]
    ages: tuple[UsesAtAge, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRead:
    """One field that was read for the purpose, how often, and when last."""

    field: str
    uses: int
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept for the purpose of one category, in one field of one system (None: Rightcall itself). `old_enough`: so many of
    the holdings are there, and were watched, since before the time that is asked about; `read` of them were read in it.
    `told`: this system says what is read of it. Where it does not, nothing can be said."""

    category: str
    system: SystemId | None
    field: str | None
    holdings: int
    old_enough: int
    read: int
    told: bool

    @property
    def is_unread(self) -> bool:
        return self.told and self.old_enough > 0 and self.read == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All that a look found about one purpose, from `since` on: over its term, or over `unread_days` where these are more. What
    is called unread was not read in `unread_days`. `unplaced`: uses in these that name nothing on the map; while there are any,
    nobody can say of a field that it is never read. `never`: roles that the purpose lets at its data and that never used it."""

    purpose: PurposeId
    since: datetime
    until: datetime
    unread_days: int
    uses: Mapping[Ground, int]
    refused: int
    unplaced: int
    fields: tuple[FieldRead, ...]
    kept: tuple[Kept, ...]
    never: tuple[Role, ...]
    term: Term


class Kind(StrEnum):
    SHORTEN_TERM = "shorten_term"
    DROP_CATEGORY = "drop_category"


class Rejection(StrEnum):
    """Why a proposal is not followed. `late_uses_matter`: what is rarely read late is needed all the same. `not_all_seen`:
    systems read it that do not say so."""

    LATE_USES_MATTER = "late_uses_matter"
    LAW_DEMANDS_IT = "law_demands_it"
    NOT_ALL_SEEN = "not_all_seen"
    CHANGING_USE = "changing_use"
    OTHER = "other"


class State(StrEnum):
    """`open`: nobody has answered. `in_review`: a review of the purpose as it would be waits for signatures. `adopted`: it was
    signed by people in two roles, and the purpose is narrower. `lapsed`: the figures do not say so any more, or it is not about
    the purpose as it is now."""

    OPEN = "open"
    IN_REVIEW = "in_review"
    ADOPTED = "adopted"
    REJECTED = "rejected"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProposal:
    """`term_days`: the shorter term; `category`: what to drop. One of them. `was_days`: the term when it was proposed."""

    purpose: PurposeId
    kind: Kind
    term_days: int | None
    category: str | None
    was_days: int
    holdings: int
    uses: int
    late: int
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """`figures`: SHA-256 of the figures that it was made on. `holdings` were watched and `late` of them read after the shorter
    term; at most the share `high` would be. `reason`: what somebody who rejects it says, in their words."""

    id: ProposalId
    what: NewProposal
    figures: bytes
    state: State
    proposed_at: datetime
    answered_by: Actor | None
    answered_at: datetime | None
    rejection: Rejection | None
    reason: str | None
    review: ReviewId | None
    statement: StatementId


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusedAccess:
    """Tokens of a role that some purpose lets at its data, and that never read any."""

    role: Role
    tokens: int
    never_used: int
