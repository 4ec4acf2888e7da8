"""The data map at ten million holdings: a person's whole view, the map from above, and registering more.

Beside the figures their limits, measured in the same run: finding one row by its key, and a bare COPY of the same rows into a
table without an index.
"""

import asyncio
import shutil
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import psycopg

from rightcall.actors import SYSTEM, Role
from rightcall.bench._asking import get, hammer
from rightcall.bench._estate import spent_by
from rightcall.bench._mapped import LOOKED_AT, SYSTEMS, Estate, Tell, fill, make_estate, new_foreign, register, silent, web
from rightcall.bench._timing import percentile_ms, seconds_of
from rightcall.database.connection import Transaction
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.seen import actions as seeing
from rightcall.holdings import actions as holdings
from rightcall.holdings.map.model import Cell
from rightcall.holdings.model import Holding
from rightcall.ids import ControllerId, HoldingId, SubjectId
from rightcall.settings import load_settings
from rightcall.staff.actions import create_token
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining
from rightcall.wiring import House, open_house

_BATCH = 20_000


def run(*, calls: int = 10_000_000, registered: int = 200_000, tell: Tell | None = None) -> dict[str, object]:
    """`calls`: how many holdings. `registered`: how many more are registered to measure that."""
    say = tell or silent
    with tempfile.TemporaryDirectory(prefix="rightcall-bench-") as folder:
        settings = load_settings(data=Path(folder))
        with open_house(settings) as house:
            began = time.perf_counter()
            estate = make_estate(house)
            fill(estate, calls, say)
            filled = time.perf_counter() - began
            found: dict[str, object] = {"bench": "map", "holdings": calls, "filled_in_seconds": round(filled)}
            found["database_gib"] = round(_size(house) / (1 << 30), 2)
            found |= _views(estate) | _from_above(estate) | _over_http(estate, Path(folder))
            found |= _registering(estate, registered, say) | _by_two(estate, registered) | _bare(estate, registered)
            found["disk_left_gib"] = round(shutil.disk_usage(folder).free / (1 << 30), 1)
    goals = {"goal_view_ms_p95": 2, "goal_view_http_ms_p95": 20, "goal_map_ms": 100, "goal_registered_per_second": 20_000}
    return found | goals


def _views(estate: Estate) -> dict[str, object]:
    """A person's whole view: the query and what is read of it; beside it, one row by its key."""
    with estate.house.database.transaction(estate.controller) as tx:
        known = [_of_person(tx, person) for person in estate.people]
        view = [seconds_of(partial(_of_person, tx, person)) for person in estate.people]
        keys = [each[0].id for each in known]
        by_key = [seconds_of(partial(_by_key, tx.connection, estate.controller, key)) for key in keys]
    return {
        "people": len(estate.people),
        "items_each": round(sum(map(len, known)) / len(known), 1),
        "view_ms_p50": percentile_ms(view, 50),
        "view_ms_p95": percentile_ms(view, 95),
        "row_by_key_ms_p50": percentile_ms(by_key, 50),
        "row_by_key_ms_p95": percentile_ms(by_key, 95),
    }


def _of_person(tx: Transaction, subject: SubjectId) -> list[Holding]:
    """As the view asks: which subjects are the person, what is held of them, and what is not known."""
    asked = subjects.get(tx, subject)
    person = joining.person(tx, asked.id) if asked.joined else (asked.id,)
    seeing.not_known(tx)
    linking.count_waiting(tx, person)
    return holdings.of_person(tx, person, limit=100)


def _by_key(connection: psycopg.Connection[psycopg.rows.DictRow], controller: ControllerId, key: HoldingId) -> None:
    connection.execute("SELECT holding FROM holdings WHERE controller = %s AND holding = %s", (controller, key)).fetchone()


def _look(estate: Estate, tx: Transaction) -> list[Cell]:
    """With what is nobody's, and what is not known."""
    seeing.not_known(tx)
    return seeing.data_map(tx, estate.house.clock)


