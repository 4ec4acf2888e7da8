"""The data map at ten million holdings: a person's whole view, the map from above, and registering more.

Most rows are put in as PostgreSQL puts in rows soonest, without looking at each, and are counted at the end; those of the people
who are looked at are registered as in life, some in each system, so that they lie as far apart as a scan leaves them. Beside the
figures their limits, measured in the same run: finding one row by its key, and a bare COPY of the same rows into a table without
an index.
"""

import asyncio
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import psycopg

from rightcall.actors import SYSTEM, Role
from rightcall.bench._asking import free_port, get, hammer, wait_for
from rightcall.clock import day_of
from rightcall.controllers.actions import create
from rightcall.controllers.model import NewController
from rightcall.database.connection import Transaction
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.ports import Ability
from rightcall.discovery.seen import actions as seeing
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import NewSystem, SystemName
from rightcall.holdings import actions as holdings
from rightcall.holdings.categories import Category
from rightcall.holdings.map.model import Cell
from rightcall.holdings.model import Holding, NewForeign, Provenance, Source, Term
from rightcall.holdings.places import Place
from rightcall.ids import ControllerId, HoldingId, ObjectId, PurposeId, SubjectId, SystemId, new_id
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import LawfulBasis, NewPurpose
from rightcall.settings import load_settings
from rightcall.staff.actions import create_token
from rightcall.subjects import actions as subjects
from rightcall.subjects import joining
from rightcall.wiring import House, open_house

_EACH = 20
"""Things held about one person."""
_SYSTEMS = 8
_LOOKED_AT = 1000
_BATCH = 20_000
_SORTS = (
    Category.NAME,
    Category.EMAIL_ADDRESS,
    Category.TELEPHONE_NUMBER,
    Category.PHYSICAL_ADDRESS,
    Category.BIRTH_DATE,
    Category.UID,
    Category.BANK_ACCOUNT,
    Category.PAYMENT_CARD_NUMBER,
    Category.COMMUNICATION,
    Category.PREFERENCE,
    Category.HEALTH,
    Category.OFFICIAL_ID,
)
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Estate:
    """Who is looked at, and where things lie."""

    house: House
    controller: ControllerId
    purpose: PurposeId
    people: tuple[SubjectId, ...]
    systems: tuple[SystemId, ...]
    objects: tuple[ObjectId, ...]


def run(*, calls: int = 10_000_000, registered: int = 200_000, tell: Tell | None = None) -> dict[str, object]:
    """`calls`: how many holdings. `registered`: how many more are registered to measure that."""
    say = tell or _silent
    with tempfile.TemporaryDirectory(prefix="rightcall-bench-") as folder:
        settings = load_settings(data=Path(folder))
        with open_house(settings) as house:
            began = time.perf_counter()
            estate = _people(house)
            _fill(estate, calls, say)
            filled = time.perf_counter() - began
            found: dict[str, object] = {"bench": "map", "holdings": calls, "filled_in_seconds": round(filled)}
            found["database_gib"] = round(_size(house) / (1 << 30), 2)
            found |= _views(estate) | _from_above(estate) | _over_http(estate, Path(folder))
            found |= _registering(estate, registered, say) | _by_two(estate, registered) | _bare(estate, registered)
            found["disk_left_gib"] = round(shutil.disk_usage(folder).free / (1 << 30), 1)
    goals = {"goal_view_ms_p95": 2, "goal_view_http_ms_p95": 20, "goal_map_ms": 100, "goal_registered_per_second": 20_000}
    return found | goals


def _people(house: House) -> _Estate:
    new = NewController(name="Example Energy", address="1 Example Street", contact="dpo@energy.example", jurisdictions=("EU",))
    with house.database.system() as tx:
        controller = create(tx, house.clock, new).id
    with house.database.transaction(controller) as tx:
        purpose = purposes.create_purpose(tx, house.clock, _PURPOSE, by=SYSTEM).id
        people = tuple(subjects.identify(tx, house.vault, house.clock, []) for _ in range(_LOOKED_AT))
        names = [SystemName(text=f"system-{nth}") for nth in range(_SYSTEMS)]
        ours = tuple(_system(tx, house, name) for name in names)
    return _Estate(
        house=house,
        controller=controller,
        purpose=purpose,
        people=people,
        systems=ours,
        objects=tuple(ObjectId(new_id()) for _ in range(_SYSTEMS)),
    )


def _system(tx: Transaction, house: House, name: SystemName) -> SystemId:
    """Never scanned, so that each answer says so; with findings of nobody, of every sort."""
    new = NewSystem(name=name, address=Personal(f"sqlite:///{name}.db"))
    made = systems.register(tx, house.vault, house.clock, new, abilities=frozenset({Ability.FIND}), by=SYSTEM).id
    for sort in _SORTS:
        tx.connection.execute(
            "INSERT INTO finding_counts (controller, system, category, slot, nobodys, waiting)"
            " VALUES (%s, %s, %s, gen_random_uuid(), 1000, 10)",
            (tx.of, made, sort.value),
        )
    return made


