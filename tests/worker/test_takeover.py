"""A worker killed with -9: another goes on with what it left, within the time that is stated. What is told of it says so."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from rightcall.database.connection import Database
from rightcall.ids import ControllerId, new_id
from rightcall.procedures import actions
from rightcall.procedures.actions import DEAD_AFTER_SECONDS
from rightcall.procedures.model import State
from rightcall.procedures.schedules import SCHEDULES
from rightcall.worker.main import BEAT_SECONDS
from rightcall.worker.procedures import PROCEDURES
from rightcall.worker.schedules import DEEDS
from tests.cast import ADA_NAME
from tests.journeys.deployment import eventually

STATED_SECONDS = 30
"""docs/adr/0008."""


@contextmanager
def worker(url: str, executor: str, deed: str, controller: ControllerId, about: str) -> Iterator[subprocess.Popen[bytes]]:
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.worker.takeover_process", url, folder, executor, deed, str(controller), about]
        with subprocess.Popen(command) as process:
            try:
                yield process
            finally:
                process.kill()


def stands(database: Database, controller: ControllerId, id: str) -> tuple[State, str, int] | None:
    with database.transaction(controller) as tx:
        found = [each for each in actions.told(tx, tuple(State), None, 100) if each.id == id]
    return (found[0].state, found[0].worker, found[0].attempts) if found else None


def test_the_work_of_a_killed_worker_is_taken_over(database: Database, database_url: str, controller: ControllerId) -> None:
    assert BEAT_SECONDS + DEAD_AFTER_SECONDS < STATED_SECONDS
    about = str(new_id())
    id = f"of_a_test:{about}"
    with worker(database_url, "first", "hang", controller, about) as first:
        eventually(lambda: stands(database, controller, id) == (State.RUNNING, "first", 1) or None, 60, "it runs")
        with worker(database_url, "second", "go on", controller, about):
            os.kill(first.pid, signal.SIGKILL)
            eventually(lambda: stands(database, controller, id) == (State.DONE, "second", 2) or None, 90, "it is taken over")


def engine_failed(url: str, id: str) -> bool:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT status FROM dbos.workflow_status WHERE workflow_uuid = %s", (id,)).fetchone()
    return row == ("ERROR",)


@pytest.mark.parametrize("deed", ["foreign", "ours"])
def test_an_error_that_quotes_a_person_leaves_nothing_of_them(
    database: Database, database_url: str, controller: ControllerId, deed: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not in what the engine keeps of steps, arguments and results, not in what is told, and not in the log."""
    about = str(new_id())
    id = f"of_a_test:{about}"
    with worker(database_url, f"quotes-{deed}", deed, controller, about):
        eventually(lambda: (stands(database, controller, id) or [None])[0] == State.FAILED or None, 60, "it failed")
    with psycopg.connect(database_url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'dbos'").fetchall()
        kept = {
            name: connection.execute(
                psycopg.sql.SQL("SELECT t::text FROM dbos.{} t").format(psycopg.sql.Identifier(name))
            ).fetchall()
            for (name,) in tables
        }
    assert any(about in str(rows) for rows in kept.values()), "the engine keeps what it was given"
    assert [name for name, rows in kept.items() if ADA_NAME in str(rows)] == []
    assert ADA_NAME not in "".join(capfd.readouterr())
    with database.transaction(controller) as tx:
        assert ADA_NAME not in str(actions.get(tx, id))


def test_every_procedure_is_known_by_the_files_that_tell_of_it() -> None:
    told = (Path(__file__).parents[2] / "docs" / "reference" / "procedures.md").read_text(encoding="utf-8")
    assert [name for name in PROCEDURES if f"| `{name}` |" not in told] == []
    assert [each.name for each in SCHEDULES if f"| `{each.name}` |" not in told] == []
    assert list(DEEDS) == [each.name for each in SCHEDULES]
