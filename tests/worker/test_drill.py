"""A backup tried beside the running system: what was let go stays shut, what is kept opens, old keys open nothing.

And each of these can fail."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rightcall.adapters.backup import backup, restore
from rightcall.adapters.keys.file import KeyFile
from rightcall.adapters.keys.passphrase import make_secret
from rightcall.adapters.objects.store import Objects
from rightcall.clock import SystemClock
from rightcall.controllers.actions import create
from rightcall.controllers.model import NewController
from rightcall.copies import actions as copies
from rightcall.copies.model import BackupId, BackupKind, Drill, Fault
from rightcall.copies.under_way import actions as under_way
from rightcall.copies.under_way.model import Doing
from rightcall.database.connection import Database
from rightcall.errors import NotFound
from rightcall.holdings.holds import actions as holds
from rightcall.ids import ControllerId, HoldingId, new_id
from rightcall.settings import load_settings
from rightcall.vault.actions import Vault
from rightcall.wiring import House, build, destroyed_list
from rightcall.worker import drilling, key_backups
from rightcall.worker.ending import turn_epoch
from rightcall.worker.trying import Side, try_restored, what_opens
from tests.cli.test_backups import keep_something
from tests.erasure.fakes import World
from tests.ledger.fakes import own_database
from tests.recordings.scene import DPO
from tests.retention.test_holds import place as place_on_take
from tests.retention.test_spans import place as place_on_stretch
from tests.worker.test_destroyed import empty_database, write_down


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drill") / "data"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture(scope="module")
def database(database_url: str) -> Iterator[Database]:
    """Of its own: everything in it is as the tests here left it."""
    with own_database(database_url, "drill_tests") as url:
        database = Database(url)
        yield database
        database.close()


@pytest.fixture(scope="module")
def house(database: Database, data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with build(load_settings(data=data, key_backups=tmp_path_factory.mktemp("apart") / "keys"), database) as house:
        yield house


@pytest.fixture
def controller(house: House) -> ControllerId:
    with house.database.system() as tx:
        new = NewController(name="Example Energy", address="a", contact="c", jurisdictions=("EU", "DK"))
        return create(tx, house.clock, new).id


def sides(house: House, folder: Path, tmp_path: Path) -> tuple[Side, Side]:
    url, objects = empty_database(house.database.url), Objects(f"file://{tmp_path / str(new_id())}")
    restore(url, objects, folder)
    running = Side(database=house.database, vault=house.vault, objects=house.objects, clock=house.clock)
    return running, Side(database=Database(url, connections=2), vault=house.vault, objects=objects, clock=house.clock)


def drilled(house: House, folder: Path, tmp_path: Path, *, with_list: bool, with_old: Vault | None = None) -> Drill:
    running, restored = sides(house, folder, tmp_path)
    lists = [destroyed_list(house.settings)] if with_list else []
    try:
        return try_restored(running, restored, lists=lists, most=100, with_old=with_old)
    finally:
        restored.database.close()


def test_what_was_let_go_stays_shut_behind_the_fence_and_only_behind_it(house: House, world: World, tmp_path: Path) -> None:
    keep_something(house, tmp_path)
    world.recorded()
    folder = tmp_path / "backup"
    backup(house.database.url, house.objects, folder)
    before = drilled(house, folder, tmp_path, with_list=False)
    assert (before.faults, before.gone, before.live_opened) == ((), 0, 3)
    world.answer(world.ask_for_erasure(world.ada))
    write_down(house, world)
    found = drilled(house, folder, tmp_path, with_list=True)
    assert (found.faults, found.live, found.live_opened) == ((), 1, 1)
    assert found.gone >= 3
    assert (found.gone_opened, found.fenced) == (0, 1)
    bare = drilled(house, folder, tmp_path, with_list=False)
    assert bare.faults == (Fault.LET_GO_OPENS,)
    assert bare.gone_opened >= 3


def test_a_backup_of_an_earlier_epoch_brings_nothing_back_and_says_so(house: House, tmp_path: Path) -> None:
    keep_something(house, tmp_path)
    backup(house.database.url, house.objects, tmp_path / "backup")
    turn_epoch(house)
    found = drilled(house, tmp_path / "backup", tmp_path, with_list=True)
    assert found.faults == (Fault.LIVE_IS_DARK,)
    assert (found.live_opened, found.gone_opened) == (0, 0)


def test_bytes_that_are_damaged_in_the_backup_are_no_backup(house: House, tmp_path: Path) -> None:
    keep_something(house, tmp_path)
    backup(house.database.url, house.objects, tmp_path / "backup")
    running, restored = sides(house, tmp_path / "backup", tmp_path)
    for key in list(restored.objects.list("")):
        restored.objects.delete(key)
    found = try_restored(running, restored, lists=[], most=100)
    assert (found.faults, found.live_opened) == ((Fault.LIVE_IS_DAMAGED,), 0)
    restored.database.close()


def test_old_keys_open_the_backup_of_their_epoch_and_none_after(house: House, data: Path, tmp_path: Path) -> None:
    """The first is why no backup of keys outlives its epoch; the second is what that gains."""
    holding = keep_something(house, tmp_path)
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "keys").write_bytes((data / "keys").read_bytes())
    old = Vault(KeyFile(tmp_path / "old" / "keys", make_secret(data / "passphrase")), SystemClock())
    backup(house.database.url, house.objects, tmp_path / "then")
    turn_epoch(house)
    backup(house.database.url, house.objects, tmp_path / "now")
    now = drilled(house, tmp_path / "now", tmp_path, with_list=True, with_old=old)
    assert now.faults == ()
    assert now.live_opened >= 1
    then = drilled(house, tmp_path / "then", tmp_path, with_list=True, with_old=old)
    assert Fault.OLD_KEYS_OPEN in then.faults
    assert holding


def test_a_drill_from_end_to_end_leaves_its_finding_and_nothing_else(
    house: House, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drilling, "_PATIENCE_SECONDS", 0.0)
    keep_something(house, tmp_path)
    backup(house.database.url, house.objects, tmp_path / "backups" / "one")
    assert drilling.newest(tmp_path / "backups") == tmp_path / "backups" / "one"
    seen = set[Doing]()

    def look_on(*_: object) -> None:
        with house.database.system() as tx:
            [drill] = under_way.every(tx)
        seen.add(drill.doing)

    found = drilling.drill_backup(house, drilling.newest(tmp_path / "backups"), progress=look_on)
    assert found.passed
    assert seen >= {Doing.BEGINNING, Doing.CHECKED, Doing.DATABASE, Doing.OBJECTS}, "each step is seen from outside"
    assert [each.name for each in (data / "drill").iterdir()] == ["lock"]
    with pytest.raises(NotFound):
        drilling.drill_backup(house, tmp_path / "nothing")
    with house.database.system() as tx:
        last, first = copies.drills(tx)[:2]
        assert under_way.every(tx) == [], "neither the one that passed nor the one that could not be done"
    assert (last.faults, first.id) == ((Fault.NOT_DONE,), found.id)
    with pytest.raises(NotFound):
        drilling.newest(tmp_path)


def standing(house: House) -> list[tuple[BackupId, int]]:
    with house.database.system() as tx:
        return [(each.id, each.epoch) for each in copies.standing(tx, BackupKind.KEYS)]


def test_keys_are_apart_and_go_with_their_epoch(house: House, data: Path, tmp_path: Path) -> None:
    place = house.settings.key_backups
    assert place is not None
    key_backups.keep(house)
    ((first, epoch),) = standing(house)
    assert epoch == house.vault.epoch(house.database).number
    copy = place / str(first) / "keys"
    assert copy.read_bytes() == (data / "keys").read_bytes()
    assert {path.stat().st_mode & 0o077 for path in place.rglob("*")} == {0}
    assert not list(place.rglob("passphrase"))
    inode = tmp_path / "the same bytes on the disk"
    inode.hardlink_to(copy)
    turn_epoch(house)
    ((second, after),) = standing(house)
    assert (second != first, after) == (True, epoch + 1)
    assert not copy.exists()
    assert set(inode.read_bytes()) == {0}
    assert (place / str(second) / "keys").read_bytes() == (data / "keys").read_bytes()


def test_keys_that_cannot_be_confirmed_gone_hold_up_the_certificate(house: House, world: World) -> None:
    place = house.settings.key_backups
    assert place is not None
    key_backups.keep(house)
    world.recorded()
    subject = world.ada
    world.answer(world.ask_for_erasure(subject))
    away = place.rename(place.with_name("not mounted"))
    turn_epoch(house)
    assert key_backups.expire(house) == 1
    world.sequence()
    assert [grade.value for grade, _ in world.certificates(subject)] == ["complete_after_backups"]
    away.rename(place)
    turn_epoch(house)
    world.sequence()
    assert [grade.value for grade, _ in world.certificates(subject)] == ["complete_after_backups", "complete"]
    assert key_backups.expire(house) == 0


def test_a_drill_that_tried_nothing_that_is_kept_did_not_pass(house: House, world: World, tmp_path: Path) -> None:
    """Though an erased person stayed so."""
    world.recorded()
    backup(house.database.url, house.objects, tmp_path / "backup")
    world.answer(world.ask_for_erasure(world.ada))
    write_down(house, world)
    keep_something(house, tmp_path)
    running, restored = sides(house, tmp_path / "backup", tmp_path)
    lists = [destroyed_list(house.settings)]
    found = try_restored(running, restored, lists=lists, most=0)
    restored.database.close()
    assert (found.live, found.faults, found.passed) == (0, (Fault.NOTHING_TRIED,), False)
    assert found.gone > 0


def test_what_a_hold_keeps_is_kept_and_opens_by_the_holds_key_until_it_is_lifted(
    house: House, world: World, tmp_path: Path
) -> None:
    """A stretch of an erased person's take: no yes and no term ever opened it."""
    world.recorded()
    hold = place_on_stretch(world, tmp_path)
    [stretch] = [each.holding for each in hold.slices]
    world.answer(world.ask_for_erasure(world.ada))
    write_down(house, world)
    folder = tmp_path / "backup"
    backup(house.database.url, house.objects, folder)
    kept = drilled(house, folder, tmp_path, with_list=True)
    assert (kept.faults, kept.live_opened) == ((), kept.live)
    assert opens_in(house, folder, tmp_path, stretch).startswith("opens: ")

    with world.deed() as tx:
        holds.lift(tx, world.vault, world.clock, hold.id, by=DPO)
    write_down(house, world)
    lifted = drilled(house, folder, tmp_path, with_list=True)
    assert (lifted.live, lifted.gone) == (kept.live - 1, kept.gone + 1)
    assert Fault.LET_GO_OPENS not in lifted.faults
    assert Fault.LET_GO_OPENS in drilled(house, folder, tmp_path, with_list=False).faults
    backup(house.database.url, house.objects, tmp_path / "after")
    assert opens_in(house, tmp_path / "after", tmp_path, stretch) == "dark: grant_destroyed"


def test_a_hold_that_came_after_the_backup_is_dark_in_it(house: House, world: World, tmp_path: Path) -> None:
    world.recorded()
    backup(house.database.url, house.objects, tmp_path / "backup")
    place_on_take(world)
    world.answer(world.ask_for_erasure(world.ada))
    write_down(house, world)
    assert drilled(house, tmp_path / "backup", tmp_path, with_list=True).faults == (Fault.LIVE_IS_DARK,)
    backup(house.database.url, house.objects, tmp_path / "after")
    assert drilled(house, tmp_path / "after", tmp_path, with_list=True).faults == ()


def opens_in(house: House, folder: Path, tmp_path: Path, holding: HoldingId) -> str:
    _, restored = sides(house, folder, tmp_path)
    try:
        return what_opens(restored, holding)
    finally:
        restored.database.close()
