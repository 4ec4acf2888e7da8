"""The procedure `look_for_returned`, after a scan: what an erasure had let go of, and was confirmed gone, is seen again or no
more."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from rightcall.canonical import Json
from rightcall.clock import Clock
from rightcall.database.connection import Database
from rightcall.erasure import actions
from rightcall.erasure.elsewhere import returning
from rightcall.ids import ControllerId, SystemId
from rightcall.procedures.ports import Steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """The next round of each such erasure certifies it anew (`letting_go`)."""

    database: Database
    clock: Clock

    def __call__(self, steps: Steps, *arguments: str) -> Json:
        controller, system = ControllerId(UUID(arguments[0])), SystemId(UUID(arguments[1]))
        return steps.run("look for what came back", partial(self._look, controller, system))

    def _look(self, controller: ControllerId, system: SystemId) -> int:
        with self.database.transaction(controller) as tx:
            touched = returning.look(tx, self.clock, system)
            for each in touched:
                actions.reopened(tx, erasure=each)
        return len(touched)
