"""What a subject asks of a controller, and how far it is (GDPR Art. 7(3), 12 to 22)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from rightcall.actors import Actor
from rightcall.ids import RequestId, StatementId, SubjectId
from rightcall.personal import Personal
from rightcall.subjects.model import Join, Limit


class RequestKind(StrEnum):
    """Art. 15, 17, 16, 18, 21, 20, 7(3), in this order. `withdrawal`: of every yes that the person gave."""

    ACCESS = "access"
    ERASURE = "erasure"
    RECTIFICATION = "rectification"
    RESTRICTION = "restriction"
    OBJECTION = "objection"
    PORTABILITY = "portability"
    WITHDRAWAL = "withdrawal"


class Channel(StrEnum):
    """How it came. `phone`: somebody who works here enters it. `email`: in writing, by post too, so that who asks is still to be
    told that it came. `drp`: the Data Rights Protocol."""

    PORTAL = "portal"
    EMAIL = "email"
    PHONE = "phone"
    API = "api"
    DRP = "drp"


class Stage(StrEnum):
    """`in_progress`: a procedure or a person works on it."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"


class Answered(StrEnum):
    """How it ended. A denial names its ground. `revoked`: the person took it back before anything was done. `already_erased`:
    nothing of the person was left to do it with."""

    FULFILLED = "fulfilled"
    DENIED = "denied"
    REVOKED = "revoked"
    ALREADY_ERASED = "already_erased"


class DenialGround(StrEnum):
    """Why a request may be denied: Art. 12(5) and (6), Art. 17(3), each named, never silent. `no_mandate`: who asks does not show
    that they may ask for the person. `compelling_grounds`: Art. 21(1), of an objection. `accurate_and_lawful`: Art. 18(1), none
    of the reasons to restrict is there any more; Art. 16, nothing is wrong."""

    MANIFESTLY_UNFOUNDED = "manifestly_unfounded"
    IDENTITY_IN_DOUBT = "identity_in_doubt"
    NO_MANDATE = "no_mandate"
    COMPELLING_GROUNDS = "compelling_grounds"
    ACCURATE_AND_LAWFUL = "accurate_and_lawful"
    LEGAL_OBLIGATION = "legal_obligation"
    LEGAL_CLAIMS = "legal_claims"
    PUBLIC_INTEREST = "public_interest"

    @property
    def tells_nothing(self) -> bool:
        """Of the person: a stranger who asked in their name learns no more from it than that they were not believed."""
        return self in (DenialGround.IDENTITY_IN_DOUBT, DenialGround.NO_MANDATE)


class Behalf(StrEnum):
    """For whom somebody asks. Who asks for another shows a mandate."""

    SELF = "self"
    REPRESENTATIVE = "representative"
    PARENT = "parent"


class ProofKind(StrEnum):
    """How it was shown who asks. `recognised`: they speak from the number on file, or write from the address there. `call_back`:
    we rang the number on file. `code`: a one-time code that went to what is on file. `receipt`: they hold the receipt of a choice
    of theirs. `signed_in`: to their account. `vouched`: the DPO answers for it."""

    RECOGNISED = "recognised"
    CALL_BACK = "call_back"
    CODE = "code"
    RECEIPT = "receipt"
    SIGNED_IN = "signed_in"
    VOUCHED = "vouched"


class ProofRefusal(StrEnum):
    """Why a proof was not taken. `not_genuine`: the receipt does not hold. `not_theirs`: it is another person's, or nobody's.
    `too_weak`: for what is asked. `not_your_word`: somebody else's is needed. `wrong_code`: or late, used, tried too often."""

    NOT_GENUINE = "not_genuine"
    NOT_THEIRS = "not_theirs"
    TOO_WEAK = "too_weak"
    NOT_YOUR_WORD = "not_your_word"
    WRONG_CODE = "wrong_code"


class MandateEvidence(StrEnum):
    """What shows that somebody may ask for another. For a child a record of birth or of custody, else one of the others."""

    POWER_OF_ATTORNEY = "power_of_attorney"
    SIGNED_PERMISSION = "signed_permission"
    COURT_ORDER = "court_order"
    BIRTH_RECORD = "birth_record"
    CUSTODY_RECORD = "custody_record"


class Missing(StrEnum):
    """What a request waits for before anything of it is done. `access_first`: the person asks for their data too, and would not
    get what is gone. `restriction_first`: they ask as well that it is kept and not used; nobody guesses which of the two.
    `erasure_first`: the person is being erased. `doubtful_records`: records may be about the person, and nobody has said yet
    whose they are."""

    IDENTITY = "identity"
    MANDATE = "mandate"
    ACCESS_FIRST = "access_first"
    RESTRICTION_FIRST = "restriction_first"
    ERASURE_FIRST = "erasure_first"
    DOUBTFUL_RECORDS = "doubtful_records"


