"""What an answer about people does not know yet. Scans and findings are counted as they go, never when somebody asks."""

from rightcall.database.connection import Transaction
from rightcall.discovery.seen import store
from rightcall.discovery.seen.model import Seen
from rightcall.errors import NotFound
from rightcall.ids import SystemId


def not_known(tx: Transaction) -> list[Seen]:
    """The systems of which there is something to say, in the order of their names."""
    return [each for each in store.seen(tx, None) if not each.is_all_known]


def of_system(tx: Transaction, system: SystemId) -> Seen:
    """NotFound where there is no such system."""
    found = store.seen(tx, system)
    if not found:
        raise NotFound("There is no such system here. `rightcall system list` shows those there are.")
    return found[0]


nobodys = store.nobodys
