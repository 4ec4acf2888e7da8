"""Letting go of what other systems keep, in rounds: erase, look again, write down what came of it. When nothing is open any more,
that is said, and the erasure is certified anew.

One round is one procedure, and ends: a system that is down for days holds up no other, and no worker waits for it. The worker's
housekeeping begins the next one when it is due. Killed anywhere, a round goes on where it was; what was tried and not written
down is tried again, which changes nothing.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

from rightcall.actors import SYSTEM
from rightcall.canonical import Json
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.discovery.findings import actions as findings
from rightcall.discovery.model import SourceGone
from rightcall.discovery.ports import Opener, Spot, System
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import Erases, RegisteredSystem
from rightcall.erasure import actions as erasures
from rightcall.erasure.elsewhere import actions, store
from rightcall.erasure.elsewhere.errand import ToGo, let_go, look_again
from rightcall.erasure.elsewhere.model import OpenPlace, PlaceState
from rightcall.erasure.elsewhere.rules import row_of
from rightcall.erasure.procedure import Eraser
from rightcall.errors import Conflict, Malformed, NotConfigured, NotFound
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import Disposal
from rightcall.ids import ControllerId, ErasureId, FindingId, HoldingId, SystemId
from rightcall.procedures.ports import Steps
from rightcall.subjects import joining
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

BATCH = 200
"""Places let go of by one step: what is done again after a kill."""
_MORE, _DONE, _GONE = "more", "done", "gone"
_AWAY = (SourceGone, NotFound, Malformed, NotConfigured)
"""How a system that cannot be opened shows. A folder whose disk is not there is not an empty folder."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LettingGo:
    """The procedure `let_go_elsewhere`. `after`: so long a system may fail before a person has to look."""

    eraser: Eraser
    open_system: Opener
    after: timedelta

    def __call__(self, steps: Steps, *arguments: str) -> Json:
        """One round of one erasure."""
        controller, erasure, round = ControllerId(UUID(arguments[0])), ErasureId(UUID(arguments[1])), int(arguments[2])
        for system in steps.run("look for systems", partial(self._due, controller, erasure, round)):
            self._errand(steps, controller, erasure, SystemId(UUID(system)), round)
        for each in steps.run("end the round", partial(self._end_round, controller, erasure, round)):
            steps.run("certify anew", partial(self.eraser.certify, controller, ErasureId(UUID(each))))
        return None

    def _errand(self, steps: Steps, controller: ControllerId, erasure: ErasureId, system: SystemId, round: int) -> None:
        is_there = self._all(steps, "erase elsewhere", partial(self._erase, controller, erasure, system, round))
        if is_there:
            is_there = self._all(steps, "look again", partial(self._look, controller, erasure, system, round))
        steps.run("end the errand", partial(self._end_errand, controller, erasure, system, round, is_there=is_there))

    def _all(self, steps: Steps, name: str, deed: Callable[[], str]) -> bool:
        """Batch by batch. False where the system is away."""
        while (answer := steps.run(name, deed)) == _MORE:
            pass
        return answer == _DONE

    def _due(self, controller: ControllerId, erasure: ErasureId, round: int) -> list[str]:
        with self._transaction(controller) as tx:
            return [str(each) for each in actions.due_errands(tx, self._clock, erasure=erasure, round=round)]

    def _erase(self, controller: ControllerId, erasure: ErasureId, system: SystemId, round: int) -> str:
        with self._transaction(controller) as tx:
            places = self._places(tx, erasure, store.to_erase(tx, erasure, system, round, BATCH))
            to_go = self._to_go(tx, systems.get(tx, system), places)
        if not places:
            return _DONE

        def deed(source: System) -> None:
            states = let_go(source, to_go)
            with self._transaction(controller) as tx:
                store.were_tried(tx, erasure, states, round, self._clock.now())

        return self._at(controller, system, deed)

    def _look(self, controller: ControllerId, erasure: ErasureId, system: SystemId, round: int) -> str:
        with self._transaction(controller) as tx:
            places = self._places(tx, erasure, store.to_look_at(tx, erasure, system, round, BATCH))
        if not places:
            return _DONE

        def deed(source: System) -> None:
            states = look_again(source, {each.holding: each.spot for each in places if each.spot is not None})
            with self._transaction(controller) as tx:
                self._looked(tx, erasure, states, round)

        return self._at(controller, system, deed)

    def _looked(self, tx: Transaction, erasure: ErasureId, states: dict[HoldingId, PlaceState], round: int) -> None:
        gone = [holding for holding, state in states.items() if state is PlaceState.CONFIRMED]
        held = {slice.holding for hold in holdings.holds(tx, gone) for slice in hold.slices} if gone else set()
        store.were_looked_at(tx, erasure, states, round, self._clock.now())
        ours = [holding for holding in gone if holding not in held]
        holdings.dispose_all(tx, self._clock, ours, by=SYSTEM, confirmed=Disposal.OTHER_SYSTEM_CONFIRMED)

    def _at(self, controller: ControllerId, system: SystemId, deed: Callable[[System], None]) -> str:
        """Does it with the system opened for writing. What goes wrong with the system is its own, and stops nothing else."""
        try:
            with self._transaction(controller) as tx:
                registered = systems.get(tx, system)
                address = systems.address_for_erasing(tx, self._vault, registered)
            source = self.open_system(address, writable=True, load=registered.load)
        except (*_AWAY, Conflict) as error:
            return self._away(error)
        try:
            deed(source)
        except SourceGone as error:
            return self._away(error)
        finally:
            source.close()
        return _MORE

    def _away(self, error: Exception) -> str:
        _log.warning("what is to be let go of in another system waits: %s", error)
        return _GONE

    def _places(self, tx: Transaction, erasure: ErasureId, found: Sequence[tuple[HoldingId, PlaceState]]) -> list[OpenPlace]:
        book = actions.book(tx, erasure)
        if book is None or not found:
            return []
        opened = actions.opened(tx, self._vault, book, found)
        if isinstance(opened, Dark):
            raise Conflict("Where an erased person's things lie elsewhere cannot be opened any more. Tell the DPO.")
        return opened

    def _to_go(self, tx: Transaction, system: RegisteredSystem, places: Sequence[OpenPlace]) -> list[ToGo]:
        """The whole row of a file where it tells of nobody else; the whole object too, where that was wished of the system."""
        ids = [FindingId(each.holding) for each in places]
        if not ids:
            return []
        person = joining.person(tx, holdings.get(tx, places[0].holding).subject)
        rows = findings.alone_in_record(tx, ids, person)
        objects = findings.alone_in_object(tx, ids, person) if system.erases is Erases.WHOLE else frozenset[FindingId]()
        return [ToGo(holding=each.holding, spots=_spots(each, rows, objects)) for each in places]

    def _end_errand(self, controller: ControllerId, erasure: ErasureId, system: SystemId, round: int, *, is_there: bool) -> bool:
        with self._transaction(controller) as tx:
            actions.end_errand(
                tx, self._clock, erasure=erasure, system=system, round=round, is_unreachable=not is_there, after=self.after
            )
        return True

    def _end_round(self, controller: ControllerId, erasure: ErasureId, round: int) -> list[str]:
        """The erasures that are to be certified anew. One whose own bytes are not confirmed gone yet tells of it when it is."""
        with self._transaction(controller) as tx:
            if actions.end_round(tx, self._vault, self._clock, erasure=erasure, round=round):
                erasures.settled_elsewhere(tx, self._vault, erasure=erasure)
            return [str(each) for each in erasures.to_certify_anew(tx, erasure=erasure)]

    def _transaction(self, controller: ControllerId) -> AbstractContextManager[Transaction]:
        return self.eraser.disposer.database.transaction(controller)

    @property
    def _vault(self) -> Vault:
        return self.eraser.tools.vault

    @property
    def _clock(self) -> Clock:
        return self.eraser.tools.clock


def _spots(place: OpenPlace, rows: frozenset[FindingId], objects: frozenset[FindingId]) -> tuple[Spot, ...]:
    if place.spot is None:
        return ()
    spots = [place.spot]
    row = row_of(place.spot)
    if row is not None and FindingId(place.holding) in rows:
        spots.append(row)
    if place.spot.row is None and FindingId(place.holding) in objects:
        spots.append(Spot(object=place.spot.object))
    return tuple(spots)
