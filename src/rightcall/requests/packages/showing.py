"""How far the copy is that a person asked for, as whoever answers them sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.procedures.model import Reached
from rightcall.requests.identity import COPIES
from rightcall.requests.model import Request
from rightcall.requests.packages import actions, store
from rightcall.requests.packages.model import Package, Thing


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """`package` None: not begun. `waits_for`: what somebody has to listen to or read. `processors_until`: what they answer is
    waited for until then, at the latest."""

    package: Package | None
    reached: Reached | None = None
    waits_for: Sequence[Thing] = ()
    processors_until: datetime | None = None


def copy_of(tx: Transaction, clock: Clock, request: Request) -> Copy | None:
    """None where the request is for something else."""
    if request.kind not in COPIES:
        return None
    found = store.newest(tx, request.id)
    if found is None:
        return Copy(package=None)
    return Copy(
        package=found,
        reached=actions.reached(tx, found),
        waits_for=actions.waiting(tx, found.id),
        processors_until=actions.waits_for_processors(tx, clock, found),
    )
