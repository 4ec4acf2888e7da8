"""A controller, many things kept about one person or many, each with a lock of its own: for the benches that let go.

Most are put in as PostgreSQL puts in rows soonest; a few are kept as in life, to see that they open before and not after.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import psycopg

from rightcall.actors import SYSTEM
from rightcall.bench._company import COMPANY, TRAINING
from rightcall.canonical import Json
from rightcall.clock import SystemClock, day_of
from rightcall.controllers.actions import create
from rightcall.holdings.together import key_of
from rightcall.ids import ControllerId, GrantId, HoldingId, PartyId, PurposeId, SubjectId, new_id
from rightcall.procedures.model import Reached
from rightcall.purposes import actions as purposes
from rightcall.subjects import actions as subjects
from rightcall.vault.actions import Vault
from rightcall.vault.model import ContentKey, Lock
from rightcall.wiring import House

_SLICE = 100_000
_LANES = 8
_FIRST_MS = 0x019800000000
"""When the first of them began, in July 2025."""
Tell = Callable[[str, int, int], None]
T = TypeVar("T", bound=Json)


@dataclass(slots=True)
class Clock:
    """The time, which may be set ahead."""

    ahead: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return SystemClock().now() + self.ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class Estate:
    house: House
    clock: Clock
    vault: Vault
    controller: ControllerId
    purpose: PurposeId
    subject: SubjectId
    grant: GrantId
    last_day: date
    folder: Path


def make_estate(house: House, folder: Path) -> Estate:
    clock = Clock()
    vault = Vault(house.keys, clock)
    with house.database.system() as tx:
        controller = create(tx, clock, COMPANY).id
    with house.database.transaction(controller) as tx:
        purpose = purposes.create_purpose(tx, clock, TRAINING, by=SYSTEM).id
        subject = subjects.identify(tx, vault, clock, [])
        grant = vault.open_grant(tx, subject=subject, party=PartyId(new_id()), purpose=purpose)
    return Estate(
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


def keep(estate: Estate, last_day: date) -> HoldingId:
    """As the beginning of a recording does: its content key under the grant and the day."""
    holding = HoldingId(new_id())
    with estate.house.database.transaction(estate.controller) as tx:
        lock = Lock(purpose=estate.purpose, last_day=last_day, grants=(estate.grant,))
        estate.vault.lock_content(tx, holding=holding, locks=[lock])
    return holding


def opening(estate: Estate, sample: list[HoldingId]) -> int:
    with estate.house.database.transaction(estate.controller) as tx:
        keys = [estate.vault.unlock_content(tx, holding=each, purpose=estate.purpose) for each in sample]
    return sum(isinstance(key, ContentKey) for key in keys)


def fill(estate: Estate, number: int, say: Tell, *, apart_ms: int = 29, beside: bool = False, of_each: int | None = None) -> None:
    """Rows, locks and bytes, slice by slice. `apart_ms`: between the beginnings of two, 1,000,000 in eight hours; `beside`: with
    somebody else's, of which nothing is on the map, behind each; `of_each`: so many of one person and then of the next, whose ids
    are in no order; None: all of the estate's own."""
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
            "apart": apart_ms,
            "at": estate.clock.now(),
            "statement": new_id(),
            "of_each": of_each,
        }
        with psycopg.connect(estate.house.database.url) as connection:
            connection.execute("SET session_replication_role = replica")
            for statement in (_HOLDINGS, _LOCKS):
                connection.execute(statement, values)
        names = [name_of(nth, apart_ms) for nth in range(start, end)]
        _store(estate, names + [_another(name) for name in names] if beside else names)
    with psycopg.connect(estate.house.database.url, autocommit=True) as connection:
        connection.execute(_PEOPLE, {"controller": estate.controller, "at": estate.clock.now()})
        connection.execute(_COUNT, {"controller": estate.controller})
        connection.execute(_COUNT_TERMS, {"controller": estate.controller})
        connection.execute("VACUUM ANALYZE")


