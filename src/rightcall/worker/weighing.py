"""Breaches that are open are weighed by the data map, each once a day."""

from rightcall.breaches.rehearsing import actions as rehearsing
from rightcall.breaches.weighing import actions as breaches
from rightcall.clock import day_of
from rightcall.procedures.ports import Starter
from rightcall.wiring import House


def keep(house: House, engine: Starter) -> int:
    """Those that were not weighed for a day, and those that never were. How many are due. Rehearsals whose week is over go."""
    found, today = 0, day_of(house.clock.now())
    for controller in house.controllers():
        with house.database.transaction(controller) as tx:
            due = breaches.due(tx, house.clock)
            rehearsing.forget(tx, house.clock)
        for breach in due:
            engine.start("weigh_breach", f"weigh_breach:{breach}:{today}", str(controller), str(breach))
        found += len(due)
    return found
