"""A small log in its tables: whichever byte of it is flipped, the audit finds it."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.rows import dict_row

from rightcall.database.connection import Database, Transaction
from rightcall.errors import RightcallError
from rightcall.ids import ControllerId
from rightcall.ledger import actions
from rightcall.ledger.actions import Sequencer
from rightcall.ledger.audit import audit
from rightcall.ledger.checkpoint import key_of
from tests.conftest import FixedClock
from tests.ledger.fakes import ORIGIN, OTHER_SIGNER, SIGNER, observed

KEYS = (key_of(SIGNER),)


@pytest.fixture
def log(database: Database, database_url: str, controller: ControllerId, clock: FixedClock) -> Iterator[Transaction]:
    """Three entries under two checkpoints, seen by somebody who can change every table."""
    with psycopg.connect(database_url) as connection:
        connection.execute("TRUNCATE statements, tiles, checkpoints CASCADE")
        connection.execute("UPDATE ledger_head SET tree_size = 0, root = sha256(''::bytea)")
    for count in (2, 1):
        with database.transaction(controller) as tx:
            actions.append_all(tx, [observed(controller, number) for number in range(count)])
        Sequencer(database, SIGNER, ORIGIN, clock).run_once()
    with psycopg.connect(database_url, row_factory=dict_row) as intruder:
        intruder.execute("ALTER TABLE tiles DISABLE TRIGGER ALL")
        yield Transaction.on(intruder, None)
        intruder.rollback()


def test_a_whole_log_passes(log: Transaction) -> None:
    assert audit(log, KEYS, ORIGIN).size == 3


def test_a_log_of_many_tiles_passes(database: Database, log: Transaction, controller: ControllerId, clock: FixedClock) -> None:
    log.connection.rollback()
    with database.transaction(controller) as tx:
        actions.append_all(tx, [observed(controller, number) for number in range(5500)])
    Sequencer(database, SIGNER, ORIGIN, clock).run_once()
    assert audit(log, KEYS, ORIGIN).size == 5503


@pytest.mark.parametrize(
    ("table", "column", "key"),
    [
        ("statements", "leaf", "leaf_index"),
        ("tiles", "hashes", "number"),
        ("checkpoints", "root", "number"),
        ("checkpoints", "key", "number"),
        ("ledger_head", "root", "tree_size"),
    ],
)
def test_every_flipped_byte_in_the_tables_is_found(log: Transaction, table: str, column: str, key: str) -> None:
    rows = log.connection.execute(f"SELECT {key} AS key, octet_length({column}) AS length FROM {table}").fetchall()  # noqa: S608
    assert rows
    change = (
        f"UPDATE {table} SET {column} = set_byte({column}, %(place)s, get_byte({column}, %(place)s) # %(bit)s)"  # noqa: S608
        f" WHERE {key} = %(key)s"
    )
    for row in rows:
        for place in range(row["length"]):
            log.connection.execute("SAVEPOINT whole")
            log.connection.execute(change, {"place": place, "bit": 1 << place % 8, "key": row["key"]})
            with pytest.raises(RightcallError):
                audit(log, KEYS, ORIGIN)
            log.connection.execute("ROLLBACK TO whole")
    assert audit(log, KEYS, ORIGIN).size == 3


def test_every_flipped_byte_of_a_checkpoint_is_found(log: Transaction) -> None:
    rows = log.connection.execute("SELECT number, note FROM checkpoints").fetchall()
    for row in rows:
        note = row["note"].encode()
        for place in range(len(note)):
            bent = note[:place] + bytes([note[place] ^ 1 << place % 7]) + note[place + 1 :]
            if 0 in bent or bent.decode(errors="ignore").encode() != bent:
                continue
            log.connection.execute("SAVEPOINT whole")
            log.connection.execute("UPDATE checkpoints SET note = %s WHERE number = %s", (bent.decode(), row["number"]))
            with pytest.raises(RightcallError):
                audit(log, KEYS, ORIGIN)
            log.connection.execute("ROLLBACK TO whole")


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM statements WHERE leaf_index = 0",
        "DELETE FROM statements WHERE leaf_index = 2",
        "UPDATE statements SET leaf_index = 7 WHERE leaf_index = 2",
        "UPDATE statements SET leaf_index = CASE leaf_index WHEN 0 THEN 100 ELSE leaf_index END",
        "UPDATE statements SET kind = 'tests.other' WHERE leaf_index = 1",
        "UPDATE statements SET controller = gen_random_uuid() WHERE leaf_index = 1",
        "UPDATE statements SET statement = gen_random_uuid() WHERE leaf_index = 1",
        "DELETE FROM tiles",
        "DELETE FROM checkpoints WHERE tree_size = 3",
        "DELETE FROM checkpoints",
        "UPDATE checkpoints SET tree_size = 9 WHERE tree_size = 3",
        "UPDATE ledger_head SET tree_size = 2",
        "UPDATE ledger_head SET tree_size = 4",
    ],
)
def test_what_is_missing_moved_or_filed_wrongly_is_found(log: Transaction, change: str) -> None:
    log.connection.execute(change)
    with pytest.raises(RightcallError):
        audit(log, KEYS, ORIGIN)


def test_another_key_or_origin_does_not_pass(log: Transaction) -> None:
    with pytest.raises(RightcallError):
        audit(log, (key_of(OTHER_SIGNER),), ORIGIN)
    with pytest.raises(RightcallError):
        audit(log, KEYS, "ledger.example/other")
    assert audit(log, (key_of(OTHER_SIGNER), *KEYS), ORIGIN).size == 3
