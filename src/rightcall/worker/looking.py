"""Asking the database and the object store, now and then, which copies they make: certificates say so."""

from datetime import timedelta

from rightcall.adapters.objects.asking import store_copies
from rightcall.copies import actions as copies
from rightcall.copies.model import Look
from rightcall.wiring import House

EVERY = timedelta(hours=1)


def look(house: House) -> Look:
    found = store_copies(house.settings.objects_url, house.settings.objects_endpoint, house.clock)
    with house.database.system() as tx:
        return copies.look(tx, house.clock, found)


def keep(house: House) -> None:
    """Where it is due: the first time a worker starts, too."""
    with house.database.system() as tx:
        last = copies.last_look(tx)
    if last is None or house.clock.now() - last.looked_at >= EVERY:
        look(house)
