"""Putting right what is wrong in other systems, where they can and somebody registered that they may: the value is written, and
read back. What we cannot put right ourselves is a task for a person, with why (GDPR Art. 16): those who look after the system are
told (`keepers`), and once they say that it is right, what stands there is read again.

What stood in the place that somebody pointed at is kept, sealed, beside the right value: it says what was corrected, and by it
alone the same mistake is known elsewhere. Where something else stands, that may be right, and a person looks. Killed anywhere, it
goes on: a place that holds the right value already is put right.
"""

import logging
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from rightcall.actors import SYSTEM
from rightcall.canonical import Json
from rightcall.clock import Clock
from rightcall.database.connection import Database, Transaction
from rightcall.discovery.model import NotRead, SourceGone
from rightcall.discovery.ports import Correctable, Opener, Spot, System
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import RegisteredSystem
from rightcall.errors import Conflict, Malformed, NotAllowed, NotConfigured, NotFound
from rightcall.holdings import actions as holdings
from rightcall.ids import ControllerId, CorrectionId, SystemId
from rightcall.personal import Personal
from rightcall.procedures.ports import Steps
from rightcall.requests import correcting
from rightcall.requests.corrections import store
from rightcall.requests.corrections.model import Undone
from rightcall.requests.corrections.places import Place, places_in
from rightcall.requests.corrections.sealing import keep_was, value_of, was_of
from rightcall.requests.corrections.standing import stands
from rightcall.requests.record import get
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

