"""Backed up, carried off, restored: what opens then is what the epoch's key still opens. And damage is noticed first."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from rightcall.adapters.backup import backup, read_manifest, restore
from rightcall.adapters.keys.file import Cost, KeyFile
from rightcall.adapters.objects.store import Objects
from rightcall.clock import day_of
from rightcall.database.connection import Database
from rightcall.database.migrate import migrate
from rightcall.errors import Conflict, DatabaseGone, Malformed, NotFound, Tampered
from rightcall.ids import ControllerId, HoldingId, PartyId, PurposeId, SubjectId, new_id
from rightcall.vault.actions import Vault
from rightcall.vault.model import ContentKey, Dark, DarkReason, Lock
from rightcall.vault.sealing import SealedReader, Sealer, content_context
from tests.conftest import FixedClock

PURPOSE = PurposeId(new_id())
WORDS = b"words that were said" * 2000


def make_database(url: str, name: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
    return url.replace("@/rightcall?", f"@/{name}?")


class House:
    """A database, objects and a key service, with one person's sealed words in them."""

    def __init__(self, url: str, folder: Path) -> None:
        migrate(url)
        self.database, self.clock = Database(url), FixedClock()
        self.objects = Objects(f"file://{folder / 'objects'}")
        self.vault = Vault(KeyFile(folder / "keys", b"a passphrase for tests", cost=Cost(n=16, r=1)), self.clock)
        self.vault.start(self.database)
        self.controller, self.subject, self.holding = ControllerId(new_id()), SubjectId(new_id()), HoldingId(new_id())
        with self.database.transaction(self.controller) as tx:
            self.vault.create_subject(tx, self.subject)
            grant = self.vault.open_grant(tx, subject=self.subject, party=PartyId(new_id()), purpose=PURPOSE)
            lock = Lock(purpose=PURPOSE, grants=(grant,), last_day=day_of(self.clock.at) + timedelta(days=30))
            key = self.vault.lock_content(tx, holding=self.holding, locks=[lock])
        sealer = Sealer(key.secret, content_context(self.controller, self.holding))
        path = folder / "sealed"
        path.write_bytes(sealer.seal(WORDS) + sealer.finish())
        self.objects.put_file(self.object_key, path)

    @property
    def object_key(self) -> str:
        return f"{self.controller}/{self.holding}"

    def words(self, database: Database, objects: Objects) -> bytes | Dark:
        with database.transaction(self.controller) as tx:
            key = self.vault.unlock_content(tx, holding=self.holding, purpose=PURPOSE)
        if not isinstance(key, ContentKey):
            return key
        size, context = objects.size(self.object_key), content_context(self.controller, self.holding)
        reader = SealedReader(key.secret, context, lambda at, n: objects.get_range(self.object_key, at, n), size, True)
        return reader.read(0, reader.plain_length)


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    house = House(make_database(database_url, f"backup-{new_id()}"), tmp_path)
    yield house
    house.database.close()


@pytest.fixture
def empty_url(database_url: str) -> str:
    return make_database(database_url, f"restored-{new_id()}")


@pytest.fixture
def empty_store(tmp_path: Path) -> Objects:
    return Objects(f"file://{tmp_path / 'restored-objects'}")


@pytest.fixture
def made(house: House, tmp_path: Path) -> Path:
    backup(house.database.url, house.objects, tmp_path / "backup")
    return tmp_path / "backup"


def test_within_the_epoch_a_restored_backup_opens_what_stood(
    house: House, empty_url: str, empty_store: Objects, tmp_path: Path
) -> None:
    heard = list[tuple[str, int, int]]()
    copied = backup(house.database.url, house.objects, tmp_path / "backup", progress=lambda *told: heard.append(told))
    assert copied.objects == 1
    assert ("objects", 1, 1) in heard
    with house.database.transaction(house.controller) as tx:
        house.vault.destroy_subject(tx, house.subject)
    assert house.words(house.database, house.objects) == Dark(reason=DarkReason.SUBJECT_ERASED)
    assert restore(empty_url, empty_store, tmp_path / "backup") == copied
    with_database = Database(empty_url)
    house.vault.start(with_database, after_restore=True)
    assert house.words(with_database, empty_store) == WORDS
    with_database.close()


