"""A package, through the API: made, handed over by the DPO, and taken by whoever has the link and the code, with nothing else."""

import io
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from rightcall.clock import SystemClock
from rightcall.requests.packages.rules import LINK_HOLDS, OPEN_FOR
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.packaging import make_package
from tests.api.scene import done, ring
from tests.cast import ADA_NAME
from tests.standing import SetClock


@dataclass(slots=True, kw_only=True)
class Counter:
    """Where Ada's package waits for her."""

    house: RealHouse
    clients: Clients
    request: str
    spool: Path

    @property
    def path(self) -> str:
        return f"/api/v1/requests/{self.request}/package"

    def make(self) -> dict[str, Any]:
        make_package(self.house, self.clients.controller, self.request, self.spool)
        return done(self.clients.dpo.get(self.path))

    def hand_over(self) -> dict[str, Any]:
        return done(self.clients.dpo.post(f"{self.path}/hand-over"))

    def enter(self, link: str, code: str) -> httpx.Response:
        return self.clients.stranger.post(link, data={"code": code}, headers={"Accept-Language": "da-DK,en;q=0.5"})

    def take(self, entered: httpx.Response, **headers: str) -> httpx.Response:
        cookie = entered.headers["set-cookie"].partition(";")[0]
        return self.clients.stranger.get(entered.headers["location"], headers={"Cookie": cookie, **headers})


@pytest.fixture
def counter(house: RealHouse, clients: Clients, tmp_path: Path) -> Counter:
    scene = ring(house, clients)
    done(scene.choose("granted"), 201)
    assert scene.hear()
    scene.hang_up()
    ada = next(str(party["subject"]) for party in scene.detail()["parties"] if party["id"] == scene.ada)
    asked = done(clients.dpo.post("/api/v1/requests", json={"subject": ada, "kind": "access", "language": "de"}), 201)
    return Counter(house=house, clients=clients, request=asked["id"], spool=tmp_path / "packages")


def test_it_is_made_handed_over_and_taken(counter: Counter) -> None:
    assert counter.clients.dpo.get(counter.path).status_code == 404
    assert counter.make()["state"] == "ready"
    handed = counter.hand_over()
    assert ADA_NAME not in handed["link"]
    assert done(counter.clients.dpo.get(f"/api/v1/requests/{counter.request}"))["outcome"] == "fulfilled"
    page = counter.clients.stranger.get(handed["link"])
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert '<html lang="de">' in page.text
    assert "form-action 'self'" in page.headers["content-security-policy"]
    entered = counter.enter(handed["link"], handed["code"])
    assert entered.status_code == 303
    cookie = entered.headers["set-cookie"]
    assert all(word in cookie for word in ("HttpOnly", "Secure", "SameSite=strict", f"Path={handed['link']}"))
    assert handed["code"].replace("-", "") not in entered.headers["location"]
    taken = counter.take(entered)
    assert taken.headers["cache-control"] == "no-store"
    assert ADA_NAME in zipfile.ZipFile(io.BytesIO(taken.content)).read("index.html").decode()
    assert done(counter.clients.dpo.get(counter.path))["taken_at"] is not None
    assert counter.clients.dpo.post(f"{counter.path}/hand-over").status_code == 409


def test_a_download_that_was_cut_off_goes_on(counter: Counter) -> None:
    counter.make()
    handed = counter.hand_over()
    entered = counter.enter(handed["link"], handed["code"])
    whole = counter.take(entered).content
    half = len(whole) // 2
    rest = counter.take(entered, Range=f"bytes={half}-")
    assert (rest.status_code, rest.content) == (206, whole[half:])
    assert rest.headers["content-range"] == f"bytes {half}-{len(whole) - 1}/{len(whole)}"
    some = counter.take(entered, Range="bytes=5-9")
    assert some.content == whole[5:10]
    assert counter.take(entered, Range=f"bytes={len(whole)}-").status_code == 200


def test_a_link_works_for_an_hour_and_then_never_again(counter: Counter, set_clock: SetClock) -> None:
    set_clock.at = SystemClock().now()
    counter.make()
    handed = counter.hand_over()
    entered = counter.enter(handed["link"], handed["code"])
    set_clock.at += OPEN_FOR - timedelta(seconds=1)
    assert counter.take(entered).status_code == 200
    set_clock.at += timedelta(seconds=2)
    assert counter.take(entered).status_code == 404
    assert counter.enter(handed["link"], handed["code"]).status_code == 404
    assert counter.clients.stranger.get(handed["link"]).status_code == 404


def test_links_that_lead_nowhere_are_answered_alike(counter: Counter, set_clock: SetClock) -> None:
    set_clock.at = SystemClock().now()
    counter.make()
    handed = counter.hand_over()
    forged = f"{handed['link'][:-4]}AAAA"
    told = [counter.clients.stranger.get(each) for each in (forged, "/api/v1/public/packages/x", f"{forged}/file")]
    set_clock.at += LINK_HOLDS
    told.append(counter.clients.stranger.get(handed["link"]))
    told.append(counter.enter(handed["link"], handed["code"]))
    assert {answer.status_code for answer in told} == {404}
    assert len({answer.text for answer in told[:4]}) == 1
    assert '<html lang="da">' in told[4].text


def test_the_code_alone_and_the_link_alone_open_nothing(counter: Counter) -> None:
    counter.make()
    handed = counter.hand_over()
    wrong = counter.enter(handed["link"], "AAAA-BBBB-CCCC-DDDD")
    assert wrong.status_code == 403
    assert "set-cookie" not in wrong.headers
    assert 'role="alert"' in wrong.text
    assert counter.clients.stranger.get(f"{handed['link']}/file").status_code == 404
    for _ in range(3):
        counter.enter(handed["link"], "AAAA")
    assert counter.enter(handed["link"], handed["code"]).status_code == 404


def test_it_is_let_go_and_made_anew(counter: Counter) -> None:
    counter.make()
    handed = counter.hand_over()
    assert done(counter.clients.dpo.post(f"{counter.path}/let-go"))["state"] == "gone"
    assert counter.clients.stranger.get(handed["link"]).status_code == 404
    assert counter.clients.dpo.post(counter.path).status_code == 204
    assert counter.make()["state"] == "ready"
    assert counter.enter(counter.hand_over()["link"], handed["code"]).status_code == 403


def test_what_does_not_wait_is_not_decided_on(counter: Counter) -> None:
    counter.make()
    answer = counter.clients.dpo.post(f"{counter.path}/things/{counter.request}", json={"give": True})
    assert answer.status_code == 409
