"""Rotation: killed anywhere and run again, beside writers, and never destroying a key that still wraps something."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from rightcall.adapters.keys.file import Cost, KeyFile
from rightcall.clock import day_of
from rightcall.database.connection import Database
from rightcall.errors import Conflict, KeysGone, NotConfigured, StillWorking
from rightcall.ids import ControllerId, GrantId, HoldId, HoldingId, PartyId, PurposeId, SubjectId, new_id
from rightcall.vault.actions import Vault
from rightcall.vault.epochs import actions as epochs
from rightcall.vault.model import ContentKey, Dark, DarkReason, Lock
from tests.conftest import FixedClock
from tests.vault import tables
from tests.vault.fakes import Brittle, Killed

PURPOSE = PurposeId(new_id())


class House:
    """Two controllers, each with people, grants, a term, a hold, a blind-index key and locked content."""

    def __init__(self, database: Database, path: Path) -> None:
        self.database, self.clock = database, FixedClock()
        self.keys = Brittle(KeyFile(path, b"a passphrase for tests", cost=Cost(n=16, r=1)))
        self.vault = Vault(self.keys, self.clock)
        self.vault.start(database)
        self.content: dict[HoldingId, tuple[ControllerId, ContentKey, GrantId]] = {}
        self.holds: dict[HoldId, tuple[ControllerId, ContentKey]] = {}
        self.controllers = (ControllerId(new_id()), ControllerId(new_id()))
        for controller in self.controllers:
            for _ in range(2):
                self.keep(controller)

    def keep(self, controller: ControllerId) -> HoldingId:
        subject, holding, hold = SubjectId(new_id()), HoldingId(new_id()), HoldId(new_id())
        with self.database.transaction(controller) as tx:
            self.vault.create_subject(tx, subject)
            self.vault.blind(tx, "tel", "the same")
            grant = self.vault.open_grant(tx, subject=subject, party=PartyId(new_id()), purpose=PURPOSE)
            lock = Lock(purpose=PURPOSE, grants=(grant,), last_day=day_of(self.clock.at) + timedelta(days=9))
            key = self.vault.lock_content(tx, holding=holding, locks=[lock])
            self.vault.hold(tx, hold=hold, holding=holding, purpose=PURPOSE)
        self.content[holding] = controller, key, grant
        self.holds[hold] = controller, key
        return holding

    def opened(self, holding: HoldingId) -> ContentKey | Dark:
        with self.database.transaction(self.content[holding][0]) as tx:
            return self.vault.unlock_content(tx, holding=holding, purpose=PURPOSE)

    def everything_opens(self) -> bool:
        held = []
        for hold, (controller, key) in self.holds.items():
            with self.database.transaction(controller) as tx:
                held.append(self.vault.unlock_held(tx, hold=hold, holding=key.holding) == key)
        return all(held) and all(self.opened(holding) == key for holding, (_, key, _) in self.content.items())

    def key_names(self) -> list[str]:
        return self.keys.names(self.vault.epoch(self.database).key.rpartition(".")[0])


@pytest.fixture
def house(own_database: Database, key_path: Path) -> House:
    return House(own_database, key_path)


def test_a_rotation_moves_all_that_lives_and_leaves_one_key(house: House) -> None:
    before, heard = house.vault.epoch(house.database), list[int]()
    rotation = house.vault.rotate(house.database, batch=2, progress=heard.append)
    after = house.vault.epoch(house.database)
    assert (rotation.epoch, rotation.destroyed, rotation.lost) == (after.number, (before.number,), ())
    assert after.number > before.number
    assert rotation.rewrapped == 4 + 4 + 4 + 2 + 2 == heard[-1]
    assert house.key_names() == [after.key]
    assert house.everything_opens()


def test_a_rotation_killed_at_any_call_ends_well_when_it_is_run_again(house: House) -> None:
    """Each call to the key service in turn fails, once before it was done and once after."""
    calls, finished = 0, False
    while not finished:
        calls += 1
        for persisted in (False, True):
            house.keys.calls, house.keys.fails_at, house.keys.persisted = 0, calls, persisted
            try:
                house.vault.rotate(house.database, batch=2)
                finished = True
            except Killed:
                house.keys.fails_at = None
                assert house.everything_opens()
                house.vault.rotate(house.database, batch=2)
            house.keys.fails_at = None
            assert house.everything_opens()
    assert calls > 30
    epoch = house.vault.epoch(house.database)
    house.vault.rotate(house.database)
    assert house.vault.epoch(house.database).number == epoch.number + 1
    assert epoch.key not in house.key_names()


def test_the_old_key_is_not_destroyed_while_a_writer_may_still_put_something_under_it(house: House) -> None:
    """The writer read the present epoch, then a rotation ran as far as it could; then the writer commits."""
    controller, subject = house.controllers[0], SubjectId(new_id())
    done, errors = threading.Event(), list[BaseException]()

    def rotate() -> None:
        try:
            house.vault.rotate(house.database, batch=2)
        except BaseException as error:  # noqa: BLE001 - handed to the test
            errors.append(error)
        done.set()

    old = house.vault.epoch(house.database)
    thread = threading.Thread(target=rotate)
    with house.database.transaction(controller) as tx:
        house.vault.create_subject(tx, subject)
        thread.start()
        assert not done.wait(0.5)
        assert old.key in house.key_names()
        sealed = house.vault.seal_value(tx, subject, b"name", "name")
    thread.join(20)
    assert errors == []
    assert old.key not in house.key_names()
    with house.database.transaction(controller) as tx:
        assert house.vault.open_value(tx, subject, sealed, "name") == b"name"
    assert house.everything_opens()


def test_two_rotations_and_writers_at_once_lose_nothing(house: House) -> None:
    errors, stop = list[BaseException](), threading.Event()

    def until_stopped(deed: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            try:
                while not stop.is_set():
                    deed()
            except BaseException as error:  # noqa: BLE001 - handed to the test
                errors.append(error)

        return run

    deeds: list[Callable[[], object]] = [lambda: house.keep(house.controllers[0]), lambda: house.keep(ControllerId(new_id()))]
    deeds += [lambda: house.vault.rotate(house.database, batch=3)] * 2
    threads = [threading.Thread(target=until_stopped(deed)) for deed in deeds]
    for thread in threads:
        thread.start()
    stop.wait(2)
    stop.set()
    for thread in threads:
        thread.join(30)
    assert errors == []
    assert house.everything_opens()
    house.vault.rotate(house.database)
    house.vault.rotate(house.database)
    assert house.everything_opens()
    assert len(house.key_names()) == 1


def test_rotation_waits_for_nobody_and_says_that_it_is_not_done(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(epochs, "_PATIENCE", 2)
    with psycopg.connect(house.database.url) as other:
        other.execute("SELECT * FROM term_keys FOR UPDATE")
        with pytest.raises(StillWorking):
            house.vault.rotate(house.database)
    assert house.everything_opens()
    assert house.vault.rotate(house.database).destroyed


def test_postgresql_itself_refuses_to_empty_an_epoch_that_wraps_something(house: House) -> None:
    with psycopg.connect(house.database.url) as admin, pytest.raises(psycopg.errors.ForeignKeyViolation):
        admin.execute("UPDATE epochs SET state = 'emptied', wraps = NULL, closed_at = now(), emptied_at = now()")


def test_postgresql_itself_refuses_rows_under_an_emptied_epoch(house: House) -> None:
    old = house.vault.epoch(house.database).number
    house.vault.rotate(house.database)
    with psycopg.connect(house.database.url) as admin, pytest.raises(psycopg.errors.ForeignKeyViolation):
        admin.execute("UPDATE subject_keys SET epoch = %s", (old,))


def test_a_key_that_is_not_confirmed_gone_is_not_written_down_as_destroyed(house: House) -> None:
    house.keys.confirms = False
    with pytest.raises(KeysGone):
        house.vault.rotate(house.database)
    with psycopg.connect(house.database.url) as admin:
        assert admin.execute("SELECT state FROM epochs ORDER BY epoch").fetchall() == [("emptied",), ("current",)]
    house.keys.confirms = True
    assert len(house.vault.rotate(house.database).destroyed) == 1
    assert len(house.key_names()) == 1


def test_a_withdrawn_grant_from_a_backup_does_not_open_with_the_present_subject_key(house: House) -> None:
    """The insider's trick: put one old row back, beside the living rest. Within the epoch it works; after it, never again."""
    holding = next(iter(house.content))
    controller, key, grant = house.content[holding]
    saved = tables.back_up(house.database.url)
    with house.database.transaction(controller) as tx:
        house.vault.destroy_grant(tx, grant)
    put_back(house.database.url, saved, grant)
    assert house.opened(holding) == key
    with house.database.transaction(controller) as tx:
        house.vault.destroy_grant(tx, grant)
    house.vault.rotate(house.database)
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        put_back(house.database.url, saved, grant)
    put_back(house.database.url, saved, grant, epoch=house.vault.epoch(house.database).number)
    with pytest.raises(Exception, match="not the one that was put there"):
        house.opened(holding)


