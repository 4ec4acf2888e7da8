"""The journal of procedures kept in step with the engine, what a person asks of one, and what needs a person."""

import logging
from collections import Counter

from rightcall.controllers import actions as controllers
from rightcall.ids import ControllerId
from rightcall.procedures import actions as procedures
from rightcall.procedures.engine import Engine
from rightcall.procedures.model import OPEN, Reason, State, Wish
from rightcall.procedures.rules import waits_too_long
from rightcall.telemetry import metrics
from rightcall.wiring import House

_log = logging.getLogger(__name__)
_SILENT_SECONDS = 60.0
_MOST = 500


def keep_journal(house: House, engine: Engine) -> int:
    """Where a worker died between an end and saying so, it is said now. Then the figures, and what needs a person."""
    mended = _mend(house, engine)
    with house.database.system() as tx:
        standing = procedures.standing(tx)
        known = controllers.all_ids(tx)
    now = house.clock.now()
    for state in OPEN:
        found = standing.get(state)
        metrics().procedures.labels(state=state.value).set(found.number if found else 0)
        age = (now - found.oldest_at).total_seconds() if found else 0
        metrics().procedure_oldest_seconds.labels(state=state.value).set(max(0, age))
    for controller in known:
        _escalate(house, controller)
    return mended


def _mend(house: House, engine: Engine) -> int:
    with house.database.system() as tx:
        silent = procedures.open_for(tx, _SILENT_SECONDS, _MOST)
    states = engine.states([each.id for each in silent])
    wrong = [each for each in silent if each.id in states and each.state is not states[each.id]]
    with house.database.system() as tx:
        for each in wrong:
            trouble = "NotTold" if states[each.id] is State.FAILED else None
            procedures.stands(tx, each.id, states[each.id], step=None, trouble=trouble, seconds=None)
    return len(wrong)


def _escalate(house: House, controller: ControllerId) -> None:
    reasons = Counter[Reason]()
    with house.database.transaction(controller) as tx:
        for each in procedures.told(tx, (State.WAITING, State.FAILED), None, _MOST):
            reasons[Reason.PROCEDURE_FAILED] += each.state is State.FAILED
            reasons[Reason.PROCEDURE_WAITING] += waits_too_long(each, house.clock.now())
    with house.database.system() as tx:
        for reason in (Reason.PROCEDURE_FAILED, Reason.PROCEDURE_WAITING):
            procedures.escalate(tx, controller, reason, reasons[reason])


def do_as_asked(house: House, engine: Engine) -> bool:
    """What people ask of procedures, each once."""
    with house.database.system() as tx:
        wishes = procedures.take_wishes(tx)
    for id, wish in wishes:
        if wish is Wish.RETRY:
            engine.retry(id)
        else:
            engine.cancel(id)
            with house.database.system() as tx:
                procedures.stands(tx, id, State.CANCELLED, step=None, trouble=None, seconds=None)
        _log.info("done to a procedure as a person asked", extra={"procedure": id, "wish": wish.value})
    return False
