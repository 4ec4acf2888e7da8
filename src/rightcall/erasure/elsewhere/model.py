"""What an erasure has to do elsewhere: one errand for each other system, and in it each place where something of the person lay.

Which systems they are and how many places is known for good. Where in a row or file each lay is sealed: the person's own key is
gone by now, so one key of the vault that belongs to the erasure alone opens that and nothing else, until nobody needs it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rightcall.actors import Actor
from rightcall.discovery.ports import Spot
from rightcall.holdings.model import HoldingKind
from rightcall.ids import ErasureId, HoldingId, StatementId, SubjectId, SystemId


class PlaceState(StrEnum):
    """to_erase ─> erased ─> confirmed, and to_erase ─> held ─> to_erase. `erased`: the system says that it let go, and nobody has
    looked again yet, or could not tell. `there_still`: it said so, and it is there. `refused`: it lets go of everything but this.
    `outside`: its system is none that is erased in. `of_another`: made from the person's data, and about somebody else."""

    TO_ERASE = "to_erase"
    ERASED = "erased"
    CONFIRMED = "confirmed"
    THERE_STILL = "there_still"
    REFUSED = "refused"
    HELD = "held"
    OUTSIDE = "outside"
    OF_ANOTHER = "of_another"


OPEN = frozenset({PlaceState.TO_ERASE, PlaceState.ERASED, PlaceState.THERE_STILL, PlaceState.REFUSED})
"""What is to go and is not confirmed gone. An erasure is never called done while there is one."""


class Trouble(StrEnum):
    """Why the last round of an errand did not end it. `unreachable`: the system does not answer. `unsure`: it could not be told
    whether what was let go of is gone. `seen_again`: the system had let go of it, and a later scan saw it: whatever the system
    says, only a scan that sees it no more ends that."""

    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    THERE_STILL = "there_still"
    UNSURE = "unsure"
    SEEN_AGAIN = "seen_again"


class KeeperSaid(StrEnum):
    """What those who look after a system out of reach say, once they were told. `keeps`: they have a ground of their own."""

    LET_GO = "let_go"
    NEVER_HAD = "never_had"
    KEEPS = "keeps"


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """One erasure's errands. `key`: what opens where things lay; None once it is destroyed. `round`: how often it was begun.
    `due_at`: when it is gone on with; None where nothing is to be done by itself. `settled_at`: since when nothing is open."""

    erasure: ErasureId
    subject: SubjectId
    key: SubjectId | None
    round: int
    due_at: datetime | None
    planned_at: datetime | None
    settled_at: datetime | None
    settled: StatementId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """`is_seen_again`: a scan saw something of it that the system had let go of. `failures`: rounds in a row that did not end it,
    `failing_since` the first of them. `escalated_at`: since when a person has to look. `told_at`: those who look after a system
    out of reach were told, by `told_by`; `answer`: what they said then, which makes nothing gone: a scan shows that.
    `elsewhere`: so many records a scan found since, in other places of the system, that tell by what the person was known."""

    erasure: ErasureId
    system: SystemId
    is_erasable: bool
    places: Mapping[PlaceState, int]
    is_seen_again: bool
    failures: int
    failing_since: datetime | None
    trouble: Trouble | None
    tried_at: datetime | None
    due_at: datetime | None
    escalated_at: datetime | None
    told_at: datetime | None
    told_by: Actor | None
    answered_at: datetime | None
    answer: KeeperSaid | None
    elsewhere: int = 0

    @property
    def open(self) -> int:
        return sum(count for state, count in self.places.items() if state in OPEN)

    def count(self, state: PlaceState) -> int:
        return self.places.get(state, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPlace:
    """`spot` None where nobody knows (any more) where exactly it lay, and until it is opened. `moved`: when it was let go of it
    stood elsewhere in its row."""

    holding: HoldingId
    state: PlaceState
    spot: Spot | None
    moved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What a finding told: its type, and by kind salted hashes of what it said of whose it is. `of_record`: what all that was
    found in the same record told."""

    type: str
    clues: frozenset[tuple[str, bytes]]
    of_record: frozenset[tuple[str, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remains:
    """What of an erasure lay or lies elsewhere, by how it stands, in each system. `outside`: with when those who look after it
    were told."""

    gone: Mapping[tuple[SystemId, HoldingKind], int]
    unconfirmed: Mapping[SystemId, int]
    outside: Mapping[SystemId, tuple[int, datetime | None]]
    of_another: Mapping[SystemId, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Of a controller: errands that go on, and those of them that a person has to look at."""

    errands: int
    escalated: int
