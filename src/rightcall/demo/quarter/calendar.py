"""The clock of a time that is made up: it stands until it is set, and is only ever set ahead."""

from datetime import datetime, timedelta

from rightcall.errors import Conflict


class Calendar:
    """Implements `clock.Clock`."""

    def __init__(self, begins_at: datetime) -> None:
        self._at = begins_at

    def now(self) -> datetime:
        return self._at

    def go_to(self, at: datetime) -> None:
        if at < self._at:
            raise Conflict("What is made up is made up in the order of its days. Begin with the earlier day.")
        self._at = at

    def pass_by(self, seconds: float) -> None:
        self._at += timedelta(seconds=seconds)
