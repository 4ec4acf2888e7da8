"""Nothing moves under the reader's finger while a page comes, nor on the desk while a call changes; and what a page needs to come
whole for the first time is light."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from rightcall.actors import Role
from rightcall.clock import SystemClock
from rightcall.console.door import COOKIE
from rightcall.controllers.model import Controller
from tests.api.fakes import Fault, RealHouse
from tests.api.scene import Scene, done, ring, signing
from tests.api.test_comparing import Estate
from tests.browser import NARROW, WIDE
from tests.console.people import Console, console_of
from tests.portal.scene import COOKIE as VISIT
from tests.portal.scene import Browser as Visitor
from tests.portal.scene import ServedClients, sign_in
from tests.standing import SetClock

MOST_BYTES, MOST_MOVED = 150_000, 0.01
_BESIDE_A_CRM = {"width": 680, "height": 768}
WATCH = """
window.moved = [];
new PerformanceObserver((list) => list.getEntries().forEach((each) => window.moved.push({
  value: each.value,
  what: each.sources.map((source) => source.node?.outerHTML?.slice(0, 120) ?? source.node?.textContent?.slice(0, 60) ?? ""),
}))).observe({ type: "layout-shift", buffered: true });
"""
WEIGHT = """
performance.getEntriesByType("navigation").concat(performance.getEntriesByType("resource"))
  .reduce((sum, each) => sum + each.encodedBodySize, 0)
"""
SETTLED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0))))"


@dataclass(frozen=True)
class Standing:
    console: Console
    scene: Scene
    secret: str
    visit: str

    def context(self, chromium: Browser, size: dict[str, int]) -> BrowserContext:
        """One that has fetched nothing yet, of somebody who is signed in on both sides."""
        context = chromium.new_context(viewport=size)  # type: ignore[arg-type]  # playwright's own pair
        place = self.console.address.replace("http:", "https:")
        for name, value in ((COOKIE, self.secret), (VISIT + str(self.console.company.id), self.visit)):
            context.add_cookies([{"name": name, "value": value, "url": place, "secure": True, "sameSite": "Lax"}])
        context.add_init_script(WATCH)
        return context

    def places(self) -> list[str]:
        of, call = self.console.company.id, self.scene.call
        subject = next(each["subject"] for each in self.scene.detail()["parties"] if each["role"] == "customer")
        take = self.scene.detail()["takes"][0]["id"]
        mine = ("", "home", "calls", f"calls/{call}", "elsewhere", "choices", "requests", "ask/access", "decisions", "concern")
        person = ("", "/origins", "/timeline")
        rooms = ["calls", "answers", "purposes", "people", "map", "systems", "joins", "requests", "ledger", "parity", "rules"]
        rooms += ["system", "staff"]
        rooms += [f"calls/{call}", f"takes/{take}"]
        return [
            *(
                "/",
                f"/about/{of}",
                "/check",
                "/design",
                "/sign-in",
                "/desk",
                f"/desk/{call}",
                f"/desk/{call}/caller",
                "/console",
                "/me/nowhere/at/all",
            ),
            *(f"/me/{of}/{each}".rstrip("/") for each in mine),
            *(f"/console/{each}" for each in rooms),
            *(f"/console/people/{subject}{each}" for each in person),
            "/console/purposes/training",
        ]


@pytest.fixture
def standing(house: RealHouse, company: Controller, set_clock: SetClock, tmp_path: Path) -> Iterator[Standing]:
    set_clock.at = SystemClock().now()
    with console_of(house, company) as console:
        clients = ServedClients(console.house, company, console.address)
        with signing(house, set_clock):
            scene = ring(console.house, clients)
            done(scene.choose("granted"), 201)
            scene.hear()
            Estate(console.house, clients, tmp_path)
            visitor = Visitor(console.address, f"/me/{company.id}")
            sign_in(console.house, visitor)
            yield Standing(console, scene, console.session_of(console.hire(Role.DPO).id), visitor.cookie)


def moved(page: Page) -> list[dict[str, Any]]:
    page.evaluate(SETTLED)
    found: list[dict[str, Any]] = page.evaluate("window.moved")
    return found


def total(found: list[dict[str, Any]]) -> float:
    return sum(float(each["value"]) for each in found)


def test_no_page_moves_while_it_comes_and_each_is_light(chromium: Browser, standing: Standing) -> None:
    told = []
    for size in (NARROW, WIDE):
        context = standing.context(chromium, size)
        page = context.new_page()
        context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
        for place in standing.places():
            answer = page.goto(standing.console.address + place)
            assert answer is not None
            assert answer.ok or "nowhere" in place, place
            found, weight = moved(page), page.evaluate(WEIGHT)
            if total(found) > MOST_MOVED or not 5000 < weight < MOST_BYTES:
                told.append((place, size, weight, found))
        page.goto(f"{standing.console.address}/design")
        page.evaluate("document.querySelector('h1').before(Object.assign(document.createElement('p'), {style: 'height: 300px'}))")
        assert total(moved(page)) > MOST_MOVED, "planted"
        context.close()
    assert not told, told


def test_the_desk_stays_where_it_is_while_the_call_changes(chromium: Browser, standing: Standing) -> None:
    """By others' doing alone: what moves since its reader did something is what they asked for."""
    scene, place = standing.scene, f"/desk/{standing.scene.call}"
    clients, doing = scene.clients, f"/api/v1/calls/{scene.call}"
    contexts = [standing.context(chromium, size) for size in (NARROW, _BESIDE_A_CRM, WIDE)]
    pages = [each.new_page() for each in contexts]

    def shows(words: str) -> None:
        for page in pages:
            expect(page.locator("[data-lamp]").first).to_have_text(words, timeout=20_000)

    for page in pages:
        page.goto(standing.console.address + place)
    shows("Recorded")
    done(clients.agent.post(f"{doing}/pause", json={"reason": "card_data"}))
    shows("Not recorded")
    done(clients.agent.post(f"{doing}/resume", json={"reason": "card_data"}))
    shows("Recorded")
    done(scene.choose("withdrawn"), 201)
    shows("Not recorded")
    scene.house.gates.fault = Fault.NOT_DONE
    shows("Not sure")
    scene.house.gates.fault = None
    shows("Not recorded")
    for context in contexts:
        context.route("**/now*", lambda route: route.abort())
    done(clients.agent.post(f"{doing}/pause", json={"reason": "other"}))
    shows("?")
    found = [each for page in pages if total(each := moved(page)) > MOST_MOVED]
    for context in contexts:
        context.close()
    assert found == []
