"""Why anything is collected, and what would do: seen, reviewed and made less, in a real browser without scripts."""

import pytest
from playwright.sync_api import Browser, Page, expect

from rightcall.actors import Role
from rightcall.controllers.model import Controller
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import PURPOSE, barely_read
from tests.browser import NARROW, WIDE, against
from tests.console.people import Console, console_of

TITLE = str(PURPOSE["title"])


@pytest.fixture
def purpose(house: RealHouse, company: Controller) -> str:
    return barely_read(house, Clients(house, company))


def page_of(console: Console, chromium: Browser, role: Role) -> Page:
    return console.page(chromium, console.session_of(console.hire(role).id), java_script_enabled=False)


def test_less_is_proposed_accepted_and_signed_by_people_in_two_roles(
    chromium: Browser, house: RealHouse, company: Controller, purpose: str
) -> None:
    with console_of(house, company) as console:
        dpo = page_of(console, chromium, Role.DPO)
        dpo.goto(f"{console.address}/console/purposes")
        dpo.get_by_role("link", name=TITLE).click()
        assert "It runs" in dpo.locator(".note").first.inner_text()
        dpo.wait_for_load_state()
        assert dpo.evaluate("document.querySelector('.plot img').naturalWidth") > 0
        dpo.get_by_label("In a sentence").fill("No.")
        dpo.get_by_role("button", name="Reject").click()
        expect(dpo.get_by_text("Say why this is not followed")).to_be_visible()
        assert dpo.get_by_label("In a sentence").input_value() == "No."
        dpo.get_by_role("button", name="Accept").click()
        expect(dpo.get_by_role("heading", name="What it was proposed on")).to_be_visible()
        dpo.wait_for_load_state()
        assert dpo.evaluate("document.querySelector('.plot img').naturalWidth") > 0
        expect(dpo.get_by_text("You wrote it, so somebody else signs it")).to_be_visible()
        assert "Its term becomes 2 days" in dpo.locator("main").inner_text()
        place = dpo.url
        for role in (Role.SUPERVISOR, Role.AGENT):
            signs = page_of(console, chromium, role)
            signs.goto(place)
            signs.get_by_role("button", name="Sign", exact=True).click()
            expect(signs.get_by_text("You have signed it.")).to_be_visible()
        assert signs.locator(".tag").first.inner_text() == "in force"
        signs.get_by_role("link", name=TITLE).click()
        expect(signs.locator("dd", has_text="2 days")).to_be_visible()
        expect(signs.get_by_role("heading", name="What people answered")).to_have_count(0)
        assert signs.locator("tr", has_text="as it was made").inner_text().count("90 days") == 1
        looking = console.page(chromium, console.session_of(console.hire(Role.AUDITOR).id), color_scheme="dark")
        for size in (NARROW, WIDE):
            looking.set_viewport_size(size)  # type: ignore[arg-type]  # playwright's own names
            for path in ("/console/purposes", "/console/purposes/training", place.removeprefix(console.address)):
                looking.goto(console.address + path)
                assert against(looking) == []
                assert looking.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        expect(looking.get_by_role("button", name="Sign", exact=True)).to_have_count(0)
