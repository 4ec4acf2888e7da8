"""A real backup, restored within its epoch: who was erased stays erased, what was withdrawn shut, a lifted hold lifted."""

import shutil
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from rightcall.adapters.backup import backup
from rightcall.adapters.destroyed import Destroyed, DestroyedKind, DestroyedList
from rightcall.adapters.destroying import WrittenFirst
from rightcall.adapters.key_backup import KeyBackups
from rightcall.adapters.objects.store import Objects
from rightcall.cli import main as cli
from rightcall.consent.model import Answer
from rightcall.database.connection import Database
from rightcall.errors import KeysGone, Tampered
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.holds.model import Slice
from rightcall.ids import ControllerId, StatementId, new_id
from rightcall.personal import Personal
from rightcall.recordings.attributing import attribute
from rightcall.settings import load_settings
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from rightcall.vault.actions import grants_of
from rightcall.vault.model import Dark, DarkReason
from rightcall.wiring import House, build, destroyed_list
from rightcall.worker import destroyed
from rightcall.worker.ending import turn_epoch
from rightcall.worker.keeping import keep_procedures, say_turned
from rightcall.worker.procedures import procedures_of
from tests.cast import ADA_TEL
from tests.erasure.fakes import World
from tests.holdings.holding import held
from tests.procedures.fakes import InlineSteps
from tests.recordings.scene import DPO
from tests.worker.test_keeping import FakeEngine


def write_down(house: House, world: World) -> None:
    world.sequence()
    kept = destroyed_list(house.settings)
    while destroyed.write_down(house.database, house.vault, kept):
        pass
    kept.is_worked_on(house.clock.now())


def empty_database(url: str) -> str:
    name = f"restored_{new_id().hex}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def other_data(data: Path, folder: Path, *names: str) -> Path:
    """Another machine's data folder, with what is kept of the first one's."""
    folder.mkdir(mode=0o700)
    for name in ("keys", "passphrase", "ledger-key", *names):
        source = data / name
        files = [source] if source.is_file() else list(source.iterdir())
        for file in files:
            target = folder / file.relative_to(data)
            target.parent.mkdir(exist_ok=True, mode=0o700)
            target.write_bytes(file.read_bytes())
            target.chmod(0o600)
    if "destroyed" in names and (known := DestroyedList(data / "destroyed").complete()) is not None:
        DestroyedList(folder / "destroyed").is_complete(known.until)  # as though its disk had come over, and not a copy
    return folder


Restore = Callable[..., str]


@pytest.fixture
def restore(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Restore:
    """The command `rightcall restore` into an empty database and another data folder."""
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)

    def run(folder: Path, data: Path, *more: str, code: int = 0) -> str:
        url = empty_database(database_url)
        monkeypatch.setenv("RIGHTCALL_DATABASE_URL", url)
        assert cli.code_of(["restore", str(folder), "--data", str(data), *more]) == code
        return url

    return run


def test_who_was_erased_after_the_backup_is_erased_in_what_is_restored(
    house: House, world: World, data: Path, tmp_path: Path, restore: Restore, capsys: pytest.CaptureFixture[str]
) -> None:
    world.recorded()
    ada, (take, *_) = world.ada, world.holdings()
    backup(house.database.url, house.objects, tmp_path / "backup")
    request = world.ask_for_erasure(ada)
    world.answer(request)
    write_down(house, world)
    url = restore(tmp_path / "backup", other_data(data, tmp_path / "other", "destroyed"))
    assert "1 keys that came back with it were destroyed again" in capsys.readouterr().err
    restored = Database(url)
    with build(load_settings(data=tmp_path / "other"), restored) as again:
        with restored.transaction(world.controller) as tx:
            assert not again.vault.subject_exists(tx, ada)
            assert tx.connection.execute("SELECT count(*) AS n FROM identifiers WHERE subject = %s", (ada,)).fetchone() == {
                "n": 0
            }
            key = again.vault.unlock_content(tx, holding=take.id, purpose=take.purposes[0])
            assert key == Dark(reason=DarkReason.SUBJECT_ERASED)
        # The worker finds an erasure that no request stands for, and deletes the bytes that came back.
        engine = FakeEngine([])
        keep_procedures(again, engine)
        ((name, _, *arguments),) = (each for each in engine.started if each[2] == str(world.controller))
        assert list(again.objects.list(f"{world.controller}/"))
        procedures_of(again)[name](InlineSteps(), *arguments)
        assert list(again.objects.list(f"{world.controller}/")) == []
        keep_procedures(again, engine)
        assert len([each for each in engine.started if each[2] == str(world.controller)]) == 1
    restored.close()


