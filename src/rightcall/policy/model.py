"""A question, and the verdict on it: may this be done, with this, for this purpose, now? Is it lawful, and is it right?

A question holds facts only, and none about who a person is: roles, answers, bases, days. A fact that is None is not known; a
rule that needs it cannot tell, and that means no. The facts that have a default say why it is the safe one.
Deliberately elsewhere: facts that only some acts bring (situations.py), the rules themselves (packs/*.cedar, house/*.cedar) and
how they are weighed (rules.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from rightcall.actors import Actor, PartyRole, Role
from rightcall.calls.model import Age
from rightcall.consent.model import Answer, Quality
from rightcall.ids import CallId, HoldingId, OverrideId, PurposeId, StatementId, StreamId, VerdictId
from rightcall.policy.situations import (
    AnalysisFacts,
    BreachFacts,
    ContactFacts,
    DesignFacts,
    DestructionFacts,
    ExtendingFacts,
    HandoverFacts,
    KeepingFacts,
    OriginFacts,
    RequestFacts,
)
from rightcall.purposes.model import LawfulBasis, Purpose


class Act(StrEnum):
    """What is about to be done. `ask` is asking a party for a yes; `read` is reading what was not said in a call: a field of
    another system, or what a person is known by; `play_held` is listening to what a hold keeps, on the hold's
    own ground and not on a yes; `erase` is letting go of something, `keep` keeping it longer than its locks, by a hold;
    `extend` is giving a purpose a longer term, with what is kept for it already; `collect` is taking in data that does not come
    from the person; `call_out` is ringing somebody; `activate` is beginning to use a purpose. `answer_request`, `close_breach`
    and `certify` are saying that a request is answered, a breach dealt with, data destroyed; `restore` is bringing a backup
    back."""

    ASK = "ask"
    CAPTURE = "capture"
    PLAY = "play"
    READ = "read"
    EXPORT = "export"
    PLAY_HELD = "play_held"
    TRANSCRIBE = "transcribe"
    ANALYSE = "analyse"
    TRAIN_MODEL = "train_model"
    SHARE = "share"
    ERASE = "erase"
    KEEP = "keep"
    EXTEND = "extend"
    COLLECT = "collect"
    CALL_OUT = "call_out"
    ACTIVATE = "activate"
    ANSWER_REQUEST = "answer_request"
    REFUSE_REQUEST = "refuse_request"
    CLOSE_BREACH = "close_breach"
    CERTIFY = "certify"
    RESTORE = "restore"


class Outcome(StrEnum):
    PROCEED = "proceed"
    PROCEED_WITH_DUTIES = "proceed_with_duties"
    NOT_RIGHT = "not_right"
    UNLAWFUL = "unlawful"
    CANNOT_TELL = "cannot_tell"


class Axis(StrEnum):
    LAW = "law"
    HOUSE = "house"


class PauseReason(StrEnum):
    """`not_written`: somebody said no, and it could not be written down."""

    CARD_DATA = "card_data"
    VULNERABLE = "vulnerable"
    NOT_WRITTEN = "not_written"
    OTHER = "other"


class Said(StrEnum):
    """What one party has said to one purpose so far: the newest answer, or that nobody has asked."""

    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    UNASKED = "unasked"

    @classmethod
    def of(cls, answer: Answer | None) -> "Said":
        return cls.UNASKED if answer is None else cls(answer.value)


class Preference(StrEnum):
    """The party's own wish as its phone told it: `record` of a SIPREC recordpref, RFC 7866 section 6.2.2."""

    ON = "on"
    OFF = "off"
    PAUSE = "pause"
    NONE = "nopreference"


class ConsentQuality(StrEnum):
    """What an answer is worth, by its evidence (GDPR Art. 4(11), 7). `unweighed`: nobody has looked, or there is no answer."""

    VALID = "valid"
    DOUBTFUL = "doubtful"
    VOID = "void"
    UNWEIGHED = "unweighed"

    @classmethod
    def of(cls, quality: Quality | None) -> "ConsentQuality":
        return cls.UNWEIGHED if quality is None else cls(quality.value)