_PURPOSE = NewPurpose(
    key="service",
    title="Answer your questions",
    justification="Whoever calls expects to be known.",
    lawful_basis=LawfulBasis.CONTRACT,
    data_categories=("pd:TelephoneNumber",),
    may_use=frozenset({Role.AGENT}),
    term_days=365,
    dpv_purpose="dpv:CustomerCare",
)


def _fill(estate: _Estate, number: int, say: Tell) -> None:
    """System by system: the many, and then those who are looked at."""
    each = number // _SYSTEMS
    with psycopg.connect(estate.house.database.url) as connection:
        connection.execute(_EVERYBODY, {"controller": estate.controller, "people": number // _EACH})
    for nth in range(_SYSTEMS):
        say("Filling the map", nth * each, number)
        with psycopg.connect(estate.house.database.url) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(_MANY, _many(estate, nth, each, number // _EACH))
        mine = [_new(estate, person, nth) for person in estate.people for _ in range(2 + nth % 2)]
        _register(estate, mine)
    say("Counting", 0, 1)
    with psycopg.connect(estate.house.database.url) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in (_COUNT_PEOPLE, _COUNT, _COUNT_TERMS):
            connection.execute(statement, {"controller": estate.controller, "last": _subject(number // _EACH)})
    with psycopg.connect(estate.house.database.url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE holdings, holding_people, holding_counts, holding_terms")


def _many(estate: _Estate, nth: int, each: int, people: int) -> dict[str, object]:
    return {
        "controller": estate.controller,
        "system": estate.systems[nth],
        "object": estate.objects[nth],
        "statement": new_id(),
        "purpose": estate.purpose,
        "sorts": [sort.value for sort in _SORTS],
        "grave": [sort.sensitivity.value for sort in _SORTS],
        "first": nth * each,
        "last": (nth + 1) * each - 1,
        "people": people,
        "at": estate.house.clock.now(),
    }


def _subject(number: int) -> str:
    return f"01970000{number:08x}7000800000000000"


_EVERYBODY = """
INSERT INTO subjects (controller, subject, ambiguous, created_at)
SELECT %(controller)s, ('01970000' || lpad(to_hex(n), 8, '0') || '7000800000000000')::uuid, false, now()
  FROM generate_series(0, %(people)s::bigint - 1) AS n
"""
_MANY = """
INSERT INTO holdings (controller, holding, subject, kind, purposes, last_days, kept_until, made_at, mediatype, source, generation,
                      basis, actor, actor_role, object_key, statement, category, sensitivity, system, object, field, span_start,
                      span_end, sealed_place)
SELECT %(controller)s, ('01980000' || lpad(to_hex(n), 8, '0') || '7000800000000000')::uuid,
       ('01970000' || lpad(to_hex(n * 7919 %% %(people)s::bigint), 8, '0') || '7000800000000000')::uuid, 'field',
       CASE WHEN n %% 5 < 3 THEN ARRAY[%(purpose)s::uuid] ELSE '{}' END, CASE WHEN n %% 5 < 3 THEN ARRAY[day] ELSE '{}' END,
       CASE WHEN n %% 5 < 3 THEN day END, %(at)s::timestamptz, 'text/plain', 'scan', 0, NULL,
       '00000000-0000-0000-0000-000000000000', 'system', '', %(statement)s,
       (%(sorts)s::text[])[1 + n %% 12], (%(grave)s::text[])[1 + n %% 12], %(system)s, %(object)s, 'field_' || n %% 9, 0, 12,
       decode(repeat(md5(n::text), 2), 'hex')
  FROM (SELECT n, (%(at)s::timestamptz)::date + (n * 31 %% 730)::integer - 365 AS day
          FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n) AS numbered
"""
_COUNT_PEOPLE = """
INSERT INTO holding_people (controller, subject, system, category, sensitivity, items)
SELECT controller, subject, system, category, sensitivity, count(*)
  FROM holdings
 WHERE controller = %(controller)s AND subject < %(last)s::uuid
 GROUP BY controller, subject, system, category, sensitivity
"""
_COUNT = """
INSERT INTO holding_counts (controller, system, category, sensitivity, slot, items, people, without_purpose)
SELECT controller, system, category, sensitivity, gen_random_uuid(), count(*), count(DISTINCT subject),
       count(*) FILTER (WHERE cardinality(purposes) = 0)
  FROM holdings
 WHERE controller = %(controller)s AND subject < %(last)s::uuid
 GROUP BY controller, system, category, sensitivity
"""
_COUNT_TERMS = """
INSERT INTO holding_terms (controller, last_day, system, category, sensitivity, slot, items)
SELECT controller, kept_until, system, category, sensitivity, gen_random_uuid(), count(*)
  FROM holdings
 WHERE controller = %(controller)s AND subject < %(last)s::uuid AND kept_until IS NOT NULL
 GROUP BY controller, kept_until, system, category, sensitivity
"""


def _new(estate: _Estate, person: SubjectId, nth: int) -> NewForeign:
    last_day = day_of(estate.house.clock.now()) + timedelta(days=365)
    place = Place(
        system=estate.systems[nth], object=estate.objects[nth], field="phone", start=0, end=12, row=Personal("row 4711")
    )
    return NewForeign(
        id=HoldingId(new_id()),
        subject=person,
        category=random.choice(_SORTS),  # noqa: S311 - no secret
        place=place,
        terms=(Term(purpose=estate.purpose, last_day=last_day),),
        provenance=Provenance(source=Source.SCAN, actor=SYSTEM, at=estate.house.clock.now(), basis=LawfulBasis.CONTRACT),
    )


def _register(estate: _Estate, batch: Sequence[NewForeign]) -> float:
    """Seconds, to the commit."""
    began = time.perf_counter()
    with estate.house.database.transaction(estate.controller) as tx:
        holdings.register(tx, estate.house.vault, estate.house.clock, batch)
    return time.perf_counter() - began


def _views(estate: _Estate) -> dict[str, object]:
    """A person's whole view: the query and what is read of it; beside it, one row by its key."""
    with estate.house.database.transaction(estate.controller) as tx:
        known = [_of_person(tx, person) for person in estate.people]
        view = [_timed(partial(_of_person, tx, person)) for person in estate.people]
        keys = [each[0].id for each in known]
        by_key = [_timed(partial(_by_key, tx.connection, estate.controller, key)) for key in keys]
    return {
        "people": len(estate.people),
        "items_each": round(sum(map(len, known)) / len(known), 1),
        "view_ms_p50": _ms(view, 50),
        "view_ms_p95": _ms(view, 95),
        "row_by_key_ms_p50": _ms(by_key, 50),
        "row_by_key_ms_p95": _ms(by_key, 95),
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


def _look(estate: _Estate, tx: Transaction) -> list[Cell]:
    """With what is nobody's, and what is not known."""
    seeing.not_known(tx)
    return seeing.data_map(tx, estate.house.clock)


def _from_above(estate: _Estate) -> dict[str, object]:
    with estate.house.database.transaction(estate.controller) as tx:
        looks = [_timed(lambda: _look(estate, tx)) for _ in range(20)]
        cells = len(_look(estate, tx))
    return {"map_cells": cells, "map_ms_p50": _ms(looks, 50), "map_ms_p95": _ms(looks, 95)}


def _over_http(estate: _Estate, folder: Path) -> dict[str, object]:
    with estate.house.database.transaction(estate.controller) as tx:
        token = create_token(tx, estate.house.clock, role=Role.DPO, by=SYSTEM).secret
    with _web(folder) as port:
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


@contextmanager
def _web(folder: Path) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "rightcall", "serve", "--roles", "web", "--http", f"127.0.0.1:{port}", "--data", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own command
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=60)


def _registering(estate: _Estate, number: int, say: Tell) -> dict[str, object]:
    """Made ready before the clock runs; batch after batch on one connection. `cpu_us`: what one costs us and PostgreSQL together,
    which others' work on the machine does not change."""
    seconds, cpu, done = 0.0, 0.0, 0
    while done < number:
        say("Registering", done, number)
        batch = [_new(estate, estate.people[nth % _LOOKED_AT], nth % _SYSTEMS) for nth in range(min(_BATCH, number - done))]
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
    fields = Path(f"/proc/{backend}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _by_two(estate: _Estate, number: int) -> dict[str, object]:
    """The same on two connections at once, each with people of its own, as two workers register what they found."""
    batches = [
        [_new(estate, estate.people[2 * (nth % (_LOOKED_AT // 2)) + which % 2], nth % _SYSTEMS) for nth in range(_BATCH)]
        for which in range(number // _BATCH)
    ]
    with ThreadPoolExecutor(2) as two:
        began = time.perf_counter()
        list(two.map(lambda which: [_register(estate, each) for each in batches[which::2]], range(2)))
        seconds = time.perf_counter() - began
    return {"registered_by_two_per_second": round(len(batches) * _BATCH / seconds)}


def _bare(estate: _Estate, number: int) -> dict[str, object]:
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


def _silent(_what: str, _done: int, _of: int) -> None:
    """Nobody watches."""


def _timed(deed: Callable[[], object]) -> float:
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began


def _ms(seconds: Sequence[float], percent: int) -> float:
    ordered = sorted(seconds)
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] * 1000, 2)
