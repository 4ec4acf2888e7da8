"""Deleting bytes that nobody can open any more, object by object, each deletion confirmed by its store.

What the end of a lock left dark is found by asking the vault, never by a list that could be wrong. A holding that still opens for
any purpose stays, and so does one that a hold keeps.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rightcall.actors import SYSTEM
from rightcall.clock import Clock
from rightcall.database.connection import Database
from rightcall.errors import StillWorking
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import Disposal, Holding
from rightcall.holdings.ports import Objects
from rightcall.ids import ControllerId
from rightcall.vault.actions import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposer:
    """What disposing works with."""

    database: Database
    vault: Vault
    objects: Objects
    clock: Clock

    def dispose(self, controller: ControllerId, found: Sequence[Holding]) -> int:
        """Deletes the bytes of those that are dark and not held, and says how many went. Safe to repeat.

        ObjectsGone where a store does not confirm, StillWorking while a recorder still writes one: what was confirmed before
        stands, and nothing else is reported as done.
        """
        gone = 0
        for holding in self._disposable(controller, found):
            if holding.object_key and holding.complete is None:
                raise StillWorking("A recorder has not finished writing what is to be deleted. It is tried again.")
            if holding.object_key:
                self.objects.delete(holding.object_key)
            self._note(controller, holding)
            gone += 1
        return gone

    def held(self, controller: ControllerId, found: Sequence[Holding]) -> int:
        """How many of these a hold keeps."""
        with self.database.transaction(controller) as tx:
            return sum(1 for holding in found if holdings.holds(tx, holding.id))

    def _disposable(self, controller: ControllerId, found: Sequence[Holding]) -> list[Holding]:
        with self.database.transaction(controller) as tx:
            return [
                holding
                for holding in found
                if holding.disposed_at is None
                and all(dark is not None for dark in holdings.readable(tx, self.vault, holding).values())
                and not holdings.holds(tx, holding.id)
            ]

    def _note(self, controller: ControllerId, holding: Holding) -> None:
        confirmed = Disposal.BYTES_DELETED if holding.object_key else Disposal.NOTHING_WRITTEN
        with self.database.transaction(controller) as tx:
            holdings.dispose(tx, self.clock, holding.id, by=SYSTEM, confirmed=confirmed)
