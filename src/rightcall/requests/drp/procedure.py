"""Calling one agent back about one request, once. One round is one procedure, and ends: an agent that is away holds up nothing.
The worker's housekeeping begins the next one when it is due."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from rightcall.canonical import Json
from rightcall.clock import Clock
from rightcall.database.connection import Database
from rightcall.ids import ControllerId
from rightcall.procedures.ports import Steps
from rightcall.requests.drp import calling_back
from rightcall.requests.drp.model import DrpId
from rightcall.requests.drp.ports import CallBack


@dataclass(frozen=True, slots=True, kw_only=True)
class CallingBack:
    """The procedure `tell_agent`."""

    database: Database
    clock: Clock
    call_back: CallBack
    verification_url: str | None

    def __call__(self, steps: Steps, *arguments: str) -> Json:
        controller, request, round = ControllerId(UUID(arguments[0])), DrpId(UUID(arguments[1])), int(arguments[2])
        return steps.run("tell", partial(self._tell, controller, request, round))

    def _tell(self, controller: ControllerId, request: DrpId, round: int) -> bool:
        """Nothing is open while somebody else's machine is waited for."""
        with self.database.transaction(controller) as tx:
            call = calling_back.prepare(tx, self.clock, request, round, self.verification_url)
        if call is None:
            return False
        trouble = self.call_back(call.callback.url, call.body)
        with self.database.transaction(controller) as tx:
            return calling_back.end_round(tx, self.clock, call, trouble)
