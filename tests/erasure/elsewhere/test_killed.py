"""A worker that is killed with -9 at any point of letting go: another one ends it, and it ends the same."""

import contextlib
from multiprocessing import get_context
from pathlib import Path

import pytest

from rightcall.adapters.keys.file import KeyFile
from tests.erasure.elsewhere import worker_process
from tests.erasure.elsewhere.scene import NUMBER, Away
from tests.erasure.elsewhere.test_letting_go import BEN, TABLE, erased, is_gone, shelf

STEPS = ("look for systems", "erase elsewhere", "look again", "end the errand", "end the round", "certify anew")
POINTS = [
    *(("in", step) for step in STEPS),
    *(("after", step) for step in STEPS),
    ("before", "erase"),
    ("after", "erase"),
    ("before", "confirm"),
    ("after", "confirm"),
]


def worker(away: Away, keys: KeyFile, folder: Path, executor: str, when: str, what: str) -> int | None:
    """Forked from a process that has loaded its code: that takes longer than all that the worker does."""
    forking = get_context("forkserver")
    forking.set_forkserver_preload([worker_process.__name__])
    told = (away.world.database.url, str(keys._path), str(folder), executor, str(away.world.controller), when, what)
    process = forking.Process(target=worker_process.main, args=told)
    process.start()
    process.join(120)
    with contextlib.closing(process):
        return process.exitcode


@pytest.mark.parametrize(("when", "what"), POINTS)
def test_killed_anywhere_it_ends_the_same(away: Away, keys: KeyFile, tmp_path: Path, when: str, what: str) -> None:
    folder = shelf(tmp_path / "share")
    ada = away.customer()
    away.scan(away.register("share", str(folder)))
    asked = erased(away, ada)
    assert worker(away, keys, tmp_path, "one", when, what) == -9
    assert worker(away, keys, tmp_path, "two", "never", "") == 0
    away.react()
    assert (folder / "customers.csv").read_text() == TABLE + BEN
    assert NUMBER not in (folder / "customers.jsonl").read_text()
    is_gone(away, asked, fields=5)
