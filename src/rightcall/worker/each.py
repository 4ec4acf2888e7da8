"""What is done for every controller, for each in a transaction of its own; and what of it a person has to look at."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from rightcall.database.connection import Transaction
from rightcall.ids import ControllerId
from rightcall.procedures import actions as procedures
from rightcall.procedures.model import Reason
from rightcall.wiring import House

T = TypeVar("T")


def at_each(house: House, deed: Callable[[Transaction], T]) -> Iterator[tuple[ControllerId, T]]:
    """What `deed` found at each, whose transaction is committed by then."""
    for controller in house.controllers():
        with house.database.transaction(controller) as tx:
            found = deed(tx)
        yield controller, found


def escalate(house: House, controller: ControllerId, reason: Reason, number: int) -> None:
    """So many of one controller; none settles it."""
    with house.database.system() as tx:
        procedures.escalate(tx, controller, reason, number)
