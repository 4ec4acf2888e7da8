"""Ada at her own page: a call of hers made through the API of a served house, and what she asks of the pages."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx

from rightcall.actors import SYSTEM, Role
from rightcall.controllers.model import Controller
from rightcall.staff.actions import create_token
from tests.api.conftest import Client, Clients
from tests.api.fakes import RealHouse
from tests.api.scene import Scene
from tests.cast import ADA_TEL
from tests.standing import SetClock, served

COOKIE = "__Host-rightcall-visit-"
"""What comes before the company."""


class Asking(Client):
    """As `Client`, over the wire: no event loop runs in the test's own thread."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.headers: dict[str, str] = {}

    def request(self, method: str, path: str, headers: dict[str, str] | None = None, **what: Any) -> httpx.Response:
        return httpx.request(method, self._address + path, headers={**self.headers, **(headers or {})}, timeout=30, **what)


class ServedClients(Clients):
    """The same of a house that is served."""

    def __init__(self, house: RealHouse, company: Controller, address: str) -> None:
        self._house = house
        self._company = company
        self._address = address
        self._made: dict[Role, Client] = {}
        self.controller = company.id
        self.stranger = Asking(address)

    def of(self, role: Role) -> Client:
        if role not in self._made:
            with self._house.database.transaction(self._company.id) as tx:
                secret = create_token(tx, self._house.clock, role=role, by=SYSTEM).secret
            self._made[role] = Asking(self._address)
            self._made[role].headers["Authorization"] = f"Bearer {secret}"
        return self._made[role]


@dataclass
class Browser:
    """Somebody's browser without a screen: it keeps the one cookie, and says where a form comes from."""

    address: str
    me: str
    headers: dict[str, str] = field(default_factory=lambda: {"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"})
    cookie: str = ""

    def get(self, rest: str = "", **what: Any) -> httpx.Response:
        return self._asked("GET", rest, **what)

    def post(self, rest: str, *, with_token: bool = True, **what: Any) -> httpx.Response:
        data = dict(what.pop("data", {}))
        if with_token:
            data.setdefault("token", self.token())
        return self._asked("POST", rest, data=data, **what)

    @property
    def _name(self) -> str:
        return COOKIE + self.me.rpartition("/")[2]

    def token(self) -> str:
        return self.get("home").text.partition('name="token" value="')[2].partition('"')[0] if self.cookie else ""

    def _asked(self, method: str, rest: str, **what: Any) -> httpx.Response:
        headers = {"Origin": self.address, **self.headers, **what.pop("headers", {})}
        if self.cookie:
            headers["Cookie"] = f"{self._name}={self.cookie}"
        place = rest if rest.startswith("/") else f"{self.me}/{rest}".rstrip("/")
        answer = httpx.request(method, self.address + place, headers=headers, timeout=30, **what)
        for set_cookie in answer.headers.get_list("set-cookie"):
            if set_cookie.startswith(f"{self._name}="):
                self.cookie = set_cookie.partition("=")[2].partition(";")[0].strip('"')
        return answer


def sign_in(house: RealHouse, browser: Browser, identifier: str = ADA_TEL) -> httpx.Response:
    before = len(house.codes.sent)
    asked = browser.post("code", data={"identifier": identifier}, with_token=False)
    assert asked.status_code == 303, asked.text
    return browser.post(asked.headers["location"], data={"digits": house.codes.digits(before + 1)}, with_token=False)


@contextmanager
def at_the_page(house: RealHouse, company: Controller) -> Iterator[tuple[ServedClients, Browser]]:
    with served(house) as address:
        yield ServedClients(house, company, address), Browser(address, f"/me/{company.id}")


@dataclass(frozen=True)
class Page:
    house: RealHouse
    company: Controller
    scene: Scene
    clients: ServedClients
    ada: Browser
    ben: Browser
    clock: SetClock

    @property
    def take(self) -> str:
        return str(self.scene.detail()["takes"][0]["id"])

    def later(self, seconds: int) -> None:
        self.clock.at = self.clock.now() + timedelta(seconds=seconds)

    def form(self, answer: str) -> dict[str, str]:
        """What the form of this answer sends."""
        text = self.ada.get("choices").text
        form = text.partition(f'/choices/{self.scene.purpose}/{answer}">')[2].partition("</form>")[0]
        return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))

    def say(self, answer: str, **changed: str) -> httpx.Response:
        return self.ada.post(f"choices/{self.scene.purpose}/{answer}", data=self.form(answer) | changed)
