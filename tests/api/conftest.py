"""The API as it runs, in front of a database of its own; one client for each role."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from rightcall.actors import SYSTEM, Role
from rightcall.api.app import create_api
from rightcall.api.edge import Edge
from rightcall.controllers.model import Controller
from rightcall.house import House
from rightcall.staff.actions import create_token
from rightcall.telemetry import metrics
from tests.api.fakes import RealHouse, as_house

# What a browser or Prometheus says who asks the machine that it is on.
ON_THIS_MACHINE = {"Host": "localhost:8740"}


def api_of(house: House) -> Edge:
    """The API alone, with its edge around it."""
    return Edge(create_api(house), metrics())


class Client:
    """Asks the application as a web server would, in this process."""

    def __init__(self, app: Edge) -> None:
        self._transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.headers: dict[str, str] = {}

    def request(self, method: str, path: str, headers: dict[str, str] | None = None, **what: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url="http://rightcall.example") as client:
                return await client.request(method, path, headers={**self.headers, **(headers or {})}, **what)

        # In a thread of its own: where a browser is driven, this one has an event loop already.
        with ThreadPoolExecutor(1) as beside:
            return beside.submit(asyncio.run, ask()).result()

    def get(self, path: str, **what: Any) -> httpx.Response:
        return self.request("GET", path, **what)

    def post(self, path: str, **what: Any) -> httpx.Response:
        return self.request("POST", path, **what)


class Clients:
    """A client for each role, each with a token of its own; and one without any."""

    def __init__(self, house: RealHouse, company: Controller) -> None:
        self._house = house
        self._company = company
        self._app = api_of(as_house(house))
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
    def reviewer(self) -> Client:
        return self.of(Role.REVIEWER)

    @property
    def engineer(self) -> Client:
        return self.of(Role.ENGINEER)


@pytest.fixture
def clients(house: RealHouse, company: Controller) -> Clients:
    return Clients(house, company)
