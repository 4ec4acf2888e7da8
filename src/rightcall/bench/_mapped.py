"""A data map of ten million holdings in eight systems, for the benches that look at it.

Most rows are put in as PostgreSQL puts in rows soonest, without looking at each, and are counted at the end; those of the people
who are looked at are registered as in life, some in each system, so that they lie as far apart as a scan leaves them.
"""

import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg

from rightcall.actors import SYSTEM, Role
from rightcall.bench._asking import free_port, wait_for
from rightcall.bench._company import COMPANY
from rightcall.clock import day_of
from rightcall.controllers.actions import create
from rightcall.database.connection import Transaction
from rightcall.discovery.ports import Ability
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import NewSystem, SystemName
from rightcall.holdings import actions as holdings
from rightcall.holdings.categories import Category
from rightcall.holdings.map import actions as data_map
from rightcall.holdings.model import NewForeign, Provenance, Source, Term
from rightcall.holdings.places import Place
from rightcall.ids import ControllerId, HoldingId, ObjectId, PurposeId, SubjectId, SystemId, new_id
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import LawfulBasis, NewPurpose
from rightcall.subjects import actions as subjects
from rightcall.wiring import House

EACH = 20
"""Things held about one person."""
SYSTEMS = 8
LOOKED_AT = 1000
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
class Estate:
    """Who is looked at, and where things lie."""

    house: House
    controller: ControllerId
    purpose: PurposeId
    people: tuple[SubjectId, ...]
    systems: tuple[SystemId, ...]
    objects: tuple[ObjectId, ...]


def make_estate(house: House, of: ControllerId | None = None, *, looked_at: int = LOOKED_AT) -> Estate:
    """Of a company that is there already, or of a new one; with so many people who are looked at."""
    controller = of or _company(house)
    with house.database.transaction(controller) as tx:
        purpose = purposes.create_purpose(tx, house.clock, _PURPOSE, by=SYSTEM).id
        people = tuple(subjects.identify(tx, house.vault, house.clock, []) for _ in range(looked_at))
        names = [SystemName(text=f"system-{nth}") for nth in range(SYSTEMS)]
        ours = tuple(_system(tx, house, name) for name in names)
    return Estate(
        house=house,
        controller=controller,
        purpose=purpose,
        people=people,
        systems=ours,
        objects=tuple(ObjectId(new_id()) for _ in range(SYSTEMS)),
    )


def _company(house: House) -> ControllerId:
    with house.database.system() as tx:
        return create(tx, house.clock, COMPANY).id


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


def fill(estate: Estate, number: int, say: Tell) -> None:
    """System by system: the many, and then those who are looked at."""
    each = number // SYSTEMS
    with psycopg.connect(estate.house.database.url) as connection:
        connection.execute(_EVERYBODY, {"controller": estate.controller, "people": number // EACH})
    for nth in range(SYSTEMS):
        say("Filling the map", nth * each, number)
        with psycopg.connect(estate.house.database.url) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(_MANY, _many(estate, nth, each, number // EACH))
        mine = [new_foreign(estate, person, nth) for person in estate.people for _ in range(2 + nth % 2)]
        register(estate, mine)
    say("Counting", 0, 1)
    with psycopg.connect(estate.house.database.url) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in (_COUNT, _COUNT_TERMS):
            connection.execute(statement, {"controller": estate.controller, "last": _subject(number // EACH)})
    with psycopg.connect(estate.house.database.url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE holdings, holding_counts, holding_terms")
    with estate.house.database.transaction(estate.controller) as tx:
        data_map.count_people(tx, estate.house.clock)


def _many(estate: Estate, nth: int, each: int, people: int) -> dict[str, object]:
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
_COUNT = """
INSERT INTO holding_counts (controller, system, category, sensitivity, slot, items, without_purpose)
SELECT controller, system, category, sensitivity, gen_random_uuid(), count(*),
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


def new_foreign(estate: Estate, person: SubjectId, nth: int) -> NewForeign:
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


def register(estate: Estate, batch: Sequence[NewForeign]) -> float:
    """Seconds, to the commit."""
    began = time.perf_counter()
    with estate.house.database.transaction(estate.controller) as tx:
        holdings.register(tx, estate.house.vault, estate.house.clock, batch)
    return time.perf_counter() - began


def silent(_what: str, _done: int, _of: int) -> None:
    """Nobody watches."""


@contextmanager
def web(folder: Path) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "rightcall", "serve", "--roles", "web", "--http", f"127.0.0.1:{port}", "--data", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own command
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=60)
