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
class Standing:
    """`assessed`: as it was last weighed; None where it never was. `is_under_way`: it is being weighed, for the first time or
    because somebody asked. `has_changed`: what scans know of the system is not what they knew then."""

    assessed: Assessment | None
    is_under_way: bool
    has_changed: bool