PAUSES = (60.0, 600.0, 3600.0, 6 * 3600.0, 24 * 3600.0)
"""A system that is away is tried again so often; then a person is asked."""
_FOR = "put right what is wrong there"
_AWAY = (SourceGone, NotConfigured)
_NOT_TAKEN = (Conflict, Malformed, NotAllowed, NotFound, NotRead)
_WEIGHT = (
    Undone.WRONG_STILL,
    Undone.READ_ONLY,
    Undone.STANDS_STILL,
    Undone.NOT_TAKEN,
    Undone.UNKNOWN_PLACE,
    Undone.OTHER_VALUE,
)
"""Of several things in the way in one system the first of these is told: what is known to be wrong there before what may be."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is to be put right in one system. `was`: what is wrong, None while nobody has read it. `is_said`: those who look after
    the system say that it is right there."""

    system: RegisteredSystem
    address: Personal[str] | None = field(repr=False)
    places: Sequence[Place]
    value: Personal[str]
    was: Personal[str] | None
    is_said: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectingElsewhere:
    """The procedure `correct_elsewhere`."""

    database: Database
    vault: Vault
    clock: Clock
    opens: Opener

    def __call__(self, steps: Steps, *arguments: str) -> Json:
        """In how many systems it was put right, and read back."""
        controller, correction = ControllerId(UUID(arguments[0])), CorrectionId(UUID(arguments[1]))
        right = 0
        for pause in (0.0, *PAUSES):
            if pause:
                steps.sleep(pause)
            done, away = steps.run("put right", partial(self._round, controller, correction))
            right += done
            if not away:
                break
        return right

    def _round(self, controller: ControllerId, correction: CorrectionId) -> tuple[int, int]:
        """Every system that waits still, first the one that was pointed at: what stands there tells the same elsewhere."""
        right = away = 0
        for system in self._waiting(controller, correction):
            with self.database.transaction(controller) as tx:
                task = self._task(tx, correction, system)
            if task is None:
                continue
            began_at = self.clock.now()
            why = self._put_right(controller, correction, task)
            with self.database.transaction(controller) as tx:
                right += self._wrote(tx, correction, system, why, began_at)
            away += why is Undone.AWAY
        return right, away

    def _waiting(self, controller: ControllerId, correction: CorrectionId) -> list[SystemId]:
        with self.database.transaction(controller) as tx:
            kept = store.correction(tx, correction)
            pointed = holdings.get(tx, kept.holding).place.system
            open_ones = [each.system for each in store.tasks_of(tx, [correction]) if each.done_at is None and not each.is_awaited]
            is_open = get(tx, kept.request).outcome is None and stands(tx, kept)
        return sorted(open_ones, key=lambda each: each != pointed) if is_open else []

    def _task(self, tx: Transaction, correction: CorrectionId, id: SystemId) -> Task | None:
        """None where the person was erased meanwhile: then nothing is put right any more."""
        kept, system = store.correction(tx, correction), systems.get(tx, id)
        value, was = value_of(tx, self.vault, kept), was_of(tx, self.vault, kept)
        if isinstance(value, Dark) or isinstance(was, Dark):
            return None
        [asked] = [each for each in store.tasks_of(tx, [correction]) if each.system == id]
        is_retired = system.retired_at is not None
        return Task(
            system=system,
            address=None if is_retired else systems.address_for_erasing(tx, self.vault, system),
            places=places_in(tx, self.vault, kept, id),
            value=value,
            was=was,
            is_said=asked.answer is not None,
        )

    def _put_right(self, controller: ControllerId, correction: CorrectionId, task: Task) -> Undone | None:
        """None: every place there holds the right value, as was read."""
        if task.address is None:
            return Undone.RETIRED
        try:
            with closing(self.opens(task.address, writable=task.system.corrects, load=task.system.load)) as source:
                return self._in(controller, correction, source, task)
        except (*_AWAY, NotFound, Malformed) as error:
            _log.warning("what is to be put right in another system waits: %s", error)
            return Undone.AWAY

    def _in(self, controller: ControllerId, correction: CorrectionId, source: System, task: Task) -> Undone | None:
        """Every place, though one of them be in the way. What weighs most of all that was."""
        was, found = task.was, list[Undone]()
        for place in task.places:
            stands = None if place.field is None else _read(source, place.field)
            if place.field is None or stands is None or not _is_all(stands, place, task):
                found.append(Undone.UNKNOWN_PLACE)
                continue
            if place.is_pointed_at and was is None and stands != task.value.reveal(_FOR):
                was = Personal(stands)
                with self.database.transaction(controller) as tx:
                    keep_was(tx, self.vault, store.correction(tx, correction), was)
            why = _at(source, place.field, stands, was, task)
            found += [] if why is None else [why]
        return min(found, key=_WEIGHT.index, default=None)

    def _wrote(self, tx: Transaction, correction: CorrectionId, system: SystemId, why: Undone | None, began_at: datetime) -> bool:
        """What came in meanwhile of those who look after it counts as later than this look."""
        is_open = get(tx, store.correction(tx, correction).request).outcome is None
        if why is not None:
            store.set_task_undone(tx, correction, system, why, began_at)
        elif is_open and any(each.done_at is None for each in store.tasks_of(tx, [correction]) if each.system == system):
            correcting.was_put_right(tx, self.clock, correction, system, by=SYSTEM)
        return why is None


def _is_all(stands: str, place: Place, task: Task) -> bool:
    """Whether the field holds nothing beside what tells of the person: no note is written anew by a machine."""
    if stands == task.value.reveal(_FOR):
        return True
    return place.spot is not None and stands[place.spot.start : place.spot.end].strip() == stands.strip()


def _at(source: System, field: Spot, stands: str, was: Personal[str] | None, task: Task) -> Undone | None:
    value = task.value.reveal(_FOR)
    if stands == value:
        return None
    if was is None:
        return Undone.UNKNOWN_PLACE
    if stands.strip() != was.reveal(_FOR).strip():
        return Undone.OTHER_VALUE
    if not task.system.corrects or not isinstance(source, Correctable):
        return Undone.WRONG_STILL if task.is_said else Undone.READ_ONLY
    try:
        source.correct(field, value, was=stands)
    except _NOT_TAKEN:
        return Undone.NOT_TAKEN
    return None if _read(source, field) == value else Undone.STANDS_STILL


def _read(source: System, spot: Spot) -> str | None:
    """None where nothing is handed out."""
    try:
        return source.export(spot).decode()
    except (*_NOT_TAKEN, UnicodeDecodeError):
        return None
