"""What somebody says is wrong, and what was set aside, in a real browser without scripts."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page

from rightcall.actors import Role
from rightcall.clock import SystemClock
from rightcall.controllers.model import Controller
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import PURPOSE, done
from tests.browser import NARROW, WIDE, against
from tests.console.people import Console, console_of
from tests.standing import SetClock

SAID, FOUND, WHY = "Callers hear that a no costs them their place.", "It does not, from today on.", "In Danish it still says so."
NAME, REASON = "Grace Hopper", "A regulator listens with us."


@pytest.fixture
def clients(house: RealHouse, company: Controller) -> Clients:
    return Clients(house, company)


def page_of(console: Console, chromium: Browser, role: Role) -> Page:
    return console.page(chromium, console.session_of(console.hire(role).id), java_script_enabled=False)


def looked_at(console: Console, chromium: Browser, *paths: str) -> None:
    """By an auditor, who changes nothing: each fits and reads well, narrow and wide."""
    page = console.page(chromium, console.session_of(console.hire(Role.AUDITOR).id), color_scheme="dark")
    for width, height in ((NARROW["width"], NARROW["height"]), (WIDE["width"], WIDE["height"])):
        page.set_viewport_size({"width": width, "height": height})
        for path in paths:
            page.goto(console.address + path)
            assert against(page) == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            assert page.locator("main form[method=post]").count() == 0, path


def test_a_concern_is_taken_answered_and_decided_by_somebody_else(
    chromium: Browser, house: RealHouse, company: Controller, clients: Clients, set_clock: SetClock
) -> None:
    done(clients.dpo.post("/api/v1/purposes", json=PURPOSE), 201)
    body = {"about": {"kind": "purpose", "purpose": "training"}, "words": SAID, "name": "Plantadine Lovelace"}
    concern = done(clients.agent.post("/api/v1/concerns", json=body), 201)["concern"]["id"]
    with console_of(house, company) as console:
        page = page_of(console, chromium, Role.DPO)
        page.goto(f"{console.address}/console/concerns")
        page.locator("main").get_by_role("link", name="purpose").click()
        assert SAID not in page.content()
        page.get_by_role("button", name="Take it").click()
        page.get_by_role("link", name="Read what was said").click()
        assert page.get_by_text(SAID).is_visible()
        assert page.get_by_role("row", name="read").is_visible()
        page.get_by_label("What was found").select_option("not_upheld")
        page.get_by_label("In words").fill(FOUND)
        page.get_by_role("button", name="Send the answer").click()
        assert "It waits for the raiser" in page.locator(".note").inner_text()
        assert "Plantadine" not in page.content()
        done(clients.agent.post(f"/api/v1/concerns/{concern}/appeal", json={"words": WHY}))
        set_clock.at = SystemClock().now() + timedelta(days=1)
        page = page_of(console, chromium, Role.REVIEWER)
        page.goto(f"{console.address}/console/purposes")
        page.get_by_role("link", name="1 open concern").click()
        page.locator("main").get_by_role("link", name="purpose").click()
        page.get_by_role("link", name="Read what was said").click()
        assert page.get_by_text(WHY).is_visible()
        page.get_by_label("What was found").select_option("upheld")
        page.get_by_label("In words").fill("It was so in Danish.")
        page.get_by_role("button", name="Decide").click()
        assert "upheld" in page.locator(".note").inner_text()
        looked_at(console, chromium, "/console/concerns", f"/console/concerns/{concern}", f"/console/concerns/{concern}/words")


def test_a_rule_is_set_aside_under_a_name_and_holds_again(
    chromium: Browser, house: RealHouse, company: Controller, clients: Clients
) -> None:
    done(clients.dpo.post("/api/v1/purposes", json=PURPOSE), 201)
    with console_of(house, company) as console:
        page = page_of(console, chromium, Role.DPO)
        page.goto(f"{console.address}/console/overrides")
        rule = page.get_by_label("Which rule").locator("option").first.get_attribute("value")
        page.get_by_label("For which purpose").select_option("training")
        page.get_by_label("Why").fill(REASON)
        page.get_by_label("Who answers for it").fill(NAME)
        page.get_by_role("button", name="Set it aside").click()
        assert "The rule does not hold until" in page.locator(".note").inner_text()
        assert page.get_by_text(REASON).is_visible()
        place = page.url.removeprefix(console.address)
        looked_at(console, chromium, "/console/overrides", place, f"/console/rules/{rule}", "/console/rules")
        page.get_by_role("button", name="End it").click()
        assert "The rule holds again" in page.locator(".note").inner_text()
        page.get_by_role("button", name="Forget").click()
        assert NAME not in page.content()
        page.get_by_role("link", name="Overrides").first.click()
        assert page.get_by_role("link", name=rule).is_visible()
        assert NAME not in page.content()
