"""Two locks against a thief: rows as they stood before, the key service as it is now, and locks that lack a key on purpose."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from rightcall.adapters.keys.file import Cost, KeyFile
from rightcall.clock import day_of
from rightcall.database.connection import Database
from rightcall.errors import Tampered
from rightcall.ids import ControllerId, HoldId, HoldingId, PartyId, PurposeId, SubjectId, new_id
from rightcall.vault import keyring
from rightcall.vault.actions import Vault
from rightcall.vault.keyring import KeptGrant, Place
from rightcall.vault.model import Lock
from rightcall.vault.wrapping import derive, unwrap, wrap
from tests.conftest import FixedClock
from tests.vault import tables
from tests.vault.machine import PURPOSES, Machine
from tests.vault.thief import Thief, Way, ways

PURPOSE = PurposeId(new_id())


class Room:
    """Two people who both said yes, one recording under both grants and a last day, a name; and a thief who copies every row."""

    def __init__(self, database: Database, path: Path) -> None:
        self.database, self.clock, self.controller = database, FixedClock(), ControllerId(new_id())
        self.keys = KeyFile(path, b"a passphrase for tests", cost=Cost(n=16, r=1))
        self.vault = Vault(self.keys, self.clock)
        self.vault.start(database)
        self.people = [SubjectId(new_id()) for _ in range(2)]
        self.holding, self.day = HoldingId(new_id()), day_of(self.clock.at)
        with database.transaction(self.controller) as tx:
            for person in self.people:
                self.vault.create_subject(tx, person)
            self.grants = [
                self.vault.open_grant(tx, subject=person, party=PartyId(new_id()), purpose=PURPOSE) for person in self.people
            ]
            self.name = self.vault.seal_value(tx, self.people[0], b"Ada", "name")
            lock = Lock(purpose=PURPOSE, grants=tuple(self.grants), last_day=self.day)
            self.key = self.vault.lock_content(tx, holding=self.holding, locks=[lock])
        self.thief = Thief(self.controller)
        self.thief.values.add((self.people[0], "name", self.name))
        self.thief.look(database.url)

    @property
    def recording(self) -> Way:
        return ("lock", self.holding, PURPOSE)

    @property
    def ada(self) -> Way:
        return ("value", self.people[0], "name")

    def stolen(self) -> set[Way]:
        self.thief.look(self.database.url)
        return ways(self.thief.spoils(self.keys))

    def stolen_from_what_stands_now(self) -> set[Way]:
        thief = Thief(self.controller, values=self.thief.values)
        thief.look(self.database.url)
        return ways(thief.spoils(self.keys))

    def withdraw(self) -> None:
        with self.database.transaction(self.controller) as tx:
            self.vault.destroy_grant(tx, self.grants[1])

    def expire(self) -> None:
        self.clock.at += timedelta(days=1)
        with self.database.transaction(self.controller) as tx:
            self.vault.end_term(tx, PURPOSE, self.day)

    def erase(self) -> None:
        with self.database.transaction(self.controller) as tx:
            self.vault.destroy_subject(tx, self.people[0])


@pytest.fixture
def room(own_database: Database, key_path: Path) -> Room:
    return Room(own_database, key_path)


ENDS: list[Callable[[Room], None]] = [Room.withdraw, Room.expire, Room.erase]


@pytest.mark.parametrize("end", ENDS)
def test_what_ended_is_dark_in_the_rows_of_now_and_in_those_of_then_once_the_epoch_is_over(
    room: Room, end: Callable[[Room], None]
) -> None:
    """Until then a copy made before opens it: the window that the vault states."""
    assert room.stolen() == {room.recording, room.ada}
    end(room)
    left = {room.ada} - ({room.ada} if end is Room.erase else set())
    assert room.stolen_from_what_stands_now() == left
    assert room.stolen() == {room.recording, room.ada}
    room.vault.rotate(room.database)
    assert room.stolen_from_what_stands_now() == left
    assert room.stolen() == left


@pytest.mark.parametrize("end", ENDS)
def test_a_backup_that_comes_back_an_epoch_later_opens_nothing(room: Room, end: Callable[[Room], None]) -> None:
    rows = tables.back_up(room.database.url)
    end(room)
    room.vault.rotate(room.database)
    tables.restore(room.database.url, rows)
    room.vault.start(room.database, after_restore=True)
    room.vault.rotate(room.database)
    assert room.recording not in room.stolen()
    assert room.stolen_from_what_stands_now() == set()


def test_an_epoch_that_turns_leaves_what_lives_open(room: Room) -> None:
    room.vault.rotate(room.database)
    assert room.stolen_from_what_stands_now() == {room.recording, room.ada}


class Parts:
    """The keys of one lock, in the order in which they are asked for, and the row that they open."""

    def __init__(self, room: Room) -> None:
        room.thief.look(room.database.url)
        ((self.place, self.blob),) = room.thief.locks
        self.grants = [room.thief.grant_keys(room.keys)[grant][0].key for grant in self.place.grants]
        (self.term,) = (tries[0].key for tries in room.thief.term_keys(room.keys).values())

    def open(self, grants: Sequence[bytes], term: bytes) -> bytes:
        return keyring.unwrap_content(self.place, grants, term, self.blob)


def test_all_keys_of_a_lock_open_it_and_no_lock_opens_with_one_of_them_wrong_missing_or_in_anothers_place(room: Room) -> None:
    parts = Parts(room)
    (first, second), term, other = parts.grants, parts.term, bytes(range(32))
    assert parts.open([first, second], term) == room.key.secret
    wrong: list[tuple[list[bytes], bytes]] = [
        ([other, second], term),
        ([first, other], term),
        ([first, second], other),
        ([other, other], other),
        ([second, first], term),
        ([first, term], second),
        ([first, first], term),
        ([first], term),
        ([second], term),
        ([], term),
    ]
    for grants, last in wrong:
        with pytest.raises(Tampered):
            parts.open(grants, last)


def test_rows_alone_open_nothing(room: Room, tmp_path: Path) -> None:
    """Another key service, made the same way with the same passphrase, is of no use."""
    assert room.stolen() == {room.recording, room.ada}
    assert room.thief.spoils(KeyFile(tmp_path / "other", b"a passphrase for tests", cost=Cost(n=16, r=1))) == []


def test_the_blind_index_hangs_on_its_secret_key(room: Room) -> None:
    def blind(controller: ControllerId) -> bytes:
        with room.database.transaction(controller) as tx:
            return room.vault.blind(tx, "tel", "+4532123456")

    first = blind(room.controller)
    assert blind(room.controller) == first
    assert blind(ControllerId(new_id())) != first
    room.vault.rotate(room.database)
    assert blind(room.controller) == first
    with psycopg.connect(room.database.url) as admin:
        assert admin.execute("DELETE FROM blind_keys WHERE controller = %s", (room.controller,)).rowcount == 1
    assert blind(room.controller) != first


Keys = Sequence[bytes]
LESS: dict[str, Callable[[Keys, bytes], list[bytes]]] = {
    "a constant": lambda grants, term: [bytes(32)],
    "no term key": lambda grants, term: [*grants],
    "no grant keys": lambda grants, term: [term],
    "only the first grant": lambda grants, term: [grants[0], term],
    "all but the first grant": lambda grants, term: [*grants[1:], term],
}


@pytest.mark.parametrize("less", LESS)
def test_the_thief_and_the_machine_notice_a_lock_that_needs_less(
    own_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, less: str
) -> None:
    def wrap_key(place: Place, grant_keys: Sequence[bytes], term_key: bytes) -> bytes:
        return derive(*LESS[less](grant_keys, term_key), info=place.holding.bytes)

    walked(own_database, tmp_path / "sound")
    monkeypatch.setattr(keyring, "_wrap_key", wrap_key)
    with pytest.raises(AssertionError, match="guessed=True"):
        walked(own_database, tmp_path / "broken")


def _grant_without(part: int) -> Callable[[pytest.MonkeyPatch], None]:
    def wrap_grant(subject_key: bytes, seed: bytes, grant_key: bytes, row: KeptGrant) -> bytes:
        return wrap(derive((subject_key, seed)[1 - part], info=row.bound_to), grant_key, row.bound_to)

    def unwrap_grant(subject_key: bytes, seed: bytes, row: KeptGrant, blob: bytes) -> bytes:
        return unwrap(derive((subject_key, seed)[1 - part], info=row.bound_to), blob, row.bound_to)

    def plant(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(keyring, "wrap_grant", wrap_grant)
        patch.setattr(keyring, "unwrap_grant", unwrap_grant)

    return plant


def _held_by_a_constant(patch: pytest.MonkeyPatch) -> None:
    right = keyring.wrap_held, keyring.unwrap_held

    def wrap_held(controller: ControllerId, hold: HoldId, holding: HoldingId, hold_key: bytes, content_key: bytes) -> bytes:
        return right[0](controller, hold, holding, bytes(32), content_key)

    def unwrap_held(controller: ControllerId, hold: HoldId, holding: HoldingId, hold_key: bytes, blob: bytes) -> bytes:
        return right[1](controller, hold, holding, bytes(32), blob)

    patch.setattr(keyring, "wrap_held", wrap_held)
    patch.setattr(keyring, "unwrap_held", unwrap_held)


OTHER_LESS = {
    "grants without the person's key": _grant_without(0),
    "grants without the epoch's seed": _grant_without(1),
    "holds without their key": _held_by_a_constant,
}


@pytest.mark.parametrize("less", OTHER_LESS)
def test_the_machine_notices_every_other_wrap_that_needs_less(
    own_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, less: str
) -> None:
    walked(own_database, tmp_path / "sound")
    OTHER_LESS[less](monkeypatch)
    with pytest.raises(AssertionError, match="guessed=True"):
        walked(own_database, tmp_path / "broken")


def test_the_machine_notices_an_epoch_whose_key_outlives_it(
    own_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The withdrawn grant's old row stays as good as before."""

    def ends(path: Path) -> None:
        machine = made(own_database, path)
        machine.withdraw(0)
        machine.rotate(3)
        machine.what_raw_material_opens()

    ends(tmp_path / "sound")
    monkeypatch.setattr(Hoards, "destroy", Hoards.hoard)
    with pytest.raises(AssertionError):
        ends(tmp_path / "broken")


class Hoards(KeyFile):
    """Once `destroy` is `hoard`: takes a key off its list and goes on using it."""

    def hoard(self, key: str) -> None:
        self._off.add(key)

    def names(self, family: str) -> list[str]:
        return [name for name in super().names(family) if name not in self._off]

    @property
    def _off(self) -> set[str]:
        off: set[str] = self.__dict__.setdefault("off", set())
        return off


def made(database: Database, path: Path) -> Machine:
    machine = Machine(database, lambda: Hoards(path, b"a passphrase for tests", cost=Cost(n=16, r=1)))
    machine.begin()
    machine.hold(0, 2, PURPOSES[0])
    machine.what_raw_material_opens()
    return machine


def walked(database: Database, path: Path) -> None:
    made(database, path).what_opens_is_what_should()
