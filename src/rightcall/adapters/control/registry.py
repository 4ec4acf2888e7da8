"""Who is there: recorder processes make themselves known, and are found. All deeds take a system transaction."""

import secrets

from rightcall.adapters.control import store
from rightcall.adapters.control.model import RecorderRole, Registered
from rightcall.database.connection import Transaction
from rightcall.errors import RecorderGone
from rightcall.ids import RecorderId

DEAD_AFTER_SECONDS = 5.0


def beat(tx: Transaction, recorder: RecorderId, role: RecorderRole, address: str) -> None:
    """Seen just now, so that others find it; registered anew where the row is gone, or a killed predecessor's."""
    if store.touch(tx, recorder, address) == 0:
        store.put(tx, recorder, role, address)


def leave(tx: Transaction, recorder: RecorderId) -> None:
    store.remove(tx, recorder)


def find(tx: Transaction, recorder: RecorderId) -> Registered:
    """Where that process takes orders, alive or not."""
    found = store.get(tx, recorder)
    if found is None:
        raise RecorderGone("The recorder of this call is not running. Nothing of the call is being recorded. Start it again.")
    return found


def alive(tx: Transaction, role: RecorderRole, *, within_seconds: float = DEAD_AFTER_SECONDS) -> list[Registered]:
    return store.seen_within(tx, role, within_seconds)


def any_media(tx: Transaction) -> Registered:
    """A media process for a new call: any one that is alive."""
    found = alive(tx, RecorderRole.MEDIA)
    if not found:
        raise RecorderGone("No media recorder is running. Start one: rightcall serve --roles media.")
    return secrets.choice(found)
