"""What signalling needs of the media process: ports for streams, and word about those who fell silent."""

from typing import Protocol

from rightcall.adapters.control.messages import Allocate, Allocated, Update
from rightcall.ids import CallId, RecorderId
from rightcall.recordings.ports import Gates


class Media(Gates, Protocol):
    """The media processes of the deployment. Every deed may be repeated; RecorderGone where nobody confirms."""

    def pick(self) -> RecorderId:
        """One that is alive, for a new call. RecorderGone where there is none."""
        ...

    def allocate(self, recorder: RecorderId, order: Allocate) -> Allocated: ...

    def update(self, recorder: RecorderId, order: Update) -> None: ...

    def release(self, recorder: RecorderId, call: CallId) -> None: ...

    def silent(self, recorder: RecorderId) -> frozenset[CallId]:
        """Calls that should send sound and have sent none for a while."""
        ...