class PlaceSource(StrEnum):
    """By what a law applies: where the controller is, what a party stated, or what its number says."""

    CONTROLLER = "controller"
    RESIDENCE = "residence"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`place`: a code such as EU, DE, US-CA."""

    place: str
    by: PlaceSource


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyFacts:
    """One party, seen from one purpose.

    `basis` is what the processing of this party's words rests on: the purpose's lawful basis, for an agent its staff basis.
    `bundled` says that the answer was to several purposes at once. A notice here is about one purpose, so it is False unless the
    answer comes from another system. `explicit`: the yes named the special category of data that it is for (GDPR Art. 9(2)(a)).
    `declined_recording`: this party said no to being recorded in this call, for any purpose. `in_distress`: somebody
    marked it. `asks_for_it`: this party asked by itself that it be recorded. `restricted`: they want what is kept of them to be
    kept alone (GDPR Art. 18), and have said no yes to this purpose since. False is so where nobody said otherwise.
    """

    role: PartyRole
    answer: Said
    basis: LawfulBasis
    preference: Preference = Preference.NONE
    bundled: bool = False
    explicit: bool = False
    quality: ConsentQuality = ConsentQuality.UNWEIGHED
    declined_recording: bool = False
    age: Age = Age.UNMARKED
    in_distress: bool = False
    asks_for_it: bool = False
    restricted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeFacts:
    """`active`: not ended. `may_use` names the roles that the purpose lets at what is kept for it. `dpv`: DPV's class of purposes
    that it belongs to. `duty`: the law that demands it, as the register names it, or empty. `id` is not weighed."""

    id: PurposeId = field(compare=False)
    key: str
    dpv: str = ""
    duty: str = ""
    basis: LawfulBasis
    staff_basis: LawfulBasis
    categories: frozenset[str]
    may_use: frozenset[Role]
    term_days: int
    active: bool

    @classmethod
    def of(cls, purpose: Purpose, at: datetime) -> "PurposeFacts":
        return cls(
            id=purpose.id,
            key=purpose.key,
            dpv=purpose.dpv_purpose,
            duty=purpose.legal_duty or "",
            basis=purpose.lawful_basis,
            staff_basis=purpose.staff_basis,
            categories=frozenset(purpose.data_categories),
            may_use=purpose.may_use,
            term_days=purpose.term_days,
            active=purpose.ended_at is None or at < purpose.ended_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """May `actor` do `act` with the words of `speaker` for `purpose` at `at`?

    Which act brings which facts is `FACTS_OF` in vocabulary.py; a fact that an act does not bring is not weighed.

    `parties`: everyone in the call while those words were or are spoken, the speaker too. `pauses`: those in force; empty means
    none. `last_day`: the last day of the term that the holding is kept for. `for_speaker`: it is done by the speaker, or to
    answer the speaker's own request; False is the strict side, and it counts for a subject, the DPO and the system alone.
    `carries_card_data`, `carries_authentication_data`: True where it is on record, by a pause in force or by somebody's mark.
    False where nothing says so, which is not the same as knowing: nobody listens to every call to find out.
    `jurisdictions`: the places whose law applies; `places` says by what each does. `collected_for`: the keys of the purposes that
    it was captured or collected for. `review_in_force`: True, or None where no review of the purpose is in force.
    `detriment_found`: it was found that a no to this purpose costs people something; False where nothing was found.
    `machine_speaks`, `machine_told`: a machine talks to people, and they were told; False where nobody said so.
    `fenced`: what was let go after a backup is applied again before anything of it opens.
    `call`, `stream` and `holding` say what it is about. They are stored and never weighed, and two questions are equal when what
    is weighed is; of `at` the day counts, and a rule may count on one day and not on the next.
    """

    act: Act
    at: datetime = field(compare=False)
    jurisdictions: frozenset[str] | None = None
    places: frozenset[Place] = frozenset()
    purpose: PurposeFacts | None = None
    actor: Actor | None = None
    speaker: PartyFacts | None = None
    parties: tuple[PartyFacts, ...] | None = None
    pauses: frozenset[PauseReason] | None = None
    carries_card_data: bool | None = None
    carries_authentication_data: bool | None = None
    reason_given: bool | None = None
    case_given: bool | None = None
    last_day: date | None = None
    collected_for: frozenset[str] | None = None
    review_in_force: bool | None = None
    detriment_found: bool = False
    machine_speaks: bool = False
    machine_told: bool = False
    design: DesignFacts | None = None
    analysis: AnalysisFacts | None = None
    handover: HandoverFacts | None = None
    contact: ContactFacts | None = None
    origin: OriginFacts | None = None
    request: RequestFacts | None = None
    keeping: KeepingFacts | None = None
    extending: ExtendingFacts | None = None
    breach: BreachFacts | None = None
    destruction: DestructionFacts | None = None
    fenced: bool | None = None
    for_speaker: bool = False
    call: CallId | None = field(default=None, compare=False)
    stream: StreamId | None = field(default=None, compare=False)
    holding: HoldingId | None = field(default=None, compare=False)


class Confidence(StrEnum):
    """How sure the reading of a law is. Where sources disagree, the stricter reading applies."""

    SETTLED = "settled"
    CONTESTED = "contested"
    SECONDARY = "secondary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A rule that decided. `ground` is the citation of a law rule, the value behind a house rule. `places`: those of the question
    by which it counts; empty where it counts everywhere. `confidence` is that of a law rule; where it is contested, sources
    disagree, and this is the stricter reading."""

    rule: str
    axis: Axis
    ground: str
    says: str
    instead: str
    places: tuple[str, ...] = ()
    confidence: Confidence | None = None


