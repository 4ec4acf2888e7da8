"""The review of a purpose: why, is it right, who could be hurt, would less do. Without one in force nothing runs for it.

A review is the controller's own words about a purpose, never about a person (GDPR Art. 5(2), 24, 35). It is written once, in
versions; whoever signs it signs exactly that, and when what it is about changes, it does not count any more.
Deliberately elsewhere: what a review lets be done is the rules' to say (`policy`); a concern about a purpose is in `concerns`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from rightcall.actors import Actor, Role
from rightcall.ids import OverrideId, ProposalId, PurposeId, ReviewId, StatementId, VerdictId
from rightcall.policy.model import Act
from rightcall.policy.situations import DesignFacts
from rightcall.purposes.model import Lengthening, Narrowing, Purpose


class Capacity(StrEnum):
    """For whom somebody speaks who signs; the signer says so, and the token must allow it (rules.MAY_SPEAK)."""

    FOR_CUSTOMERS = "for_customers"
    FOR_AGENTS = "for_agents"
    FOR_THE_HOUSE = "for_the_house"


class Likelihood(StrEnum):
    RARE = "rare"
    POSSIBLE = "possible"
    LIKELY = "likely"


class Severity(StrEnum):
    SLIGHT = "slight"
    SERIOUS = "serious"
    GRAVE = "grave"


class Enough(StrEnum):
    """Whether something that needs less data would do. Where it would, the purpose needs no review but an end (Art. 5(1)(c))."""

    NO = "no"
    IN_PART = "in_part"


class Volume(StrEnum):
    """Calls in thirty days that something is captured of."""

    UP_TO_1000 = "up_to_1000"
    UP_TO_10000 = "up_to_10000"
    UP_TO_100000 = "up_to_100000"
    MORE = "more"


class Criterion(StrEnum):
    """What makes a high risk likely: Art. 35(3), and the guidelines of the supervisory authorities (WP 248 rev.01)."""

    SYSTEMATIC_EVALUATION = "systematic_evaluation"
    SPECIAL_CATEGORIES = "special_categories"
    LARGE_SCALE_MONITORING = "large_scale_monitoring"
    VOICE_ANALYTICS = "voice_analytics"
    AUTOMATED_DECISIONS = "automated_decisions"
    LARGE_SCALE = "large_scale"
    COMBINED_DATA = "combined_data"
    VULNERABLE_PEOPLE = "vulnerable_people"
    NEW_TECHNOLOGY = "new_technology"
    KEEPS_FROM_A_SERVICE = "keeps_from_a_service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The six questions, asked of this purpose; and the sentence that an agent would say to the customer's face."""

    what_for: str
    clear_yes: str
    what_we_hold: str
    kept_safe: str
    need_all: str
    right_thing: str
    said_aloud: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Harm:
    """Who could be hurt and how; `done` is what is done about it."""

    who: str
    how: str
    likelihood: Likelihood
    severity: Severity
    done: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Something that needs less data; `why` it was enough in part, or not."""

    what: str
    enough: Enough
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What the controller says is so, for rules to weigh. None of it is measured; what is measured is held against it.

    `unrecorded_line`, `other_proof`: how, or None where there is none. `acts`, `roles`: what is done for this purpose and who
    does it; Rightcall itself is not named. `calls`: how many calls in thirty days. `whole_call`: everything said is kept, and not
    a part of it.
    """

    service_depends_on_yes: bool
    steps_to_accept: int
    steps_to_decline: int
    unrecorded_line: str | None
    other_proof: str | None
    whole_call: bool
    acts: frozenset[Act]
    roles: frozenset[Role]
    calls: Volume
    criteria: frozenset[Criterion]


