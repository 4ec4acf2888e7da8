"""The procedure `count_for_record`: one step that may be repeated."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from rightcall.activities.counting import actions
from rightcall.canonical import Json
from rightcall.clock import Clock
from rightcall.database.connection import Database
from rightcall.ids import ControllerId
from rightcall.procedures.ports import Steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    database: Database
    clock: Clock

    def __call__(self, steps: Steps, *arguments: str) -> Json:
        return steps.run("count", partial(self._count, ControllerId(UUID(arguments[0]))))

    def _count(self, controller: ControllerId) -> int:
        """How many entries."""
        with self.database.transaction(controller) as tx:
            return len(actions.keep(tx, self.clock).kept)