def put_back(url: str, saved: tables.Rows, grant: GrantId, epoch: int | None = None) -> None:
    with psycopg.connect(url) as admin:
        admin.execute("CREATE TEMP TABLE old (LIKE grant_keys)")
        with admin.cursor().copy("COPY old FROM STDIN") as copy:
            copy.write(saved["grant_keys"])
        admin.execute(
            "UPDATE grant_keys g SET wrapped = o.wrapped, epoch = coalesce(%s, o.epoch), destroyed_at = NULL FROM old o"
            " WHERE o.grant_id = g.grant_id AND g.grant_id = %s",
            (epoch, grant),
        )


def test_a_backup_older_than_an_epoch_opens_nothing_and_one_within_it_opens_what_stood(house: House) -> None:
    holding = next(iter(house.content))
    controller, key, grant = house.content[holding]
    saved = tables.back_up(house.database.url)
    with house.database.transaction(controller) as tx:
        house.vault.destroy_grant(tx, grant)
    assert house.opened(holding) == Dark(reason=DarkReason.GRANT_DESTROYED)
    tables.restore(house.database.url, saved)
    house.vault.start(house.database, after_restore=True)
    assert house.opened(holding) == key
    house.vault.rotate(house.database)
    later = house.vault.epoch(house.database).key
    tables.restore(house.database.url, saved)
    with pytest.raises(NotConfigured):
        house.vault.start(house.database)
    house.vault.start(house.database, after_restore=True)
    for each in house.content:
        assert house.opened(each) == Dark(reason=DarkReason.EPOCH_GONE)
    with house.database.transaction(controller) as tx, pytest.raises(Conflict):
        house.vault.hold(tx, hold=HoldId(new_id()), holding=holding, purpose=PURPOSE)
    house.content.clear()
    house.holds.clear()
    house.keep(controller)
    assert house.everything_opens()
    assert len(house.vault.rotate(house.database).lost) == 1
    assert later not in house.key_names()
    assert house.everything_opens()


