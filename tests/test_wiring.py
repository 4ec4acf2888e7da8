"""From settings to a house: what is made on the first start, and what refuses to start."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from rightcall.database.connection import Database
from rightcall.errors import NotConfigured
from rightcall.ledger.checkpoint import key_of
from rightcall.policy.actions import kept_rules
from rightcall.settings import load_settings
from rightcall.wiring import build, destroyed_list, key_service, object_store
from tests.ledger.fakes import own_database


@pytest.fixture(scope="module")
def database(database_url: str) -> Iterator[Database]:
    with own_database(database_url, "wiring_tests") as url:
        database = Database(url)
        yield database
        database.close()


def test_a_house_is_the_same_when_it_is_built_again(database: Database, tmp_path: Path) -> None:
    data = tmp_path / "data"
    settings = load_settings(data=data)
    with build(settings, database) as house:
        key, epoch = key_of(house.signer).text, house.vault.epoch(database)
        assert house.sequencer().run_once() == 0
    with build(settings, database) as house:
        assert (key_of(house.signer).text, house.vault.epoch(database)) == (key, epoch)
    with database.system() as tx:
        assert kept_rules(tx, house.rules.digest).rules == house.rules
    for name in ("keys", "passphrase", "ledger-key", "vcon-key", "control-secret"):
        assert stat.S_IMODE((data / name).stat().st_mode) & 0o077 == 0, name
    assert not destroyed_list(settings).has(epoch.key)
    lost = load_settings(data=tmp_path / "other")
    with pytest.raises(NotConfigured, match="key service"), build(lost, database):
        pass


def test_a_wrong_passphrase_refuses_to_start(tmp_path: Path) -> None:
    key_service(load_settings(data=tmp_path)).create("epoch-family")
    other = tmp_path / "other"
    other.write_text("another passphrase")
    other.chmod(0o600)
    with pytest.raises(NotConfigured, match="passphrase"):
        key_service(load_settings(data=tmp_path, passphrase_file=other))


def test_a_token_without_its_pin_refuses_to_start(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured, match="RIGHTCALL_PIN_FILE"):
        key_service(load_settings(data=tmp_path, key_service="pkcs11:/lib/module.so?token=rightcall"))


def test_objects_go_into_the_data_folder_unless_told_otherwise(tmp_path: Path) -> None:
    object_store(load_settings(data=tmp_path / "a folder"))
    assert (tmp_path / "a folder" / "objects").is_dir()
    with pytest.raises(NotConfigured):
        object_store(load_settings(data=tmp_path, objects_url="https://objects.example/bucket"))
