"""After it was said anew what a system is for or of what it is a copy, or a purpose was given a shorter term: so says the data
map, of what is on it already."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from rightcall.canonical import Json
from rightcall.clock import Clock
from rightcall.database.connection import Database, Transaction
from rightcall.discovery.mapping import actions
from rightcall.discovery.systems import actions as systems
from rightcall.ids import ControllerId, FindingId, PurposeId, SystemId
from rightcall.procedures.ports import Steps
from rightcall.vault.actions import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Describing:
    """The procedures `describe_system` and `describe_purpose`."""

    database: Database
    vault: Vault
    clock: Clock

    def of_system(self, steps: Steps, *arguments: str) -> Json:
        """How many pages were looked at."""
        controller, system = ControllerId(UUID(arguments[0])), SystemId(UUID(arguments[1]))
        pages = self._describe(steps, controller, system)
        copied: str | None = steps.run("tell copies", partial(self._tell_copies, controller, system, None))
        while copied is not None:
            copied = steps.run("tell copies", partial(self._tell_copies, controller, system, copied))
        return pages

    def of_purpose(self, steps: Steps, *arguments: str) -> Json:
        """Every system that says that it serves the purpose. How many pages were looked at."""
        controller, purpose = ControllerId(UUID(arguments[0])), PurposeId(UUID(arguments[1]))
        serving = steps.run("look for systems", partial(self._serving, controller, purpose))
        return sum(self._describe(steps, controller, SystemId(UUID(each))) for each in serving)

    def _describe(self, steps: Steps, controller: ControllerId, system: SystemId) -> int:
        pages, after = 1, steps.run("describe", partial(self._page, controller, system, None))
        while after is not None:
            pages, after = pages + 1, steps.run("describe", partial(self._page, controller, system, after))
        return pages

    def _page(self, controller: ControllerId, system: SystemId, after: str | None) -> str | None:
        def deed(tx: Transaction) -> str | None:
            last = None if after is None else FindingId(UUID(after))
            last = actions.describe_next(tx, self.vault, self.clock, systems.get(tx, system), after=last)
            return None if last is None else str(last)

        return self.database.run(controller, deed)

    def _tell_copies(self, controller: ControllerId, system: SystemId, after: str | None) -> str | None:
        return self.database.run(controller, lambda tx: actions.tell_copies_next(tx, self.clock, system, after=after))

    def _serving(self, controller: ControllerId, purpose: PurposeId) -> list[str]:
        with self.database.transaction(controller) as tx:
            return [str(each.id) for each in systems.systems(tx) if any(use.purpose == purpose for use in each.uses)]
