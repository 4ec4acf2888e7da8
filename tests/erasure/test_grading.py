"""What a certificate says of each copy: by what was written down of backups, and what the database and the store were asked."""

from typing import Any

import pytest

from rightcall.canonical import parse_json
from rightcall.copies import actions as copies
from rightcall.copies.model import BackupId, BackupKind, StoreCopies
from rightcall.evidence import actions as evidence
from rightcall.evidence.model import Certificate
from rightcall.evidence.page import page
from rightcall.evidence.verify import verify
from rightcall.ids import SubjectId
from rightcall.retention.actions import epoch_turned
from tests.erasure.fakes import KEY, World

SILENT = StoreCopies(versions=None, locks=None, replicates=None)
VERSIONED = StoreCopies(versions=True, locks=False, replicates=True)


def backed_up(world: World, kind: BackupKind) -> BackupId:
    epoch = world.vault.epoch(world.database).number
    place = None if kind is BackupKind.DATA else "/mnt/keys"
    with world.database.system() as tx:
        id = copies.begin(tx, world.clock, kind=kind, epoch=epoch, place=place)
        copies.finish(tx, world.clock, id, epoch=epoch)
    return id


def looked(world: World, store: StoreCopies) -> None:
    with world.database.system() as tx:
        copies.look(tx, world.clock, store)


def latest(world: World, subject: SubjectId) -> dict[str, Any]:
    """The last certificate, which everything else in these tests has to agree with."""
    world.sequence()
    with world.deed() as tx:
        found = evidence.certificate(tx, evidence.certificates_of(tx, subject)[-1], key=KEY)
    assert isinstance(found, Certificate)
    assert verify(found.proof.encode(), KEY.text).kind == "proof"
    assert page(found.file).count("<tr>") == len(read(found.file)["rightcall:copies"]) + 1
    return read(found.file)


def read(file: bytes) -> dict[str, Any]:
    document = parse_json(file)
    assert isinstance(document, dict)
    return document


def grades(document: dict[str, Any]) -> dict[str, tuple[str, str | None]]:
    return {
        each["rightcall:copy"]: (each["rightcall:copyGrade"], each.get("rightcall:sanitisation"))
        for each in document["rightcall:copies"]
    }


def turned(world: World) -> None:
    epoch = world.vault.rotate(world.database).epoch
    with world.deed() as tx:
        epoch_turned(tx, world.clock, epoch=epoch, rewrapped=0)


def test_each_copy_has_its_grade_before_the_epoch_turns_and_after(world: World) -> None:
    looked(world, VERSIONED)
    backup, keys = backed_up(world, BackupKind.DATA), backed_up(world, BackupKind.KEYS)
    world.recorded()
    ada = world.ada
    world.answer(world.ask_for_erasure(ada))
    first = latest(world, ada)
    assert grades(first) == {
        "rows": ("key_destroyed", "clear"),
        "objects": ("bytes_gone", "clear"),
        "log": ("goes_on", None),
        "versions": ("key_destroyed", "clear"),
        "object_replica": ("key_destroyed", "clear"),
        "backup": ("goes_on", None),
        "key_backup": ("goes_on", None),
    }
    named = next(each for each in first["rightcall:copies"] if each["rightcall:copy"] == "backup")
    assert named["rightcall:backup"] == f"urn:uuid:{backup}"
    assert named["rightcall:until"] == first["rightcall:backupsUntil"]
    assert named["rightcall:epoch"] == world.vault.epoch(world.database).number
    turned(world)
    assert latest(world, ada)["dct:identifier"] == first["dct:identifier"], "a backup of the keys is not confirmed gone"
    with world.database.system() as tx:
        copies.gone(tx, world.clock, keys)
    turned(world)
    assert grades(latest(world, ada)) == {
        "rows": ("key_destroyed", "purge"),
        "objects": ("bytes_gone", "purge"),
        "log": ("key_destroyed", "purge"),
        "versions": ("key_destroyed", "purge"),
        "object_replica": ("key_destroyed", "purge"),
        "backup": ("key_destroyed", "purge"),
        "key_backup": ("bytes_gone", "clear"),
    }


@pytest.mark.parametrize(("store", "says"), [(SILENT, True), (VERSIONED, False)], ids=["silent", "says"])
def test_a_store_that_does_not_say_is_no_store_that_keeps_nothing(world: World, store: StoreCopies, says: bool) -> None:
    looked(world, store)
    world.recorded()
    ada = world.ada
    world.answer(world.ask_for_erasure(ada))
    document = latest(world, ada)
    assert ("store_silent" in document["rightcall:residuals"]) is says
    assert "not_looked" not in document["rightcall:residuals"]
    assert {"below_files", "shown_before", "untold_copies"} <= set(document["rightcall:residuals"])
