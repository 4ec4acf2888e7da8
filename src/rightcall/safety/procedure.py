"""The procedure `look_at_safety`, after a scan whose findings are on the data map: how the system keeps them is looked at too, so
that nobody takes for safe what nobody looked at."""

from contextlib import closing
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from rightcall.actors import SYSTEM
from rightcall.canonical import Json
from rightcall.clock import Clock
from rightcall.database.connection import Database
from rightcall.discovery.ports import Opener
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.vcons.sent import source_of
from rightcall.ids import ControllerId, SystemId
from rightcall.procedures.ports import Steps
from rightcall.safety import actions
from rightcall.safety.model import WeaknessState
from rightcall.vault.actions import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyLooker:
    """`unread_days`: for how long nobody has used an access that is called unused."""

    database: Database
    vault: Vault
    clock: Clock
    open_system: Opener
    unread_days: int

    def __call__(self, steps: Steps, *arguments: str) -> Json:
        """How many weaknesses are open; none of a system that was retired meanwhile."""
        controller, system = ControllerId(UUID(arguments[0])), SystemId(UUID(arguments[1]))
        return steps.run("look", partial(self._look, controller, system))

    def _look(self, controller: ControllerId, system: SystemId) -> int:
        with self.database.transaction(controller) as tx:
            found = systems.get(tx, system)
            if found.retired_at is not None:
                return 0
            address = systems.address_of(tx, self.vault, found)
        with closing(source_of(self.database, self.vault, controller, self.open_system, found, address)) as source:
            facts = list(source.safety())
        with self.database.transaction(controller) as tx:
            seen = actions.look(tx, self.vault, self.clock, found, facts, unread_days=self.unread_days, by=SYSTEM)
        return sum(each.state is WeaknessState.OPEN for each in seen)
