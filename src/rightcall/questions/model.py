"""Six answers, each a few figures. Those that are counted over time are counted over the last `DAYS` days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from rightcall.actors import Role
from rightcall.breaches.model import Owed
from rightcall.consent.model import Answer, Channel
from rightcall.copies.model import Drill
from rightcall.ids import CallId, ChoiceId, PurposeId, VerdictId
from rightcall.policy.model import Outcome
from rightcall.purposes.model import Purpose
from rightcall.safety.model import Severity

DAYS = 30
STOPPING = ("not_right", "unlawful", "cannot_tell")
"""Outcomes of verdicts that stopped what was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """`runs`: a review of the purpose is in force. Where none is, nothing is done for it."""

    purpose: Purpose
    runs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """For what purpose do we collect this? Those that run first, each by its title."""

    purposes: tuple[Stands, ...]

    @property
    def running(self) -> int:
        return sum(each.runs for each in self.purposes)

    @property
    def resting(self) -> int:
        return len(self.purposes) - self.running


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What was answered on one day (UTC)."""

    day: date
    yes: int
    no: int
    withdrawn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What people answered, day by day."""

    days: tuple[Day, ...]

    @property
    def yes(self) -> int:
        return sum(each.yes for each in self.days)

    @property
    def no(self) -> int:
        return sum(each.no for each in self.days)

    @property
    def withdrawn(self) -> int:
        return sum(each.withdrawn for each in self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidYes(Said):
    """Did they clearly say yes, to exactly this? `quarantined`: yeses that were found void, and nobody has judged since."""

    quarantined: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What do we hold, and where did it come from? `nobodys`: found, and linked to nobody. `pairs`: of people who may be one, and
    wait for a word. `unknown`: systems of which something is not known."""

    things: int
    systems: int
    nobodys: int
    pairs: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Safe:
    """Is it stored safely? `weaknesses`: open ones, and `accepted` for a while; `unseen`: systems at which nobody looked yet.
    `drill`: the last; None before the first. `breaches`: not closed, and `owed` those of which somebody is still to be told.
    `let_in`: people who were taken in, and `tokens`: those that were made and open something now, both in the last days: whoever
    looks after accounts could let in anybody, and nobody has to agree."""

    weaknesses: Mapping[Severity, int]
    accepted: Mapping[Severity, int]
    unseen: int
    drill: Drill | None
    breaches: int
    owed: Mapping[Owed, int]
    let_in: int
    tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """Do we need all of it? If not, how does it go? `ending`: how much goes by itself on each of the next days; `by_hand`: how
    much has its last day in them in other systems, where somebody has to delete it; `late`: what is there though its day is over;
    `holds`: what keeps something longer; `proposals`: to keep less, waiting for an answer. `to_tell`: how many are to
    be told that something was erased, keepers of other systems and recipients; `erasures_late`: of how many erasures by a day
    that is over."""

    ending: tuple[tuple[date, int], ...]
    by_hand: int
    late: int
    holds: int
    proposals: int
    to_tell: int
    erasures_late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """Are we doing the right thing? `stopped`: acts that a verdict stopped, by outcome. `requests` wait, `requests_late` past
    their day; `concerns_late` past theirs; `overrides` are in force; `gaps`: where a no costs something."""

    stopped: Mapping[Outcome, int]
    requests: int
    requests_late: int
    concerns_late: int
    overrides: int
    gaps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """All six, as they are at `at`."""

    at: datetime
    why: Why
    said_yes: SaidYes
    held: Held
    safe: Safe
    needed: Needed
    right: Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One answer of those that are counted."""

    id: ChoiceId
    call: CallId
    purpose: PurposeId
    answer: Answer
    channel: Channel
    at: datetime
    quarantined: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """One act of those that a verdict stopped. `rules`: those that decided."""

    id: VerdictId
    at: datetime
    act: str
    purpose: PurposeId | None
    call: CallId | None
    by: Role
    outcome: Outcome
    rules: tuple[str, ...]
