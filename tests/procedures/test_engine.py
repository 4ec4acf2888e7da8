"""Killed between two steps: another worker goes on, the first step is not run again, and a second start changes nothing."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from rightcall.database.connection import Database
from rightcall.procedures import actions


@pytest.fixture
def own_database(database_url: str) -> str:
    """DBOS recovers whatever it finds in its database, so this test has one that it shares with nobody."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS procedures_test")
        connection.execute("CREATE DATABASE procedures_test")
    return database_url.replace("/rightcall?", "/procedures_test?")


def run_worker(url: str, executor: str, notes: Path, deed: str) -> int:
    command = [sys.executable, "-m", "tests.procedures.worker_process", url, executor, str(notes), deed]
    return subprocess.run(command, check=False, timeout=90).returncode


def test_another_worker_goes_on_where_one_was_killed(own_database: str, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.touch()
    assert run_worker(own_database, "one", notes, "die") == 9
    assert notes.read_text() == "one first\n"
    assert run_worker(own_database, "two", notes, "go on") == 0
    assert notes.read_text() == "one first\ntwo second argument\n"


def test_an_outage_never_ends_a_procedure(own_database: str, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.touch()
    assert run_worker(own_database, "one", notes, "outlast") == 0
    assert notes.read_text() == "one first\n" + "one outage\n" * 3 + "one second argument\n"


def test_a_worker_ends_while_a_step_waits_and_another_goes_on(own_database: str, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.touch()
    assert run_worker(own_database, "one", notes, "wait") == 0
    assert run_worker(own_database, "two", notes, "go on") == 0
    assert notes.read_text() == "one first\n" + "one outage\n" * 2 + "two second argument\n"


def test_what_failed_is_begun_again_from_its_first_step(own_database: str, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.touch()
    assert run_worker(own_database, "one", notes, "fail") == 0
    assert run_worker(own_database, "two", notes, "again") == 0
    assert notes.read_text() == "one first\none failed\ntwo first\ntwo second argument\n"


def test_a_silent_worker_is_no_longer_among_the_living(database: Database) -> None:
    with database.system() as tx:
        actions.beat(tx, "early")
        actions.beat(tx, "late")
        assert {"early", "late"} <= actions.living_workers(tx)
        tx.connection.execute("UPDATE workers SET seen_at = seen_at - interval '16 seconds' WHERE executor = 'early'")
        assert "early" not in actions.living_workers(tx)
        assert "late" in actions.living_workers(tx)
        actions.beat(tx, "early")
        assert "early" in actions.living_workers(tx)
        actions.sign_off(tx, "late")
        assert "late" not in actions.living_workers(tx)
