"""The keys, kept apart: one backup of the present epoch's at the place of `RIGHTCALL_KEY_BACKUPS`, and none from before."""

import logging
from pathlib import Path

from rightcall.adapters.key_backup import KeyBackups
from rightcall.copies import actions as copies
from rightcall.copies.model import Backup, BackupId, BackupKind
from rightcall.errors import Conflict, KeysGone, NotConfigured
from rightcall.telemetry import metrics
from rightcall.wiring import House

_log = logging.getLogger(__name__)


def back_up(house: House, place: Path) -> BackupId:
    """A new backup of the keys, which takes the place of every earlier one there. `epoch` is that of the oldest key in it."""
    kept = KeyBackups(place)
    if (
        _newest(house, str(place.resolve())) is None
    ):  # else it is there, or its disk is not mounted and nothing is made in its stead
        kept.prepare(away_from=house.settings.data)
    kept.must_be_there()
    with house.database.system() as tx:
        id = copies.begin(tx, house.clock, kind=BackupKind.KEYS, epoch=_oldest(house), place=str(place.resolve()))
    kept.make(id, house.settings.data, house.clock.now())
    with house.database.system() as tx:
        copies.finish(tx, house.clock, id, epoch=_oldest(house))
    expire(house)
    return id


def keep(house: House) -> None:
    """Where a place is set: one of the present epoch is there, with a fresh list of what was destroyed. Old ones go, wherever.

    A place that fails is said, and holds up no epoch: what was let go must go dark in time."""
    place = house.settings.key_backups
    if place is not None:
        try:
            _keep_at(house, place)
        except (KeysGone, NotConfigured, Conflict) as error:
            _log.error("the keys are not backed up as they are now: %s", error)
    expire(house)


def _keep_at(house: House, place: Path) -> None:
    newest = _newest(house, str(place.resolve()))
    if newest is None or newest.epoch < house.vault.epoch(house.database).number:
        back_up(house, place)
    else:
        KeyBackups(place).freshen(newest.id, house.settings.data, house.clock.now())


def expire(house: House) -> int:
    """Destroys backups of keys that are from before the present epoch, or that a newer one at the same place replaces. How many
    are left that could not be confirmed gone: a figure, and said each time."""
    left = 0
    present = house.vault.epoch(house.database).number
    with house.database.system() as tx:
        standing = copies.standing(tx, BackupKind.KEYS)
    newest = {each.place: each.id for each in standing if each.made_at is not None and each.epoch >= present}
    for each in standing:
        if each.epoch >= present and newest.get(each.place, each.id) == each.id:
            continue
        try:
            KeyBackups(Path(each.place or "")).destroy(each.id)
        except KeysGone as error:
            left += each.epoch < present
            _log.error("a backup of keys is not confirmed gone: %s", error, extra={"backup": str(each.id)})
            continue
        with house.database.system() as tx:
            copies.gone(tx, house.clock, each.id)
    metrics().old_key_backups.set(left)
    return left


def _newest(house: House, place: str) -> Backup | None:
    with house.database.system() as tx:
        made = [each for each in copies.standing(tx, BackupKind.KEYS) if each.made_at is not None and each.place == place]
    return made[-1] if made else None


def _oldest(house: House) -> int:
    """The number of the oldest epoch whose key may be in the key file now."""
    alone = house.vault.stands_alone(house.database)
    return house.vault.epoch(house.database).number - 1 if alone is None else alone.number
