"""Who is there: processes register, are seen, are found, and leave; and the files they know each other by."""

import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from rightcall.adapters.control import registry
from rightcall.adapters.control.model import RecorderRole
from rightcall.adapters.control.own_files import control_secret, own_id
from rightcall.database.connection import Database, Transaction
from rightcall.errors import NotConfigured, RecorderGone
from rightcall.ids import ControllerId, RecorderId, new_id
from tests.cast import Roll

MEDIA = RecorderRole.MEDIA


@pytest.fixture
def system(database: Database) -> Iterator[Transaction]:
    try:
        with database.system() as tx:
            yield tx
            raise Roll
    except Roll:
        return


def test_registered_seen_found_and_gone(system: Transaction) -> None:
    recorder = RecorderId(new_id())
    registry.beat(system, recorder, MEDIA, "[::1]:4000")
    assert registry.find(system, recorder).role is MEDIA
    registry.beat(system, recorder, MEDIA, "127.0.0.1:4000")
    registry.beat(system, recorder, MEDIA, "127.0.0.1:4001")
    assert registry.find(system, recorder).address == "127.0.0.1:4001"
    assert recorder in [each.recorder for each in registry.alive(system, MEDIA)]
    assert recorder not in [each.recorder for each in registry.alive(system, RecorderRole.SIGNALLING)]
    registry.leave(system, recorder)
    with pytest.raises(RecorderGone, match="Start it again"):
        registry.find(system, recorder)


def test_a_process_that_was_not_seen_for_a_while_gets_no_new_call(system: Transaction) -> None:
    system.connection.execute("DELETE FROM recorders")
    with pytest.raises(RecorderGone, match="rightcall serve"):
        registry.any_media(system)
    recorder = RecorderId(new_id())
    registry.beat(system, recorder, MEDIA, "127.0.0.1:4000")
    assert registry.any_media(system).recorder == recorder
    system.connection.execute("UPDATE recorders SET started_at = now() - interval '1 day', seen_at = now() - '6 s'::interval")
    with pytest.raises(RecorderGone):
        registry.any_media(system)
    registry.beat(system, recorder, MEDIA, "127.0.0.1:4000")
    assert registry.any_media(system).recorder == recorder


def test_no_controller_sees_the_registry(database: Database, controller: ControllerId) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), database.transaction(controller) as tx:
        registry.alive(tx, MEDIA)


def test_the_secret_is_made_once_and_is_ours_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    secret = control_secret(data)
    assert control_secret(data) == secret
    assert len(secret) == 32
    assert stat.S_IMODE((data / "control-secret").stat().st_mode) == 0o600
    assert sorted(file.name for file in data.iterdir()) == ["control-secret"]


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    control_secret(tmp_path)
    (tmp_path / "control-secret").chmod(0o640)
    with pytest.raises(NotConfigured, match="Others can read"):
        control_secret(tmp_path)


def test_a_damaged_secret_is_refused(tmp_path: Path) -> None:
    control_secret(tmp_path)
    (tmp_path / "control-secret").write_bytes(b"")
    with pytest.raises(NotConfigured, match="damaged"):
        control_secret(tmp_path)


def test_a_process_keeps_its_id(tmp_path: Path) -> None:
    assert own_id(tmp_path, MEDIA) == own_id(tmp_path, MEDIA)
    assert own_id(tmp_path, MEDIA) != own_id(tmp_path, RecorderRole.SIGNALLING)
    (tmp_path / "recorder-media-id").write_text("nonsense")
    with pytest.raises(NotConfigured, match="damaged"):
        own_id(tmp_path, MEDIA)
