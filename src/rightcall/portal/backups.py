"""Until when a backup could still open what was destroyed here, told wherever a page says that it can no longer be opened.

A key that is destroyed is gone here at once. A backup of the data that was made before opens with a backup of the keys of its
time, until those keys are replaced and destroyed: once in each epoch.
"""

from dataclasses import dataclass
from datetime import date, datetime

from rightcall.erasure.certifying import backups_until
from rightcall.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Backups:
    """`since`: when the present keys came; `until`: the last day that they open anything."""

    since: datetime
    until: date

    def of(self, destroyed_at: datetime) -> date | None:
        """The last day on which a backup opens what was destroyed then; None where none does any more."""
        return self.until if destroyed_at >= self.since else None

    def over(self, last_day: date | None) -> date | None:
        """The same of what ended with its last day."""
        return self.until if last_day is not None and last_day >= self.since.date() else None


def backups_of(house: House) -> Backups:
    present = house.vault.epoch(house.database)
    return Backups(since=present.begun_at, until=backups_until(present, house.settings.epoch_days))
