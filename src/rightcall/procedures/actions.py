"""Worker heartbeats and the cursor of the reactions, for the worker's loop."""

from datetime import timedelta

from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.procedures import store

DEAD_AFTER = timedelta(seconds=15)


def beat(tx: Transaction, clock: Clock, executor: str) -> None:
    """Say that this worker lives."""
    store.beat(tx, executor, clock.now())


def living_workers(tx: Transaction, clock: Clock) -> set[str]:
    """The workers heard of in the last fifteen seconds. The unfinished work of any other is free to take."""
    return store.living(tx, clock.now() - DEAD_AFTER)


def sign_off(tx: Transaction, executor: str) -> None:
    """This worker ends in good order."""
    store.remove_worker(tx, executor)


def claim(tx: Transaction, name: str) -> bool:
    """Whether this work, a row of `housekeeping`, is ours until the transaction ends; False while another worker has it."""
    return store.claim(tx, name)


next_index = store.progress
advance = store.advance
