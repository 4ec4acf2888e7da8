"""Something that is gone: whose it was, and since when it is."""

from dataclasses import dataclass
from datetime import datetime

from rightcall.ids import HoldingId, SubjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """`went_at`: when its bytes were confirmed gone."""

    id: HoldingId
    subject: SubjectId
    went_at: datetime
