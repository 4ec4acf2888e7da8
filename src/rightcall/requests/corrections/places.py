"""Where in a system data of the same category about the person lies, as far as is known: what may hold the same mistake."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rightcall.database.connection import Transaction
from rightcall.discovery.ports import Spot
from rightcall.erasure.elsewhere.rules import spot_of
from rightcall.holdings import actions as holdings
from rightcall.holdings.places import Place as HeldAt
from rightcall.ids import SystemId
from rightcall.requests.corrections.model import KeptCorrection
from rightcall.subjects.joining import actions as joining
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

_FOR = "put right what is wrong there"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`spot` None where nobody knows where exactly it lies. `is_pointed_at`: somebody said that this very thing is wrong."""

    spot: Spot | None
    is_pointed_at: bool

    @property
    def field(self) -> Spot | None:
        """The whole field of a row that it stands in; None where it is none."""
        is_field = self.spot is not None and self.spot.row is not None and self.spot.field is not None
        return replace(self.spot, start=None, end=None) if self.spot is not None and is_field else None


def places_in(tx: Transaction, vault: Vault, kept: KeptCorrection, system: SystemId) -> Sequence[Place]:
    """All that is there still, the one that was pointed at first."""
    category = holdings.get(tx, kept.holding).category
    found = holdings.alike_in(tx, joining.person(tx, kept.subject), system, category)
    opened = holdings.places(tx, vault, found)
    return [
        Place(spot=_spot(opened[each.id]), is_pointed_at=each.id == kept.holding)
        for each in sorted(found, key=lambda one: one.id != kept.holding)
    ]


def _spot(place: HeldAt | Dark) -> Spot | None:
    return None if isinstance(place, Dark) else spot_of(place, why=_FOR)
