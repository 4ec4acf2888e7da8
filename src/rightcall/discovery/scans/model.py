"""A scan of one system: where it stands, what it has read, and how long it will take."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from rightcall.actors import Actor
from rightcall.discovery.ports import UNLIMITED, Load
from rightcall.errors import Malformed
from rightcall.ids import ObjectId, ScanId, StatementId, SystemId

MOST_WORKERS = 64


class Stage(StrEnum):
    """Its objects are listed, then read, then what is gone and what follows is settled."""

    LISTING = "listing"
    READING = "reading"
    SETTLING = "settling"
    OVER = "over"


class Outcome(StrEnum):
    """`failed`: it cannot say anything about the whole, and says why."""

    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ObjectState(StrEnum):
    WAITING = "waiting"
    TAKEN = "taken"
    READ = "read"
    SKIPPED = "skipped"
    UNCHANGED = "unchanged"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """`sample`: about which share of objects and rows, None for all. `workers`: how many may read at a time. `load`: how hard
    they may work the source together."""

    sample: float | None = None
    workers: int = 1
    load: Load = UNLIMITED

    def __post_init__(self) -> None:
        if self.sample is not None and not 0 < self.sample < 1:
            raise Malformed("A sample is a share between 0 and 1, for example 0.05. Leave it out to look at everything.")
        if not 1 <= self.workers <= MOST_WORKERS:
            raise Malformed(f"1 to {MOST_WORKERS} workers may read at a time.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """`why`: where it failed. `waiting_since` and `waiting_why`: while its source does not answer; it goes on when that does.
    `followed_at`: since when all that it found is with whose it is and on the data map."""

    id: ScanId
    system: SystemId
    stage: Stage
    outcome: Outcome | None
    why: str | None
    how: How
    rules: bytes | None
    started_by: Actor
    started_at: datetime
    reading_since: datetime | None
    waiting_since: datetime | None
    waiting_why: str | None
    ended_at: datetime | None
    statement: StatementId
    followed_at: datetime | None = None

    @property
    def is_followed(self) -> bool:
        """Nothing more comes of it: what it found was followed up, or it did not end well."""
        return self.stage is Stage.OVER and (self.outcome is not Outcome.DONE or self.followed_at is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """Objects in one state. `size`: bytes as they were listed, of those whose size is known; `bytes`: as they were read;
    `seconds`: that reading them took, waits for their source left out."""

    objects: int = 0
    size: int = 0
    bytes: int = 0
    rows: int = 0
    findings: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a scan is. `skipped`: by reason; `inside`: what was passed over within objects that were read, by reason;
    `still`: likewise within those that are unchanged since they were read. `seconds_left` is an estimate; None where nothing can
    be said yet, or the source does not answer."""

    amounts: Mapping[ObjectState, Amount]
    skipped: Mapping[str, int]
    inside: Mapping[str, int]
    still: Mapping[str, int] = field(default_factory=dict)
    seconds_left: float | None = None

    def of(self, state: ObjectState) -> Amount:
        return self.amounts.get(state, Amount())

    @property
    def so_far(self) -> Amount:
        """All that was read, of what is being read too."""
        read, taken = self.of(ObjectState.READ), self.of(ObjectState.TAKEN)
        return Amount(
            objects=read.objects,
            size=read.size,
            bytes=read.bytes + taken.bytes,
            rows=read.rows + taken.rows,
            findings=read.findings + taken.findings,
            seconds=read.seconds + taken.seconds,
        )

    @property
    def left(self) -> Amount:
        waiting, taken = self.of(ObjectState.WAITING), self.of(ObjectState.TAKEN)
        return Amount(objects=waiting.objects + taken.objects, size=waiting.size + taken.size)


class Unit(StrEnum):
    OBJECTS = "objects"
    ROWS = "rows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a sample says of the whole: of all objects (or of all rows of tables) at least the share `least` and at most `most`
    hold this type, with 95 % confidence. `with_it` of the `looked_at` did."""

    of: Unit
    type: str
    looked_at: int
    with_it: int
    least: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """An object that is this reader's to read for a while, for the `reading`th time in its scan.
    `read_as`: fingerprint and rules when it was last read whole."""

    object: ObjectId
    sealed_name: bytes
    size: int | None
    fingerprint: bytes | None
    takes: int
    reading: int = 1
    read_as: tuple[bytes | None, bytes | None] = (None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedObject:
    """`name` is None once the system is retired, and where it tells of somebody. `since`: when it was passed over,
    where its object is unchanged since then."""

    object: ObjectId
    name: str | None
    reason: str
    since: datetime | None = None
