"""Holds: a named, dated, owned reason to keep the smallest slice longer than its locks (GDPR Art. 17(3)), on which two agreed."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from rightcall.actors import Actor
from rightcall.errors import Malformed
from rightcall.holdings.categories import Category
from rightcall.ids import HoldId, HoldingId, PurposeId, StatementId, SubjectId, VerdictId
from rightcall.policy.situations import HoldReason
from rightcall.purposes.citing import is_citation

__all__ = ["Held", "Hold", "HoldName", "HoldReason", "Law", "Longer", "Slice", "Span", "Told", "Untold", "Waiting", "Word"]

_NAME = re.compile(r"[a-z](?:[a-z0-9]|-(?!-)){2,59}")
_LONGEST_MS = 2**31 - 1
_LONG_NUMBER = re.compile(r"[0-9]{7}")


class Untold(StrEnum):
    """Why the person is not told: a law forbids it, as that against money laundering does (GDPR Art. 23(1)(d)), or it would
    defeat the claim that it is kept for (Art. 23(1)(j))."""

    LAW_FORBIDS = "law_forbids"
    DEFEATS_CLAIM = "defeats_claim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of a take, in milliseconds since it was opened."""

    take: HoldingId
    from_ms: int
    until_ms: int

    def __post_init__(self) -> None:
        if not 0 <= self.from_ms < self.until_ms <= _LONGEST_MS:
            raise Malformed("A stretch of a take begins at 0 milliseconds or later, and ends after that.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One holding, for one purpose. `span`: it is a stretch of a take, sealed anew as a holding of its own."""

    holding: HoldingId
    purpose: PurposeId
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldName:
    """A hold's name is a file reference, never a person: lower-case letters, digits and single hyphens."""

    text: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.text) or _LONG_NUMBER.search(self.text):
            raise Malformed(
                "Name the hold by its file reference: 3 to 60 lower-case letters, digits and single hyphens, beginning with a "
                "letter, and no more than six digits in a row, for example dispute-2026-114."
            )

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """Where the law says so, as lawyers cite it: `MiFID II Art. 16(7)`."""

    text: str

    def __post_init__(self) -> None:
        if not is_citation(self.text):
            raise Malformed(
                "Cite the law with its article or section, in 3 to 120 letters, digits and plain punctuation, such as MiFID II "
                "Art. 16(7). Nobody's name or number belongs there."
            )

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What somebody said, and when."""

    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Longer:
    """Somebody asks that it last until a later day; that counts once another agrees."""

    until: date
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """`owner` placed it. `until`: the last day (UTC) that it keeps anything; after it the slices are dark at once, and the hold
    is lifted by itself. Until another has `agreed` it keeps and opens for nobody, and after `agree_by` it keeps no more.
    `verdict`: that it may be kept, with the reasons; None of those from before it was asked."""

    id: HoldId
    name: HoldName
    reason: HoldReason
    law: Law | None
    untold: Untold | None
    owner: Actor
    placed_at: datetime
    until: date
    agree_by: date
    agreed: Word | None
    longer: Longer | None
    slices: tuple[Slice, ...]
    lifted_at: datetime | None
    statement: StatementId
    verdict: VerdictId | None

    @property
    def ends_on(self) -> date:
        """The last day as things stand."""
        return self.until if self.agreed else min(self.until, self.agree_by)

    @property
    def asked_until(self) -> date | None:
        """The last day that it has once another agrees. None where nobody has to."""
        if self.agreed is None:
            return self.until
        return None if self.longer is None else self.longer.until

    def keeps(self, today: date) -> bool:
        """Whether what it holds goes on being kept."""
        return self.lifted_at is None and today <= self.ends_on

    def slices_of(self, take: HoldingId) -> list[Slice]:
        """What it keeps of a take: all of it, or stretches."""
        return [each for each in self.slices if take in (each.holding, each.span and each.span.take)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One thing of ours that holds keep, the last of them until the end of `ends_on`; `kept_until`: what its own terms say."""

    holding: HoldingId
    category: Category
    kept_until: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Whom a hold is about, and when they were told of it: None where nobody told them yet."""

    subject: SubjectId
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Holds on which somebody has to agree, those that end soon, and how many people are still to be told of one."""

    to_agree: int
    ending: int
    to_tell: int
