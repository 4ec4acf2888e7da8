"""What a person is handed: a receipt of a choice, a certificate of an erasure; and what a check of one finds.

Each is one file: canonical JSON-LD whose every byte is bound to the ledger. It names the person by an opaque id and nothing else.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType, TypeAlias
from uuid import UUID

from rightcall.actors import Role
from rightcall.errors import Malformed
from rightcall.evidence.saying import Said, told
from rightcall.ids import ChoiceId, HoldingId, ReceiptId, RequestId, StatementId, SubjectId
from rightcall.ledger.model import Commitment
from rightcall.policy.situations import HoldReason
from rightcall.subjects.model import Identifier, subject_bytes

CertificateId = NewType("CertificateId", UUID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """`file` is what the person keeps, e.g. as `receipt-<id>.json`."""

    id: ReceiptId
    choice: ChoiceId
    file: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """`proof`: that the ledger holds its issue, alone, as a C2SP tlog-proof."""

    id: CertificateId
    grade: "Grade"
    file: bytes
    proof: str


class Handed(StrEnum):
    """What a person is known by, that somebody who works here was handed to send on to them."""

    RECEIPT = "receipt"
    LINK = "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOut:
    choice: ChoiceId
    what: Handed
    role: Role
    at: datetime


class Grade(StrEnum):
    """How far an erasure went; follows from what remains, see `certificates.grade_of`.

    complete: nothing held about the person can be read, backups included. What left the house before is out of its reach.
    complete_after_backups: the same once the last backup that still has a key is useless, on a day that is named.
    partial: something stays, on a named ground, until a named day where there is one.
    unconfirmed: some system has not confirmed yet.
    """

    COMPLETE = "complete"
    COMPLETE_AFTER_BACKUPS = "complete_after_backups"
    PARTIAL = "partial"
    UNCONFIRMED = "unconfirmed"


LET_GO = frozenset({Grade.COMPLETE, Grade.COMPLETE_AFTER_BACKUPS})
"""Everything about the person is let go of."""


class Ground(StrEnum):
    """Why something remains. The last three cannot be read as anything about the person once the keys are gone. `outside_reach`:
    in a system that nothing can be erased in by us. `doubtful`: records that may be about the person, or about somebody else."""

    HOLD = "hold"
    LEGAL_OBLIGATION = "legal_obligation"
    OTHER_PERSON = "other_person"
    UNCONFIRMED = "unconfirmed"
    OUTSIDE_REACH = "outside_reach"
    DOUBTFUL = "doubtful"
    TIMELINE = "timeline"
    CHOICES = "choices"
    SEALED_BYTES = "sealed_bytes"


NOT_READABLE = frozenset({Ground.TIMELINE, Ground.CHOICES, Ground.SEALED_BYTES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposal:
    """One act of destruction, as the ledger has it."""

    statement: StatementId


@dataclass(frozen=True, slots=True, kw_only=True)
class LawSays:
    """A rule of law by which a verdict let something be kept: its id in the law pack, the citation, and what it says."""

    rule: str
    cite: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyKept:
    """`law`: as it was cited for this hold. `rules`: those of the verdict that let it be kept."""

    reason: HoldReason
    law: str | None
    rules: tuple[LawSays, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remainder:
    """`until` is the last day (UTC), None where the ground has no end of its own. `holding` where it is a single one. `told_on`:
    the day on which those who have it were told to let go of it, None where nobody was. `why`: of what a hold keeps, where the
    person may be told."""

    ground: Ground
    count: int
    until: date | None = None
    holding: HoldingId | None = None
    told_on: date | None = None
    why: WhyKept | None = None

    def __post_init__(self) -> None:
        if self.count < 1:
            raise Malformed("What does not remain is not listed as remaining.")
        if self.why is not None and self.ground is not Ground.HOLD:
            raise Malformed("Only what a hold keeps is kept for a hold's reason.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """The plain facts a certificate is made of. `backups_until`: the last day that a backup's keys still open; None if over."""

    subject: Commitment
    request: RequestId | None
    done_at: datetime
    disposals: tuple[Disposal, ...]
    destroyed: tuple[tuple[str, int], ...]
    """How many holdings of each kind (`holdings.model.HoldingKind`) can no longer be read."""
    remains: tuple[Remainder, ...]
    backups_until: date | None

    def __post_init__(self) -> None:
        if not self.disposals:
            raise Malformed("A certificate needs at least one act of destruction that the ledger has.")
        kinds = [kind for kind, _ in self.destroyed]
        if len(set(kinds)) != len(kinds) or any(count < 1 for _, count in self.destroyed):
            raise Malformed("Count each kind of what was destroyed once, and only where something was.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What shows that a commitment in the ledger is about one opaque subject id: commitment = HMAC-SHA256(salt, subject)."""

    subject: SubjectId
    salt: bytes

    @classmethod
    def fresh(cls, subject: SubjectId) -> "Opening":
        """For an erasure and its certificates: the salt is its own, since the subject's key is gone."""
        return cls(subject=subject, salt=secrets.token_bytes(32))

    @property
    def commitment(self) -> Commitment:
        return Commitment(hmac.new(self.salt, subject_bytes(self.subject), hashlib.sha256).digest())


class FileKind(StrEnum):
    RECEIPT = "receipt"
    CERTIFICATE = "certificate"
    PROOF = "proof"
    ATTESTATION = "attestation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the asker of an attestation knows: the identifier, and the opening that was given to them alone, in hex."""

    identifier: Identifier
    opening: str


class Point(StrEnum):
    """What a check looks at, one after another: see `verify`. `acts`: what a certificate rests on. `entry`: of a bare proof."""

    FORM = "form"
    KEY = "key"
    ISSUED = "issued"
    STATES = "states"
    NOTICE = "notice"
    PERSON = "person"
    EVIDENCE = "evidence"
    ACTS = "acts"
    GRADE = "grade"
    COPIES = "copies"
    WHOSE = "whose"
    ENTRY = "entry"


class KeyFrom(StrEnum):
    """Who named the key. A key that only the file names shows that the file is whole, not whose it is. `here`: that of the ledger
    of whoever checks."""

    YOU = "you"
    HERE = "here"
    THE_FILE = "the_file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One numbered step of a check, in plain words."""

    number: int
    sentence: Said

    @property
    def says(self) -> str:
        return told(self.sentence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """Every step held. `says` is what the file proves, in plain words."""

    kind: FileKind
    steps: tuple[Step, ...]
    sentences: tuple[Said, ...]
    key: str
    key_from: KeyFrom

    @property
    def says(self) -> tuple[str, ...]:
        return tuple(told(each) for each in self.sentences)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuted:
    """`steps` held; then `reason` stopped the check, at what it came to next."""

    kind: FileKind | None
    steps: tuple[Step, ...]
    at: "Point"
    reason: str


Checked: TypeAlias = Verified | Refuted
