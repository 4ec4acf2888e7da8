"""Worker heartbeats and the cursor of the reactions, for the worker's loop.

Heartbeats are told by the database's clock: those of the workers' machines may differ, and may be set.
"""

from rightcall.database.connection import Transaction
from rightcall.procedures import store

_DEAD_AFTER_SECONDS = 15.0


def beat(tx: Transaction, executor: str) -> None:
    """Say that this worker lives."""
    store.beat(tx, executor)


def living_workers(tx: Transaction) -> set[str]:
    """The workers heard of in the last fifteen seconds. The unfinished work of any other is free to take."""
    return store.living(tx, _DEAD_AFTER_SECONDS)


def sign_off(tx: Transaction, executor: str) -> None:
    """This worker ends in good order."""
    store.remove_worker(tx, executor)


def claim(tx: Transaction, name: str) -> bool:
    """Whether this work, a row of `housekeeping`, is ours until the transaction ends; False while another worker has it."""
    return store.claim(tx, name)


next_index = store.progress
advance = store.advance