def _from_above(estate: Estate) -> dict[str, object]:
    with estate.house.database.transaction(estate.controller) as tx:
        looks = [seconds_of(lambda: _look(estate, tx)) for _ in range(20)]
        cells = len(_look(estate, tx))
    return {"map_cells": cells, "map_ms_p50": percentile_ms(looks, 50), "map_ms_p95": percentile_ms(looks, 95)}


def _over_http(estate: Estate, folder: Path) -> dict[str, object]:
    with estate.house.database.transaction(estate.controller) as tx:
        token = create_token(tx, estate.house.clock, role=Role.DPO, by=SYSTEM).secret
    with web(folder) as port:
        views = [get(f"/api/v1/subjects/{person}/holdings", token) for person in estate.people]
        asyncio.run(hammer(port, views, connections=1, seconds=3.0))
        view = asyncio.run(hammer(port, views, connections=1, seconds=10.0))
        map_ = asyncio.run(hammer(port, [get("/api/v1/map", token)], connections=1, seconds=4.0))
    return {
        "view_http_ms_p50": view.ms_p50,
        "view_http_ms_p95": view.ms_p95,
        "map_http_ms_p50": map_.ms_p50,
        "map_http_ms_p95": map_.ms_p95,
    }


def _registering(estate: Estate, number: int, say: Tell) -> dict[str, object]:
    """Made ready before the clock runs; batch after batch on one connection. `cpu_us`: what one costs us and PostgreSQL together,
    which others' work on the machine does not change."""
    seconds, cpu, done = 0.0, 0.0, 0
    while done < number:
        say("Registering", done, number)
        batch = [new_foreign(estate, estate.people[nth % LOOKED_AT], nth % SYSTEMS) for nth in range(min(_BATCH, number - done))]
        with estate.house.database.transaction(estate.controller) as tx:
            backend = tx.connection.info.backend_pid
            began = _spent(backend)
            at = time.perf_counter()
            holdings.register(tx, estate.house.vault, estate.house.clock, batch)
            cpu += _spent(backend) - began
        seconds += time.perf_counter() - at
        done += len(batch)
    return {
        "registered": done,
        "batch": _BATCH,
        "registered_per_second": round(done / seconds),
        "registered_cpu_us": round(cpu / done * 1e6, 1),
    }


def _spent(backend: int) -> float:
    """Seconds of processor that this process and a backend of PostgreSQL on this machine have had."""
    return time.process_time() + spent_by(backend)


def _by_two(estate: Estate, number: int) -> dict[str, object]:
    """The same on two connections at once, each with people of its own, as two workers register what they found."""
    batches = [
        [new_foreign(estate, estate.people[2 * (nth % (LOOKED_AT // 2)) + which % 2], nth % SYSTEMS) for nth in range(_BATCH)]
        for which in range(number // _BATCH)
    ]
    with ThreadPoolExecutor(2) as two:
        began = time.perf_counter()
        list(two.map(lambda which: [register(estate, each) for each in batches[which::2]], range(2)))
        seconds = time.perf_counter() - began
    return {"registered_by_two_per_second": round(len(batches) * _BATCH / seconds)}


def _bare(estate: Estate, number: int) -> dict[str, object]:
    """The same rows as they are in the end, and nothing done with them."""
    with psycopg.connect(estate.house.database.url) as connection:
        connection.execute("CREATE TABLE bench_bare AS SELECT * FROM holdings LIMIT 0")
        rows = connection.execute(
            "SELECT * FROM holdings WHERE subject = ANY (%s) LIMIT %s", (list(estate.people), number)
        ).fetchall()
        began = time.perf_counter()
        with connection.transaction(), connection.cursor() as cursor, cursor.copy("COPY bench_bare FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        seconds = time.perf_counter() - began
    return {"bare_copy_per_second": round(len(rows) / seconds)}


def _size(house: House) -> int:
    with psycopg.connect(house.database.url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return 0 if row is None else int(row[0])
