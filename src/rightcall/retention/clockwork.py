"""When the clock does what it does next: turn the epoch, drill the newest backup, and all else that stands in the schedules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rightcall.clock import Clock
from rightcall.copies import actions as copies
from rightcall.database.connection import Database, Transaction
from rightcall.procedures import actions as procedures
from rightcall.procedures.model import Run
from rightcall.procedures.schedules import SCHEDULES, Schedule, next_at
from rightcall.settings import Settings
from rightcall.vault.epochs.actions import begun_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """`run`: the last one; None before the first. `next_at`: None where that is not known."""

    schedule: Schedule
    run: Run | None
    next_at: datetime | None


def clockwork(database: Database, clock: Clock, settings: Settings) -> Sequence[Scheduled]:
    """All of it, in the order of the schedules. A drill is due where a folder of backups is set."""
    with database.system() as tx:
        runs, done = procedures.runs(tx), _done(tx)
    days = {name: getattr(settings, name) for each in SCHEDULES if (name := each.every_days)}
    return [_of(each, runs.get(each.name), clock.now(), days, done, settings) for each in SCHEDULES]


def coming(database: Database, clock: Clock, settings: Settings) -> dict[str, datetime | None]:
    """By name, when each is done next."""
    return {each.schedule.name: each.next_at for each in clockwork(database, clock, settings)}


def _of(
    schedule: Schedule,
    run: Run | None,
    now: datetime,
    days: dict[str, int],
    done: dict[str, datetime | None],
    settings: Settings,
) -> Scheduled:
    is_off = schedule.name == "drills" and settings.backups is None
    return Scheduled(schedule=schedule, run=run, next_at=None if is_off else next_at(schedule, run, now, days, done))


def _done(tx: Transaction) -> dict[str, datetime | None]:
    drilled = copies.newest_drilled(tx)
    return {"epochs": begun_at(tx), "drills": None if drilled is None else drilled.drilled_at}
