"""What is done by the clock: every schedule in one place. The worker binds each to what it does, and says what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from rightcall.procedures.model import Run

LOOKS_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Looked at every minute by one worker. `daily`: there is something to do once a day is over (UTC). `every_days`: the setting
    that says after how many days there is. Neither: whenever there is something."""

    name: str
    says: str
    daily: bool = False
    every_days: str | None = None


SCHEDULES = (
    Schedule(name="terms", says="Destroys the keys of the days that are over.", daily=True),
    Schedule(name="holds", says="Ends the holds whose last day is over.", daily=True),
    Schedule(name="gone", says="Forgets what is known of what went longer ago than its controller says.", daily=True),
    Schedule(name="epochs", says="Wraps what lives under a new epoch's key and destroys the old one.", every_days="epoch_days"),
    Schedule(
        name="drills", says="Asks which copies there are, and restores the newest backup aside.", every_days="drill_every_days"
    ),
    Schedule(name="procedures", says="Begins again what failed."),
    Schedule(name="journal", says="Says what became of procedures whose worker could not, and which of them need a person."),
    Schedule(name="forgetting", says="Forgets what nobody asks for any more, such as old codes and procedures that ended."),
    Schedule(name="requests", says="Counts the requests that wait, and those near the end of their time."),
    Schedule(name="agents", says="Tells agents of requests whose state changed."),
    Schedule(name="packages", says="Lets go of the copies that people took, or whose time is over."),
    Schedule(name="erasures", says="Counts what other systems still keep of the erased."),
    Schedule(name="orders", says="Counts what processors were asked for and have not done."),
    Schedule(name="reviews", says="Holds what was done against the reviews."),
    Schedule(name="concerns", says="Moves concerns on that are late, and forgets those that are long over.", daily=True),
    Schedule(name="breaches", says="Weighs open breaches by the data map, each once a day."),
    Schedule(name="minimisation", says="Looks at what purposes really read.", every_days="minimisation_every_days"),
    Schedule(name="parity", says="Compares the calls with a yes and those with a no.", every_days="parity_every_days"),
    Schedule(name="record", says="Counts what the record of processing tells, where there is much.", daily=True),
)


def next_at(
    schedule: Schedule, run: Run | None, now: datetime, days: Mapping[str, int], done: Mapping[str, datetime | None]
) -> datetime | None:
    """When there is something to do next, as far as the clock alone says; now where that is over. `done`: by name, when that was
    last done, by whomever, of what is known better than by the run; None where it never was. None where nothing is known yet."""
    if schedule.daily:
        return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
    if schedule.every_days is None:
        return now if run is None else run.ran_at + LOOKS_EVERY
    if schedule.name in done:
        last = done[schedule.name]
        return now if last is None else max(now, last + timedelta(days=days[schedule.every_days]))
    return None if run is None or run.did_at is None else run.did_at + timedelta(days=days[schedule.every_days])
