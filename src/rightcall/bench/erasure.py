"""One person with a hundred thousand things kept about them, each with a lock, its bytes beside somebody else's: how soon nobody
can open any of it, and how long until every byte is confirmed gone and that is certified.

Beside it, in the same run: deleting as many rows from a plain table that has only its key, row by row in one transaction, and as
many files one by one. It neither asks whether anything is to stay, nor can it say afterwards what it did.
"""

import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import psycopg

from rightcall.bench._estate import Estate, Inline, Tell, backends, fill, keep, make_estate, name_of, opening, spent_by
from rightcall.erasure.disposal import Disposer
from rightcall.erasure.procedure import Eraser
from rightcall.ids import ErasureId, SubjectId, new_id
from rightcall.recordings.tools import Tools
from rightcall.settings import load_settings
from rightcall.subjects import actions as subjects
from rightcall.wiring import House, open_house

_KEPT_AS_IN_LIFE = 20
_APART_MS = 60_000
"""Between two of them: each lies with somebody else's, and with none of the person's own."""
_OTHERS = 51
"""People about whom nothing is kept, erased before: a worker is never fresh, and volume must not matter."""


def run(*, calls: int = 100_000, tell: Tell | None = None) -> dict[str, object]:
    """`calls`: how many things are kept about the person."""
    with tempfile.TemporaryDirectory(prefix="rightcall-bench-") as folder, open_house(load_settings(data=Path(folder))) as house:
        estate = make_estate(house, Path(folder))
        sample = [keep(estate, estate.last_day) for _ in range(_KEPT_AS_IN_LIFE)]
        fill(estate, calls, tell or _silent, apart_ms=_APART_MS, beside=True)
        if opening(estate, sample) != len(sample):
            raise AssertionError("what is kept does not open before the person is erased")
        with _sequencing(house):
            found = _erased(estate)
        if opening(estate, sample):
            raise AssertionError("what is about the erased person opens still")
        left = sum(1 for _ in house.objects.list(""))
        if left != calls:
            raise AssertionError(f"of {calls} of somebody else's {left} are left")
        found = {"bench": "erasure", "holdings": calls} | found | _plain(estate, calls)
    return found | {"goal_dark_ms": 10, "goal_whole_seconds": 60}


def _erased(estate: Estate) -> dict[str, object]:
    """Again is nothing: the keys go in the first act, which the whole then finds done."""
    house = estate.house
    tools = Tools(vault=estate.vault, clock=estate.clock, rules=house.rules)
    disposer = Disposer(database=house.database, vault=estate.vault, objects=house.objects, clock=estate.clock)
    eraser = Eraser(disposer=disposer, tools=tools, gates=house.gates, epoch_days=house.settings.epoch_days)
    others = [_dark(eraser, estate, _another(estate), ErasureId(new_id())) for _ in range(_OTHERS)]
    erasure = ErasureId(new_id())
    began = time.perf_counter()
    dark, worked = _dark(eraser, estate, estate.subject, erasure)
    eraser.erase(Inline(), estate.controller, erasure, estate.subject)
    return {
        "dark_ms": _ms(dark),
        "dark_ms_of_others_with_nothing": _ms(median(took for took, _ in others)),
        "dark_processor_ms": _ms(worked),
        "dark_processor_ms_of_others_with_nothing": _ms(median(spent for _, spent in others)),
        "whole_seconds": round(time.perf_counter() - began, 1),
    }


def _another(estate: Estate) -> SubjectId:
    with estate.house.database.transaction(estate.controller) as tx:
        return subjects.identify(tx, estate.vault, estate.clock, [])


def _dark(eraser: Eraser, estate: Estate, subject: SubjectId, erasure: ErasureId) -> tuple[float, float]:
    """Seconds, to the commit, and of processor: ours and those of PostgreSQL's connections, whatever else the machine does."""
    known = backends(estate.house)
    spent, began = sum(map(spent_by, known)) + time.thread_time(), time.perf_counter()
    eraser.destroy(estate.controller, erasure, subject)
    took = time.perf_counter() - began
    return took, sum(map(spent_by, known)) + time.thread_time() - spent


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


@contextmanager
def _sequencing(house: House) -> Iterator[None]:
    """Statements get their place in the ledger, as a worker gives it to them."""
    over, sequencer = threading.Event(), house.sequencer()

    def sequence() -> None:
        while not over.wait(0.1):
            sequencer.run_once()

    thread = threading.Thread(target=sequence)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _plain(estate: Estate, number: int) -> dict[str, object]:
    place = estate.folder / "plain"
    place.mkdir()
    for nth in range(number):
        (place / name_of(nth)).write_bytes(b"sealed")
    with psycopg.connect(estate.house.database.url) as connection:
        connection.execute("CREATE TABLE bench_plain AS SELECT * FROM holdings")
        connection.execute("ALTER TABLE bench_plain ADD PRIMARY KEY (controller, holding)")
        connection.commit()
        began = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.executemany(_DELETE, [(estate.controller, name_of(nth)) for nth in range(number)])
        connection.commit()
    for nth in range(number):
        os.unlink(place / name_of(nth))
    return {"plain_seconds": round(time.perf_counter() - began, 1)}


_DELETE = "DELETE FROM bench_plain WHERE controller = %s AND holding = %s"


def _silent(_what: str, _done: int, _of: int) -> None:
    """Nobody watches."""
