"""A gap is answered, and house rules are adopted, in a real browser without scripts."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from rightcall.actors import Role
from rightcall.controllers.model import Controller
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import done, ring
from tests.api.test_parity import NOW, line_of, look
from tests.api.test_rules import as_form
from tests.console.people import console_of
from tests.console.test_concerns import looked_at, page_of
from tests.policy.proposals import MARKETING
from tests.standing import SetClock


@pytest.fixture
def clients(house: RealHouse, company: Controller) -> Clients:
    return Clients(house, company)


def test_a_gap_is_shown_and_answered(
    chromium: Browser, house: RealHouse, company: Controller, clients: Clients, set_clock: SetClock
) -> None:
    """A fortnight in which those who said no waited far longer."""
    line = line_of(house, clients, ring(house, clients))
    set_clock.at = NOW
    for weeks in (2, 1):
        line.week(NOW - timedelta(days=7 * weeks + 1), noes=150, yeses=300, longer=2.5, seed=weeks)
    look(house, clients)
    with console_of(house, company) as console:
        page = page_of(console, chromium, Role.DPO)
        page.goto(f"{console.address}/console/parity")
        page.wait_for_load_state()
        assert page.evaluate("document.querySelector('.plot img').naturalWidth") > 0
        card = page.locator(".card", has_text="Waiting")
        assert "gap" in card.locator(".tag").inner_text()
        assert "gap: not freely given" in page.locator("table").first.inner_text()
        card.get_by_label("What is so").select_option("mended")
        card.get_by_role("button", name="Answer").click()
        assert "People are asked again, on trial" in page.locator(".card", has_text="Waiting").inner_text()
        page.get_by_role("link", name="The last 28 days").click()
        assert "gap: not freely given" in page.locator("table").first.inner_text()
        page.wait_for_load_state()
        assert page.evaluate("document.querySelector('.plot img').naturalWidth") > 0
        assert "28 Oct" in page.locator("main p").nth(1).inner_text()
        page.get_by_role("link", name="All that is kept").click()
        expect(page.get_by_role("link", name="The last 28 days")).to_be_visible()
        looked_at(console, chromium, "/console/parity")


def test_house_rules_are_replayed_signed_and_in_force(
    chromium: Browser, house: RealHouse, company: Controller, clients: Clients
) -> None:
    draft = done(clients.reviewer.post("/api/v1/rules/drafts", json=as_form()), 201)["id"]
    with console_of(house, company) as console:
        page = page_of(console, chromium, Role.DPO)
        page.goto(f"{console.address}/console/rules")
        law = page.locator("details.fold", has_text="Of the law").locator("tbody tr").first
        assert law.is_hidden()
        page.locator("summary", has_text="Of the law").click()
        expect(law).to_be_visible()
        page.get_by_role("row", name="waits for signatures").get_by_role("link").click()
        expect(page.get_by_role("row", name=MARKETING)).to_be_visible()
        expect(page.get_by_role("button", name="Sign:")).to_have_count(0)
        page.get_by_role("button", name="Replay").click()
        page.get_by_role("button", name="Sign:").click()
        page = page_of(console, chromium, Role.SUPERVISOR)
        page.goto(f"{console.address}/console/rules/drafts/{draft}")
        page.get_by_role("button", name="Sign:").click()
        assert "Adopted" in page.locator(".note").inner_text()
        page.get_by_role("link", name="Rules").last.click()
        page.get_by_role("row", name=MARKETING).get_by_role("link").first.click()
        assert "of this house" in page.locator("dl").inner_text()
        looked_at(console, chromium, f"/console/rules/drafts/{draft}", f"/console/rules/drafts/{draft}/trial")
