"""A leak that somebody asked about, and what it would mean."""

from dataclasses import dataclass
from datetime import datetime

from rightcall.actors import Actor
from rightcall.breaches.model import Assessment, Circumstances, Window
from rightcall.breaches.weighing.model import Progress
from rightcall.ids import RehearsalId


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """`assessed`: by the data map as it was at `assessed.at`; None while it is being weighed. `progress`: how far that is; None
    where no worker has begun."""

    id: RehearsalId
    window: Window
    circumstances: Circumstances
    asked_by: Actor
    asked_at: datetime
    assessed: Assessment | None
    progress: Progress | None

    @property
    def is_under_way(self) -> bool:
        return self.assessed is None
