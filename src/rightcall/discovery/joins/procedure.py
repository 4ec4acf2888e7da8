"""After a call: whoever was in it may be somebody of whom records in other systems tell."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from rightcall.canonical import Json
from rightcall.clock import Clock
from rightcall.database.connection import Database
from rightcall.discovery.joins import actions as joins
from rightcall.ids import CallId, ControllerId
from rightcall.procedures.ports import Steps
from rightcall.vault.actions import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparing:
    """The procedure `compare_callers`, of one controller and call. How many proposals are new."""

    database: Database
    vault: Vault
    clock: Clock

    def __call__(self, steps: Steps, *arguments: str) -> Json:
        controller, call = ControllerId(UUID(arguments[0])), CallId(UUID(arguments[1]))
        return steps.run("compare", partial(self._compare, controller, call))

    def _compare(self, controller: ControllerId, call: CallId) -> int:
        return self.database.run(controller, lambda tx: joins.propose_of_call(tx, self.vault, self.clock, call))
