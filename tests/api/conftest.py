"""The API as it runs, in front of a database of its own; one client for each role."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from rightcall.actors import SYSTEM, Role
from rightcall.adapters.keys.file import Cost, KeyFile
from rightcall.adapters.keys.signer import LedgerSigner
from rightcall.adapters.keys.vcon_signer import vcon_signer
from rightcall.api.app import Api, build, open_house
from rightcall.api.edge import Edge
from rightcall.clock import SystemClock
from rightcall.controllers.actions import create
from rightcall.controllers.model import Controller, NewController
from rightcall.database.connection import Database
from rightcall.database.migrate import migrate
from rightcall.policy.actions import load_rules
from rightcall.policy.model import RuleSet
from rightcall.recordings.tools import Tools
from rightcall.settings import load_settings
from rightcall.staff.actions import create_token
from rightcall.vault.actions import Vault
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


@cache
def routes() -> Api:
    """Built once, since that takes half a second: each test opens them for its own house."""
    return build()


class Client:
    """Asks the application as a web server would, in this process."""

    def __init__(self, app: Edge) -> None:
        self._transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.headers: dict[str, str] = {}

    def request(self, method: str, path: str, headers: dict[str, str] | None = None, **what: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url="http://rightcall.example") as client:
                return await client.request(method, path, headers={**self.headers, **(headers or {})}, **what)

        return asyncio.run(ask())

    def get(self, path: str, **what: Any) -> httpx.Response:
        return self.request("GET", path, **what)

    def post(self, path: str, **what: Any) -> httpx.Response:
        return self.request("POST", path, **what)


class Clients:
    """A client for each role, each with a token of its own; and one without any."""

    def __init__(self, house: RealHouse, company: Controller) -> None:
        self._house = house
        self._company = company
        self._app = open_house(routes(), as_house(house))
        self._made: dict[Role, Client] = {}
        self.controller = company.id
        self.stranger = Client(self._app)

    def of(self, role: Role) -> Client:
        if role not in self._made:
            with self._house.database.transaction(self._company.id) as tx:
                secret = create_token(tx, self._house.clock, role=role, by=SYSTEM).secret
            client = Client(self._app)
            client.headers["Authorization"] = f"Bearer {secret}"
            self._made[role] = client
        return self._made[role]

    @property
    def agent(self) -> Client:
        return self.of(Role.AGENT)

    @property
    def supervisor(self) -> Client:
        return self.of(Role.SUPERVISOR)

    @property
    def dpo(self) -> Client:
        return self.of(Role.DPO)

    @property
    def auditor(self) -> Client:
        return self.of(Role.AUDITOR)

    @property
    def engineer(self) -> Client:
        return self.of(Role.ENGINEER)


@pytest.fixture
def clients(house: RealHouse, company: Controller) -> Clients:
    return Clients(house, company)
