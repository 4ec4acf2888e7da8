"""A house that stands, for whoever tests a face: everything in it is real but the recorder and the object store."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
import uvicorn

from rightcall.adapters.keys.file import Cost, KeyFile
from rightcall.adapters.keys.signer import LedgerSigner
from rightcall.adapters.keys.vcon_signer import vcon_signer
from rightcall.clock import SystemClock
from rightcall.controllers.actions import create
from rightcall.controllers.model import Controller, NewController
from rightcall.database.connection import Database
from rightcall.database.migrate import migrate
from rightcall.policy.actions import load_rules
from rightcall.policy.model import RuleSet
from rightcall.recordings.tools import Tools
from rightcall.settings import load_settings
from rightcall.vault.actions import Vault
from rightcall.web.app import create_app
from rightcall.web.server import listen
from tests.api.fakes import FakeGates, RealHouse, as_house
from tests.recordings.fakes import FakeObjects, FakeRecorder


class SetClock:
    """Real time, unless `at` is set."""

    def __init__(self) -> None:
        self.at: datetime | None = None

    def now(self) -> datetime:
        return self.at or SystemClock().now()


@pytest.fixture(scope="session")
def api_database(database_url: str) -> Iterator[Database]:
    """A database of its own, since the vault's epochs belong to one key file."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE rightcall_api")
    url = database_url.replace("@/rightcall?", "@/rightcall_api?")
    migrate(url)
    database = Database(url)
    yield database
    database.close()


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> KeyFile:
    folder: Path = tmp_path_factory.mktemp("keys")
    return KeyFile(folder / "keys", b"a passphrase for tests", cost=Cost(n=16))


@pytest.fixture(scope="session")
def signer(tmp_path_factory: pytest.TempPathFactory, key_file: KeyFile) -> LedgerSigner:
    """One for the whole run, as the database's ledger is one."""
    return LedgerSigner(tmp_path_factory.mktemp("signer") / "ledger-key", key_file, "rightcall.example/ledger")


@pytest.fixture(scope="session")
def rules() -> RuleSet:
    return load_rules()


@pytest.fixture
def set_clock() -> SetClock:
    return SetClock()


@pytest.fixture
def house(
    api_database: Database, key_file: KeyFile, signer: LedgerSigner, rules: RuleSet, set_clock: SetClock, tmp_path: Path
) -> RealHouse:
    vault = Vault(key_file, set_clock)
    vault.start(api_database)
    objects = FakeObjects()
    recorder = FakeRecorder(Tools(vault=vault, clock=set_clock, rules=rules), objects)
    return RealHouse(
        settings=load_settings(data=tmp_path),
        clock=set_clock,
        database=api_database,
        keys=key_file,
        vault=vault,
        rules=rules,
        gates=FakeGates(api_database, recorder),
        objects=objects,
        signer=signer,
        vcon_signer=vcon_signer(tmp_path / "vcon-key", key_file, set_clock.now()),
    )


@pytest.fixture
def company(house: RealHouse) -> Controller:
    new = NewController(
        name="Example Energy",
        address="1 Example Street, Copenhagen",
        contact="dpo@energy.example",
        jurisdictions=("EU", "DK"),
    )
    with house.database.system() as tx:
        return create(tx, house.clock, new)


@contextmanager
def served(house: RealHouse) -> Iterator[str]:
    """The address at which every face of this house answers a browser."""
    listening = listen("127.0.0.1:0")
    with serving(house, listening):
        host, port = listening.getsockname()
        yield f"http://{host}:{port}"


@contextmanager
def serving(house: RealHouse, listening: socket.socket) -> Iterator[None]:
    config = uvicorn.Config(create_app(as_house(house)), lifespan="off", log_config=None, access_log=False, proxy_headers=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
