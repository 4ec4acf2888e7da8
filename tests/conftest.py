"""A real PostgreSQL for every test that asks: started once a run, migrated as in life; each test has a controller of its own."""

import contextlib
import gc
import logging
import os
import sys
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import httpx
import psycopg
import pytest
from hypothesis import HealthCheck, settings

from rightcall.adapters.keys import file
from rightcall.adapters.keys.file import Cost, KeyFile
from rightcall.database.connection import Database, Transaction
from rightcall.database.embedded import ensure_running
from rightcall.database.migrate import migrate
from rightcall.ids import ControllerId, new_id
from rightcall.telemetry import OURS
from rightcall.vault.actions import Vault
from tests.cast import MONDAY, Roll

pytest_plugins = ["tests.browser", "tests.standing"]

# How long an example takes says how busy the machine is.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was loaded stays: whoever looks for garbage need not look there again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where CI runs them, a test that was skipped or was let fail fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") != "true" or reporter is None:
        return
    left_out = [report.nodeid for sort in ("skipped", "xfailed") for report in reporter.stats.get(sort, ())]
    if left_out and session.exitstatus == pytest.ExitCode.OK:
        reporter.write_line(f"Left out, so this run has failed: {', '.join(left_out)}")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


class FixedClock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.at = MONDAY

    def now(self):  # type: ignore[no-untyped-def]  # Clock's own signature
        return self.at


@pytest.fixture(scope="session", autouse=True)
def _cheap_keys() -> Iterator[None]:
    """A key file that is made here costs little to open, in every process: houses are opened hundreds of times."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file, "USUAL", Cost(n=16))
        yield


@pytest.fixture(scope="session", autouse=True)
def _trust_read_once() -> Iterator[None]:
    """Whom a client of httpx trusts is read by the first: that takes 40 ms, and clients are made by the thousand."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("httpx._transports.default.create_ssl_context", cache(httpx.create_ssl_context))
        yield


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """A command that ran here has set its own logging: the next test hears what it would hear alone."""
    root, ours = logging.getLogger(), logging.getLogger(OURS)
    handlers, levels, raising = root.handlers[:], (root.level, ours.level), logging.raiseExceptions
    hooks = (sys.excepthook, threading.excepthook)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    ours.setLevel(levels[1])
    logging.raiseExceptions = raising
    logging.captureWarnings(False)
    sys.excepthook, threading.excepthook = hooks


def forget_with_the_power(url: str) -> None:
    """Nothing here outlives the run, so nothing waits for the disk."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("database")
    server = ensure_running(folder)
    try:
        forget_with_the_power(server.url)
        migrate(server.url)
        yield server.url
    finally:
        server.stop()


@pytest.fixture(scope="session")
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def controller(database_url: str) -> ControllerId:
    """A controller that this test alone knows."""
    controller = ControllerId(new_id())
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO controllers (controller, name, address, contact, jurisdictions, created_at)"
            " VALUES (%s, 'Example Energy', '1 Example Street, Copenhagen', 'dpo@energy.example', '{EU,DK}', now())",
            (controller,),
        )
    return controller


@pytest.fixture
def tx(database: Database, controller: ControllerId) -> Iterator[Transaction]:
    """An open transaction, rolled back when the test ends."""
    with contextlib.suppress(Roll), database.transaction(controller) as tx:
        yield tx
        raise Roll


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyFile:
    """The key service of `database`: an epoch's key is known to one service only, so whoever uses that database uses this one."""
    return KeyFile(tmp_path_factory.mktemp("keys") / "keys", b"a passphrase for tests", cost=Cost(n=16))


@pytest.fixture
def vault(database: Database, keys: KeyFile, clock: FixedClock) -> Vault:
    vault = Vault(keys, clock)
    vault.start(database)
    return vault
