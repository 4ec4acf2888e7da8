"""A conserver as it is registered: nobody asks it, it sends (`api.conservers`). What it sends is looked through where it lies
(`discovery.vcons.sent`)."""

from collections.abc import Iterator, Mapping, Sequence

from rightcall.adapters.systems.pace import Pace
from rightcall.discovery.model import PassedOver
from rightcall.discovery.parts import Part
from rightcall.discovery.picking import one_by_one
from rightcall.discovery.ports import Ability, Gone, Listed, Refusal, Seen, Spot, System
from rightcall.errors import Malformed, NotAllowed, NotFound

_SENDS = "A conserver is not asked: it sends. Register it, and give its webhook link the address and a token."


def open_conserver(url: str, *, writable: bool = False, pace: Pace | None = None) -> System:
    """`url`: conserver://NAME, of which the name serves people alone."""
    del writable, pace
    if not url.partition("://")[2]:
        raise Malformed("A conserver is registered as conserver://NAME.")
    return Awaited()


class Awaited:
    """Implements `discovery.ports.System`."""

    @property
    def abilities(self) -> frozenset[Ability]:
        return frozenset({Ability.FIND, Ability.EXPORT, Ability.CONFIRM})

    def objects(self) -> Iterator[Listed | PassedOver]:
        raise NotFound(_SENDS)

    def read(self, object: Listed, *, sample: float = 1.0) -> Iterator[Part | PassedOver]:
        del object, sample
        raise NotFound(_SENDS)

    def sign(self, object: Listed) -> str | None:
        """What the list says is all there is."""
        del object
        return None

    def safety(self) -> Iterator[Seen]:
        return iter(())

    def export(self, spot: Spot) -> bytes:
        del spot
        raise NotFound(_SENDS)

    def exports(self, spots: Sequence[Spot]) -> Iterator[tuple[Spot, bytes | Refusal]]:
        return one_by_one(self.export, spots)

    def erase(self, spots: Sequence[Spot]) -> None:
        del spots
        raise NotAllowed(_SENDS)

    def confirm(self, spots: Sequence[Spot]) -> Mapping[Spot, Gone]:
        del spots
        raise NotFound(_SENDS)

    def close(self) -> None:
        """Nothing is kept open."""
