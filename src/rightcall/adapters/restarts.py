"""What the supervisor of this machine says of its processes, for `/health`: which ended unasked, and when they are started again.

    DATA/restarting     one line of JSON each, written anew when something changes; not there where all run well

Each process of `rightcall serve` ends with its supervisor, so nobody reads what a dead one said. On the folder alone: the other
machines have supervisors of their own.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rightcall.adapters.files import write_anew

_NAME = "restarting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart:
    """`deaths`: so many in a row, without a time between in which it ran well. `how` the last one was. `again_at`: None where it
    was started again and has not run well for long enough yet."""

    process: str
    deaths: int
    how: str
    again_at: datetime | None

    @property
    def says(self) -> str:
        times = "ended unasked" if self.deaths == 1 else f"ended unasked {self.deaths:,} times in a row"
        then = (
            "It runs again, and is watched until it has run well for a while."
            if self.again_at is None
            else f"It is started again at {self.again_at.astimezone(UTC):%H:%M:%S} UTC."
        )
        return f"The process {self.process} {times} ({self.how}). {then} Its log says why it ends."


def write_restarts(folder: Path, restarts: Sequence[Restart]) -> None:
    """Nothing where there are none. A disk that takes no file is no reason to stop: what happened is in the log as well."""
    told = folder / _NAME
    try:
        if not restarts:
            told.unlink(missing_ok=True)
        else:
            write_anew(told, "".join(f"{json.dumps(_plain(each))}\n" for each in restarts).encode())
    except OSError:
        return


def read_restarts(folder: Path) -> list[Restart]:
    try:
        lines = (folder / _NAME).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    return [_restart(json.loads(line)) for line in lines]


def _plain(restart: Restart) -> dict[str, str | int | None]:
    again_at = None if restart.again_at is None else restart.again_at.isoformat()
    return {"process": restart.process, "deaths": restart.deaths, "how": restart.how, "again_at": again_at}


def _restart(read: dict[str, str | int | None]) -> Restart:
    again_at = read["again_at"]
    return Restart(
        process=str(read["process"]),
        deaths=int(read["deaths"] or 0),
        how=str(read["how"]),
        again_at=None if again_at is None else datetime.fromisoformat(str(again_at)),
    )