def test_the_first_epoch_is_made_once_however_many_start(own_database: Database, key_path: Path, clock: FixedClock) -> None:
    keys = KeyFile(key_path, b"passphrase", cost=Cost(n=16, r=1))
    threads = [threading.Thread(target=Vault(keys, clock).start, args=(own_database,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    epoch = Vault(keys, clock).epoch(own_database)
    assert epoch.number == 1
    assert keys.names(epoch.key.rpartition(".")[0]) == [epoch.key]


def test_before_the_first_start_and_with_a_strange_key_service_nothing_runs(
    own_database: Database, key_path: Path, tmp_path: Path, clock: FixedClock
) -> None:
    keys = KeyFile(key_path, b"passphrase", cost=Cost(n=16, r=1))
    with own_database.transaction(ControllerId(new_id())) as tx, pytest.raises(NotConfigured):
        Vault(keys, clock).create_subject(tx, SubjectId(new_id()))
    with pytest.raises(NotConfigured):
        Vault(keys, clock).rotate(own_database)
    Vault(keys, clock).start(own_database)
    strange = Vault(KeyFile(tmp_path / "strange", b"passphrase", cost=Cost(n=16, r=1)), clock)
    with pytest.raises(NotConfigured):
        strange.start(own_database)


def test_grants_of_erased_people_lose_their_bytes_with_the_next_epoch(house: House) -> None:
    controller, _, grant = next(iter(house.content.values()))
    with psycopg.connect(house.database.url) as admin:
        found = admin.execute("SELECT subject FROM grant_keys WHERE grant_id = %s", (grant,)).fetchone()
    assert found is not None
    with house.database.transaction(controller) as tx:
        house.vault.destroy_subject(tx, SubjectId(found[0]))
    house.vault.rotate(house.database)
    with psycopg.connect(house.database.url) as admin:
        row = admin.execute("SELECT wrapped, destroyed_at FROM grant_keys WHERE grant_id = %s", (grant,)).fetchone()
    assert row is not None
    assert row[0] is None
    assert row[1] is not None


def test_a_key_that_was_made_and_never_recorded_goes_with_the_next_turn(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("rightcall.vault.epochs.store.insert_epoch", killed)
        with pytest.raises(Killed):
            house.vault.rotate(house.database)
    assert len(house.key_names()) == 2, "the killed turn left a key"
    assert house.everything_opens()
    house.vault.rotate(house.database)
    assert house.key_names() == [house.vault.epoch(house.database).key]
    assert house.everything_opens()
