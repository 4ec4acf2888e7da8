"""A backup or a drill that says how far it is: to whoever began it, and to whoever looks on in the console."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rightcall.adapters.backup import Progress
from rightcall.copies.under_way import actions as under_way
from rightcall.copies.under_way.model import Doing, Work
from rightcall.database.connection import Transaction
from rightcall.errors import Outage
from rightcall.wiring import House

_SECONDS = 1.0
_log = logging.getLogger(__name__)


@contextmanager
def told(house: House, work: Work, progress: Progress | None = None) -> Iterator[Progress]:
    """What is told is written down each second, and when something else begins. That nobody can look on is no reason to end."""
    with house.database.system() as tx:
        id = under_way.begin(tx, house.clock, work)
    last: tuple[str, float] = ("", 0.0)

    def tell(what: str, done: int, of: int) -> None:
        nonlocal last
        if progress is not None:
            progress(what, done, of)
        now = time.monotonic()
        if what != last[0] or now - last[1] >= _SECONDS:
            last = (what, now)
            _written(house, lambda tx: under_way.tell(tx, house.clock, id, Doing(what), done, of))

    try:
        yield tell
    finally:
        _written(house, lambda tx: under_way.end(tx, id))


def _written(house: House, deed: Callable[[Transaction], None]) -> None:
    try:
        with house.database.system() as tx:
            deed(tx)
    except Outage as error:
        _log.warning("how far it is could not be written down: %s", error)
