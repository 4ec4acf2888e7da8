"""What waits for a person's word on whose a record is, and what was said of a link so far."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rightcall.actors import Actor
from rightcall.discovery.linking.model import Compared, LinkReason, LinkState
from rightcall.ids import LinkId, StatementId, SubjectId, SystemId


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One step of a link's history. `statement`: where the ledger has it."""

    statement: StatementId
    was: LinkState
    now: LinkState
    reason: LinkReason
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Records that wait on one person and say the same: the same agrees and the same differs. `example`: the first of their
    links; `score`: the highest; `state`: doubtful, or undone by a person."""

    state: LinkState
    example: LinkId
    records: int
    score: float
    compared: tuple[Compared, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits for a word on one person, the sort with the most records first."""

    subject: SubjectId
    sorts: tuple[Alike, ...]

    @property
    def records(self) -> int:
        return sum(each.records for each in self.sorts)


class First(StrEnum):
    """Whom a list of what waits begins with: those of whom it is likeliest, or those on whom most waits."""

    LIKELIEST = "likeliest"
    MOST = "most"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What of all that waits is looked at: links of at least this score, of this system's records alone, and `about` the subjects
    of one person alone."""

    first: First = First.LIKELIEST
    least: float = 0.0
    system: SystemId | None = None
    about: tuple[SubjectId, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikeOfEveryone:
    """Records that say the same and wait each on one person alone, whoever that is: how many, on how many people, and between
    which scores."""

    records: int
    people: int
    lowest: float
    highest: float
