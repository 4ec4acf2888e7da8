"""Parity: whether those who said no fare as well as those who said yes (GDPR Art. 7(4), recital 42: "without detriment").

A call is compared, never a person: what happened in it, by the answer that was given in it. Nothing here names anybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from rightcall.actors import Actor
from rightcall.ids import ConcernId, NoticeId, PurposeId, StatementId

LookId = NewType("LookId", UUID)
FlagId = NewType("FlagId", UUID)


class Measure(StrEnum):
    """What is compared. More of it is worse for the caller, but for handling: too short is a detriment as well as too long."""

    WAITING = "waiting"
    HANDLING = "handling"
    TRANSFERS = "transfers"
    UNRESOLVED = "unresolved"
    HANG_UPS = "hang_ups"


class Kind(StrEnum):
    """What sort of figure a measure is, which decides how two groups of it are compared."""

    SECONDS = "seconds"
    COUNT = "count"
    YES_OR_NO = "yes_or_no"


KINDS: Mapping[Measure, Kind] = {
    Measure.WAITING: Kind.SECONDS,
    Measure.HANDLING: Kind.SECONDS,
    Measure.TRANSFERS: Kind.COUNT,
    Measure.UNRESOLVED: Kind.YES_OR_NO,
    Measure.HANG_UPS: Kind.YES_OR_NO,
}
BOTH_WAYS = frozenset({Measure.HANDLING})
"""Where a difference either way is a detriment. Elsewhere only what is worse for those who said no is."""


class Group(StrEnum):
    """What the customers of a call had answered about a purpose when it ended. One no among several is a no."""

    NO = "no"
    YES = "yes"
    WITHDREW = "withdrew"
    UNANSWERED = "unanswered"
    UNASKED = "unasked"


class Strata(StrEnum):
    """Within what like is compared with like: the finest in which nearly every no has a yes beside it. `agent`: who asked."""

    QUEUE_LANGUAGE_AGENT_DAY_HOUR = "queue_language_agent_day_hour"
    QUEUE_LANGUAGE_AGENT_DAY_FOUR_HOURS = "queue_language_agent_day_four_hours"
    QUEUE_LANGUAGE_AGENT_FOUR_HOURS = "queue_language_agent_four_hours"
    QUEUE_LANGUAGE_AGENT = "queue_language_agent"
    QUEUE_LANGUAGE_DAY_HOUR = "queue_language_day_hour"
    QUEUE_LANGUAGE_DAY_FOUR_HOURS = "queue_language_day_four_hours"
    QUEUE_LANGUAGE_FOUR_HOURS = "queue_language_four_hours"
    QUEUE_LANGUAGE = "queue_language"
    QUEUE = "queue"


class Finding(StrEnum):
    """What can be said of one measure of one purpose."""

    TOO_FEW = "too_few"
    NOT_COMPARABLE = "not_comparable"
    ALL_THE_SAME = "all_the_same"
    NO_GAP_FOUND = "no_gap_found"
    GAP = "gap"


class Explanation(StrEnum):
    """What the DPO answers to a flag: the way was mended, or the gap has another cause than the answer. The words are the
    concern's."""

    MENDED = "mended"
    ANOTHER_CAUSE = "another_cause"


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Calls of one purpose in a period, a list for each fact, all in one order. None where a fact is not known. `hour`: of the
    week, from Monday's first (UTC). `agent`: who asked, empty where a machine did. `again`: somebody in the call was in an
    earlier one, which is the one that counts."""

    group: list[str]
    notice: list[str | None]
    queue: list[str]
    language: list[str]
    hour: list[int]
    agent: list[str]
    again: list[bool]
    values: Mapping[Measure, list[float | None]]
    from_wire: Mapping[Measure, list[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """When a difference is a gap: the one place for it; settings can change each.

    `gap`: the smallest difference that matters, as the share of pairs of one no and one yes in which the no fares worse, less
    the share in which the yes does; for yes-or-no measures that is the difference of the two shares. 0.10 in seconds is about a
    fifth of a standard deviation: what a caller can notice. Losing one caller in twenty, or hanging up on one in fifty, is worse
    than waiting, so those are smaller.
    `least`: how many calls each group must have before anything is said: fewer could point at people.
    `alarm`: how often in a year a whole deployment in perfect parity may see any false flag at all.
    """

    gap: Mapping[Measure, float] = field(
        default_factory=lambda: {
            Measure.WAITING: 0.10,
            Measure.HANDLING: 0.10,
            Measure.TRANSFERS: 0.05,
            Measure.UNRESOLVED: 0.05,
            Measure.HANG_UPS: 0.02,
        }
    )
    least: int = 30
    alarm: float = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure with its 95 % confidence interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two groups over some calls. `effect` is on one scale for every measure (see `Bar.gap`); positive: the noes have more of it.
    `in_units`: the same in seconds, or as a ratio of rates; None for yes-or-no, where the effect is the difference of shares.
    `noes` and `yeses` had one of the other beside them in their stratum. `from_wire`: the share that only we saw."""

    noes: int
    yeses: int
    strata: Strata
    effect: Estimate
    in_units: Estimate | None
    from_wire: float
    z: float
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What all looks of a season have shown of one measure of one purpose. Each call was counted once.

    `score` and `information` add up over looks; `evidence` is the natural logarithm of how much better a gap explains them than
    parity does, and `highest` the most that it has been. `effect` and `error`: the mean effect, and its standard error.
    `strata`: the
    coarsest of the looks.
    """

    purpose: PurposeId
    measure: Measure
    began_at: datetime
    until: datetime
    looks: int
    noes: int
    yeses: int
    score: float
    information: float
    evidence: float
    highest: float
    effect: float
    error: float
    strata: Strata = Strata.QUEUE_LANGUAGE_DAY_HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A gap was found: this purpose is not freely given, until a person has answered and a later look finds the gap gone.

    `answer` is the latest, `answers` how many there were; `lapsed_at`: when its trial ended without that."""

    id: FlagId
    purpose: PurposeId
    measure: Measure
    look: LookId
    effect: Estimate
    noes: int
    yeses: int
    flagged_at: datetime
    concern: ConcernId
    answer: Explanation | None
    answered_by: Actor | None
    answered_at: datetime | None
    lapsed_at: datetime | None
    lifted_at: datetime | None
    statement: StatementId
    strata: Strata = Strata.QUEUE
    answers: int = 0

    @property
    def stands(self) -> bool:
        return self.lifted_at is None

    @property
    def is_on_trial(self) -> bool:
        """People are asked again, so that later calls can show whether the gap is gone."""
        return self.stands and self.answered_at is not None and self.lapsed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measure of one purpose over a period, and what is known of it. No figure where a group is too small."""

    purpose: PurposeId
    notice: NoticeId | None
    measure: Measure
    finding: Finding
    comparison: Comparison | None
    account: Account | None
    chance: float | None
    flag: Flag | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSize:
    """`calls` is None where there are too few to be told."""

    purpose: PurposeId
    group: Group
    calls: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parity:
    """How a controller stands, from `since` to `until`. `counted_at`: when the calls of this time were counted, so that
    what came later is not in it; None where they were not. `looked_at`: the last look; None before the first."""

    since: datetime
    until: datetime
    counted_at: datetime | None
    looked_at: datetime | None
    tested: int
    rows: tuple[Row, ...]
    sizes: tuple[GroupSize, ...]