class WithoutReason(StrEnum):
    """Why a request is gone on with before anybody has said whose some records are. `person_agreed`: they were told, and do not
    want to wait. `cannot_be_told`: nothing here or there says whose they are. `time_is_short`: the law's last day comes first."""

    PERSON_AGREED = "person_agreed"
    CANNOT_BE_TOLD = "cannot_be_told"
    TIME_IS_SHORT = "time_is_short"


class NotTheirs(StrEnum):
    """Why a wish that a join brought stands no longer for somebody who never asked for it. `other_asked`: it is shown that it was
    the other one's. `request_over`: whoever asked has it no longer. `person_agreed`: they were asked, and do not want it."""

    OTHER_ASKED = "other_asked"
    REQUEST_OVER = "request_over"
    PERSON_AGREED = "person_agreed"


class ExtensionReason(StrEnum):
    """Why more time is taken: the two that Art. 12(3) has."""

    COMPLEX = "complex"
    MANY_REQUESTS = "many_requests"


class Step(StrEnum):
    """What happened to a request. `ready`: nothing is missing, and what was asked is done from now on.
    `limited`: what is kept of the person is not used from then on; `lifted`: it may be again, and they were told before.
    `upheld`, `reopened`: what another person decided on an appeal. `gone_without`: somebody said that it does not wait for
    records of which nobody knows whose they are. `put_back`: before anything of it was done, the person asked for something that
    goes first."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    PROVED = "proved"
    PROOF_REFUSED = "proof_refused"
    MANDATED = "mandated"
    GONE_WITHOUT = "gone_without"
    READY = "ready"
    PUT_BACK = "put_back"
    BEGUN = "begun"
    EXTENDED = "extended"
    CORRECTED = "corrected"
    LIMITED = "limited"
    TOLD_BEFORE_LIFTING = "told_before_lifting"
    LIFTED = "lifted"
    APPEALED = "appealed"
    UPHELD = "upheld"
    REOPENED = "reopened"
    FULFILLED = "fulfilled"
    DENIED = "denied"
    REVOKED = "revoked"
    ALREADY_ERASED = "already_erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One step, with its instant and who took it. `detail`: a word of a closed list: the proof, the reason, the ground."""

    step: Step
    at: datetime
    by: Actor
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """That somebody may ask for the person, as somebody who works here saw it. `who` is sealed under the person's key."""

    who: Personal[str]
    evidence: MandateEvidence
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """That what is kept of a person is not used, since when, and why it stands. `requests`: those of theirs that say so.
    `came_by`: joins that were undone since, by which it came from somebody else; `asked_there`: the requests of these that it
    comes from and that still say so."""

    limit: Limit
    since: datetime
    requests: tuple[RequestId, ...]
    came_by: tuple[Join, ...]
    asked_there: tuple[RequestId, ...]

    @property
    def is_carried(self) -> bool:
        """It stands, and no request of theirs says so: whose wish it is has to be said by somebody."""
        return not self.requests


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How often this person asked before: the same and had it done in the last 90 days; anything in the last year. Only what was
    shown to be theirs counts."""

    same_lately: int
    in_a_year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many requests are not answered, and how many of these are past their day. `due_soon`: within a week. `unacknowledged`:
    a law gives a day until which the person is told that it came, and it is past."""

    requests: int
    late: int
    due_soon: int = 0
    unacknowledged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The days of one request. `law`: the jurisdiction whose clock is over first. `longest_on`: the last day after an extension,
    the same as `due_on` where none is possible. `acknowledge_by`: None where no law sets a day."""

    law: str
    cite: str
    due_on: date
    longest_on: date
    acknowledge_by: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`due_on`: the law's last day, the later one once it is extended. `language`: in which the person is answered. `proof`: None
    until it is shown who asks. `ready_at`: since when nothing is missing. `doubtful`: so many records may be about the person, of
    which nobody had said whose they are when it was begun, or answered. `without`: it does not wait for up to so many of them."""

    id: RequestId
    subject: SubjectId
    kind: RequestKind
    channel: Channel
    language: str
    by: Actor
    received_at: datetime
    law: str
    cite: str
    due_on: date
    longest_on: date
    acknowledge_by: date | None
    acknowledged_at: datetime | None
    extended_for: ExtensionReason | None
    behalf: Behalf
    mandate_until: date | None
    proof: ProofKind | None
    ready_at: datetime | None
    appealed_at: datetime | None
    stage: Stage
    outcome: Answered | None
    ground: DenialGround | None
    answered_at: datetime | None
    statement: StatementId
    doubtful: int = 0
    without: int = 0
