"""What ending terms tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from rightcall.ids import HoldingId, VerdictId
from rightcall.policy.model import Verdict
from rightcall.reviews.model import Review

Behind: TypeAlias = tuple[date, HoldingId]
"""The place of a holding in the order of last days."""
Told: TypeAlias = Sequence[str]
"""The same as a step tells it: of two words, of none before the first page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortened:
    """A page of what is kept for a purpose: how many end sooner, how many locks went under fresh keys, and how many could not be
    opened for that. `behind`: where the next page begins, None after the last."""

    sooner: int
    moved: int
    stuck: int
    behind: Behind | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengthened:
    """A page of what is kept for a purpose: how many last longer, and how many could not be opened for that. `behind`: where the
    next page begins, None after the last."""

    longer: int
    stuck: int
    behind: Behind | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LongerAsked:
    """The verdict, and the review that waits for signatures; None where the verdict is no. A no is stored too."""

    id: VerdictId
    verdict: Verdict
    review: Review | None
