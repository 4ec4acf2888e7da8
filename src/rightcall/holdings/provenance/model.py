"""How holdings came from one another, and what has fallen of what they came from (W3C PROV: entities, derivations,
invalidation)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rightcall.actors import Actor
from rightcall.holdings.model import Holding
from rightcall.holdings.places import Part
from rightcall.ids import HoldingId, StatementId


class FallReason(StrEnum):
    """Why an origin does not hold any more. The first follows from a yes that was found void, the next two from keys that are
    destroyed, or are said of what another system keeps; the last two are said by somebody."""

    CONSENT_VOID = "consent_void"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"
    WRONG = "wrong"
    RECTIFIED = "rectified"


SAYABLE = frozenset({FallReason.WITHDRAWN, FallReason.ERASED, FallReason.WRONG, FallReason.RECTIFIED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """Somebody said that this holding does not hold, and it stands until somebody lifts it."""

    holding: HoldingId
    reason: FallReason
    by: Actor
    at: datetime
    statement: StatementId


@dataclass(frozen=True, slots=True, kw_only=True)
class Taint:
    """A holding rests on `origin` (which may be itself), and that fell for `reason`."""

    origin: HoldingId
    reason: FallReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """`made` came from `origin`, from that part of it or, with None, from the whole."""

    made: HoldingId
    origin: HoldingId
    part: Part | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Holdings, how they came from one another, and what of each fell. `cut`: there are more than were asked for. `next`: of a
    page, the last of those that were asked for, behind which there are more."""

    items: Mapping[HoldingId, Holding]
    derivations: Sequence[Derivation]
    taints: Mapping[HoldingId, tuple[Taint, ...]]
    cut: bool = False
    next: HoldingId | None = None

    @property
    def is_whole(self) -> bool:
        return not self.cut and self.next is None

    def origins_of(self, holding: HoldingId) -> list[Derivation]:
        return [each for each in self.derivations if each.made == holding]
