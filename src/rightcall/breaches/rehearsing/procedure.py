"""The procedure `weigh_rehearsal`: what somebody asked a leak would mean. Cut off in the middle it is begun anew, and comes to
the same: nothing is kept before all is counted."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from rightcall.breaches.rehearsing import actions
from rightcall.breaches.weighing.model import Progress
from rightcall.canonical import Json
from rightcall.clock import Clock
from rightcall.database.connection import Database
from rightcall.ids import ControllerId, RehearsalId
from rightcall.procedures.ports import Steps
from rightcall.vault.actions import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsing:
    """Whether it was weighed by this."""

    database: Database
    vault: Vault
    clock: Clock

    def __call__(self, steps: Steps, *arguments: str) -> Json:
        controller, rehearsal = ControllerId(UUID(arguments[0])), RehearsalId(UUID(arguments[1]))
        return steps.run("weigh it", partial(self._weigh, controller, rehearsal))

    def _weigh(self, controller: ControllerId, rehearsal: RehearsalId) -> bool:
        tell = partial(self._tell, controller, rehearsal)
        deed = partial(actions.weigh, vault=self.vault, clock=self.clock, rehearsal=rehearsal, tell=tell)
        return self.database.run(controller, deed)

    def _tell(self, controller: ControllerId, rehearsal: RehearsalId, progress: Progress) -> None:
        self.database.run(controller, partial(actions.tell_progress, rehearsal=rehearsal, progress=progress))
