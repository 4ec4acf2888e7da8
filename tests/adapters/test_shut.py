"""A further machine comes in by a worker that works elsewhere, and by nothing that a backup says; and a look that comes to
nothing shuts before long."""

from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from rightcall.adapters import shut as shutting
from rightcall.adapters.destroyed import DESTROYED, DestroyedList
from rightcall.adapters.kept_checkpoint import KeptCheckpoint
from rightcall.adapters.keys.file import Cost, KeyFile
from rightcall.adapters.keys.signer import LedgerSigner
from rightcall.adapters.shut import MOST_UNSEEN, Shut, ShutKeys
from rightcall.clock import SystemClock
from rightcall.database.connection import Database
from rightcall.erasure.model import Missing
from rightcall.errors import DatabaseGone, KeysGone
from rightcall.ids import ControllerId
from rightcall.ledger.actions import Sequencer, append
from rightcall.procedures import actions as procedures
from tests.ledger.fakes import ORIGIN, observed, own_database

ELSEWHERE = "a-worker-elsewhere"


@pytest.fixture(scope="module")
def database(database_url: str) -> Iterator[Database]:
    with own_database(database_url, "shut_tests") as url:
        database = Database(url)
        yield database
        database.close()


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The machine that signs."""
    return tmp_path_factory.mktemp("first")


@pytest.fixture(scope="module")
def keys(first: Path) -> KeyFile:
    return KeyFile(first / "keys", b"a passphrase for tests", cost=Cost(n=16))


@pytest.fixture
def machine(database: Database, controller: ControllerId, first: Path, keys: KeyFile, tmp_path: Path) -> Path:
    """Another one, with the keys and the signer's file and nothing else, on a database in which something was signed."""
    with database.transaction(controller) as tx:
        append(tx, observed(controller))
    assert Sequencer(database, LedgerSigner(first / "ledger-key", keys, ORIGIN), ORIGIN, SystemClock()).run_once()
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    (data / "ledger-key").write_bytes((first / "ledger-key").read_bytes())
    return data


def look(machine: Path, database: Database) -> Shut:
    return Shut(machine, ORIGIN, database, SystemClock())


def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is not heard of again by now is dead."""
    passed = monotonic() + procedures.DEAD_AFTER_SECONDS + 1
    monkeypatch.setattr(shutting, "monotonic", lambda: passed)


def beats(database: Database, *, seconds_ago: int = 0) -> None:
    with database.system() as tx:
        procedures.beat(tx, ELSEWHERE)
        tx.connection.execute("UPDATE workers SET seen_at = now() - make_interval(secs => %s)", (seconds_ago,))


def missing(shut: Shut) -> Missing | None:
    return None if shut.doubt is None else shut.doubt.missing


def test_a_further_machine_comes_in_once_a_worker_is_still_heard_of_that_works_elsewhere(
    database: Database, machine: Path, keys: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    beats(database)
    shut = look(machine, database)
    guarded = ShutKeys(keys, shut)
    assert missing(shut) is Missing.LIST, "a backup may say that somebody lives"
    with pytest.raises(KeysGone, match="Nothing is opened"):
        guarded.unwrap("any", b"", b"")
    with pytest.raises(KeysGone):
        guarded.destroy("any")
    assert not DestroyedList(machine / DESTROYED).is_begun(), "no list is begun that a restore would believe"
    later(monkeypatch)
    shut.look_again()
    assert missing(shut) is None
    assert DestroyedList(machine / DESTROYED).is_begun()
    assert DestroyedList(machine / DESTROYED).complete() is None, "it says nothing of what was destroyed before it came"
    assert KeptCheckpoint(machine).read() is not None
    assert missing(look(machine, database)) is None, "from then on it has its own"


@pytest.mark.parametrize("seconds_ago", [None, 60])
def test_nobody_comes_in_by_a_worker_that_only_a_backup_says_to_live(
    database: Database, machine: Path, seconds_ago: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.system() as tx:
        procedures.sign_off(tx, ELSEWHERE)
    if seconds_ago is not None:
        beats(database, seconds_ago=seconds_ago)
    shut = look(machine, database)
    later(monkeypatch)
    shut.look_again()
    assert missing(shut) is Missing.LIST
    assert not KeptCheckpoint(machine).is_begun()


def test_one_that_lost_its_list_alone_is_no_further_machine(
    database: Database, machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    KeptCheckpoint(machine).write("")
    beats(database)
    shut = look(machine, database)
    later(monkeypatch)
    shut.look_again()
    assert missing(shut) is Missing.LIST, "it had a checkpoint, so it was here before"


def test_looks_that_come_to_nothing_shut_before_long_and_the_next_good_one_opens(
    database: Database, machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beats(database)
    shut = look(machine, database)
    later(monkeypatch)
    shut.look_again()

    def fails(_: Shut) -> None:
        raise OSError("no space left on device")

    def is_away(_: Shut) -> None:
        raise DatabaseGone("The database does not answer.")

    seen = []
    with monkeypatch.context() as failing:
        for _ in range(MOST_UNSEEN):
            failing.setattr(Shut, "look", fails)
            shut.look_again()
            seen.append(missing(shut))
            failing.setattr(Shut, "look", is_away)
            shut.look_again()
    assert seen == [None, None, Missing.UNSEEN]
    assert shut.doubt is not None
    assert "could not be seen" in shut.doubt.says
    assert "rightcall reopen" not in shut.doubt.says, "there is something to mend, and nothing to answer for"
    shut.look_again()
    assert missing(shut) is None
    with monkeypatch.context() as failing:
        failing.setattr(Shut, "look", fails)
        shut.look_again()
    assert missing(shut) is None, "it is counted anew"


def test_what_was_seen_to_be_wrong_stays_what_it_is_while_nothing_can_be_seen(
    database: Database, machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shut = look(machine, database)

    def fails(_: Shut) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Shut, "look", fails)
    for _ in range(MOST_UNSEEN):
        shut.look_again()
    assert missing(shut) is Missing.LIST
