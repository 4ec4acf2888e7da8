"""What is done for every controller: for each in a transaction of its own."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from rightcall.database.connection import Transaction
from rightcall.ids import ControllerId
from rightcall.wiring import House

T = TypeVar("T")


def at_each(house: House, deed: Callable[[Transaction], T]) -> Iterator[tuple[ControllerId, T]]:
    """What `deed` found at each, whose transaction is committed by then."""
    for controller in house.controllers():
        with house.database.transaction(controller) as tx:
            found = deed(tx)
        yield controller, found
