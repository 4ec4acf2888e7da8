"""What is known of one system by its scans, and what of it is on no map yet."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rightcall.ids import SystemId


class SeenState(StrEnum):
    """By its last scan. `following`: all was looked at, and what was found is being linked and put on the map. `whole`: that is
    done too. `retired`: nobody looks there any more, whatever was known of it."""

    NEVER = "never_scanned"
    GOING_ON = "being_scanned"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SAMPLED = "sampled"
    FOLLOWING = "following"
    WHOLE = "whole"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """`objects`: how many its last scan listed to look at, `looked_at` how many it did, as last counted; None before all are
    listed. `not_read`: how many of these could not be read; `parts_not_read`: how many parts within those that were.
    `sample`: about which share it looked at. `whole_at`: when the last scan that looked at all of it ended. `nobodys`:
    findings there that are linked to nobody; `waiting`: that are somebody's and not on the map. `retired_at`: since when
    nobody looks there."""

    system: SystemId
    state: SeenState
    objects: int | None = None
    looked_at: int | None = None
    not_read: int = 0
    parts_not_read: int = 0
    sample: float | None = None
    whole_at: datetime | None = None
    nobodys: int = 0
    waiting: int = 0
    retired_at: datetime | None = None

    @property
    def on_no_map(self) -> int:
        return self.nobodys + self.waiting

    @property
    def is_whole(self) -> bool:
        """Whatever lies there was looked for to the end."""
        return self.state is SeenState.WHOLE

    @property
    def is_read(self) -> bool:
        """And all of it could be read: what was not may hold anything."""
        return self.is_whole and not self.not_read and not self.parts_not_read

    @property
    def is_all_known(self) -> bool:
        """Nothing needs to be said beside what the map has of it."""
        return self.is_read and not self.on_no_map
