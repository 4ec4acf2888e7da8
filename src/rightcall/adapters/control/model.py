"""A process of the recorder, as the others know it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rightcall.ids import RecorderId


class RecorderRole(StrEnum):
    MEDIA = "media"
    SIGNALLING = "signalling"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """`address` is HOST:PORT of its control line. A process that has not been seen for a while is taken for dead."""

    recorder: RecorderId
    role: RecorderRole
    address: str
    started_at: datetime
    seen_at: datetime
