"""A day on which a million things expire: how soon they are dark, how fast bytes and rows go, and what calls feel of it.

Most holdings are put in as PostgreSQL puts in rows soonest, each with a lock of its own under the day's one key and a file of
its own; a few are kept as in life, to see that they open before and not after. Beside the figures their limit, in the same run:
deleting as many rows, in the same pages, from a plain table that has only its key, and as many files.
"""

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import psycopg

from rightcall.actors import SYSTEM, Role
from rightcall.canonical import Json
from rightcall.clock import SystemClock, day_of
from rightcall.controllers.actions import create
from rightcall.controllers.model import NewController
from rightcall.erasure.disposal import Disposer
from rightcall.erasure.procedure import Eraser
from rightcall.ids import ControllerId, GrantId, HoldingId, PartyId, PurposeId, SubjectId, new_id
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import LawfulBasis, NewPurpose
from rightcall.retention import actions as retention
from rightcall.retention.procedure import Disposals
from rightcall.settings import load_settings
from rightcall.subjects import actions as subjects
from rightcall.vault.actions import Vault
from rightcall.vault.model import ContentKey, Lock
from rightcall.wiring import House, open_house

_SLICE = 100_000
_PAGE = 5000
_STARTS_APART = 0.02
"""Seconds from one call that begins to be kept to the next, while all this goes on: 50 calls a second."""
Tell = Callable[[str, int, int], None]
T = TypeVar("T", bound=Json)


@dataclass(slots=True)
class _Clock:
    """The time, which may be set ahead."""

    ahead: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return SystemClock().now() + self.ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class _Estate:
    house: House
    clock: _Clock
    vault: Vault
    controller: ControllerId
    purpose: PurposeId
    subject: SubjectId
    grant: GrantId
    last_day: date
    folder: Path


def run(*, calls: int = 1_000_000, tell: Tell | None = None) -> dict[str, object]:
    """`calls`: how many holdings expire."""
    say = tell or _silent
    with tempfile.TemporaryDirectory(prefix="rightcall-bench-") as folder, open_house(load_settings(data=Path(folder))) as house:
        began = time.perf_counter()
        estate = _estate(house, Path(folder))
        sample = [_keep(estate, estate.last_day) for _ in range(20)]
        _fill(estate, calls, say)
        found: dict[str, object] = {"bench": "terms", "expiring": calls, "filled_in_seconds": round(time.perf_counter() - began)}
        if _opening(estate, sample) != len(sample):
            raise AssertionError("what is kept does not open before its day is over")
        found |= _undisturbed(estate)
        estate.clock.ahead = timedelta(days=2)
        found["dark_ms"] = round(_end(estate) * 1000, 1)
        if _opening(estate, sample):
            raise AssertionError("what is over opens still")
        say("Reclaiming", 0, calls)
        found |= _reclaimed(estate, calls) | _plain(estate, calls)
    return found | {"goal_dark_ms": 1000, "goal_reclaimed_per_second": 50_000}


def _estate(house: House, folder: Path) -> _Estate:
    clock = _Clock()
    vault = Vault(house.keys, clock)
    new = NewController(name="Example Energy", address="1 Example Street", contact="dpo@energy.example", jurisdictions=("EU",))
    with house.database.system() as tx:
        controller = create(tx, clock, new).id
    with house.database.transaction(controller) as tx:
        purpose = purposes.create_purpose(tx, clock, _PURPOSE, by=SYSTEM).id
        subject = subjects.identify(tx, vault, clock, [])
        grant = vault.open_grant(tx, subject=subject, party=PartyId(new_id()), purpose=purpose)
    return _Estate(
        house=house,
        clock=clock,
        vault=vault,
        controller=controller,
        purpose=purpose,
        subject=subject,
        grant=grant,
        last_day=day_of(clock.now()) + timedelta(days=1),
        folder=folder / "objects",
    )


_PURPOSE = NewPurpose(
    key="training",
    title="Improve how we train agents",
    justification="Agents learn from calls.",
    lawful_basis=LawfulBasis.CONSENT,
    data_categories=("pd:VoiceCommunicationRecording",),
    may_use=frozenset({Role.SUPERVISOR}),
    term_days=30,
    dpv_purpose="dpv:PersonnelManagement",
)


