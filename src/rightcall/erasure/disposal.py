"""Deleting bytes that nobody can open any more, many at once, each deletion confirmed by its store.

What the end of a lock left dark is found by asking the vault, never by a list that could be wrong. A holding that still opens for
any purpose stays, and so does one that a hold keeps or that is in quarantine: that may be released. That a key service has lost
an epoch's key is no reason to delete: a wrong or an empty one would make everything look dark.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rightcall.actors import SYSTEM
from rightcall.clock import Clock
from rightcall.database.connection import Database
from rightcall.errors import ObjectsGone, StillWorking
from rightcall.holdings import actions as holdings
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.model import Disposal, Holding, Remnants
from rightcall.holdings.ports import Objects
from rightcall.ids import ControllerId, HoldingId
from rightcall.vault.actions import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposer:
    """What disposing works with."""

    database: Database
    vault: Vault
    objects: Objects
    clock: Clock

    def dispose(self, controller: ControllerId, found: Sequence[Holding]) -> int:
        """`reclaim`, for what is of ours among these and not gone yet."""
        return self.reclaim(controller, [remnants for holding in found if (remnants := holding.remnants) is not None])

    def reclaim(self, controller: ControllerId, found: Sequence[Remnants]) -> int:
        """Deletes the bytes of those that are dark and not held, and says how many went. Safe to repeat.

        ObjectsGone where a store does not confirm: what was confirmed before stands. StillWorking, after the others went, while a
        recorder still writes one. Nothing is reported as gone that is not.
        """
        disposable = self._disposable(controller, found)
        finished = [each for each in disposable if each.is_finished]
        written = [each for each in finished if each.place]
        unwritten = [id for each in finished if not each.place for id in each.holdings]
        gone = self._delete(written)
        self._note(controller, gone, Disposal.BYTES_DELETED)
        self._note(controller, unwritten, Disposal.NOTHING_WRITTEN)
        if len(gone) < sum(len(each.holdings) for each in written):
            raise ObjectsGone("The object store has not confirmed every deletion. What it confirmed stands: try again.")
        if len(finished) < len(disposable):
            raise StillWorking("A recorder has not finished writing what is to be deleted. It is tried again.")
        return len(gone) + len(unwritten)

    def _delete(self, written: Sequence[Remnants]) -> list[HoldingId]:
        """Those that the store confirmed."""
        alone = {each.place: id for each in written if not each.lie_together for id in each.holdings}
        together: dict[str, list[HoldingId]] = {}
        for each in written:
            if each.lie_together:
                together.setdefault(each.place, []).extend(each.holdings)
        gone = [alone[key] for key in self.objects.delete_all([*alone])] if alone else []
        return [*gone, *self.objects.delete_together(together)] if together else gone

    def _disposable(self, controller: ControllerId, found: Sequence[Remnants]) -> Sequence[Remnants]:
        wanted = [id for each in found for id in each.holdings]
        with self.database.transaction(controller) as tx:
            staying = self.vault.may_open_yet(tx, wanted) | holds.held_among(tx, wanted)
        return [left for each in found if (left := each.without(staying)).holdings] if staying else found

    def _note(self, controller: ControllerId, gone: Sequence[HoldingId], confirmed: Disposal) -> None:
        if gone:
            with self.database.transaction(controller) as tx:
                holdings.dispose(tx, self.clock, gone, by=SYSTEM, confirmed=confirmed)
