"""Worker heartbeats and the cursor of the reactions, for the worker's loop; what is told of procedures, and asked of them.

Heartbeats are told by the database's clock: those of the workers' machines may differ, and may be set.
"""

from rightcall.database.connection import Transaction
from rightcall.errors import NotFound
from rightcall.ids import ControllerId
from rightcall.procedures import store
from rightcall.procedures.model import Reason, Told, Wish
from rightcall.procedures.rules import check_wish

DEAD_AFTER_SECONDS = 15.0


def beat(tx: Transaction, executor: str) -> None:
    """Say that this worker lives."""
    store.beat(tx, executor)


def living_workers(tx: Transaction) -> set[str]:
    """The workers heard of in the last fifteen seconds. The unfinished work of any other is free to take."""
    return store.living(tx, DEAD_AFTER_SECONDS)


def sign_off(tx: Transaction, executor: str) -> None:
    """This worker ends in good order."""
    store.remove_worker(tx, executor)


def claim(tx: Transaction, name: str) -> bool:
    """Whether this work, a row of `housekeeping`, is ours until the transaction ends; False while another worker has it."""
    return store.claim(tx, name)


def get(tx: Transaction, id: str) -> Told:
    found = store.one(tx, id)
    if found is None:
        raise NotFound("There is no such procedure, or it ended long ago. `rightcall procedures list` shows which there are.")
    return found


def ask(tx: Transaction, id: str, wish: Wish) -> Told:
    """A worker does it within seconds. Conflict where that is not to be had of this procedure, as it stands."""
    check_wish(get(tx, id), wish)
    store.wish(tx, id, wish)
    return get(tx, id)


def escalate(tx: Transaction, controller: ControllerId, reason: Reason, number: int) -> None:
    """So many need a person now; none ends it."""
    if number:
        store.escalate(tx, controller, reason, number)
    else:
        store.settle(tx, controller, reason)


next_index = store.progress
advance = store.advance
told = store.told
standing = store.standing
waiting_for = store.waiting_for
escalations = store.escalations
take_wishes = store.take_wishes
open_for = store.open_for
cancelled = store.cancelled
prune = store.prune
stands = store.stands
ran = store.ran
runs = store.runs
