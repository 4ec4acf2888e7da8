"""What parity shows of a period, as it was counted: figures of groups, and nothing of a group that is small."""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType
from uuid import UUID

from rightcall.ethics.model import Comparison, Measure
from rightcall.ids import NoticeId, PurposeId

CountId = NewType("CountId", UUID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Calls that ended until `until`, over so many `weeks` back, the fewest first. `least`: the smallest group that it tells of.
    `begun_at`: what came later is not in it."""

    id: CountId
    weeks: tuple[int, ...]
    least: int
    until: datetime
    begun_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is counted in one step."""

    weeks: int
    purpose: PurposeId


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One measure of one purpose over a period; of the calls in which one notice was answered, or of all. `is_same`: every call
    has the same value. `is_comparable`: like can be held against like, or too few calls are there to tell."""

    purpose: PurposeId
    notice: NoticeId | None
    measure: Measure
    comparison: Comparison | None
    is_same: bool
    is_comparable: bool