class DutyKind(StrEnum):
    """What must be done along with a yes. `announce`: tell everyone in the call. `tell_person`: tell the one it is about.
    `tell_machine`: say that a machine speaks. `protect_as_health_record`: treat it as one."""

    ANNOUNCE = "announce"
    KEEP_AT_LEAST_DAYS = "keep_at_least_days"
    KEEP_AT_MOST_DAYS = "keep_at_most_days"
    MASK = "mask"
    PROTECT_AS_HEALTH_RECORD = "protect_as_health_record"
    TELL_MACHINE = "tell_machine"
    TELL_PERSON = "tell_person"
    TELL_RECIPIENTS = "tell_recipients"

    @property
    def has_days(self) -> bool:
        return self in (DutyKind.KEEP_AT_LEAST_DAYS, DutyKind.KEEP_AT_MOST_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """`days` is there for those kinds alone that count them. `rule` is the permit that asks it."""

    kind: DutyKind
    rule: str
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`lawful` and `right` are None where they cannot be told; then `missing` names the facts, or the rules that erred.

    `reasons`: for a yes the permits that opened it, for a no every rule that stands in the way. `rule_set`: SHA-256.
    `overrides`: those without which it would be another verdict. They set house rules aside, never law.
    """

    outcome: Outcome
    lawful: bool | None
    right: bool | None
    reasons: tuple[Reason, ...]
    duties: tuple[Duty, ...]
    missing: tuple[str, ...]
    rule_set: bytes
    overrides: tuple[OverrideId, ...] = ()

    @property
    def proceeds(self) -> bool:
        return self.outcome in (Outcome.PROCEED, Outcome.PROCEED_WITH_DUTIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Old:
    """A verdict of long ago, in no call; of which thing, if of any."""

    id: VerdictId
    asked_at: datetime
    holding: HoldingId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVerdict:
    """A verdict as it was given, with the facts it was given on (canonical JSON, no personal data)."""

    id: VerdictId
    asked_at: datetime
    by: Actor
    act: Act
    purpose: PurposeId | None
    call: CallId | None
    stream: StreamId | None
    holding: HoldingId | None
    facts: bytes
    verdict: Verdict
    statement: StatementId


class Effect(StrEnum):
    PERMIT = "permit"
    FORBID = "forbid"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleWords:
    """What a rule says, in one language. `ground`: the value behind a house rule; empty for a law rule, whose citation is the
    same in each."""

    ground: str
    says: str
    instead: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One Cedar policy with what its annotations say. `jurisdictions` is empty where it counts everywhere. `language`: what its
    own words are in; `others`: the same in other languages."""

    id: str
    axis: Axis
    effect: Effect
    acts: frozenset[Act]
    ground: str
    owner: str
    in_force_from: date
    last_checked: date
    jurisdictions: frozenset[str]
    confidence: Confidence
    says: str
    instead: str
    language: str
    others: Mapping[str, RuleWords] = field(hash=False)
    duties: tuple[Duty, ...]
    source: str
    canonical: bytes
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules that are adopted, law and house. `digest`: SHA-256 over the canonical form of every one of them."""

    digest: bytes
    rules: tuple[Rule, ...] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong with a rule file. `advice` says what to do about it."""

    file: str
    line: int
    rule: str | None
    problem: str
    advice: str

    def __str__(self) -> str:
        """A line; where the problem has several, the advice comes after them on one of its own."""
        return f"{self.file}:{self.line}: {self.problem}{chr(10) if chr(10) in self.problem else ' '}{self.advice}"
