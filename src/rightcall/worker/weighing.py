"""Breaches that are open are weighed by the data map, each once a day; and whoever has to tell somebody of one is told so."""

import logging
from collections import Counter

from rightcall.breaches.model import Owed
from rightcall.breaches.rehearsing import actions as rehearsing
from rightcall.breaches.weighing import actions as breaches
from rightcall.clock import day_of
from rightcall.database.connection import Transaction
from rightcall.ids import BreachId
from rightcall.procedures.model import Reason
from rightcall.procedures.ports import Starter
from rightcall.wiring import House
from rightcall.worker.each import at_each, escalate

_log = logging.getLogger(__name__)


def keep(house: House, engine: Starter) -> int:
    """Those that were not weighed for a day, and those that never were. How many are due. Rehearsals whose week is over go. A
    word where somebody is still to be told of one."""

    def deed(tx: Transaction) -> tuple[list[BreachId], Counter[Owed]]:
        rehearsing.forget(tx, house.clock)
        return breaches.due(tx, house.clock), Counter(breaches.owed(tx, house.clock).values())

    found, late, today = 0, 0, day_of(house.clock.now())
    for controller, (due, owed) in at_each(house, deed):
        for breach in due:
            engine.start("weigh_breach", f"weigh_breach:{breach}:{today}", str(controller), str(breach))
        found, late = found + len(due), late + owed[Owed.AUTHORITY_LATE]
        escalate(house, controller, Reason.BREACH_LATE, owed[Owed.AUTHORITY_LATE])
        escalate(house, controller, Reason.BREACH_UNTOLD, owed[Owed.AUTHORITY] + owed[Owed.PEOPLE])
    if late:
        _log.warning(
            "the authority was not told of breaches within 72 hours: see rightcall breach list", extra={"breaches": late}
        )
    return found
