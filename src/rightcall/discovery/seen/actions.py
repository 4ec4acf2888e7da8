"""What an answer about people does not know yet. Scans and findings are counted as they go, never when somebody asks."""

from collections.abc import Sequence

from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.discovery.joins import actions as joins
from rightcall.discovery.seen import store
from rightcall.discovery.seen.model import Seen
from rightcall.discovery.seen.saying import doubtful, said
from rightcall.discovery.systems.naming import system_names
from rightcall.errors import NotFound
from rightcall.holdings.map import actions as counted
from rightcall.holdings.map.model import Cell
from rightcall.holdings.map.rules import with_nobodys
from rightcall.ids import SubjectId, SystemId


def not_known(tx: Transaction) -> list[Seen]:
    """The systems of which there is something to say, in the order of their names."""
    return [each for each in store.seen(tx, None) if not each.is_all_known]


def every(tx: Transaction) -> list[Seen]:
    """Of all systems, in the order of their names."""
    return store.seen(tx, None)


def of_system(tx: Transaction, system: SystemId) -> Seen:
    """NotFound where there is no such system."""
    found = store.seen(tx, system)
    if not found:
        raise NotFound("There is no such system here. `rightcall system list` shows those there are.")
    return found[0]


def told(tx: Transaction) -> list[str]:
    """What is not known of the systems, in words."""
    found = not_known(tx)
    names = system_names(tx) if found else {}
    return [said(each, names[each.system]) for each in found]


def told_of_person(tx: Transaction, person: Sequence[SubjectId]) -> list[str]:
    """The same, and of the records that may be about this person."""
    waits = [doubtful(joins.count_doubtful(tx, person), person[0])] if person else []
    return [*told(tx), *(each for each in waits if each)]


def data_map(tx: Transaction, clock: Clock) -> list[Cell]:
    """Every system and sort of data that anything is held of, with what is nobody's, ours first."""
    return with_nobodys(counted.look(tx, clock), store.nobodys(tx))


nobodys = store.nobodys
