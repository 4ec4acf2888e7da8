"""What each schedule does, and what is said of each run."""

import time
from collections.abc import Callable, Mapping
from threading import Semaphore

from rightcall.procedures import actions as procedures
from rightcall.procedures.engine import Engine
from rightcall.wiring import House
from rightcall.worker import forgetting, journal, keeping, weighing

DEEDS: Mapping[str, Callable[[House, Engine], int | None]] = {
    "terms": lambda house, _: keeping.keep_terms(house),
    "holds": lambda house, _: keeping.keep_holds(house),
    "gone": lambda house, _: forgetting.forget_gone(house),
    "epochs": lambda house, _: keeping.keep_epochs(house),
    "drills": lambda house, engine: keeping.keep_drills(house, engine),
    "procedures": lambda house, engine: keeping.keep_procedures(house, engine),
    "journal": lambda house, engine: journal.keep_journal(house, engine),
    "forgetting": lambda house, engine: forgetting.forget(house, engine),
    "requests": lambda house, _: keeping.keep_requests(house),
    "agents": lambda house, engine: keeping.keep_agents(house, engine),
    "packages": lambda house, engine: keeping.keep_packages(house, engine),
    "erasures": lambda house, _: keeping.keep_erasures(house),
    "orders": lambda house, _: keeping.keep_orders(house),
    "reviews": lambda house, _: keeping.keep_reviews(house),
    "concerns": lambda house, _: keeping.keep_concerns(house),
    "breaches": lambda house, engine: weighing.keep(house, engine),
    "minimisation": lambda house, engine: keeping.keep_minimisation(house, engine),
    "parity": lambda house, engine: _keep_parity(house, engine),
    "record": lambda house, engine: keeping.keep_record(house, engine),
}
"""How much there was to do; None where that is not counted."""

AT_ONCE = 4


def _keep_parity(house: House, engine: Engine) -> int:
    keeping.count_parity(house, engine)
    return keeping.keep_parity(house, engine)


def turns() -> Semaphore:
    """So many at a time: each holds a connection for as long as it is at it, and works on another, and all share the worker's."""
    return Semaphore(AT_ONCE)


def run(house: House, engine: Engine, name: str, turns: Semaphore) -> bool:
    """Unless another worker is at it just now."""
    with turns:
        return keeping.alone(house, name, lambda: _told(house, engine, name))


def _told(house: House, engine: Engine, name: str) -> None:
    began, did, trouble = time.monotonic(), 0, None
    try:
        did = DEEDS[name](house, engine) or 0
    except Exception as error:
        trouble = type(error).__name__.lstrip("_")
        raise
    finally:
        with house.database.system() as tx:
            procedures.ran(tx, name, seconds=time.monotonic() - began, trouble=trouble, did=did)