def test_who_was_told_apart_and_erased_after_the_backup_does_not_come_back(
    house: House, world: World, data: Path, tmp_path: Path, restore: Restore
) -> None:
    """In the backup Ada's call is still another's: the grants are under that person's key, and go one by one."""
    world.recorded()
    taken_for, (take, *_) = world.ada, world.holdings()
    backup(house.database.url, house.objects, tmp_path / "backup")
    with world.deed() as tx:
        name = normalise(IdentifierKind.CUSTOMER_ID, Personal("the other one"), "DK")
        other = subjects.identify(tx, world.vault, world.clock, [name])
        attribute(tx, world.scene.tools, party=world.scene.party("p-ada"), to=other, by=DPO)
    assert world.ada == other
    world.answer(world.ask_for_erasure(other))
    write_down(house, world)
    restored = Database(restore(tmp_path / "backup", other_data(data, tmp_path / "other", "destroyed")))
    with build(load_settings(data=tmp_path / "other"), restored) as again, restored.transaction(world.controller) as tx:
        assert again.vault.subject_exists(tx, taken_for)
        key = again.vault.unlock_content(tx, holding=take.id, purpose=take.purposes[0])
        assert key == Dark(reason=DarkReason.GRANT_DESTROYED)
    restored.close()


def test_what_is_withdrawn_stays_shut_in_a_backup_though_no_worker_ever_wrote_it_down(
    house: House, world: World, data: Path, tmp_path: Path, restore: Restore
) -> None:
    """The web process took the no, and its worker stood still."""
    take = next(each for each in world.recorded().holdings() if each.subject == world.ada)
    backup(house.database.url, house.objects, tmp_path / "backup")
    kept = destroyed_list(house.settings)
    kept.is_worked_on(house.clock.now())
    told = Database(house.database.url, foreword=WrittenFirst(kept))
    with told.transaction(world.controller) as tx:
        world.scene.tx = tx
        world.scene.answer("p-ada", world.scene.training, Answer.WITHDRAWN)
    told.close()
    url = restore(tmp_path / "backup", other_data(data, tmp_path / "other", "destroyed"))
    restored = Database(url)
    with restored.transaction(world.controller) as tx:
        key = house.vault.unlock_content(tx, holding=take.id, purpose=world.scene.training.id)
        assert key == Dark(reason=DarkReason.GRANT_DESTROYED)
    restored.close()


def test_nothing_is_confirmed_that_could_not_be_written_down(house: House, world: World, tmp_path: Path) -> None:
    world.recorded()
    (tmp_path / "full").write_text("no folder")
    told = Database(house.database.url, foreword=WrittenFirst(DestroyedList(tmp_path / "full")))
    world.database, before = told, world.database
    with pytest.raises(KeysGone):
        world.choose(Answer.WITHDRAWN)
    world.database = before
    told.close()
    assert "consent.grant_destroyed" not in world.said()


def test_what_was_written_down_and_cut_off_before_its_end_is_done_by_the_next_worker(
    house: House, world: World, tmp_path: Path
) -> None:
    """Once: somebody may have said yes again since. And the turn of an epoch does not lose it."""
    world.recorded()
    kept = DestroyedList(tmp_path / "destroyed")
    with house.database.transaction(world.controller) as tx:
        grant = grants_of(tx, [world.scene.party("p-ada")])[0]
    cut_off = Destroyed(
        index=None, controller=world.controller, kind=DestroyedKind.GRANT, id=grant, statement=StatementId(new_id())
    )
    kept.add("epoch-0", [cut_off])
    kept.keep_only("epoch-1")
    assert kept.unplaced() == [cut_off]
    destroyed.tell_restored(house.database, house.vault, house.clock, kept)
    with house.database.transaction(world.controller) as tx:
        assert not house.vault.grant_lives(tx, grant)
    assert kept.unplaced() == []


