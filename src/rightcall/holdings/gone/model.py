"""Something that is gone, from here or from another system: whose it was, and since when it is."""

from dataclasses import dataclass
from datetime import datetime

from rightcall.ids import HoldingId, SubjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """`subject`: None where it was nobody's. `went_at`: when its bytes were confirmed gone, or a scan found it no more."""

    id: HoldingId
    subject: SubjectId | None
    went_at: datetime
