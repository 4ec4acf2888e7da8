"""The agent desk in a real browser, with a call in the house: the light shows what the recorder confirmed and nothing else."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from rightcall.actors import Role
from rightcall.clock import SystemClock
from rightcall.controllers.model import Controller
from tests.api.conftest import Clients
from tests.api.fakes import Fault, RealHouse
from tests.api.scene import Scene, ring
from tests.browser import WIDE, against
from tests.cast import AGENT_SIP
from tests.console.people import Console, console_of
from tests.standing import SetClock

CALLER = "Caller"


@pytest.fixture
def scene(house: RealHouse, company: Controller) -> Scene:
    return ring(house, Clients(house, company))


@pytest.fixture
def console(house: RealHouse, company: Controller) -> Iterator[Console]:
    with console_of(house, company) as console:
        yield console


def at_desk(chromium: Browser, console: Console, **options: object) -> Page:
    seven = console.hire(Role.AGENT, "Agent Seven", address=AGENT_SIP.removeprefix("sip:"))
    return console.page(chromium, console.session_of(seven.id), **({"viewport": WIDE} | options))


def light(page: Page, words: str) -> None:
    expect(page.locator(".lights li", has_text=CALLER).locator("[data-lamp]")).to_have_text(words)


def read_and_hear_yes(page: Page, clock: SetClock) -> None:
    page.keyboard.press("r")
    yes = page.get_by_role("button", name="They said yes")
    expect(yes).to_be_visible()
    clock.at = SystemClock().now() + timedelta(seconds=30)
    yes.click()


def test_a_call_at_the_desk(chromium: Browser, console: Console, scene: Scene, set_clock: SetClock) -> None:
    page = at_desk(chromium, console)
    page.goto(f"{console.address}/desk")
    assert page.url.endswith(f"/desk/{scene.call}"), "their own call, by the address that telephones know them by"
    light(page, "Not recorded")
    assert "May we record this call" in page.locator("blockquote").inner_text()
    assert against(page) == []

    read_and_hear_yes(page, set_clock)
    light(page, "Recorded")
    assert "Caller: Recorded" in page.locator("#said").inner_text()
    assert scene.hear(5) == 5

    page.keyboard.press("p")
    expect(page.get_by_text("The recorder keeps nothing.")).to_be_visible()
    light(page, "Not recorded")
    assert scene.hear(5) == 0
    page.keyboard.press("p")
    light(page, "Recorded")

    scene.house.gates.fault = Fault.NOT_DONE
    page.keyboard.press("v")
    expect(page.get_by_text("Pause not confirmed.")).to_be_visible()
    light(page, "Not sure")
    assert against(page) == []
    scene.house.gates.fault = None
    light(page, "Not recorded")

    page.get_by_role("button", name="End: Vulnerable moment").click()
    light(page, "Recorded")
    page.keyboard.press("w")
    light(page, "Not recorded")
    assert "withdrawn" in page.locator(".stands").first.inner_text()
    assert scene.detail()["standing"][0]["answer"] == "withdrawn"
    scene.hang_up()
    expect(page.get_by_text("The call is over.")).to_be_visible()
    page.close()