def _keep(estate: _Estate, last_day: date) -> HoldingId:
    """As the beginning of a recording does: its content key under the grant and the day."""
    holding = HoldingId(new_id())
    with estate.house.database.transaction(estate.controller) as tx:
        lock = Lock(purpose=estate.purpose, last_day=last_day, grants=(estate.grant,))
        estate.vault.lock_content(tx, holding=holding, locks=[lock])
    return holding


def _opening(estate: _Estate, sample: list[HoldingId]) -> int:
    with estate.house.database.transaction(estate.controller) as tx:
        keys = [estate.vault.unlock_content(tx, holding=each, purpose=estate.purpose) for each in sample]
    return sum(isinstance(key, ContentKey) for key in keys)


def _fill(estate: _Estate, number: int, say: Tell) -> None:
    """Rows, locks and files, slice by slice."""
    place = estate.folder / str(estate.controller)
    place.mkdir(parents=True, mode=0o700, exist_ok=True)
    for start in range(0, number, _SLICE):
        say("Keeping", start, number)
        end = min(start + _SLICE, number)
        values = {
            "controller": estate.controller,
            "subject": estate.subject,
            "purpose": estate.purpose,
            "day": estate.last_day,
            "grant": estate.grant,
            "first": start,
            "last": end - 1,
            "at": estate.clock.now(),
            "statement": new_id(),
        }
        with psycopg.connect(estate.house.database.url) as connection:
            connection.execute("SET session_replication_role = replica")
            for statement in (_HOLDINGS, _LOCKS):
                connection.execute(statement, values)
        for nth in range(start, end):
            (place / _name(nth)).write_bytes(b"sealed")
    with psycopg.connect(estate.house.database.url, autocommit=True) as connection:
        connection.execute(_COUNT, {"controller": estate.controller})
        connection.execute(_COUNT_TERMS, {"controller": estate.controller})
        connection.execute(_COUNT_PEOPLE, {"controller": estate.controller})
        connection.execute("VACUUM ANALYZE")


def _name(nth: int) -> str:
    return f"01980000-{nth >> 16:04x}-{nth & 0xFFFF:04x}-8000-000000000000"


_ID = "('01980000' || lpad(to_hex(n), 8, '0') || '8000000000000000')::uuid"
_HOLDINGS = f"""
INSERT INTO holdings (controller, holding, subject, kind, purposes, last_days, kept_until, made_at, mediatype, source, generation,
                      basis, actor, actor_role, object_key, statement, category, sensitivity, completed_at, sealed_length,
                      complete, sha256)
SELECT %(controller)s, {_ID}, %(subject)s, 'stream', ARRAY[%(purpose)s::uuid], ARRAY[%(day)s::date], %(day)s::date, %(at)s,
       'audio/wav', 'siprec', 0, 'consent', '00000000-0000-0000-0000-000000000000', 'system',
       %(controller)s::text || '/' || {_ID}, %(statement)s, 'pd:VoiceCommunicationRecording', 'ordinary', %(at)s, 6, true,
       sha256('sealed')
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
"""  # noqa: S608 - our own words
_LOCKS = f"""
INSERT INTO content_locks (controller, holding, purpose, last_day, nth, grants, wrapped)
SELECT %(controller)s, {_ID}, %(purpose)s, %(day)s, 1, ARRAY[%(grant)s::uuid], decode(repeat('00', 61), 'hex')
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
"""  # noqa: S608 - our own words
_COUNT_PEOPLE = """
INSERT INTO holding_people (controller, subject, system, category, sensitivity, items)
SELECT controller, subject, '00000000-0000-0000-0000-000000000000', category, sensitivity, count(*)
  FROM holdings WHERE controller = %(controller)s GROUP BY controller, subject, category, sensitivity
"""
_COUNT = """
INSERT INTO holding_counts (controller, system, category, sensitivity, slot, items, people, without_purpose)
SELECT controller, '00000000-0000-0000-0000-000000000000', category, sensitivity, gen_random_uuid(), count(*), 1, 0
  FROM holdings WHERE controller = %(controller)s GROUP BY controller, category, sensitivity
"""
_COUNT_TERMS = """
INSERT INTO holding_terms (controller, last_day, system, category, sensitivity, slot, items)
SELECT controller, kept_until, '00000000-0000-0000-0000-000000000000', category, sensitivity, gen_random_uuid(), count(*)
  FROM holdings WHERE controller = %(controller)s GROUP BY controller, kept_until, category, sensitivity
"""


