"""Letting go of what other systems keep, in rounds: erase, look again, write down what came of it. When nothing is open any more,
that is said, and the erasure is certified anew.

One round is one procedure, and ends: a system that is down for days holds up no other, and no worker waits for it. The worker's
housekeeping begins the next one when it is due. Killed anywhere, a round goes on where it was; what was tried and not written
down is tried again, which changes nothing.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from uuid import UUID

from rightcall.canonical import Json
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.discovery.findings import actions as findings
from rightcall.discovery.looking.model import Rules
from rightcall.discovery.model import SourceGone
from rightcall.discovery.ports import Opener, Spot, System
from rightcall.discovery.scans.procedure import rules_of
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import Erases
from rightcall.erasure import actions as erasures
from rightcall.erasure.elsewhere import actions
from rightcall.erasure.elsewhere.errand import ToGo, let_go, look_again
from rightcall.erasure.elsewhere.model import OpenPlace, PlaceState, Sign
from rightcall.erasure.elsewhere.places import store as place_store
from rightcall.erasure.elsewhere.rules import row_of
from rightcall.erasure.elsewhere.sightings import (
    Sighting,
    in_object,
    in_rows,
    is_at,
    is_in_database,
    is_seen,
    is_written_anew,
    told_by,
    where_now,
)
from rightcall.erasure.procedure import Eraser
from rightcall.errors import Conflict, Malformed, NotConfigured, NotFound
from rightcall.ids import ControllerId, ErasureId, FindingId, HoldingId, SystemId
from rightcall.procedures.ports import Steps
from rightcall.subjects.joining import actions as joining
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

BATCH = 2000
"""Places let go of by one step, and by one transaction of a system that has them: what is done again after a kill. A file is
written anew for each."""
LOOKED_AT_ONCE = 10_000
"""A file is read through for each so many."""
_MORE, _DONE, _GONE = "more", "done", "gone"
_AWAY = (SourceGone, NotFound, Malformed, NotConfigured)
"""How a system that cannot be opened shows. A folder whose disk is not there is not an empty folder."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of places in one system: by which rules they were found, which lie in rows and objects that tell of this
    person alone, and what each told."""

    rules: Rules
    rows: frozenset[FindingId]
    objects: frozenset[HoldingId]
    signs: Mapping[HoldingId, Sign]
    salt: bytes = field(repr=False)


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
            actions.refresh(tx, self._clock, erasure=erasure)
            places = self._places(tx, erasure, place_store.to_erase(tx, erasure, system, round, BATCH))
            known = self._known(tx, erasure, system, places)
        if known is None:
            return _DONE

        def deed(source: System) -> None:
            to_go = self._to_go(controller, source, known, places)
            states = let_go(source, to_go)
            moved = _moved(places, to_go)
            with self._transaction(controller) as tx:
                place_store.were_tried(tx, erasure, states, round, self._clock.now(), moved=moved)
                place_store.read_again(tx, [each.holding for each in places if each.state is PlaceState.THERE_STILL])

        return self._at(controller, system, deed)

    def _look(self, controller: ControllerId, erasure: ErasureId, system: SystemId, round: int) -> str:
        with self._transaction(controller) as tx:
            places = self._places(tx, erasure, place_store.to_look_at(tx, erasure, system, round, LOOKED_AT_ONCE))
            refused = place_store.next_places(tx, erasure, system, (PlaceState.REFUSED,), LOOKED_AT_ONCE)
            stuck = [each.spot for each in self._places(tx, erasure, refused if places else []) if each.spot is not None]
            known = self._known(tx, erasure, system, places)
        if known is None:
            return _DONE

        def deed(source: System) -> None:
            spots = {each.holding: each.spot for each in places if each.spot is not None}
            states = look_again(source, spots)
            states.update(self._seen_still(controller, source, known, places, stuck))
            with self._transaction(controller) as tx:
                self._looked(tx, erasure, states, round)

        return self._at(controller, system, deed)

    def _looked(self, tx: Transaction, erasure: ErasureId, states: dict[HoldingId, PlaceState], round: int) -> None:
        gone = [holding for holding, state in states.items() if state is PlaceState.CONFIRMED]
        place_store.were_looked_at(tx, erasure, states, round, self._clock.now())
        place_store.read_again(tx, gone)
        actions.is_gone(tx, self._clock, gone)

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

    def _places(self, tx: Transaction, erasure: ErasureId, found: Sequence[OpenPlace]) -> list[OpenPlace]:
        book = actions.book(tx, erasure)
        if book is None or not found:
            return []
        opened = actions.opened(tx, self._vault, book, found)
        if isinstance(opened, Dark):
            raise Conflict("Where an erased person's things lie elsewhere cannot be opened any more. Tell the DPO.")
        return opened

    def _known(self, tx: Transaction, erasure: ErasureId, system: SystemId, places: Sequence[OpenPlace]) -> Known | None:
        """None where there is nothing to know anything about."""
        book = actions.book(tx, erasure)
        if book is None or not places:
            return None
        ids, registered = [each.holding for each in places], systems.get(tx, system)
        person = list({book.subject, *joining.person(tx, book.subject)})
        held = place_store.beside_held(tx, erasure, ids)
        rows = findings.alone_in_record(tx, [FindingId(each) for each in ids], person)
        is_whole = registered.erases is Erases.WHOLE
        objects = place_store.alone_in_object(tx, erasure, ids, person) if is_whole else frozenset[HoldingId]()
        return Known(
            rules=rules_of(registered),
            rows=rows - {FindingId(each) for each, in_record in held.items() if in_record},
            objects=objects - held.keys(),
            signs=place_store.signs(tx, erasure, ids),
            salt=actions.salt_of(tx, self._vault, book),
        )

    def _to_go(self, controller: ControllerId, source: System, known: Known, places: Sequence[OpenPlace]) -> list[ToGo]:
        """In a database where it stands now. Of a file the whole row where it tells of nobody else; the whole object too, where
        that was wished of the system."""
        rows = {(each.spot.object, each.spot.row) for each in places if each.spot is not None and is_in_database(each.spot)}
        looked = in_rows(source, sorted(rows, key=str), known.rules)
        with self._transaction(controller) as tx:
            seen = {row: told_by(tx, self._vault, found, known.salt) for row, (found, _) in looked.items()}
        to_go = []
        for each in places:
            at = None if each.spot is None else (each.spot.object, each.spot.row)
            cells = looked[at][1] if at in looked else {}
            to_go.append(ToGo(holding=each.holding, ways=_ways(each, known, seen.get(at, []) if at else [], cells)))
        return to_go

    def _seen_still(
        self,
        controller: ControllerId,
        source: System,
        known: Known,
        places: Sequence[OpenPlace],
        stuck: Sequence[Spot],
    ) -> dict[HoldingId, PlaceState]:
        """By the detectors. `stuck`: what the system refuses to let go of is told as that, and as nothing else. What stands
        elsewhere in its row than it did, or was written anew in its file, is there still. What was let go of elsewhere in its row
        than where it was found is gone once nothing there tells of it: other words stand where it stood."""
        signed = [(each, each.spot) for each in places if each.spot is not None and each.holding in known.signs]
        rows = {(spot.object, spot.row) for _, spot in signed if is_in_database(spot)}
        objects = {spot.object for _, spot in signed if not is_in_database(spot)}
        looked = in_rows(source, sorted(rows, key=str), known.rules)
        in_objects = {object: in_object(source, object, known.rules) for object in sorted(objects)}
        with self._transaction(controller) as tx:
            by_row = {row: told_by(tx, self._vault, found, known.salt) for row, (found, _) in looked.items()}
            by_object = {object: told_by(tx, self._vault, found, known.salt) for object, found in in_objects.items()}
        found: dict[HoldingId, PlaceState] = {}
        for each, spot in signed:
            sign = known.signs[each.holding]
            if is_in_database(spot):
                is_there = is_seen(sign, [one for one in by_row[spot.object, spot.row] if not is_at(one.spot, stuck)])
                if is_there or (each.moved and sign.clues):
                    found[each.holding] = PlaceState.THERE_STILL if is_there else PlaceState.CONFIRMED
            elif is_written_anew(sign, by_object[spot.object]):
                found[each.holding] = PlaceState.THERE_STILL
        return found

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


def _moved(places: Sequence[OpenPlace], to_go: Sequence[ToGo]) -> list[HoldingId]:
    """What was looked for in its row and found elsewhere in it."""
    first = {each.holding: each.ways[0] for each in to_go if each.ways}
    return [
        each.holding
        for each in places
        if each.spot is not None and is_in_database(each.spot) and first.get(each.holding, (each.spot,)) != (each.spot,)
    ]


def _ways(
    place: OpenPlace, known: Known, seen: Sequence[Sighting], cells: Mapping[str, str | None]
) -> tuple[tuple[Spot, ...], ...]:
    if place.spot is None:
        return ()
    is_alone = FindingId(place.holding) in known.rows
    if is_in_database(place.spot):
        cell = cells.get(place.spot.field or "")
        now = where_now(place.spot, known.signs.get(place.holding), seen, cell, is_alone=is_alone)
        return (now,) if now else ()
    ways = [(place.spot,)]
    row = row_of(place.spot)
    if row is not None and is_alone:
        ways.append((row,))
    if place.spot.row is None and place.holding in known.objects:
        ways.append((Spot(object=place.spot.object),))
    return tuple(ways)
