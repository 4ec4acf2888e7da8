"""The procedure `look_at_uses`: steps that may be repeated, one purpose a step."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from rightcall.canonical import Json
from rightcall.clock import Clock
from rightcall.database.connection import Database
from rightcall.ethics.minimisation import actions
from rightcall.ids import ControllerId, PurposeId
from rightcall.procedures.ports import Steps
from rightcall.purposes import actions as purposes


@dataclass(frozen=True, slots=True, kw_only=True)
class UsesLooker:
    """`unread_days`: for how long nobody has read what is called unread."""

    database: Database
    clock: Clock
    unread_days: int

    def __call__(self, steps: Steps, *arguments: str) -> Json:
        controller = ControllerId(UUID(arguments[0]))
        found = steps.run("find purposes", partial(self._purposes, controller))
        for purpose in found:
            steps.run("look", partial(self._look, controller, purpose))
        return len(found)

    def look(self, controller: ControllerId) -> int:
        """The same at once and in this process, for the command. How many purposes."""
        found = self._purposes(controller)
        for purpose in found:
            self._look(controller, purpose)
        return len(found)

    def _purposes(self, controller: ControllerId) -> list[str]:
        with self.database.transaction(controller) as tx:
            return [str(each.id) for each in purposes.all_purposes(tx)]

    def _look(self, controller: ControllerId, purpose: str) -> bool:
        with self.database.transaction(controller) as tx:
            return actions.look(tx, self.clock, PurposeId(UUID(purpose)), unread_days=self.unread_days) is not None
