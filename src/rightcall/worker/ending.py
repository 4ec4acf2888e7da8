"""Ending terms and holds that are over; turning epochs."""

from rightcall.holdings.holds import actions as holds
from rightcall.retention import actions as retention
from rightcall.vault.epochs.actions import Progress
from rightcall.vault.model import Rotation
from rightcall.wiring import House
from rightcall.worker import key_backups
from rightcall.worker.each import at_each


def end_terms(house: House) -> int:
    """Of all controllers, each in a transaction of its own."""
    return sum(ended for _, ended in at_each(house, lambda tx: retention.end_due_terms(tx, house.vault, house.clock)))


def end_holds(house: House) -> int:
    """Of all controllers, each hold in a transaction of its own: those whose last day is over. What follows is a reaction."""
    ended = 0
    for controller, over in at_each(house, lambda tx: holds.over(tx, house.clock)):
        for hold in over:
            with house.database.transaction(controller) as tx:
                ended += holds.end(tx, house.vault, house.clock, hold)
    return ended


def turn_epoch(house: House, progress: Progress | None = None) -> Rotation:
    """A new epoch key, the old ones destroyed; then the ledger says so for each controller, and erasures are certified anew.

    Where keys are backed up, the new one is in a backup before anything needs it, and the old ones are in none after. Cut off in
    between, the worker's housekeeping does and says what was not.
    """
    if house.settings.key_backups is not None:
        house.vault.begin_epoch(house.database)
        key_backups.keep(house)
    rotation = house.vault.rotate(house.database, progress=progress)
    key_backups.keep(house)
    for controller in house.controllers():
        with house.database.transaction(controller) as tx:
            retention.epoch_turned(tx, house.clock, epoch=rotation.epoch, rewrapped=rotation.rewrapped)
    return rotation
