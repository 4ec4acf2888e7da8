"""What was decided over some days: how often, by which rules, in how many calls. Counts and ids only."""

from dataclasses import dataclass
from datetime import datetime

from rightcall.actors import PartyRole
from rightcall.ids import PurposeId, VerdictId
from rightcall.policy.model import Act, Axis, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which verdicts to look at. None: whichever. `rule`: those that name it as a reason."""

    since: datetime
    until: datetime
    purpose: PurposeId | None = None
    act: Act | None = None
    outcome: Outcome | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """A rule that stood in the way, or with no axis a fact that was missing. The words are those of its latest verdict."""

    rule: str
    axis: Axis | None
    says: str
    instead: str
    verdicts: int
    calls: int
    examples: tuple[VerdictId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`about`: whose words, by the role in the call; None where an act is about nobody's. `is_on_record`: False where
    somebody's words are asked about, and no call or holding: beforehand, or to see what would be. `behind` is empty for a go."""

    purpose: PurposeId | None
    act: Act
    outcome: Outcome
    about: PartyRole | None
    is_on_record: bool
    verdicts: int
    calls: int
    behind: tuple[Behind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """`calls`: in which anything was decided."""

    since: datetime
    until: datetime
    verdicts: int
    calls: int
    lines: tuple[Line, ...]
