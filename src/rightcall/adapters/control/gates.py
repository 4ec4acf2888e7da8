"""The gates of a call, for whoever has just changed something: implements `recordings.ports.Gates` over the control line."""

import threading

from rightcall.adapters.control.client import ControlClient
from rightcall.adapters.control.messages import Settle
from rightcall.adapters.control.registry import find
from rightcall.database.connection import Database
from rightcall.errors import RecorderGone
from rightcall.ids import CallId, ControllerId, RecorderId
from rightcall.recordings.actions import call_state
from rightcall.recordings.ports import Settled


class ControlGates:
    """Finds the media process that has the call, and asks it. Threads may share one."""

    def __init__(self, database: Database, secret: bytes, *, timeout_seconds: float = 5.0) -> None:
        self._database = database
        self._secret = secret
        self._timeout = timeout_seconds
        self._clients: dict[RecorderId, ControlClient] = {}
        self._lock = threading.Lock()

    def settle(self, controller: ControllerId, call: CallId) -> Settled:
        """Returns only when it holds. RecorderGone where nobody confirms."""
        with self._database.transaction(controller) as tx:
            recorder = call_state(tx, call).session.recorder
        said = self.client(recorder).settle(Settle(controller=controller, call=call))
        if not said.holds:
            raise RecorderGone(f"The recorder could not read the decision and closed the gates of this call. {said.reason or ''}")
        return Settled(
            at=said.at,
            version=said.version,
            opened=said.opened,
            closed=said.closed,
            last_packet_at=said.last_packet_at,
        )

    def client(self, recorder: RecorderId) -> ControlClient:
        """The line to one media process. Its address is looked up whenever a connection is made."""
        with self._lock:
            if recorder not in self._clients:
                self._clients[recorder] = ControlClient(
                    lambda: self._address(recorder), self._secret, timeout_seconds=self._timeout
                )
            return self._clients[recorder]

    def close(self) -> None:
        with self._lock:
            clients, self._clients = self._clients, {}
        for client in clients.values():
            client.close()

    def _address(self, recorder: RecorderId) -> str:
        with self._database.system() as tx:
            return find(tx, recorder).address
