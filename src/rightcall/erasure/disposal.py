"""Deleting bytes that nobody can open any more, object by object, each deletion confirmed by its store.

What the end of a lock left dark is found by asking the vault, never by a list that could be wrong. A holding that still opens for
any purpose stays, and so does one that a hold keeps or that is in quarantine: that may be released. That a key service has lost
an epoch's key is no reason to delete: a wrong or an empty one would make everything look dark.
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
from rightcall.vault.model import Dark, DarkReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposer:
    """What disposing works with."""

    database: Database
    vault: Vault
    objects: Objects
    clock: Clock

    def dispose(self, controller: ControllerId, found: Sequence[Holding]) -> int:
        """Deletes the bytes of those that are dark and not held, and says how many went. Safe to repeat.

        ObjectsGone where a store does not confirm: what was confirmed before stands. StillWorking, after the others went, while a
        recorder still writes one. Nothing is reported as gone that is not.
        """
        disposable = self._disposable(controller, found)
        finished = [holding for holding in disposable if not holding.object_key or holding.complete is not None]
        for holding in finished:
            if holding.object_key:
                self.objects.delete(holding.object_key)
            self._note(controller, holding)
        if len(finished) < len(disposable):
            raise StillWorking("A recorder has not finished writing what is to be deleted. It is tried again.")
        return len(finished)

    def _disposable(self, controller: ControllerId, found: Sequence[Holding]) -> list[Holding]:
        with self.database.transaction(controller) as tx:
            return [
                holding
                for holding in found
                if holding.is_ours
                and holding.disposed_at is None
                and all(_is_for_good(dark) for dark in holdings.readable(tx, self.vault, holding).values())
                and not holdings.holds(tx, [holding.id])
            ]

    def _note(self, controller: ControllerId, holding: Holding) -> None:
        confirmed = Disposal.BYTES_DELETED if holding.object_key else Disposal.NOTHING_WRITTEN
        with self.database.transaction(controller) as tx:
            holdings.dispose(tx, self.clock, holding.id, by=SYSTEM, confirmed=confirmed)


def _is_for_good(dark: Dark | None) -> bool:
    return dark is not None and dark.reason not in (DarkReason.WITHHELD, DarkReason.EPOCH_GONE)