def _end(estate: _Estate) -> float:
    """Seconds, to the commit."""
    began = time.perf_counter()
    with estate.house.database.transaction(estate.controller) as tx:
        if retention.end_due_terms(tx, estate.vault, estate.clock) != 1:
            raise AssertionError("the day's one key did not end")
    return time.perf_counter() - began


def _undisturbed(estate: _Estate) -> dict[str, object]:
    with _starting(estate) as took:
        time.sleep(10)
    return {"call_start_ms_p50_alone": _ms(took, 50), "call_start_ms_p99_alone": _ms(took, 99)}


def _reclaimed(estate: _Estate, number: int) -> dict[str, object]:
    house = estate.house
    disposer = Disposer(database=house.database, vault=estate.vault, objects=house.objects, clock=estate.clock)
    eraser = Eraser(disposer=disposer, tools=house.tools, gates=house.gates, epoch_days=house.settings.epoch_days)
    with _starting(estate) as took:
        began = time.perf_counter()
        gone = Disposals(eraser=eraser).of_term(_Inline(), str(estate.controller), estate.last_day.isoformat())
        seconds = time.perf_counter() - began
    left = sum(1 for _ in os.scandir(estate.folder / str(estate.controller)))
    if gone != number or left:
        raise AssertionError(f"{gone} of {number} went, and {left} files are left")
    return {
        "reclaimed": gone,
        "reclaimed_per_second": round(number / seconds),
        "call_start_ms_p50_beside": _ms(took, 50),
        "call_start_ms_p99_beside": _ms(took, 99),
    }


class _Inline:
    """Steps that nobody remembers."""

    def run(self, name: str, deed: Callable[[], T]) -> T:  # noqa: ARG002 - the port's shape
        return deed()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


@contextmanager
def _starting(estate: _Estate) -> Iterator[list[float]]:
    """Calls that begin to be kept, each on its own transaction; how many seconds each took."""
    over, took = threading.Event(), list[float]()
    last_day = estate.last_day + timedelta(days=30)

    def start() -> None:
        while not over.wait(_STARTS_APART):
            began = time.perf_counter()
            _keep(estate, last_day)
            took.append(time.perf_counter() - began)

    thread = threading.Thread(target=start)
    thread.start()
    try:
        yield took
    finally:
        over.set()
        thread.join()


def _plain(estate: _Estate, number: int) -> dict[str, object]:
    """As many rows from a table with nothing but its key, in pages as large, and as many files."""
    place = estate.folder / "plain"
    place.mkdir()
    for nth in range(number):
        (place / _name(nth)).write_bytes(b"sealed")
    with psycopg.connect(estate.house.database.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE bench_plain AS SELECT * FROM holdings")
        connection.execute("ALTER TABLE bench_plain ADD PRIMARY KEY (controller, holding)")
        began = time.perf_counter()
        pages = [_name(start) for start in range(0, number, _PAGE)]
        for first, behind in zip(pages, [*pages[1:], "ffffffff-ffff-ffff-ffff-ffffffffffff"], strict=True):
            connection.execute(_DELETE, (estate.controller, first, behind))
        deleted = time.perf_counter() - began
    began = time.perf_counter()
    for nth in range(number):
        os.unlink(place / _name(nth))
    unlinked = time.perf_counter() - began
    return {"plain_per_second": round(number / (deleted + unlinked))}


_DELETE = "DELETE FROM bench_plain WHERE controller = %s AND holding >= %s AND holding < %s"


def _silent(_what: str, _done: int, _of: int) -> None:
    """Nobody watches."""


def _ms(seconds: list[float], percent: int) -> float:
    ordered = sorted(seconds)
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] * 1000, 2)
