"""A day on which a million things expire: how soon they are dark, how fast bytes and rows go, and what calls feel of it.

Most holdings are put in as PostgreSQL puts in rows soonest, each with a lock of its own under the day's one key; their bytes by
the store's own door; a few are kept as in life, to see that they open before and not after. Beside the figures their limit, in
the same run: deleting as many rows, in the same pages, from a plain table that has only its key, and as many files; and what one
call really leaves.
"""

import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path

import psycopg

from rightcall.bench._estate import Estate, Inline, Tell, backends, fill, keep, make_estate, name_of, opening, spent_by
from rightcall.bench._leaving import of_one_call
from rightcall.bench._timing import percentile_ms
from rightcall.database.connection import Database
from rightcall.erasure.disposal import Disposer
from rightcall.erasure.procedure import Eraser
from rightcall.retention import actions as retention
from rightcall.retention.procedure import Disposals
from rightcall.settings import load_settings
from rightcall.wiring import House, open_house

_PAGE = 5000
_OF_EACH = 2
"""Holdings of one person: what one call leaves."""
_STARTS_APART = 0.02
"""Seconds from one call that begins to be kept to the next, while all this goes on: 50 calls a second."""


def run(*, calls: int = 1_000_000, tell: Tell | None = None) -> dict[str, object]:
    """`calls`: how many holdings expire."""
    say = tell or _silent
    with tempfile.TemporaryDirectory(prefix="rightcall-bench-") as folder, open_house(load_settings(data=Path(folder))) as house:
        began = time.perf_counter()
        estate = make_estate(house, Path(folder))
        sample = [keep(estate, estate.last_day) for _ in range(20)]
        fill(estate, calls, say, of_each=_OF_EACH)
        found: dict[str, object] = {"bench": "terms", "expiring": calls, "filled_in_seconds": round(time.perf_counter() - began)}
        if opening(estate, sample) != len(sample):
            raise AssertionError("what is kept does not open before its day is over")
        found |= _undisturbed(estate)
        estate.clock.ahead = timedelta(days=2)
        found["dark_ms"] = round(_end(estate) * 1000, 1)
        if opening(estate, sample):
            raise AssertionError("what is over opens still")
        say("Reclaiming", 0, calls)
        found |= _reclaimed(estate, calls) | _plain(estate, calls)
    found["one_call_leaves"] = of_one_call()
    return found | {"goal_dark_ms": 1000, "goal_reclaimed_per_second": 50_000}


def _end(estate: Estate) -> float:
    """Seconds, to the commit."""
    began = time.perf_counter()
    with estate.house.database.transaction(estate.controller) as tx:
        if retention.end_due_terms(tx, estate.vault, estate.clock) != 1:
            raise AssertionError("the day's one key did not end")
    return time.perf_counter() - began


def _undisturbed(estate: Estate) -> dict[str, object]:
    with _starting(estate) as took:
        time.sleep(10)
    return {"call_start_ms_p50_alone": percentile_ms(took, 50), "call_start_ms_p99_alone": percentile_ms(took, 99)}


def _reclaimed(estate: Estate, number: int) -> dict[str, object]:
    house = estate.house
    disposer = Disposer(database=house.database, vault=estate.vault, objects=house.objects, clock=estate.clock)
    eraser = Eraser(disposer=disposer, tools=house.tools, gates=house.gates, epoch_days=house.settings.epoch_days)
    with _starting(estate) as took:
        began, spent = time.perf_counter(), _spent(house)
        gone = Disposals(eraser=eraser).of_term(Inline(), str(estate.controller), estate.last_day.isoformat())
        seconds = time.perf_counter() - began
        ours, databases = (now - before for now, before in zip(_spent(house), spent, strict=True))
    left = [each for each in estate.folder.rglob("*") if each.is_file()]
    if gone != number or left:
        raise AssertionError(f"{gone} of {number} went, and {len(left)} files are left")
    return {
        "reclaimed": gone,
        "reclaimed_per_second": round(number / seconds),
        "processor_us_ours_with_files": round(ours / number * 1e6, 1),
        "processor_us_database": round(databases / number * 1e6, 1),
        "call_start_ms_p50_beside": percentile_ms(took, 50),
        "call_start_ms_p99_beside": percentile_ms(took, 99),
    }


def _spent(house: House) -> tuple[float, float]:
    """Seconds of processor that this process has had, with what the kernel did for it, and that PostgreSQL's have."""
    return time.process_time(), sum(map(spent_by, backends(house)))


@contextmanager
def _starting(estate: Estate) -> Iterator[list[float]]:
    """Calls that begin to be kept, by a process of their own as in life, each on its own transaction; how many seconds each took,
    which stand in the list when the block is over."""
    context, took = multiprocessing.get_context("fork"), list[float]()
    over, (ours, theirs) = context.Event(), context.Pipe()
    process = context.Process(target=_start, args=(estate, over, theirs))
    process.start()
    ours.recv()
    try:
        yield took
    finally:
        over.set()
        took += ours.recv()
        process.join()


def _start(estate: Estate, over: Event, told: Connection) -> None:
    took, last_day = list[float](), estate.last_day + timedelta(days=30)
    with closing(Database(estate.house.database.url, connections=1)) as database:
        calls = replace(estate, house=replace(estate.house, database=database))
        keep(calls, last_day)
        told.send(True)
        while not over.wait(_STARTS_APART):
            began = time.perf_counter()
            keep(calls, last_day)
            took.append(time.perf_counter() - began)
    told.send(took)


def _plain(estate: Estate, number: int) -> dict[str, object]:
    """As many rows from a table with nothing but its key, in pages as large, and as many files."""
    place = estate.folder / "plain"
    place.mkdir()
    for nth in range(number):
        (place / name_of(nth)).write_bytes(b"sealed")
    with psycopg.connect(estate.house.database.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE bench_plain AS SELECT * FROM holdings")
        connection.execute("ALTER TABLE bench_plain ADD PRIMARY KEY (controller, holding)")
        began = time.perf_counter()
        pages = [name_of(start) for start in range(0, number, _PAGE)]
        for first, behind in zip(pages, [*pages[1:], "ffffffff-ffff-ffff-ffff-ffffffffffff"], strict=True):
            connection.execute(_DELETE, (estate.controller, first, behind))
        deleted = time.perf_counter() - began
    began = time.perf_counter()
    for nth in range(number):
        os.unlink(place / name_of(nth))
    unlinked = time.perf_counter() - began
    return {
        "plain_per_second": round(number / (deleted + unlinked)),
        "plain_rows_per_second": round(number / deleted),
        "plain_files_per_second": round(number / unlinked),
    }


_DELETE = "DELETE FROM bench_plain WHERE controller = %s AND holding >= %s AND holding < %s"


def _silent(_what: str, _done: int, _of: int) -> None:
    """Nobody watches."""
