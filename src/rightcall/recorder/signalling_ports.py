"""What signalling needs of the media process: ports for streams, and word about those who fell silent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rightcall.adapters.control.messages import Allocate, Allocated, Update
from rightcall.ids import CallId, RecorderId
from rightcall.recordings.ports import Gates


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaState:
    """`since`: when the process started. `silent`: calls that should send sound and have sent none for a while."""

    since: datetime
    silent: frozenset[CallId]


class Media(Gates, Protocol):
    """The media processes of the deployment. Every deed may be repeated; RecorderGone where nobody confirms."""

    def pick(self) -> RecorderId:
        """One that is alive, for a new call. RecorderGone where there is none."""
        ...

    def allocate(self, recorder: RecorderId, order: Allocate) -> Allocated: ...

    def update(self, recorder: RecorderId, order: Update) -> None: ...

    def release(self, recorder: RecorderId, call: CallId) -> None: ...

    def state(self, recorder: RecorderId) -> MediaState: ...
