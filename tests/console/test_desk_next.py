"""A desk whose call is over, while the next one rings and runs: nobody who looks at it takes its word for the new one."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from rightcall.actors import Role
from rightcall.controllers.model import Controller
from rightcall.ids import CallId
from rightcall.recordings import actions as recordings
from rightcall.recordings.model import EndReason
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import Scene, ring, ring_again
from tests.cast import AGENT_SIP
from tests.console.people import Console, console_of

WRITTEN = "Callers are told that they have to say yes."


@pytest.fixture
def scene(house: RealHouse, company: Controller) -> Scene:
    return ring(house, Clients(house, company))


@pytest.fixture
def console(house: RealHouse, company: Controller) -> Iterator[Console]:
    with console_of(house, company) as console:
        yield console


def at_desk(chromium: Browser, console: Console, *, address: str | None = AGENT_SIP.removeprefix("sip:")) -> Page:
    return console.page(chromium, console.session_of(console.hire(Role.AGENT, "Agent Seven", address=address).id))


def ends(page: Page, scene: Scene) -> None:
    scene.hang_up()
    expect(page.get_by_text("The call is over.").first).to_be_visible()
    lights = page.locator(".lights").inner_text()
    assert "Not recorded" not in lights, "of the next call, for all that anybody who looks at it can tell"
    assert "Over" in lights


def test_the_next_call_opens_by_itself(chromium: Browser, console: Console, scene: Scene) -> None:
    page = at_desk(chromium, console)
    page.goto(f"{console.address}/desk/{scene.call}")
    expect(page.locator("[data-lamp]").first).to_have_text("Not recorded")
    ends(page, scene)
    again = ring_again(scene)
    page.wait_for_url(f"**/desk/{again.call}")
    expect(page.locator("[data-lamp]").first).to_have_text("Not recorded")
    page.close()


def test_what_is_being_written_stays_and_the_next_call_is_one_key_away(chromium: Browser, console: Console, scene: Scene) -> None:
    page = at_desk(chromium, console)
    page.goto(f"{console.address}/desk/{scene.call}/concern")
    page.get_by_label("What is wrong?").fill(WRITTEN)
    ends(page, scene)
    again = ring_again(scene)
    expect(page.get_by_role("alert").filter(has_text="Your next call is on.")).to_be_visible()
    expect(page).to_have_title("Your next call is on. · Rightcall")
    assert page.get_by_label("What is wrong?").input_value() == WRITTEN
    page.get_by_label("What is wrong?").press("Tab")
    page.keyboard.press("x")
    page.wait_for_url(f"**/desk/{again.call}")
    page.go_back()
    assert page.url.endswith("/concern"), "whoever goes back to the call before is left there, and told what is so"
    expect(page.get_by_role("alert").filter(has_text="Your next call is on.")).to_be_visible()
    page.close()


def test_who_is_known_by_no_address_is_told_that_one_is_on(chromium: Browser, console: Console, scene: Scene) -> None:
    page = at_desk(chromium, console, address=None)
    page.goto(f"{console.address}/desk/{scene.call}")
    ends(page, scene)
    assert page.get_by_text("Another call is on.").count() == 0
    again = ring_again(scene)
    expect(page.get_by_text("Another call is on.").first).to_be_visible()
    page.keyboard.press("p")
    expect(page.locator("#wrong")).to_contain_text("The call is over.")
    page.keyboard.press("x")
    page.locator(f"a[href='/desk/{again.call}']").click()
    page.wait_for_url(f"**/desk/{again.call}")
    page.close()


def test_a_call_that_is_over_for_us_alone_says_so(console: Console, scene: Scene) -> None:
    """Somebody in it was erased: the recorder lets go of it at once, and the telephone knows nothing of that."""
    house = scene.house
    with house.database.transaction(scene.controller) as tx:
        recordings.end(tx, house.tools, CallId(UUID(scene.call)), EndReason.REFUSED)
    with console.client(console.session_of(console.hire(Role.AGENT).id)) as client:
        assert "They may still be on the line." in client.get(f"/desk/{scene.call}").text
        again = ring_again(scene)
        again.hang_up()
        assert "They may still be on the line." not in client.get(f"/desk/{again.call}").text