def test_once_the_epoch_is_over_the_same_backup_opens_nothing(
    house: House, made: Path, empty_url: str, empty_store: Objects
) -> None:
    with house.database.transaction(house.controller) as tx:
        house.vault.destroy_subject(tx, house.subject)
    house.vault.rotate(house.database)
    restore(empty_url, empty_store, made)
    restored = Database(empty_url)
    house.vault.start(restored, after_restore=True)
    assert house.words(restored, empty_store) == Dark(reason=DarkReason.EPOCH_GONE)
    assert empty_store.size(house.object_key) > len(WORDS)
    migrate(empty_url)
    restored.close()


def test_a_restored_database_isolates_controllers_still(house: House, made: Path, empty_url: str, empty_store: Objects) -> None:
    restore(empty_url, empty_store, made)
    restored = Database(empty_url)
    with restored.transaction(ControllerId(new_id())) as tx:
        assert not house.vault.subject_exists(tx, house.subject)
    with restored.transaction(house.controller) as tx:
        assert house.vault.subject_exists(tx, house.subject)
    restored.close()


def test_a_backup_holds_no_key_and_is_its_owners_alone(house: House, made: Path) -> None:
    names = {str(path.relative_to(made)) for path in made.rglob("*") if path.is_file()}
    assert names == {"manifest.json", "database.dump", f"objects/{house.object_key}"}
    assert {path.stat().st_mode & 0o077 for path in [made, *made.rglob("*")]} == {0}
    assert set(read_manifest(made)) == names - {"manifest.json"}


@pytest.mark.parametrize("damage", ["flip", "cut", "missing"])
@pytest.mark.parametrize("which", ["dump", "object"])
def test_a_damaged_backup_touches_nothing(
    house: House, made: Path, empty_url: str, empty_store: Objects, damage: str, which: str
) -> None:
    file = made / ("database.dump" if which == "dump" else f"objects/{house.object_key}")
    data = file.read_bytes()
    changed = data[:-1] if damage == "cut" else data[:-1] + bytes([data[-1] ^ 1])
    file.unlink() if damage == "missing" else file.write_bytes(changed)
    with pytest.raises(Tampered):
        restore(empty_url, empty_store, made)
    assert list(empty_store.list("")) == []
    with psycopg.connect(empty_url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_only_into_what_is_empty(house: House, made: Path, empty_url: str, empty_store: Objects) -> None:
    with pytest.raises(Conflict):
        backup(house.database.url, house.objects, made)
    with pytest.raises(Conflict):
        restore(house.database.url, empty_store, made)
    with pytest.raises(Conflict):
        restore(empty_url, house.objects, made)


def test_an_unfinished_backup_is_not_one(made: Path, empty_url: str, empty_store: Objects) -> None:
    whole = json.loads((made / "manifest.json").read_text())
    for changed in ({**whole, "format": "other"}, {**whole, "files": {}}, {**whole, "files": {"database.dump": {"size": "1"}}}):
        (made / "manifest.json").write_text(json.dumps(changed))
        with pytest.raises(Malformed):
            restore(empty_url, empty_store, made)
    outside = {**whole["files"], "objects/../../../etc/passwd": whole["files"]["database.dump"]}
    (made / "manifest.json").write_text(json.dumps({**whole, "files": outside}))
    with pytest.raises(Malformed):
        restore(empty_url, empty_store, made)
    (made / "manifest.json").unlink()
    with pytest.raises(NotFound):
        restore(empty_url, empty_store, made)


def test_a_database_that_is_away_is_an_outage_without_its_password(house: House, tmp_path: Path) -> None:
    with pytest.raises(DatabaseGone) as caught:
        backup("postgresql://nobody:pass-word@/none?host=%2Fnonexistent", house.objects, tmp_path / "backup")
    assert "pass-word" not in str(caught.value)
    with pytest.raises(NotFound):
        read_manifest(tmp_path / "backup")
