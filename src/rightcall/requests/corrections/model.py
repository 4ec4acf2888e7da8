"""Corrections, and the systems in which they wait."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rightcall.actors import Actor
from rightcall.ids import CorrectionId, HoldingId, RequestId, SubjectId, SystemId


class Undone(StrEnum):
    """Why we did not put something right in a system, so that a person does. `read_only`: nobody wished it of us there. `away`:
    it did not answer. `other_value`: something else stands there than what was found wrong, which may be right. `not_taken`: it
    takes no such value. `stands_still`: read back, it is not there. `unknown_place`: what is there is no whole field of a row,
    or nobody knows where it lies, or what was wrong."""

    READ_ONLY = "read_only"
    AWAY = "away"
    OTHER_VALUE = "other_value"
    NOT_TAKEN = "not_taken"
    STANDS_STILL = "stands_still"
    UNKNOWN_PLACE = "unknown_place"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCorrection:
    """A correction as it is stored. `sealed_was`: what stood there before, once it was read."""

    id: CorrectionId
    request: RequestId
    subject: SubjectId
    holding: HoldingId
    sealed: bytes
    replaces: CorrectionId | None
    by: Actor
    entered_at: datetime
    sealed_was: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A system in which it is to be put right. `done_at`: when somebody said that it is, or we read it back. `why`: what we did
    not put right there ourselves, when that was last `tried_at`."""

    correction: CorrectionId
    system: SystemId
    done_at: datetime | None
    done_by: Actor | None
    tried_at: datetime | None = None
    why: Undone | None = None
