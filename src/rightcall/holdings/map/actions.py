"""Looking at the data map from above, and checking its counters against what they count."""

from rightcall.clock import Clock, day_of
from rightcall.database.connection import Transaction
from rightcall.holdings.map import store
from rightcall.holdings.map.model import Cell, Miscount


def look(tx: Transaction, clock: Clock) -> list[Cell]:
    """Every system and sort of data that anything is held of, ours first."""
    return store.cells(tx, day_of(clock.now()))


def check(tx: Transaction, clock: Clock) -> list[Miscount]:
    """Counts every row anew, and says where the counters differ. Reads the whole map: for a quiet hour."""
    today = day_of(clock.now())
    found = {(cell.system, cell.category, cell.sensitivity): cell for cell in store.recount(tx, today)}
    counted = {(cell.system, cell.category, cell.sensitivity): cell for cell in store.cells(tx, today)}
    sorts = [*counted, *(sort for sort in found if sort not in counted)]
    return [Miscount(counted=counted.get(sort), found=found.get(sort)) for sort in sorts if counted.get(sort) != found.get(sort)]
