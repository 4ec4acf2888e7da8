"""Putting right what is wrong in other systems, where they can and somebody registered that they may: the value is written, and
read back. What we cannot put right ourselves is a task for a person, with why (GDPR Art. 16).

What stood in the place that somebody pointed at is kept, sealed, beside the right value: it says what was corrected, and by it
alone the same mistake is known elsewhere. Where something else stands, that may be right, and a person looks. Killed anywhere, it
goes on: a place that holds the right value already is put right.
"""

import logging
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
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
from rightcall.erasure.elsewhere.rules import spot_of
from rightcall.errors import Conflict, Malformed, NotAllowed, NotConfigured, NotFound
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import Holding
from rightcall.ids import ControllerId, CorrectionId, HoldingId, SystemId
from rightcall.personal import Personal
from rightcall.procedures.ports import Steps
from rightcall.requests import correcting
from rightcall.requests.corrections import store
from rightcall.requests.corrections.model import Undone
from rightcall.requests.record import get
from rightcall.subjects.joining import actions as joining
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

PAUSES = (60.0, 600.0, 3600.0, 6 * 3600.0, 24 * 3600.0)
"""A system that is away is tried again so often; then a person is asked."""
_MOST = 500
_FOR = "put right what is wrong there"
_AWAY = (SourceGone, NotConfigured)
_NOT_TAKEN = (Conflict, Malformed, NotAllowed, NotFound, NotRead)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A field of a row, None where it is none; and the stretch of it that tells of the person. `is_pointed_at`: somebody said
    that this very thing is wrong."""

    spot: Spot | None
    start: int | None
    end: int | None
    is_pointed_at: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is to be put right in one system. `was`: what is wrong, None while nobody has read it."""

    system: RegisteredSystem
    address: Personal[str] | None = field(repr=False)
    places: Sequence[Place]
    value: Personal[str]
    was: Personal[str] | None


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
            why = self._put_right(controller, correction, task)
            with self.database.transaction(controller) as tx:
                right += self._wrote(tx, correction, system, why)
            away += why is Undone.AWAY
        return right, away

    def _waiting(self, controller: ControllerId, correction: CorrectionId) -> list[SystemId]:
        with self.database.transaction(controller) as tx:
            kept = store.correction(tx, correction)
            pointed = holdings.get(tx, kept.holding).place.system
            open_ones = [each.system for each in store.tasks_of(tx, [correction]) if each.done_at is None]
            is_open = get(tx, kept.request).outcome is None
        return sorted(open_ones, key=lambda each: each != pointed) if is_open else []

    def _task(self, tx: Transaction, correction: CorrectionId, id: SystemId) -> Task | None:
        """None where the person was erased meanwhile: then nothing is put right any more."""
        kept, system = store.correction(tx, correction), systems.get(tx, id)
        value, was = correcting.value_of(tx, self.vault, kept), correcting.was_of(tx, self.vault, kept)
        if isinstance(value, Dark) or isinstance(was, Dark):
            return None
        held = holdings.get(tx, kept.holding)
        person = joining.person(tx, kept.subject)
        found = [
            each
            for each in holdings.of_person(tx, person, limit=_MOST)
            if each.place.system == id and each.category == held.category and each.is_there
        ]
        is_retired = system.retired_at is not None
        return Task(
            system=system,
            address=None if is_retired else systems.address_for_erasing(tx, self.vault, system),
            places=self._places(tx, found, kept.holding),
            value=value,
            was=was,
        )

    def _places(self, tx: Transaction, found: Sequence[Holding], pointed: HoldingId) -> list[Place]:
        """The one that was pointed at first."""
        opened = holdings.places(tx, self.vault, found)
        places = []
        for each in sorted(found, key=lambda one: one.id != pointed):
            place = opened[each.id]
            spot = None if isinstance(place, Dark) else spot_of(place, why=_FOR)
            is_field = spot is not None and spot.row is not None and spot.field is not None
            whole = replace(spot, start=None, end=None) if spot is not None and is_field else None
            places.append(Place(spot=whole, start=each.place.start, end=each.place.end, is_pointed_at=each.id == pointed))
        return places

    def _put_right(self, controller: ControllerId, correction: CorrectionId, task: Task) -> Undone | None:
        """None: every place there holds the right value, as was read."""
        if task.address is None:
            return Undone.AWAY if task.system.retired_at is None else Undone.READ_ONLY
        try:
            with closing(self.opens(task.address, writable=task.system.corrects, load=task.system.load)) as source:
                return self._in(controller, correction, source, task)
        except (*_AWAY, NotFound, Malformed) as error:
            _log.warning("what is to be put right in another system waits: %s", error)
            return Undone.AWAY

    def _in(self, controller: ControllerId, correction: CorrectionId, source: System, task: Task) -> Undone | None:
        was = task.was
        for place in task.places:
            if place.spot is None:
                return Undone.UNKNOWN_PLACE
            stands = _read(source, place.spot)
            if stands is None or not _is_all(stands, place, task):
                return Undone.UNKNOWN_PLACE
            if place.is_pointed_at and was is None and stands != task.value.reveal(_FOR):
                was = Personal(stands)
                with self.database.transaction(controller) as tx:
                    correcting.keep_was(tx, self.vault, store.correction(tx, correction), was)
            why = _at(source, place, stands, was, task)
            if why is not None:
                return why
        return None

    def _wrote(self, tx: Transaction, correction: CorrectionId, system: SystemId, why: Undone | None) -> bool:
        kept = store.correction(tx, correction)
        if why is not None:
            store.set_task_undone(tx, correction, system, why, self.clock.now())
            return False
        if get(tx, kept.request).outcome is None:
            correcting.put_right_in(tx, self.clock, kept.request, correction, system, by=SYSTEM)
        return True


def _is_all(stands: str, place: Place, task: Task) -> bool:
    """Whether the field holds nothing beside what tells of the person: no note is written anew by a machine."""
    return stands == task.value.reveal(_FOR) or stands[place.start : place.end].strip() == stands.strip()


def _at(source: System, place: Place, stands: str, was: Personal[str] | None, task: Task) -> Undone | None:
    value = task.value.reveal(_FOR)
    if stands == value:
        return None
    if not task.system.corrects:
        return Undone.READ_ONLY
    if was is None:
        return Undone.UNKNOWN_PLACE
    if stands.strip() != was.reveal(_FOR).strip():
        return Undone.OTHER_VALUE
    if not isinstance(source, Correctable) or place.spot is None:
        return Undone.READ_ONLY
    try:
        source.correct(place.spot, value, was=stands)
    except _NOT_TAKEN:
        return Undone.NOT_TAKEN
    return None if _read(source, place.spot) == value else Undone.STANDS_STILL


def _read(source: System, spot: Spot) -> str | None:
    """None where nothing is handed out."""
    try:
        return source.export(spot).decode()
    except (*_NOT_TAKEN, UnicodeDecodeError):
        return None
