"""What every open page needs of the house, let in so many at once and no more."""

import time
from dataclasses import dataclass, field

from fastapi import Request
from starlette.exceptions import HTTPException

from rightcall.house import House
from rightcall.ids import ControllerId
from rightcall.openness.model import Months
from rightcall.turnstile import Turnstile, asker_of

_A_SECOND = 50.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One for each process. `months`: what was counted of whole months, by company."""

    house: House
    turnstile: Turnstile = field(default_factory=lambda: Turnstile(_A_SECOND))
    months: dict[ControllerId, Months] = field(default_factory=dict)


def entered(request: Request) -> Entry:
    """The dependency of every route that anyone may ask."""
    entry: Entry = request.state.entry
    if not entry.turnstile.admits(asker_by(request), time.monotonic()):
        raise HTTPException(429)
    return entry


def asker_by(request: Request) -> str:
    return asker_of(None if request.client is None else request.client.host)
