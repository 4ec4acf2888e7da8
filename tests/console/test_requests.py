"""A DPO answers what people ask, in a real browser."""

import pytest
from playwright.sync_api import Browser

from rightcall.actors import Role
from rightcall.controllers.model import Controller
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import Scene, done, ring
from tests.browser import NARROW, against
from tests.console.people import console_of


@pytest.fixture
def scene(house: RealHouse, company: Controller) -> Scene:
    return ring(house, Clients(house, company))


def test_a_request_shows_its_clock_is_extended_and_then_denied_with_its_ground(
    chromium: Browser, house: RealHouse, company: Controller, scene: Scene
) -> None:
    subject = next(each["subject"] for each in scene.detail()["parties"] if each["role"] == "customer")
    done(scene.clients.dpo.post("/api/v1/requests", json={"subject": subject, "kind": "rectification"}), 201)
    with console_of(house, company) as console:
        page = console.page(chromium, console.session_of(console.hire(Role.DPO).id), java_script_enabled=False)
        page.goto(f"{console.address}/console/requests")
        page.get_by_role("link", name="rectification").click()
        page.get_by_label("Why").select_option("complex")
        page.get_by_role("button", name="Extend").click()
        assert page.get_by_role("row", name="extended").is_visible()
        page.get_by_role("link", name="extension").click()
        assert page.locator(".card p").count() >= 1
        page.go_back()
        page.get_by_label("On which ground").select_option("public_interest")
        page.get_by_role("button", name="Deny").click()
        assert "denied, public interest" in page.locator(".note").first.inner_text()
        assert page.get_by_role("button", name="Deny").count() == 0
        looking = console.page(chromium, console.session_of(console.hire(Role.AUDITOR).id), viewport=NARROW, color_scheme="dark")
        for place in ("/console/requests?every=true", page.url.removeprefix(console.address)):
            looking.goto(console.address + place)
            assert against(looking) == []
            assert looking.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
        assert looking.get_by_role("button", name="Fulfilled").count() == 0