def test_a_copy_of_the_list_opens_nothing_unless_somebody_answers_for_it(
    house: House, world: World, data: Path, tmp_path: Path, restore: Restore, capsys: pytest.CaptureFixture[str]
) -> None:
    """The keys were backed up, and copied seconds after an erasure that their list did not have yet."""
    world.recorded()
    backup(house.database.url, house.objects, tmp_path / "backup")
    place, id = tmp_path / "apart", new_id()
    KeyBackups(place).prepare(away_from=data)
    KeyBackups(place).make(id, data, house.clock.now())
    world.answer(world.ask_for_erasure(world.ada))
    write_down(house, world)
    other = tmp_path / "other"
    other.mkdir(mode=0o700)
    (other / "passphrase").write_bytes((data / "passphrase").read_bytes())
    (other / "passphrase").chmod(0o600)
    with_keys = ("--keys", str(place / str(id)))
    restore(tmp_path / "backup", other, *with_keys, code=2)
    said = " ".join(capsys.readouterr().err.split())
    assert "is a copy, and complete until" in said
    assert "people who were erased" in said
    destroyed_list(load_settings(data=other)).is_worked_on(house.clock.now())
    restore(tmp_path / "backup", other, code=2)
    url = restore(tmp_path / "backup", other, *with_keys, "--destroyed", str(data / "destroyed"))
    restored = Database(url)
    with restored.transaction(world.controller) as tx:
        assert not house.vault.subject_exists(tx, world.ada)
    restored.close()
    again = other_data(data, tmp_path / "again")
    url = restore(tmp_path / "backup", again, "--open-anyway", "its disk burnt")
    assert "its disk burnt" in (again / "destroyed" / "opened-anyway").read_text()
    restored = Database(url)
    with restored.transaction(world.controller) as tx:
        assert house.vault.subject_exists(tx, world.ada)
    restored.close()


def test_a_list_that_was_copied_by_hand_opens_nothing_though_it_was_kept_after_the_backup(
    house: House, world: World, data: Path, tmp_path: Path, restore: Restore, capsys: pytest.CaptureFixture[str]
) -> None:
    """And a worker on a data folder that was carried elsewhere makes the list whole again, by what the ledger says."""
    world.recorded()
    backup(house.database.url, house.objects, tmp_path / "backup")
    destroyed_list(house.settings).is_worked_on(house.clock.now())
    other = other_data(data, tmp_path / "other")
    shutil.copytree(data / "destroyed", other / "destroyed")
    world.answer(world.ask_for_erasure(world.ada))
    write_down(house, world)
    restore(tmp_path / "backup", other, code=2)
    assert "was copied by hand, and is complete until" in " ".join(capsys.readouterr().err.split())
    carried = DestroyedList(other / "destroyed")
    carried.is_worked_on(house.clock.now())
    restore(tmp_path / "backup", other, code=2)
    assert carried.is_moved()
    destroyed.take_up(house.database, house.vault, carried, house.clock.now())
    assert not carried.is_moved()
    assert not carried.lacks(destroyed_list(house.settings))
    restored = Database(restore(tmp_path / "backup", other))
    with restored.transaction(world.controller) as tx:
        assert not house.vault.subject_exists(tx, world.ada)
    restored.close()


