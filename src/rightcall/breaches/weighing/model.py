"""What a breach comes to, as it was last weighed."""

from dataclasses import dataclass

from rightcall.breaches.model import Assessment
from rightcall.ids import StatementId


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """`id`: of the statement that says so. By the data map as it was at `assessed.at`."""

    id: StatementId
    assessed: Assessment


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """So many parts of all people on the data map were looked through, for one breach."""

    done: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`assessed`: as it was last weighed; None where it never was: nothing is counted yet. `is_under_way`: it is being weighed,
    for the first time, because somebody asked, or because more is known of what happened. `has_changed`: what scans know of the
    system is not what they knew then. `progress`: how far it is; None where nobody has begun."""

    assessed: Assessment | None
    is_under_way: bool
    has_changed: bool
    progress: Progress | None = None
