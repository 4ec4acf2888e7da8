"""A concern: what somebody says is wrong with a purpose, a rule, a notice or a call, and what came of it.

Who raised it is no part of this. It is sealed (`sealing`), and shown with the raiser's own consent and in no other way. What the
raiser does is known by its day only, so that a list never tells who was at work when; what the organisation does has its instant.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from rightcall.actors import Actor
from rightcall.concerns.states import State
from rightcall.ids import CallId, ConcernId, NoticeId, PurposeId, SubjectId
from rightcall.personal import Personal
from rightcall.vault.model import Dark

MOST_WORDS = 4000
MOST_NAME = 200


class TargetKind(StrEnum):
    PURPOSE = "purpose"
    RULE = "rule"
    NOTICE = "notice"
    CALL = "call"


@dataclass(frozen=True, slots=True)
class AboutPurpose:
    purpose: PurposeId


@dataclass(frozen=True, slots=True)
class AboutRule:
    """By its id, such as `house.no_recording_of_children`."""

    rule: str


@dataclass(frozen=True, slots=True)
class AboutNotice:
    notice: NoticeId


@dataclass(frozen=True, slots=True)
class AboutCall:
    """`call` is None where the raiser chose not to say which: whoever was in a call is among few."""

    call: CallId | None


Target: TypeAlias = AboutPurpose | AboutRule | AboutNotice | AboutCall


class RaisedAs(StrEnum):
    """As much as anybody is told about the raiser without their consent."""

    ANONYMOUS = "anonymous"
    STAFF = "staff"
    CUSTOMER = "customer"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Anonymous:
    """Nothing about the raiser is kept; the case code is all that leads back, and the raiser alone has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Who shows a token, with its secret: that alone tells whether a concern is their own."""

    actor: Actor
    secret: Personal[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """What is sealed of them opens with the secret of their token, or with the case code."""

    bearer: Bearer
    name: Personal[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A subject. Who it was goes under the subject's own key, so that an erasure reaches it. The words do not: that they went
    dark with an erasure would tell whose they were."""

    subject: SubjectId
    name: Personal[str] | None = None


@dataclass(frozen=True, slots=True)
class System:
    """Rightcall itself, such as where a parity gap was found. There is no case code: nobody is there to accept or appeal."""


Raiser: TypeAlias = Anonymous | Staff | Customer | System


class Outcome(StrEnum):
    UPHELD = "upheld"
    PARTLY = "partly"
    NOT_UPHELD = "not_upheld"
    CANNOT_TELL = "cannot_tell"

    @property
    def finds_fault(self) -> bool:
        return self in (Outcome.UPHELD, Outcome.PARTLY)


class Step(StrEnum):
    """What happened to a concern, in the order of `concern_steps`."""

    RAISED = "raised"
    READ = "read"
    OWNED = "owned"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    APPEALED = "appealed"
    DECIDED = "decided"
    LAPSED = "lapsed"
    ESCALATED = "escalated"
    CONSENTED = "consented"
    WITHDRAWN = "withdrawn"
    SHOWN = "shown"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The clocks, in days: until an answer or a decision is due; to accept or appeal; until all words are forgotten."""

    answer: int = 14
    appeal: int = 30
    keep: int = 730


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What somebody in office found, and when. The words for the raiser are sealed."""

    outcome: Outcome
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """`escalated_for` is the due day that the DPO was told of. `may_be_shown`: the raiser consents at present. `forget_asked_on`:
    the raiser wants the words gone before their term."""

    id: ConcernId
    target: Target
    raised_as: RaisedAs
    raised_on: date
    state: State
    owner: Actor | None
    answer_due_on: date
    answer: Finding | None
    appealed_on: date | None
    decision_due_on: date | None
    decision: Finding | None
    closed_on: date | None
    escalated_for: date | None
    may_be_shown: bool
    forgotten_on: date | None
    forget_asked_on: date | None = None

    @property
    def final(self) -> Finding | None:
        """The decision of the second person, where there is one, else the answer."""
        return self.decision or self.answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """A concern at the one moment when its case code can be read. The system's own have none. `answerable`: there is a supervisor
    or a DPO who did not do what it is about."""

    concern: Concern
    answerable: bool
    code: Personal[str] | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedWords:
    """Words of a concern as they are stored. `key` is the concern's own key; `subject` a customer's id, sealed under it, where
    the concern is from before migration 0039."""

    key: SubjectId
    subject: bytes | None
    words: bytes
    answer: bytes | None
    appeal: bytes | None
    decision: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedRaiser:
    """Who raised it, as it is stored: sealed under a key that is itself sealed, once under the case code, once under the token.

    `key`: the staff raiser's key in the vault; None for a customer, whose own is found by the code alone. `tag` tells the
    raiser's token, given the token. `consent_key` and `consent` are there while the raiser consents: they open the identity
    without code or token.
    """

    key: SubjectId | None
    identity: bytes | None
    tag: bytes | None
    by_code: bytes | None
    by_token: bytes | None
    consent_key: SubjectId | None = None
    consent: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who raised a concern, shown with their consent. `id` is a token's or a subject's."""

    raised_as: RaisedAs
    id: UUID
    role: str | None
    name: Personal[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What was said in turn, by and to the raiser. Each is Dark where its key is destroyed, None where nothing was said."""

    words: Personal[str] | Dark
    answer: Personal[str] | Dark | None
    appeal: Personal[str] | Dark | None
    decision: Personal[str] | Dark | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedLook:
    """Somebody was shown who raised a concern. `why` holds reason and case, sealed under the concern's key."""

    at: datetime
    by: Actor
    why: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The same as the raiser sees it."""

    at: datetime
    by: Actor
    reason: Personal[str]
    case: Personal[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One step of a concern. `by` is None for the raiser's own."""

    step: Step
    at: datetime
    by: Actor | None
    outcome: Outcome | None = None
