"""Choices: what one party answered, about one purpose, to one notice, at one moment, with evidence (GDPR Art. 4(11), 7).

A choice is never changed or removed; where a party stands is its latest choice. Refusing is as easy as granting: it needs no
evidence and no ask. Granting needs both.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID

from rightcall.actors import Actor
from rightcall.ids import CallId, ChoiceId, GrantId, NoticeId, PartyId, PurposeId, StatementId, SubjectId
from rightcall.personal import Personal
from rightcall.purposes.model import Keypad, LawfulBasis

AskId = NewType("AskId", UUID)

CORRECTED_WITHIN = timedelta(seconds=10)
"""How long after a yes by keypad the no key still takes it back: who presses both said no clear yes."""


class Answer(StrEnum):
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Quality(StrEnum):
    """What a yes is worth as a free, specific, informed and unambiguous answer, best first. A doubtful yes is a yes until it is
    weighed anew; a void one never was."""

    VALID = "valid"
    DOUBTFUL = "doubtful"
    VOID = "void"


class Channel(StrEnum):
    """How the answer came. `siprec_preference` is what the recording client says of a party's wish; it can only say no."""

    KEYPAD = "keypad"
    VOICE_HEARD_BY_AGENT = "voice_heard_by_agent"
    WEB = "web"
    API = "api"
    SIPREC_PREFERENCE = "siprec_preference"


class EvidenceKind(StrEnum):
    """`word_of_actor`: nothing but the word of the one who entered it; never enough for a grant."""

    KEY_PRESSED = "key_pressed"
    WORDS_HEARD = "words_heard"
    FORM_SENT = "form_sent"
    REFERENCE = "reference"
    PREFERENCE = "preference"
    WORD_OF_ACTOR = "word_of_actor"


EVIDENCE_OF: Mapping[Channel, EvidenceKind] = {
    Channel.KEYPAD: EvidenceKind.KEY_PRESSED,
    Channel.VOICE_HEARD_BY_AGENT: EvidenceKind.WORDS_HEARD,
    Channel.WEB: EvidenceKind.FORM_SENT,
    Channel.API: EvidenceKind.REFERENCE,
}
"""What a yes leaves by each channel by which one can come."""


class GrantOutcome(StrEnum):
    """What a choice did to its grant. `kept`: nothing new is locked under it, and what was captured stays until its term.
    `renewed` is only of choices from before each yes had a grant of its own."""

    OPENED = "opened"
    RENEWED = "renewed"
    DESTROYED = "destroyed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """`detail` is sealed under the subject's key; the ledger holds a salted commitment to kind and detail."""

    kind: EvidenceKind
    detail: Personal[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """The notice was put to the party: played, read out or shown. It is open until the next choice about the purpose, and a yes
    answers it only until `expires_at`."""

    id: AskId
    call: CallId
    party: PartyId
    purpose: PurposeId
    notice: NoticeId
    keypad: Keypad | None
    by: Actor
    asked_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """How many steps each answer takes: keys pressed, pages passed, sentences said."""

    yes: int
    no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is known of an ask besides its notice, as whoever asked tells it. Nothing here is needed to ask."""

    party_language: str | None = None
    spoken_from: datetime | None = None
    spoken_until: datetime | None = None
    steps: Steps | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenKeys:
    """The keys that answer a question before `until`. `yes` is None once it was pressed: then the no key alone means something,
    and takes that yes back."""

    yes: str | None
    no: str
    until: datetime

    def meaning(self, digit: str) -> Answer | None:
        if digit == self.no:
            return Answer.REFUSED
        return Answer.GRANTED if digit == self.yes else None

    def after_yes(self, at: datetime) -> "OpenKeys":
        return replace(self, yes=None, until=at + CORRECTED_WITHIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChoice:
    """What a face or the recorder brings.

    `made_at` is when it was said, where that is some time ago. `call`, if given, must be the party's. `notice` and `language` are
    needed for a grant; a no that names none, or words about something else, is about those it was asked with, or those of the yes
    that it ends. `ask`: which one it answers, where the party was asked more than once. `idempotency` is the client's own key:
    the same one again gives the same choice again.
    """

    call: CallId | None = None
    party: PartyId
    purpose: PurposeId
    answer: Answer
    notice: NoticeId | None = None
    language: str | None = None
    channel: Channel
    by: Actor
    evidence: Evidence | None = None
    ask: AskId | None = None
    idempotency: str | None = None
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """`sequence` counts one party's choices about one purpose from 1. `notice`, `notice_digest` and `language` are None only
    for a refusal that is about no notice; `ask` and `asked_by` only for a no that answers no open ask. `grant` and `outcome` say
    which grant it opened, or ended, the newest where it ended several; a refusal has none. It was said at `made_at`, and counts
    since `written_at`. The commitments are None for a no that was written down while the key service was away."""

    id: ChoiceId
    call: CallId
    party: PartyId
    subject: SubjectId
    purpose: PurposeId
    sequence: int
    answer: Answer
    notice: NoticeId | None
    notice_digest: bytes | None
    language: str | None
    channel: Channel
    by: Actor
    ask: AskId | None
    asked_by: Actor | None
    evidence_kind: EvidenceKind
    evidence_commitment: bytes | None
    subject_commitment: bytes | None
    grant: GrantId | None
    outcome: GrantOutcome | None
    made_at: datetime
    written_at: datetime
    statement: StatementId


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one party stands about one purpose. `grant` is a living grant that capture may lock under; None means none may: a
    void yes has none. `quality`: of the newest answer, by its newest weighing; None where that is no yes or was never weighed.
    `made_at`: when the newest answer was given."""

    answer: Answer | None
    choice: ChoiceId | None
    grant: GrantId | None
    basis: LawfulBasis
    quality: Quality | None = None
    made_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastWord:
    """In which call somebody chose last about a purpose."""

    call: CallId
    subject: SubjectId
    purpose: PurposeId
    made_at: datetime
