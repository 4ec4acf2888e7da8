"""How fast records are linked to people: records of a made-up estate, laid straight into the tables of findings, then linked page
by page as after a scan. Two in three records are about somebody who is known by the time they are looked at. Then the same as
after a scan that found nothing new, once what waits was looked at again.
"""

import hashlib
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import psycopg

from rightcall.adapters.keys.file import KeyFile
from rightcall.clock import SystemClock
from rightcall.database.connection import Database
from rightcall.database.embedded import ensure_running
from rightcall.database.migrate import migrate
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.clues import ClueKind
from rightcall.discovery.linking.model import Tally
from rightcall.discovery.revisiting import actions as revisiting
from rightcall.ids import ControllerId, SystemId, new_id
from rightcall.vault.actions import Vault

_SEED = 20261125


def run(*, records: int = 100_000) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        server = ensure_running(Path(folder) / "database")
        try:
            migrate(server.url)
            database = Database(server.url)
            try:
                return {"bench": "links", **_linking(database, server.url, Path(folder), records)}
            finally:
                database.close()
        finally:
            server.stop()


def _linking(database: Database, url: str, folder: Path, records: int) -> dict[str, object]:
    vault = Vault(KeyFile(folder / "keys", b"a passphrase for measuring"), SystemClock())
    vault.start(database)
    controller = _laid(url, records)
    tally, after, began = Tally(), None, time.perf_counter()
    while True:
        with database.transaction(controller) as tx:
            after = linking.link_next(tx, vault, SystemClock(), tally, after=after)
        if after is None:
            break
    seconds = time.perf_counter() - began
    _as_after_a_scan(database, vault, controller)
    began = time.perf_counter()
    _as_after_a_scan(database, vault, controller)
    return {
        "records": tally.records,
        "records_per_second": round(tally.records / seconds),
        "seconds": round(seconds, 1),
        "certain": tally.certain,
        "likely": tally.likely,
        "doubtful": tally.doubtful,
        "new": tally.new,
        "unlinked": sum(tally.unlinked.values()),
        "nothing_new_seconds": round(time.perf_counter() - began, 1),
    }


def _as_after_a_scan(database: Database, vault: Vault, controller: ControllerId) -> None:
    tally, after = Tally(), None
    while True:
        with database.transaction(controller) as tx:
            after = revisiting.link_next(tx, vault, SystemClock(), tally, after=after)
        if after is None:
            return


def _laid(url: str, records: int) -> ControllerId:
    """The estate, by its owner: nothing here is measured."""
    controller, system, object, purpose = ControllerId(new_id()), SystemId(new_id()), new_id(), new_id()
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO controllers (controller, name, address, contact, jurisdictions, created_at)"
            " VALUES (%s, 'Bench', 'Bench', 'bench', '{EU}', now())",
            (controller,),
        )
        connection.execute(
            "INSERT INTO purposes (controller, purpose, key, title, justification, lawful_basis, staff_basis, data_categories,"
            " may_use, term_days, dpv_purpose, on_withdrawal, created_at) VALUES (%s, %s, 'bench', 'Bench', 'bench',"
            " 'contract', 'contract', '{contact}', '{}', 30, 'dpv:ServiceProvision', 'keep', now())",
            (controller, purpose),
        )
        connection.execute(
            "INSERT INTO systems (controller, system, name, kind, key, sealed_address, abilities, owner, owner_role,"
            " registered_at, checked_at, statement) VALUES (%s, %s, 'bench', 'folder', %s, '', '{find}', %s, 'engineer', now(),"
            " now(), %s)",
            (controller, system, new_id(), new_id(), new_id()),
        )
        connection.execute(
            "INSERT INTO system_uses (controller, system, nth, objects, fields, purpose, term_from)"
            " VALUES (%s, %s, 1, '*', '*', %s, 'first_seen')",
            (controller, system, purpose),
        )
        connection.execute(
            "INSERT INTO system_objects (controller, object, system, mark, sealed_name, first_seen_at)"
            " VALUES (%s, %s, %s, %s, '', now())",
            (controller, object, system, bytes(32)),
        )
        with connection.cursor().copy(
            "COPY findings (controller, finding, system, object, record, mark, sealed_spot, type, category, confidence, why,"
            " clue_kinds, clues, first_scan, last_scan, first_seen_at) FROM STDIN"
        ) as copy:
            for record, clues in _records(records):
                copy.write_row(_row(controller, system, object, record, clues))
        connection.execute("ANALYZE findings")
    return controller


def _row(controller: UUID, system: UUID, object: UUID, record: UUID, clues: list[tuple[ClueKind, str]]) -> tuple[object, ...]:
    return (
        controller,
        new_id(),
        system,
        object,
        record,
        record.bytes * 2,
        b"",
        "person_name",
        "pd:Name",
        1.0,
        "bench",
        [kind.value for kind, _ in clues],
        [hashlib.sha256(f"{kind} {value}".encode()).digest() for kind, value in clues],
        record,
        record,
        "2026-11-25",
    )


def _records(number: int) -> Iterator[tuple[UUID, list[tuple[ClueKind, str]]]]:
    """Three records a person, two people a household."""
    dice = random.Random(_SEED)  # noqa: S311 - made-up data
    for _ in range(number):
        person = dice.randrange(number // 3)
        household = person // 2
        given, family = f"g{person % 211}", f"f{household % 9973}"
        clues = [
            (ClueKind.NAME_GIVEN, given),
            (ClueKind.NAME_INITIAL, given[:2]),
            (ClueKind.NAME_FAMILY, family),
            (ClueKind.NAME_FULL, f"{family}, {given}"),
        ]
        wanted = (
            (0.4, ClueKind.CUSTOMER_ID, f"c{person}"),
            (0.6, ClueKind.EMAIL, f"e{person}"),
            (0.7, ClueKind.TEL, f"t{household}"),
            (0.5, ClueKind.DATE_OF_BIRTH, f"d{person * 7919 % 20000}"),
            (0.6, ClueKind.POSTCODE_HOUSE, f"p{household}"),
        )
        clues.extend((kind, value) for chance, kind, value in wanted if dice.random() < chance)
        yield new_id(), clues