def _store(estate: Estate, names: list[str]) -> None:
    """By the store's own door, each on the disk before the next."""
    file = estate.folder.with_name("sealed")
    file.write_bytes(b"sealed")
    keys = [key_of(estate.controller, HoldingId(UUID(name)), estate.last_day) for name in names]
    with ThreadPoolExecutor(_LANES) as lanes:
        in_one = -(-len(keys) // _LANES)
        for done in [lanes.submit(_put, estate, file, keys[start : start + in_one]) for start in range(0, len(keys), in_one)]:
            done.result()


def _put(estate: Estate, file: Path, keys: list[str]) -> None:
    for key in keys:
        estate.house.objects.put_file(key, file)


def name_of(nth: int, apart_ms: int = 29) -> str:
    """In the form of ids, with the time at which it was begun."""
    return str(UUID(hex=f"{_FIRST_MS + nth * apart_ms:012x}70008000{nth:012x}"))


def _another(name: str) -> str:
    return f"{name[:-12]}f{name[-11:]}"


_ID = f"(lpad(to_hex({_FIRST_MS} + n * %(apart)s::bigint), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid"
_MINUTE = f"""to_char(to_timestamp(({_FIRST_MS} + n * %(apart)s::bigint) / 1000) AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MI')"""
_HOLDINGS = f"""
INSERT INTO holdings (controller, holding, subject, kind, purposes, last_days, kept_until, made_at, mediatype, source, generation,
                      basis, actor, actor_role, object_key, statement, category, sensitivity, completed_at, sealed_length,
                      complete, sha256)
SELECT %(controller)s, {_ID}, coalesce(md5((n / %(of_each)s::bigint)::text)::uuid, %(subject)s), 'stream',
       ARRAY[%(purpose)s::uuid], ARRAY[%(day)s::date], %(day)s::date, %(at)s,
       'audio/wav', 'siprec', 0, 'consent', '00000000-0000-0000-0000-000000000000', 'system',
       concat_ws('/', %(controller)s::text, %(day)s::date, {_MINUTE}, {_ID}), %(statement)s, 'pd:VoiceCommunicationRecording',
       'ordinary', %(at)s, 6, true, sha256('sealed')
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
"""  # noqa: S608 - our own words
_LOCKS = f"""
INSERT INTO content_locks (controller, holding, purpose, last_day, nth, grants, wrapped)
SELECT %(controller)s, {_ID}, %(purpose)s, %(day)s, 1, ARRAY[%(grant)s::uuid], decode(repeat('00', 61), 'hex')
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
"""  # noqa: S608 - our own words
_PEOPLE = """
INSERT INTO subjects (controller, subject, ambiguous, created_at)
SELECT DISTINCT controller, subject, false, %(at)s::timestamptz
  FROM holdings WHERE controller = %(controller)s
    ON CONFLICT DO NOTHING
"""
_COUNT = """
INSERT INTO holding_counts (controller, system, category, sensitivity, slot, items, without_purpose)
SELECT controller, '00000000-0000-0000-0000-000000000000', category, sensitivity, gen_random_uuid(), count(*), 0
  FROM holdings WHERE controller = %(controller)s GROUP BY controller, category, sensitivity
"""
_COUNT_TERMS = """
INSERT INTO holding_terms (controller, last_day, system, category, sensitivity, slot, items)
SELECT controller, kept_until, '00000000-0000-0000-0000-000000000000', category, sensitivity, gen_random_uuid(), count(*)
  FROM holdings WHERE controller = %(controller)s GROUP BY controller, kept_until, category, sensitivity
"""


def spent_by(backend: int) -> float:
    """Seconds of processor that a backend of PostgreSQL on this machine has had, as its scheduler counts them."""
    return int(Path(f"/proc/{backend}/schedstat").read_text(encoding="utf-8").split()[0]) / 1e9


def backends(house: House) -> list[int]:
    """Of the house's connections."""
    with psycopg.connect(house.database.url) as connection:
        rows = connection.execute("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND client_port IS NOT NULL")
        return [pid for (pid,) in rows]


class Inline:
    """Steps that nobody remembers."""

    def run(self, name: str, deed: Callable[[], T]) -> T:  # noqa: ARG002 - the port's shape
        return deed()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def reached(self, figures: Callable[[], Reached]) -> None:
        """Nobody looks."""
