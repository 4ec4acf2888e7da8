"""A wish to be erased meets a reason to keep: what it was decided about, by which verdict, and how."""

from dataclasses import dataclass
from datetime import date, datetime

from rightcall.holdings.holds.model import HoldReason, Law
from rightcall.ids import HoldId, PurposeId, RequestId, SubjectId, VerdictId
from rightcall.policy.model import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Of what a law wants kept for `purpose`, or of what `hold` kept already; one of the two. `stays`: the verdict lets it be
    kept, and it is."""

    request: RequestId
    subject: SubjectId
    verdict: VerdictId
    purpose: PurposeId | None
    hold: HoldId | None
    stays: bool
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A conflict with what it was decided by, as it is told. `until`: the last day that anything of it is kept, None once nothing
    is. `is_told`: whether the person may be told of it."""

    conflict: Conflict
    verdict: Verdict
    reason: HoldReason
    law: Law | None
    until: date | None
    is_told: bool
