"""An override: one house rule, set aside by one named person, for a reason, until a day; counted, and public.

It never reaches the law. Name and reason are kept sealed; what is public is which rule, which value, by which role, until when,
for what sort of reason, and how often it was used.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from rightcall.actors import Actor
from rightcall.ids import CallId, OverrideId, PurposeId, StatementId
from rightcall.personal import Personal
from rightcall.vault.model import Dark

LONGEST = timedelta(days=30)
WINDOW = 90


class Category(StrEnum):
    """What sort of reason it is. `safety`: somebody's life or health. `person_asked`: the person whose words these are asked for
    it. `inquiry`: something that happened here is looked into. `technical`: something is mended."""

    SAFETY = "safety"
    PERSON_ASKED = "person_asked"
    LEGAL_CLAIM = "legal_claim"
    INQUIRY = "inquiry"
    TECHNICAL = "technical"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """An override as it is weighed. `digest` is of the rule as it was: changed since, it is another rule, and holds."""

    id: OverrideId
    rule: str
    digest: bytes
    purpose: PurposeId | None
    call: CallId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """`value`: what the rule protects. `purpose` and `call` narrow it. In force from `begins_at` up to `until`, or `ended_at` if
    that was earlier. `uses`: how many verdicts let something through by it."""

    id: OverrideId
    rule: str
    value: str
    purpose: PurposeId | None
    call: CallId | None
    category: Category
    by: Actor
    begins_at: datetime
    until: datetime
    ended_at: datetime | None
    ended_by: Actor | None
    uses: int
    statement: StatementId

    def is_in_force(self, at: datetime) -> bool:
        return self.begins_at <= at < (self.until if self.ended_at is None else self.ended_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """How a rule fared of late: on how many of the last 90 days (UTC, with today) it was set aside at all, however narrowly, and
    how many times in a year. Renewed without end, it is a rule that holds no more, and that shows."""

    days: int
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody asks to set aside. `name` is whose word it is."""

    rule: str
    purpose: PurposeId | None
    call: CallId | None
    category: Category
    name: Personal[str] = field(repr=False)
    reason: Personal[str] = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An override with what is sealed about it, for those who may see that."""

    override: Override
    name: Personal[str] | Dark
    reason: Personal[str] | Dark