@dataclass(frozen=True, slots=True, kw_only=True)
class Balancing:
    """The three steps of Art. 6(1)(f): is the interest lawful and real, is this needed for it, do people's interests yield?"""

    purpose: str
    necessity: str
    balance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What Art. 35 asks beside the rest of the review. `advice`: the DPO's (35(2)); `views`: of the people or those who
    speak for them, or why these were not sought (35(9))."""

    necessity: str
    measures: str
    advice: str
    views: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All that was written. `balancing` and `impact` are None where none was done."""

    answers: Answers
    harms: tuple[Harm, ...]
    alternatives: tuple[Alternative, ...]
    declared: Declared
    balancing: Balancing | None
    impact: Impact | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What the purpose becomes when the review is opened: it keeps less. `proposal` said so, and `figures` is the SHA-256 of the
    figures that it was proposed with."""

    narrowing: Narrowing
    proposal: ProposalId
    figures: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Longer:
    """What the purpose becomes when the review is opened: it keeps for longer, what it holds already too. `verdict`: that it may,
    when this was asked. `law`: the one that demands it, as lawyers cite it. `why`: in the words of whoever asked."""

    lengthening: Lengthening
    verdict: VerdictId
    law: str | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengthened:
    """A review that was opened made a term longer."""

    review: ReviewId
    purpose: PurposeId
    was_days: int
    term_days: int
    law: str | None
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReview:
    """`expires_on`: the last day it can be in force; None for half a year. `change`: the review is about the purpose as it will
    be with that, and opening it makes it so. `longer`: the same, for a longer term; one of the two."""

    purpose: PurposeId
    content: Content
    expires_on: date | None = None
    change: Change | None = None
    longer: Longer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What the review is about, by digest: the purpose's entry in the register, the newest notice in each language (in the order
    of the languages), and the rules that count for what is done (rules.rules_digest); and which overrides stood that set one of
    these aside for the whole purpose."""

    entry: bytes
    notices: tuple[bytes, ...]
    rules: bytes
    asides: frozenset[OverrideId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """`digest`: SHA-256 of rules.document: what is signed."""

    id: ReviewId
    purpose: PurposeId
    version: int
    content: Content
    bound: Bound
    digest: bytes
    author: Actor
    drafted_at: datetime
    expires_on: date
    statement: StatementId
    change: Change | None = None
    longer: Longer | None = None

    def as_reviewed(self, purpose: Purpose) -> Purpose:
        """The purpose as it is once this review is opened."""
        if self.longer is not None:
            return self.longer.lengthening.of(purpose)
        return purpose if self.change is None else self.change.narrowing.of(purpose)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    by: Actor
    capacity: Capacity
    signed_at: datetime
    statement: StatementId


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The last signature that was needed. `design`: how the purpose is set up, as the verdict on it weighed it; `active`: that
    was a yes."""

    at: datetime
    design: DesignFacts
    verdict: VerdictId
    active: bool
    statement: StatementId


class End(StrEnum):
    """Why a review does not count any more, for good."""

    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    PURPOSE_CHANGED = "purpose_changed"
    NOTICE_CHANGED = "notice_changed"
    RULES_CHANGED = "rules_changed"
    USE_CHANGED = "use_changed"
    CONCERN_UPHELD = "concern_upheld"
    FIGURES_CHANGED = "figures_changed"
    SENT_BACK = "sent_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """`by`: who withdrew it or sent it back; Rightcall itself where it lapsed. `words`: to its author, where it was sent back."""

    why: End
    at: datetime
    by: Actor
    statement: StatementId
    words: str = ""


class Novelty(StrEnum):
    """A sort of use that the review did not name."""

    ACT = "act"
    ROLE = "role"
    VOLUME = "volume"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A use that was seen, and that the review did not name: the act, the role or the volume."""

    kind: Novelty
    what: Act | Role | Volume


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """One review with all that happened to it."""

    review: Review
    signatures: tuple[Signature, ...]
    opening: Opening | None
    ending: Ending | None
    observed: tuple[Observed, ...]


class Why(StrEnum):
    """Why no review is in force. `not_activated`: it is signed, and the verdict on it is no. `set_aside`: since it was written, a
    rule that counts was set aside; it waits until that is over."""

    NONE = "none"
    UNSIGNED = "unsigned"
    NOT_ACTIVATED = "not_activated"
    SET_ASIDE = "set_aside"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    PURPOSE_CHANGED = "purpose_changed"
    NOTICE_CHANGED = "notice_changed"
    RULES_CHANGED = "rules_changed"
    USE_CHANGED = "use_changed"
    CONCERN_UPHELD = "concern_upheld"
    FIGURES_CHANGED = "figures_changed"
    SENT_BACK = "sent_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """`design`: how the purpose is set up, as it was weighed when the review was opened."""

    review: ReviewId
    design: DesignFacts
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NotInForce:
    """`review`: the newest there is, None where there is none."""

    review: ReviewId | None
    whys: tuple[Why, ...]


Standing = InForce | NotInForce


class Stage(StrEnum):
    """Where one review stands. `superseded`: a later one was opened since. `waiting`: a rule is set aside that was not when it
    was written."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    NOT_ACTIVATED = "not_activated"
    WAITING = "waiting"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    SENT_BACK = "sent_back"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNot:
    """One reason in words, and what to do. `rule`: that which says no, where it is one."""

    why: Why
    says: str
    instead: str
    rule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """Of one purpose the newest review that was opened, else the newest there is, and what is so now. `active`, `design`: as it
    was opened, None where it was not. `novel`: a use was seen that it did not name."""

    review: ReviewId
    purpose: PurposeId
    acts: frozenset[Act]
    bound: Bound
    expires_on: date
    active: bool | None
    design: DesignFacts | None
    ended: End | None
    notices_now: tuple[bytes, ...]
    novel: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Verdicts on a purpose, counted: by act and outcome; `since` the first of them, None where there are none."""

    counted: Mapping[tuple[Act, str], int] = field(default_factory=dict)
    since: datetime | None = None
