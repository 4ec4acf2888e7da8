"""A finding as it is kept: its place sealed, its clues as keyed hashes, and never the value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from rightcall.discovery.model import Found
from rightcall.discovery.ports import Spot
from rightcall.holdings.categories import Category
from rightcall.ids import FindingId, HoldingId, ObjectId, ScanId, SubjectId, SystemId


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some of what a scan found in one object. `name` is the object's own; `key` what its system's places are sealed with.
    `reading`: a scan that was cut off reads an object again, and each time counts as one. `is_dated`: terms there may count from
    a day in the row."""

    system: SystemId
    key: SubjectId
    object: ObjectId
    name: str
    scan: ScanId
    reading: int
    found: Sequence[Found]
    is_dated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFinding:
    """`spot` is None where its system was retired or its person erased (`is_erased`): nobody knows any more where it lies.
    `record`: what was said of one thing has the same. `field`: only where it looks like a name out of a schema. `dated_on`:
    the day in its row that its term counts from."""

    id: FindingId
    system: SystemId
    object: ObjectId
    record: UUID
    spot: Spot | None
    field: str | None
    type: str
    category: str
    confidence: float
    why: str
    clue_kinds: tuple[str, ...]
    subject: SubjectId | None
    holding: HoldingId | None
    first_scan: ScanId
    last_scan: ScanId
    first_seen_at: datetime
    gone_at: datetime | None
    dated_on: date | None = None
    is_erased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Of a finding in a copy, which is on the map as `holding`: what tells the same in an original, where there is such a one."""

    finding: FindingId
    holding: HoldingId
    origin: HoldingId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedFinding:
    """With where it lies, sealed: `spot`, None where its person was erased, and `name` of its object."""

    finding: KeptFinding
    spot: bytes | None
    name: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FewPeople:
    """Of an object in which things of a few people lie, and which may be named after one of them: who they are, and whether
    something there was a person's who was erased."""

    subjects: frozenset[SubjectId]
    has_erased: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Of what lies in a system now: how many findings, how many of them are somebody's, how many on the data map. `erased`: so
    many are of people who were erased, and lie there all the same."""

    findings: int
    linked: int
    mapped: int
    erased: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which findings to list. What is gone is left out unless it is asked for. `nobodys`: only what is linked to nobody."""

    system: SystemId
    object: ObjectId | None = None
    type: str | None = None
    category: Category | None = None
    subject: SubjectId | None = None
    nobodys: bool = False
    also_gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What is said of a finding anew each time it is seen."""

    confidence: float
    why: str
    country: str | None
    of_another: bool
    dated_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRow:
    """A finding that was not known before, ready to be put down. `country`: where the person lives, as far as it tells."""

    id: FindingId
    record: UUID
    mark: bytes
    sealed_spot: bytes
    field: str | None
    type: str
    category: str
    confidence: float
    why: str
    clue_kinds: tuple[str, ...]
    clues: tuple[bytes, ...]
    dated_on: date | None
    of_staff: bool
    of_another: bool
    country: str | None
