"""A real backup, restored within its epoch: what was put into quarantine after it stays shut, and what stood stays open."""

from pathlib import Path

import pytest

from rightcall.adapters.backup import backup
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer, Quality
from rightcall.consent.quality import actions as quality
from rightcall.consent.quality.model import Cause, Finding, WordOf
from rightcall.database.connection import Database
from rightcall.settings import load_settings
from rightcall.vault.model import ContentKey, Dark, DarkReason
from rightcall.wiring import House, build
from tests.erasure.fakes import World
from tests.recordings.scene import AGENT
from tests.worker.test_destroyed import other_data, restore, write_down

__all__ = ["restore"]


@pytest.mark.parametrize("is_listed", [True, False], ids=["listed", "planted: not listed"])
def test_what_was_withheld_after_the_backup_is_withheld_in_what_is_restored(  # type: ignore[no-untyped-def]
    house: House, world: World, data: Path, tmp_path: Path, restore, is_listed: bool
) -> None:
    """Planted: without its line in the list it would open, so it is the list that shuts it."""
    world.recorded()
    take = world.holdings()[0]
    backup(house.database.url, house.objects, tmp_path / "backup")
    with world.deed() as tx:
        yes = next(each for each in consent.choices_of_call(tx, world.scene.call) if each.answer is Answer.GRANTED)
        if is_listed:
            quality.note_pressure(tx, world.vault, world.clock, yes.id, word_of=WordOf.STAFF, by=AGENT)
    write_down(house, world)
    restored = Database(restore(tmp_path / "backup", other_data(data, tmp_path / "other", "destroyed")))
    with build(load_settings(data=tmp_path / "other"), restored) as again, restored.transaction(world.controller) as tx:
        key = again.vault.unlock_content(tx, holding=take.id, purpose=take.purposes[0])
        newest = quality.newest(tx, [yes.id])[yes.id]
    if is_listed:
        assert key == Dark(reason=DarkReason.WITHHELD)
        assert (newest.cause, newest.weighed.quality) == (Cause.RESTORED, Quality.VOID)
        assert Finding.VOID_BEFORE_RESTORE in newest.weighed.findings
    else:
        assert isinstance(key, ContentKey)
        assert newest.cause is Cause.CHOSEN
    restored.close()
