"""Acknowledging a change of what may be kept: only once the recorder has confirmed it (`recordings.confirming`). Where nobody
confirms, the answer is a 503 that says that sound may still be recorded and what to do; the change itself stands.
"""

import logging
from datetime import datetime

from rightcall.api.door import Door
from rightcall.api.forms import Shape
from rightcall.api.problems import Refusal
from rightcall.errors import Outage
from rightcall.ids import CallId
from rightcall.recordings import confirming

_log = logging.getLogger(__name__)


class Held(Shape):
    """The recorder's own word: since `held_at` its gates stand as they should; the last packet that it kept before."""

    held_at: datetime
    last_packet_at: datetime | None


def hold(door: Door, call: CallId, version: int, *, what: str, instead: str, **members: object) -> Held:
    """Have the recorder hold what was just committed as `version`. `instead`: what to do if nobody confirms it."""
    house = door.house
    try:
        held = confirming.hold(
            house.database, house.gates, door.house.tools, controller=door.controller, call=call, version=version
        )
    except Outage as error:
        _log.error("a recorder did not confirm its gates: %s", error, extra={"call": call}, exc_info=error)
        detail = f"{what} The recorder has not confirmed it, so recording may still be running. {instead}"
        raise Refusal("not-confirmed", "Nobody confirmed that it holds", 503, detail, call=str(call), **members) from error
    return Held(held_at=held.settled.at, last_packet_at=held.settled.last_packet_at)
