"""The media processes of the deployment, found in the registry and spoken to over the control line."""

from rightcall.adapters.control import registry
from rightcall.adapters.control.gates import ControlGates
from rightcall.adapters.control.messages import Allocate, Allocated, Release, Update
from rightcall.database.connection import Database
from rightcall.ids import CallId, ControllerId, RecorderId
from rightcall.recorder.signalling_ports import MediaState
from rightcall.recordings.ports import Settled


class MediaLines:
    """Implements `signalling_ports.Media`. Threads may share one."""

    def __init__(self, database: Database, gates: ControlGates) -> None:
        self._database = database
        self._gates = gates

    def pick(self) -> RecorderId:
        with self._database.system() as tx:
            return registry.any_media(tx).recorder

    def allocate(self, recorder: RecorderId, order: Allocate) -> Allocated:
        return self._gates.client(recorder).allocate(order)

    def update(self, recorder: RecorderId, order: Update) -> None:
        self._gates.client(recorder).update(order)

    def settle(self, controller: ControllerId, call: CallId) -> Settled:
        return self._gates.settle(controller, call)

    def release(self, recorder: RecorderId, call: CallId) -> None:
        self._gates.client(recorder).release(Release(call=call))

    def state(self, recorder: RecorderId) -> MediaState:
        said = self._gates.client(recorder).status()
        return MediaState(since=said.started_at, silent=frozenset(CallId(call) for call in said.silent))
