"""What the record counts, and when it was counted."""

from dataclasses import dataclass
from datetime import datetime

from rightcall.holdings.map.model import Kept
from rightcall.holdings.uses.model import Made


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """`kept`: what was there `at` for each purpose, and for none; `used`: what was done for each from `uses_since` until then."""

    kept: tuple[Kept, ...]
    used: tuple[Made, ...]
    uses_since: datetime
    at: datetime