def test_a_list_that_was_put_back_from_an_earlier_time_is_told_by_a_copy_that_knows_more(
    house: House, world: World, data: Path, tmp_path: Path, restore: Restore, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its disk was put back as it was, after the keys had been backed up elsewhere."""
    world.recorded()
    backup(house.database.url, house.objects, tmp_path / "backup")
    kept, epoch = destroyed_list(house.settings), data / "destroyed" / house.vault.epoch(house.database).key
    kept.add(epoch.name, [])
    before = epoch.read_bytes()
    world.answer(world.ask_for_erasure(world.ada))
    write_down(house, world)
    place, id = tmp_path / "apart", new_id()
    KeyBackups(place).prepare(away_from=data)
    KeyBackups(place).make(id, data, house.clock.now())
    epoch.write_bytes(before)
    other = other_data(data, tmp_path / "other", "destroyed")
    restore(tmp_path / "backup", other, "--keys", str(place / str(id)), code=2)
    assert "it was put back from an earlier time" in " ".join(capsys.readouterr().err.split())
    restore(tmp_path / "backup", other)


def test_without_the_list_it_says_so_and_with_it_the_worker_mends_it(
    house: House, world: World, data: Path, tmp_path: Path, restore: Restore, capsys: pytest.CaptureFixture[str]
) -> None:
    world.recorded()
    backup(house.database.url, house.objects, tmp_path / "backup")
    world.answer(world.ask_for_erasure(world.ada))
    write_down(house, world)
    assert not destroyed.is_behind(house.database, destroyed_list(house.settings))
    other = other_data(data, tmp_path / "other")
    restore(tmp_path / "backup", other, code=2)
    restored = Database(restore(tmp_path / "backup", other, "--open-anyway", "its disk burnt"))
    assert "There is no list" in capsys.readouterr().err
    vault = house.vault
    with restored.transaction(world.controller) as tx:
        assert vault.subject_exists(tx, world.ada)
    kept = destroyed_list(house.settings)
    assert destroyed.is_behind(restored, kept)
    assert destroyed.destroy_again(restored, vault, house.clock, kept.read()) == 1
    assert destroyed.destroy_again(restored, vault, house.clock, kept.read()) == 0
    restored.close()


def test_a_list_of_another_machine_is_taken_too(
    house: House, world: World, data: Path, tmp_path: Path, restore: Restore, capsys: pytest.CaptureFixture[str]
) -> None:
    """A withdrawal and a lifted hold, told by a list that lies elsewhere."""
    world.recorded()
    take = next(each for each in world.holdings() if each.subject == world.ada)
    slice = Slice(holding=take.id, purpose=world.scene.training.id)
    with world.deed() as tx:
        until = (world.clock.at + timedelta(days=20)).date()
        hold = held(tx, world.vault, world.clock, slice, until=until)
    backup(house.database.url, house.objects, tmp_path / "backup")
    with world.deed() as tx:
        world.scene.answer("p-ada", world.scene.training, Answer.WITHDRAWN)
        holds.lift(tx, world.vault, world.clock, hold.id, by=DPO)
    write_down(house, world)
    other = other_data(data, tmp_path / "other")
    restored = Database(restore(tmp_path / "backup", other, "--destroyed", str(data / "destroyed")))
    assert "2 keys" in capsys.readouterr().err
    with restored.transaction(world.controller) as tx:
        key = house.vault.unlock_content(tx, holding=take.id, purpose=world.scene.training.id)
        assert key == Dark(reason=DarkReason.GRANT_DESTROYED)
        assert isinstance(house.vault.unlock_held(tx, hold=hold.id, holding=take.id), Dark)
        assert holds.get(tx, hold.id).lifted_at is not None
        assert house.vault.subject_exists(tx, world.ada)
    restored.close()


def test_a_list_goes_with_the_key_of_its_epoch(house: House, world: World) -> None:
    world.answer(world.ask_for_erasure(world.recorded().ada))
    write_down(house, world)
    kept = destroyed_list(house.settings)
    first = house.vault.epoch(house.database).key
    assert kept.has(first)
    assert [line.kind for line in kept.read() if line.controller == world.controller] == [DestroyedKind.SUBJECT]
    turn_epoch(house)
    say_turned(house)
    write_down(house, world)
    assert not kept.has(first)
    assert kept.has(house.vault.epoch(house.database).key)
    assert list(kept.read()) == []


def test_killed_after_writing_and_before_remembering_it_is_written_again(
    house: House, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.answer(world.ask_for_erasure(world.recorded().ada))

    def killed(*_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr("rightcall.worker.destroyed.procedures.advance", killed)
        with pytest.raises(RuntimeError):
            write_down(house, world)
    kept = destroyed_list(house.settings)
    assert destroyed.is_behind(house.database, kept)
    write_down(house, world)
    assert len({line for line in kept.read() if line.controller == world.controller}) == 1


def line(index: int) -> Destroyed:
    return Destroyed(index=index, controller=ControllerId(new_id()), kind=DestroyedKind.GRANT, id=new_id())


def test_a_line_that_was_cut_off_is_left_out_and_the_next_one_is_whole(tmp_path: Path) -> None:
    kept, path = DestroyedList(tmp_path / "destroyed"), tmp_path / "destroyed" / "epoch-1"
    assert (list(kept.read()), kept.last_index()) == ([], -1)
    first, second, third = line(1), line(2), line(3)
    kept.add("epoch-1", [first, second])
    whole = path.read_bytes()
    for cut in range(1, 60):
        path.write_bytes(whole[:-cut])
        kept.add("epoch-1", [third])
        assert set(kept.read()) - {second} == {first, third}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert kept.last_index() == 3


@pytest.mark.parametrize("what", [b"{}\n", b'{"index":"one"}\n', b"[1]}\n"])
def test_a_list_that_was_changed_is_not_believed(tmp_path: Path, what: bytes) -> None:
    (tmp_path / "epoch-1").write_bytes(what)
    with pytest.raises(Tampered):
        list(DestroyedList(tmp_path).read())


def test_the_list_is_no_part_of_a_backup_and_names_nobody(house: House, world: World, data: Path, tmp_path: Path) -> None:
    world.answer(world.ask_for_erasure(world.recorded().ada))
    write_down(house, world)
    backup(house.database.url, Objects(f"file://{data / 'objects'}"), tmp_path / "backup")
    assert not any("destroyed" in str(path.relative_to(tmp_path)) for path in (tmp_path / "backup").rglob("*"))
    for file in (data / "destroyed").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert ADA_TEL.encode() not in file.read_bytes()
