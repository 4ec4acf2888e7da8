"""What is asked for is written down first; then whoever asked waits, in no transaction, for the ledger to sign it."""

import time
from collections.abc import Callable
from typing import TypeVar

from rightcall.ledger.model import NotYet

T = TypeVar("T")
_PATIENCE_SECONDS = 3.0
_PAUSE_SECONDS = 0.1


def awaited(ask: Callable[[], T]) -> T:
    """What `ask` hands out; `NotYet` only after patience ran out. Each try commits: the ledger signs only what is committed."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    found = ask()
    while isinstance(found, NotYet) and time.monotonic() < deadline:
        time.sleep(_PAUSE_SECONDS)
        found = ask()
    return found
