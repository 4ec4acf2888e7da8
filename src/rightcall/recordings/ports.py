"""What the recordings room needs from outside: the media process that holds the gates, and something that makes sound."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rightcall.ids import CallId, ControllerId
from rightcall.recordings.model import Recorded, Sound


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """It holds: since `at`, what settlement `version` closed is closed. `last_packet_at`: the last packet kept before."""

    at: datetime
    version: int
    opened: int
    closed: int
    last_packet_at: datetime | None


class Gates(Protocol):
    def settle(self, controller: ControllerId, call: CallId) -> Settled:
        """Have the media process re-read what may be kept of this call, now. Returns only when it holds; safe to repeat.

        Call it after the transaction that changed something was committed. RecorderGone where nobody confirms: then nothing may
        be reported as held, and the media process closes its gates by itself when it next fails to reach the database.
        """
        ...


class Audio(Protocol):
    def render(self, recorded: Recorded) -> Sound:
        """Packets as something that can be played: reordered, gaps filled with silence. Malformed where no packet carries
        sound in a codec it knows. Works in memory; nothing in the clear reaches a disk."""
        ...
