"""The worker: gives statements their place in the ledger, starts what follows from them, and keeps the house in order.

Any number of workers may run. One sequencer works at a time by a row lock; reactions are started once by their id; what a dead
worker left is taken over. A loop that fails says so and goes on: an outage of the database must not end
the worker. Each sort of housekeeping has a loop of its own, so that one that fails holds up no other.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

from rightcall.ids import new_id
from rightcall.procedures import actions as procedures
from rightcall.procedures.engine import Engine
from rightcall.procedures.journal import DatabaseJournal
from rightcall.procedures.schedules import LOOKS_EVERY, SCHEDULES
from rightcall.reactions import follow
from rightcall.settings import Settings
from rightcall.wiring import House, destroyed_list, open_house
from rightcall.worker import destroyed, journal, keeping, presence, schedules
from rightcall.worker.drift import Drift
from rightcall.worker.procedures import procedures_of

_log = logging.getLogger(__name__)
_SEQUENCE_SECONDS = 0.1
_FOLLOW_SECONDS = 0.2
BEAT_SECONDS = 5.0
_SHARE_SECONDS = 5.0
_LONGEST_PAUSE_SECONDS = 15.0


def run(settings: Settings) -> None:
    """Until SIGTERM or SIGINT. Work that is under way then is resumed by the next worker."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    executor = f"{os.getpid()}-{new_id()}"
    with open_house(settings, connections=16) as house, presence.present(_workers(house), executor):
        _wait_until_open(house, stopping)
        if stopping.is_set():
            return
        destroyed.tell_restored(house.database, house.vault, house.clock, destroyed_list(house.settings))
        engine = Engine(house.database.url, executor, DatabaseJournal(database=house.database, worker=executor))
        for name, procedure in procedures_of(house).items():
            engine.register(name, procedure)
        engine.launch()
        beat(house, engine)
        loops = [_loop(name, seconds, deed, stopping) for name, seconds, deed in _rounds(house, engine)]
        _log.info("worker ready")
        stopping.wait()
        for loop in loops:
            loop.join(timeout=10)
        engine.stop()
        with house.database.system() as tx:
            procedures.sign_off(tx, engine.executor)


def _wait_until_open(house: House, stopping: threading.Event) -> None:
    """Nothing is done with a database that may have been put back: nothing signed, nothing begun, and no worker is seen."""
    told_at = None
    while (doubt := house.shut.doubt) is not None and not stopping.wait(_SHARE_SECONDS if told_at else 0):
        if told_at is None or house.clock.now() - told_at >= LOOKS_EVERY:
            told_at = house.clock.now()
            _log.critical("nothing is opened, and nothing is done: %s", doubt.says, extra={"missing": doubt.missing.value})


def _loop(name: str, seconds: float, deed: Callable[[], bool], stopping: threading.Event) -> threading.Thread:
    """Runs `deed` again and again, at once where it says that there is more, else after a pause; after each failure in a row
    after a longer one."""

    def run_until_stopped() -> None:
        failures = 0
        while not stopping.is_set():
            has_more = False
            try:
                has_more = deed()
                failures = 0
            except Exception:  # noqa: BLE001 - a worker's top loop: say it, and go on
                failures += 1
                _log.exception("a round of the worker failed and is tried again", extra={"loop": name})
            if not has_more:
                stopping.wait(pause_after(failures, seconds))

    thread = threading.Thread(target=run_until_stopped, name=name, daemon=True)
    thread.start()
    return thread


def pause_after(failures: int, seconds: float) -> float:
    """Twice as long after each failure, up to fifteen seconds: an outage fills no log, and what is back goes on soon."""
    return max(seconds, min(seconds * 2.0 ** min(failures, 20), _LONGEST_PAUSE_SECONDS))


def _rounds(house: House, engine: Engine) -> list[tuple[str, float, Callable[[], bool]]]:
    sequencer, kept, drift, turns = house.sequencer(), destroyed_list(house.settings), Drift(), schedules.turns()
    every = LOOKS_EVERY.total_seconds()
    return [
        ("sequence", _SEQUENCE_SECONDS, lambda: sequencer.run_once() > 0),
        ("destroyed", _FOLLOW_SECONDS, lambda: destroyed.write_down(house.database, house.vault, kept)),
        ("follow", _FOLLOW_SECONDS, lambda: follow(house.database, engine.start)),
        ("scans", _SHARE_SECONDS, lambda: keeping.share_scans(house, engine)),
        ("elsewhere", _SHARE_SECONDS, lambda: keeping.go_elsewhere(house, engine)),
        ("processors", _SHARE_SECONDS, lambda: keeping.ask_processors(house, engine)),
        ("beat", BEAT_SECONDS, lambda: beat(house, engine)),
        ("asked", BEAT_SECONDS, lambda: journal.do_as_asked(house, engine)),
        ("rules", every, lambda: _try_scenarios(house, drift)),
        *((each.name, every, partial(schedules.run, house, engine, each.name, turns)) for each in SCHEDULES),
    ]


def _try_scenarios(house: House, drift: Drift) -> bool:
    """Each worker for itself: what is said of it is in each worker's log and figures."""
    drift.look(house)
    return False


def beat(house: House, engine: Engine) -> bool:
    """Not where nothing may be opened: whoever is seen to work on a database says that it was not put back."""
    if house.shut.doubt is not None:
        return False
    kept, at = destroyed_list(house.settings), house.clock.now()
    if kept.complete() is None or kept.is_moved():
        destroyed.take_up(house.database, house.vault, kept, at)
    else:
        kept.is_worked_on(at)
    dead = presence.dead(_workers(house))
    with house.database.system() as tx:
        for each in dead:
            procedures.sign_off(tx, each)
        procedures.beat(tx, engine.executor)
        living = procedures.living_workers(tx)
    presence.forget(_workers(house), dead)
    if taken := engine.take_over(living):
        _log.warning("took over the work of a worker that died", extra={"procedures": taken})
    return False


def _workers(house: House) -> Path:
    return house.settings.data / "workers"
