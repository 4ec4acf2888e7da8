"""What one call leaves behind, counted after a call that was really kept: by the recorder's own process, from sound that is sent
to it. So that a day of calls is made up of what the product writes and of nothing else."""

import tempfile
from pathlib import Path

import psycopg

from rightcall.bench.gate import Stage, media, settings_for, sound
from rightcall.bench.recorder import load_program
from rightcall.wiring import open_house


def of_one_call() -> dict[str, int]:
    """A customer and an agent, one purpose, a few seconds of sound: rows of the map, locks, files, and bytes in them."""
    with tempfile.TemporaryDirectory(prefix="rightcall-bench-") as scratch, load_program() as program:
        with open_house(settings_for(Path(scratch), 1)) as house, media(house):
            stage = Stage(house)
            live = stage.ring(0)
            with sound(program, 2):
                stage.withdraw(live)
            stage.last_stored(live.call)
            with psycopg.connect(house.database.url) as connection:
                holdings, locks = (connection.execute(count).fetchone() or (0,) for count in (_HOLDINGS, _LOCKS))
            files = [each for each in (Path(scratch) / "data" / "objects").rglob("*") if each.is_file()]
        return {
            "holdings": holdings[0],
            "locks": locks[0],
            "files": len(files),
            "bytes": sum(each.stat().st_size for each in files),
        }


_HOLDINGS = "SELECT count(*) FROM holdings"
_LOCKS = "SELECT count(*) FROM content_locks"
