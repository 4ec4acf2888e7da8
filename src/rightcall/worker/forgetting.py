"""What nobody asks for any more is forgotten: old codes and messages, visits and sessions that are over, why something was used
more than a year ago, procedures that ended long ago; and what is known of what is gone, and the record of calls and requests,
once their time is over. What is kept of people by a term ends with its key instead (`ending`)."""

import logging
from datetime import timedelta

from rightcall.breaches.needing import needed as breached
from rightcall.clock import day_of
from rightcall.holdings.uses.whys import actions as whys
from rightcall.procedures import actions as procedures
from rightcall.procedures.engine import Engine
from rightcall.requests.codes import actions as codes
from rightcall.requests.drp import actions as drp
from rightcall.requests.needing import needed as requested
from rightcall.requests.old.forgetting import RequestForgetter
from rightcall.requests.own import asking
from rightcall.requests.visits import actions as visits
from rightcall.retention.forgetting import Forgetter
from rightcall.retention.record import RecordForgetter
from rightcall.staff.sessions import actions as sessions
from rightcall.telemetry import metrics
from rightcall.wiring import House
from rightcall.worker.each import at_each

_log = logging.getLogger(__name__)
_PAGE = 5000
_NEEDS = (requested, breached)
_OLD = (codes.forget_old, sessions.forget_old, drp.forget_old, visits.forget_old, asking.forget_old, whys.forget_old)


def forget(house: House, engine: Engine) -> int:
    """How much that was."""
    return forget_old(house) + _forget_procedures(house, engine)


def forget_old(house: House) -> int:
    """Of every controller, what its rooms call old."""
    return sum(old for _, old in at_each(house, lambda tx: sum(forget(tx, house.clock) for forget in _OLD)))


def forget_gone(house: House) -> int:
    """What is known of what went long ago, and the record of requests and calls of long ago: a part at each run until none of it
    is left; then once a day."""
    with house.database.system() as tx:
        last = procedures.runs(tx).get("gone")
    if last is not None and last.found_none and day_of(last.ran_at) == day_of(house.clock.now()):
        return 0
    things = Forgetter(database=house.database, vault=house.vault, clock=house.clock, needs=_NEEDS)
    requests = RequestForgetter(database=house.database, clock=house.clock)
    record = RecordForgetter(database=house.database, vault=house.vault, clock=house.clock, needs=_NEEDS)
    number = 0
    for controller in house.controllers():
        forgotten, answered, passed = things(controller), requests(controller), record(controller)
        number += forgotten.number + answered + passed.number
        metrics().gone_forgotten.inc(forgotten.things)
        metrics().calls_forgotten.inc(passed.calls)
    if number:
        _log.info("what is long gone or over was forgotten", extra={"rows": number})
    return number


def _forget_procedures(house: House, engine: Engine) -> int:
    before = house.clock.now() - timedelta(days=house.settings.procedures_keep_days)
    forgotten, page = engine.forget(before), _PAGE
    while page == _PAGE:
        with house.database.system() as tx:
            page = len(procedures.prune(tx, before, _PAGE))
    if forgotten:
        metrics().procedures_forgotten.inc(forgotten)
        _log.info("procedures that ended long ago were forgotten", extra={"procedures": forgotten})
    return forgotten
