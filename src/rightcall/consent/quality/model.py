"""Quality of consent: what a yes is worth, and why (GDPR Art. 4(11), 7; EDPB Guidelines 05/2020, version 1.1).

A no is never weighed: it counts as it was said. A yes is weighed from evidence, and evidence that is missing is a finding too: no
yes is valid because nobody looked. Facts about the law, not advice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID

from rightcall.actors import Actor
from rightcall.consent.model import Answer, Channel, Quality, Steps
from rightcall.ids import CallId, ChoiceId, GrantId, NoticeId, PartyId, PurposeId, StatementId
from rightcall.purposes.faults import FaultKind

MarkId = NewType("MarkId", UUID)


class Finding(StrEnum):
    """What can be the matter with a yes; `rules.KINDS` says what each means. The ledger and the tables outlive the person's
    erasure, so of `rules.PERSONAL` they say only that there was something about the person."""

    WORDING_VOID = "wording_void"
    WORDING_WRONG = "wording_wrong"
    WORDING_WEAK = "wording_weak"
    WORDING_NOT_READ = "wording_not_read"
    BUNDLED_AT_ONCE = "bundled_at_once"
    LANGUAGE_NOT_THEIRS = "language_not_theirs"
    LANGUAGE_NOT_OF_CALL = "language_not_of_call"
    LANGUAGE_NOT_KNOWN = "language_not_known"
    ASKED_AGAIN = "asked_again"
    WORN_DOWN = "worn_down"
    ASKED_AGAIN_SOON = "asked_again_soon"
    ASKED_AGAIN_OFTEN = "asked_again_often"
    TOO_FAST = "too_fast"
    BEFORE_THE_END = "before_the_end"
    TIME_NOT_KNOWN = "time_not_known"
    NO_IS_HARDER = "no_is_harder"
    PATHS_NOT_KNOWN = "paths_not_known"
    PRESSURE_NOTED = "pressure_noted"
    CHILD = "child"
    IN_DISTRESS = "in_distress"
    PURPOSE_ENDED = "purpose_ended"
    WORDS_CHANGED = "words_changed"
    DETRIMENT_FOUND = "detriment_found"
    VOID_BEFORE_RESTORE = "void_before_restore"
    ABOUT_THE_PERSON = "about_the_person"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingKind:
    """`weight`: what a yes with this finding is at best; never `valid`."""

    finding: Finding
    weight: Quality
    says: str
    cite: str


class WordOf(StrEnum):
    """Whose word a mark is: that of the one who enters it, or that of the person it is about, entered for them."""

    STAFF = "staff"
    PERSON = "person"


class AsideReason(StrEnum):
    """`mistaken`: it was meant for another choice. `not_so`: it was looked into, and is not so."""

    MISTAKEN = "mistaken"
    NOT_SO = "not_so"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Somebody notes that the person was pressed for this yes. Never changed or removed; the DPO may set it aside, with a
    reason, and that is written down too."""

    id: MarkId
    call: CallId
    party: PartyId
    choice: ChoiceId
    word_of: WordOf
    by: Actor
    at: datetime
    set_aside_at: datetime | None
    statement: StatementId


class Cause(StrEnum):
    """Why a yes was weighed: it was just given; it, or its party, was marked, or a mark set aside; something was told of its
    purpose; the DPO asked for it, or judged its words to be misread; another yes of the party came with it; a restored backup did
    not know that it was void."""

    CHOSEN = "chosen"
    MARKED = "marked"
    TOLD = "told"
    ASKED = "asked"
    JUDGED = "judged"
    BESIDE = "beside"
    RESTORED = "restored"


class ReleaseReason(StrEnum):
    """Why the DPO lets what was quarantined be used again. `wording_was_misread` overrules the reader of words: it holds for the
    notice, and for what was found void in it until then."""

    MARK_WAS_WRONG = "mark_was_wrong"
    WORDING_WAS_MISREAD = "wording_was_misread"
    EVIDENCE_CAME_LATER = "evidence_came_later"


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeFinding:
    """What was found out about a purpose elsewhere: that a no costs people something, and the steps that its review declares."""

    detriment_found: bool = False
    steps: Steps | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceFacts:
    """Everything a weighing looks at. Durations are from what was asked to what was answered; None: not known.

    `since_spoken_from`, `spoken_for` and `before_spoken_until` are
    there where it was told when the question was spoken; `since_ask` always is. `spoken_seconds`: how long the words take to say.
    `noes_before`: answers of no by this party in this call to this purpose before this yes; `noes_elsewhere` those in other calls
    of the person in the last `rules.OFTEN_WITHIN`, and `since_no_elsewhere` how long ago the last one was; both
    without those that they said before they came and said yes of their own accord. `by_themselves`: on their own page, unasked.
    """

    answer: Answer
    channel: Channel
    wording: tuple[FaultKind, ...] | None
    spoken_seconds: int = 0
    notice_language: str | None = None
    party_language: str | None = None
    call_language: str | None = None
    noes_before: int = 0
    noes_elsewhere: int = 0
    since_no_elsewhere: timedelta | None = None
    by_themselves: bool = False
    since_ask: timedelta | None = None
    since_spoken_from: timedelta | None = None
    spoken_for: timedelta | None = None
    before_spoken_until: timedelta | None = None
    yeses_at_once: int = 0
    steps: Steps | None = None
    pressure: bool = False
    child: bool = False
    distress: bool = False
    purpose_ended: bool = False
    words_changed: bool = False
    detriment_found: bool = False
    void_before_restore: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """`faults`: the rules of `purposes.faults` behind findings about the wording, so that each can be read in full."""

    quality: Quality
    findings: tuple[Finding, ...]
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """One weighing of one choice; `nth` counts from 1, and the newest counts."""

    choice: ChoiceId
    nth: int
    purpose: PurposeId
    grant: GrantId
    weighed: Weighed
    cause: Cause
    by: Actor
    at: datetime
    statement: StatementId


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How the yeses to one notice came out by their newest weighings. `findings`: how many have each. Nobody is named."""

    purpose: PurposeId
    notice: NoticeId
    language: str
    version: int
    counts: Mapping[Quality, int]
    findings: Mapping[Finding, int]
    quarantined: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A choice in a list by quality: ids alone."""

    choice: ChoiceId
    call: CallId
    party: PartyId
    purpose: PurposeId
    notice: NoticeId
    made_at: datetime
    weighing: Weighing
