"""Telling the recorder, and believing only what it confirms: the one place where a change of what may be kept is acknowledged.

The change is committed first, then the recorder is asked to hold it. Where nobody confirms, the answer is a 503 that says that
sound may still be recorded and what to do; the change itself stands, and the recorder closes by itself within moments of
reading it, or of losing the database.
"""

import logging
from datetime import datetime

from rightcall.api.door import Door
from rightcall.api.forms import Shape
from rightcall.api.problems import Refusal
from rightcall.errors import Outage, RecorderGone
from rightcall.ids import CallId
from rightcall.recordings import actions as recordings
from rightcall.recordings.confirming import confirmed
from rightcall.recordings.tools import Tools

_log = logging.getLogger(__name__)


class Held(Shape):
    """The recorder's own word: since `held_at` its gates stand as they should; the last packet that it kept before."""

    held_at: datetime
    last_packet_at: datetime | None


def tools_of(door: Door) -> Tools:
    return Tools(vault=door.house.vault, clock=door.house.clock, rules=door.house.rules)


def hold(door: Door, call: CallId, version: int, *, what: str, instead: str, **members: object) -> Held:
    """Have the recorder hold what was just committed as `version`. `instead`: what to do if nobody confirms it."""
    try:
        settled = confirmed(door.house.gates, door.controller, call, version)
        session = door.run(lambda tx: recordings.gate_reported(tx, tools_of(door), call, settled=settled))
        if session.pause is not None and session.pause_held_at is None:
            raise RecorderGone("The recorder answered on an older state of the call than the one with the pause.")
    except Outage as error:
        _log.error("a recorder did not confirm its gates: %s", error, extra={"call": call}, exc_info=error)
        detail = f"{what} The recorder has not confirmed it, so recording may still be running. {instead}"
        raise Refusal("not-confirmed", "Nobody confirmed that it holds", 503, detail, call=str(call), **members) from error
    return Held(held_at=settled.at, last_packet_at=settled.last_packet_at)
