"""The procedures `weigh_breach` and `weigh_breaches`: one that was entered or corrected, is due, or that somebody asked for; and
all open ones of a system whose scan has ended. Cut off in the middle it is begun anew, and comes to the same: nothing is kept
before all is counted."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from rightcall.breaches.weighing import actions
from rightcall.breaches.weighing.model import Progress
from rightcall.canonical import Json
from rightcall.clock import Clock
from rightcall.database.connection import Database
from rightcall.ids import BreachId, ControllerId, SystemId
from rightcall.procedures.ports import Steps
from rightcall.vault.actions import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachWeighing:
    """Each breach in a step of its own. How many were weighed."""

    database: Database
    vault: Vault
    clock: Clock

    def of_breach(self, steps: Steps, *arguments: str) -> Json:
        controller, breach = arguments
        return self._weigh(steps, ControllerId(UUID(controller)), [breach])

    def of_system(self, steps: Steps, *arguments: str) -> Json:
        controller, system = ControllerId(UUID(arguments[0])), SystemId(UUID(arguments[1]))
        return self._weigh(steps, controller, steps.run("list the open ones", partial(self._open, controller, system)))

    def _weigh(self, steps: Steps, controller: ControllerId, breaches: list[str]) -> int:
        return sum(steps.run("weigh one", partial(self._one, controller, BreachId(UUID(each)))) for each in breaches)

    def _open(self, controller: ControllerId, system: SystemId) -> list[str]:
        with self.database.transaction(controller) as tx:
            return [str(each) for each in actions.open_of_system(tx, system)]

    def _one(self, controller: ControllerId, breach: BreachId) -> bool:
        weigh = partial(
            actions.weigh_anew, vault=self.vault, clock=self.clock, breach=breach, tell=partial(self._tell, controller, breach)
        )
        is_newer = self.database.run(controller, weigh)
        self.database.run(controller, partial(actions.end_progress, breach=breach))
        return is_newer

    def _tell(self, controller: ControllerId, breach: BreachId, progress: Progress) -> None:
        self.database.run(controller, partial(actions.tell_progress, breach=breach, progress=progress))
