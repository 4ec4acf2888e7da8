"""Corrections, and the systems in which they wait."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rightcall.actors import Actor
from rightcall.ids import CorrectionId, HoldingId, RecipientId, RequestId, SubjectId, SystemId
from rightcall.requests.informing.model import Reply


class Undone(StrEnum):
    """Why we did not put something right in a system, so that a person does. `read_only`: nobody wished it of us there, and what
    is wrong was read there. `away`: it did not answer. `other_value`: something else stands there than what was found wrong, and
    may be right. `not_taken`: it takes no such value. `stands_still`: read back, it is not there. `unknown_place`: what is there
    is no whole field of a row, or nobody knows where it lies, or what was wrong. `retired`: nobody looks there any more.
    `wrong_still`: those who look after it say that it is right, and what is wrong was read there again."""

    READ_ONLY = "read_only"
    AWAY = "away"
    OTHER_VALUE = "other_value"
    NOT_TAKEN = "not_taken"
    STANDS_STILL = "stands_still"
    UNKNOWN_PLACE = "unknown_place"
    RETIRED = "retired"
    WRONG_STILL = "wrong_still"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCorrection:
    """A correction as it is stored. `sealed_was`: what stood there before, once it was read. `taken_back_at`: when somebody said
    that it was entered by mistake."""

    id: CorrectionId
    request: RequestId
    subject: SubjectId
    holding: HoldingId
    sealed: bytes
    replaces: CorrectionId | None
    by: Actor
    entered_at: datetime
    sealed_was: bytes | None = None
    taken_back_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToKeepers:
    """Those who look after a system, as they are told of one correction."""

    request: RequestId
    correction: CorrectionId
    system: SystemId


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRecipient:
    """A recipient of what was wrong, as it is told of one correction."""

    request: RequestId
    correction: CorrectionId
    recipient: RecipientId


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A system in which it is to be put right. `done_at`: when somebody said that it is, or we read it back. `why`: what we did
    not put right there ourselves, when that was last `tried_at`. `told_at`: somebody says that the letter to those who look after
    it was sent; `answer`: what they said."""

    correction: CorrectionId
    system: SystemId
    done_at: datetime | None
    done_by: Actor | None
    tried_at: datetime | None = None
    why: Undone | None = None
    told_at: datetime | None = None
    told_by: Actor | None = None
    answered_at: datetime | None = None
    answer: Reply | None = None
    answered_by: Actor | None = None

    @property
    def is_awaited(self) -> bool:
        """They were told, and have not said that it is right there."""
        return self.told_at is not None and self.answer in (None, Reply.DISAGREES)

    @property
    def is_looked_at(self) -> bool:
        """Since what they said last."""
        return self.tried_at is not None and (self.answered_at is None or self.tried_at >= self.answered_at)
