"""A customer's day, in a real browser, with scripts off: she signs in by a code, sees what is kept, changes her mind, and has
herself erased."""

import re
from collections.abc import Sequence

from playwright.sync_api import Browser, Page, expect

from rightcall.controllers.model import Controller
from tests.api.fakes import RealHouse
from tests.api.scene import done, ring, signing
from tests.browser import NARROW, WIDE, against
from tests.cast import ADA_TEL
from tests.portal.scene import at_the_page
from tests.standing import SetClock

PAGES = (
    "home",
    "calls",
    "elsewhere",
    "choices",
    "requests",
    "ask/access",
    "ask/rectification",
    "ask/erasure",
    "concern",
    "decisions",
    "case",
    "",
)


def test_a_customers_day(chromium: Browser, house: RealHouse, company: Controller, set_clock: SetClock) -> None:
    with at_the_page(house, company) as (clients, other), signing(house, set_clock):
        scene = ring(house, clients)
        done(scene.choose("granted"), 201)
        scene.hear()
        scene.hang_up()
        page = chromium.new_context(java_script_enabled=False).new_page()
        page.goto(other.address + other.me.replace("/me/", "/about/"))
        page.get_by_role("link", name="See what is held about you").click()
        page.get_by_label("Your telephone number or e-mail address").fill(ADA_TEL)
        page.get_by_role("button", name="Send me a code").click()
        page.get_by_label("The code").fill("1111 1111")
        page.get_by_role("button", name="Open my page").click()
        assert "This code is wrong" in page.content()
        page.get_by_label("The code").fill(house.codes.digits())
        page.get_by_role("button", name="Open my page").click()
        assert page.get_by_role("heading", level=1).inner_text() == "What Example Energy keeps about you"
        page.get_by_role("link", name="Calls", exact=True).click()
        expect(page.locator("audio")).to_have_count(1)
        page.get_by_role("link", name="At a glance").click()
        page.get_by_role("button", name=re.compile("^No")).click()
        expect(page.get_by_text("1 recording can no longer be opened.")).to_be_visible()
        card = page.locator("section.card:focus")
        expect(card).to_contain_text("Improve how we train agents: Your no is written down")
        expect(card).to_be_in_viewport()
        page.get_by_role("link", name="Calls", exact=True).click()
        expect(page.get_by_text("can no longer be opened", exact=True)).to_be_visible()
        expect(page.locator("audio")).to_have_count(0)
        _can_be_read(chromium, page, [f"{other.address}{other.me}/{each}" for each in PAGES])
        page.get_by_role("link", name="Ask", exact=True).click()
        page.get_by_role("link", name="Erase me").click()
        expect(page.get_by_text("It begins at once, and cannot be taken back.")).to_be_visible()
        page.get_by_role("button", name="Erase me now").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Erase me"
        expect(page.get_by_text("Keep the address of this page")).to_be_visible()
        _can_be_read(chromium, page, [page.url])
        page.goto(f"{other.address}{other.me}/home")
        page.get_by_role("button", name="Sign out").click()
        page.goto(f"{other.address}{other.me}/calls")
        expect(page.get_by_text("You are not signed in")).to_be_visible()
        page.context.close()


def _can_be_read(chromium: Browser, page: Page, places: Sequence[str]) -> None:
    """By everybody, narrow and wide: axe needs scripts, the pages do not."""
    context = chromium.new_context(storage_state=page.context.storage_state())
    for view in (NARROW, WIDE):
        looked = context.new_page()
        looked.set_viewport_size(view)  # type: ignore[arg-type]  # a pair of its own
        for place in places:
            looked.goto(place)
            assert against(looked) == [], place
            assert looked.evaluate("document.documentElement.scrollWidth <= innerWidth"), (place, view)
        looked.close()
    context.close()
