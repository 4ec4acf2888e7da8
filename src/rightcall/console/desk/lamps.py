"""The light: of whom sound is kept right now, and for what. It shows nothing but what the recorder has confirmed; where it has
not, it says that nobody is sure. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rightcall.calls.model import Party
from rightcall.ids import PartyId, PurposeId
from rightcall.recordings.model import CallState, Take, Why


class Light(StrEnum):
    ON = "on"
    OFF = "off"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lamp:
    """`purposes`: what the sound is kept for, while it is. `why`: what keeps the gate closed, where that is known."""

    light: Light
    purposes: tuple[PurposeId, ...] = ()
    why: Why | None = None


def lamps(parties: Sequence[Party], state: CallState | None, confirmed: int | None) -> dict[PartyId, Lamp]:
    """`state` None: no recorder ever had the call, so nothing of it is kept here. `confirmed`: the version of the session that
    the recorder's gates stand as, by its own word of a moment ago; None where it gave none."""
    if state is None or state.session.state.is_over:
        return {each.id: Lamp(light=Light.OFF, why=None if state is None else Why.OVER) for each in parties}
    if confirmed is None or confirmed < state.session.version:
        return {each.id: Lamp(light=Light.UNSURE) for each in parties}
    return {each.id: _lamp(each.id, state) for each in parties}


def _lamp(party: PartyId, state: CallState) -> Lamp:
    """A stream that several speak on is kept of each of them."""
    open_takes = [each for each in state.open_takes if each.party in (party, None)]
    if open_takes:
        return Lamp(light=Light.ON, purposes=_purposes(open_takes))
    whys = [each.why for each in state.streams if each.party in (party, None) and each.gone_at is None]
    return Lamp(light=Light.OFF, why=next((why for why in whys if why is not None), None))


def _purposes(takes: Sequence[Take]) -> tuple[PurposeId, ...]:
    return tuple(dict.fromkeys(purpose for take in takes for purpose in take.purposes))
