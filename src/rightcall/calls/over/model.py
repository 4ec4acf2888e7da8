"""A call that is over, as far as its end asks: who took part, and since when it is over."""

from dataclasses import dataclass
from datetime import datetime

from rightcall.ids import CallId, PartyId, SubjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """`people`: who each party was; `staff`: which of them took it as one of the controller's own. `over_at`: when it ended; when
    it began, where nobody said that it ended."""

    id: CallId
    started_at: datetime
    over_at: datetime
    people: dict[PartyId, SubjectId]
    staff: frozenset[PartyId]
